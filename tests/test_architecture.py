"""The rules of the code: imports run downward; packages of one layer import only `zonal`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from branca.element import Element

import regional_atlas
from regional_atlas import export
from regional_atlas.page import folium_map, page

PACKAGE = Path(regional_atlas.__file__).parent
LAYER = {"membership", "nightlights", "scoring", "sources", "spatial", "units", "zonal"}
LOW = {"core", "classes", "config", "tiles"}
MAY_IMPORT = {
    "core": set(),
    "classes": {"core"},
    "messages": set(),
    "tiles": set(),
    "config": {"classes", "core", "zonal"},
    **dict.fromkeys(LAYER, LOW | {"zonal"}),
    "zonal": {"core", "tiles"},
    "tables": LOW | LAYER,
    "functions": LOW | LAYER,
    "export": LOW,
    "page": LOW | {"sources"},  # for files of land, lakes and places around the units
    "query": LOW | LAYER | {"tables"},
    "jobs": LOW | LAYER | {"export", "tables"},
    "publish": LOW | {"atlas", "export", "page", "sources", "tables"},
    "atlas": LOW | LAYER | {"export", "page", "publish", "query", "tables"},
}
"""Which packages each package may import; the command line may import all of them."""

FILES = sorted(path for path in PACKAGE.rglob("*.py") if "web" not in path.parts)


def home_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Name the packages of this project that a file imports, for its types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {
            name.split(".")[1]
            for name in names
            if name.startswith("regional_atlas.") and len(name.split(".")) > 1
        }
    return found & {home_of(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downward(path: Path) -> None:
    home = home_of(path)
    if home in ("__init__", "__main__", "cli"):
        return
    assert imports(path) <= MAY_IMPORT[home] | {home}


def modules_imported(path: Path) -> set[str]:
    """Name the modules of this project that a file imports when it is itself imported."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_module_imports_itself_in_a_circle() -> None:
    def dotted(path: Path) -> str:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    known = {dotted(path): path for path in FILES}
    graph = {name: modules_imported(path) & known.keys() - {name} for name, path in known.items()}
    # Who imports a module imports its packages' own files first, but they may import it.
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


RUNS = {"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
"""Modules whose files run code where they are read."""


def runs_what_it_reads(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").split(".")[0], *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.Name) and node.id in ("eval", "exec"):
            found.append(node.id)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found += [] if getattr(node.value, "value", None) is False else ["allow_pickle"]
        found += [name for name in names if name in RUNS | {"read_pickle", "to_pickle"}]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_that_is_read_can_run(path: Path) -> None:
    assert runs_what_it_reads(path) == []


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from pickle import loads", "import joblib.memory", "eval('1')",
     "run = exec", "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=x)",
     "pd.read_pickle(f)", "from pandas import read_pickle", "import os, marshal as m",
     "distributed.protocol.pickle.loads(b)"],
)  # fmt: skip
def test_what_can_run_is_recognised(code: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(code)
    assert runs_what_it_reads(tmp_path / "module.py")


def modules_after(imports: str) -> set[str]:
    """Name the modules that a new process has loaded after some imports."""
    result = subprocess.run(
        [sys.executable, "-c", f"{imports}; import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(result.stdout.split())


def test_the_package_is_light_to_import() -> None:
    heavy = {"geopandas", "numba", "rasterio", "mapclassify"}
    assert not heavy & modules_after("import regional_atlas, regional_atlas.cli")


def test_measuring_from_file_to_file_loads_only_what_it_needs() -> None:
    others = {"numba", "scipy", "openpyxl", "mapclassify", "rich", "regional_atlas.config"}
    assert not others & modules_after("import regional_atlas.cli, regional_atlas.jobs.zonal")


def test_every_public_verb_resolves() -> None:
    for name in regional_atlas.__all__:
        assert getattr(regional_atlas, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        regional_atlas.nonsense  # noqa: B018
    for name in export.__all__:
        assert getattr(export, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        export.nonsense  # noqa: B018


ADAPTER = PACKAGE / "page" / "folium_map.py"


def folium_imports(source: str) -> set[str]:
    """Name what a module imports of Folium and branca; `branca.colormap` holds colours only."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    colours = {name for name in found if name.startswith("branca.colormap")}
    return {name for name in found - colours if name.split(".")[0] in ("folium", "branca")}


def private_members(source: str, ours: set[str]) -> set[str]:
    """Name the private attributes that a module reads or sets and does not define itself."""
    used = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return {name for name in used if name.startswith("_") and not name.endswith("__")} - ours


def test_one_module_knows_folium() -> None:
    assert [path for path in FILES if folium_imports(path.read_text("utf-8"))] == [ADAPTER]


def test_no_private_member_of_folium_is_used() -> None:
    """Private names of the adapter's own are not names of a class that it builds on."""
    classes = [
        item
        for module in (folium_map, page)
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, Element)
        and item.__module__ == module.__name__
    ]
    assert len(classes) == 8
    ours: set[str] = set()
    for own in classes:
        theirs = {
            name
            for base in own.__mro__
            if not base.__module__.startswith("regional_atlas.")
            for name in [*vars(base), *getattr(base, "__annotations__", {})]
        } | {"_name", "_id", "_children", "_parent", "_template_str", "_template_name"}
        private = {name for name in vars(own) if name.startswith("_") and not name.endswith("__")}
        # A protocol of IPython, not a private member.
        assert private & theirs <= {"_repr_html_"}, own
        ours |= private
    for path in (ADAPTER, PACKAGE / "page" / "page.py"):
        assert private_members(path.read_text("utf-8"), ours) == set()


def test_private_members_of_folium_are_recognised() -> None:
    assert folium_imports("from branca.element import Figure\nfrom branca import colormap") == {
        "branca.element.Figure"
    }
    assert folium_imports("import folium.plugins\nimport branca.colormap as c") == {
        "folium.plugins"
    }
    source = "self._own()\nmap._parent = 1\nfor x in figure.header._children: ..."
    assert private_members(source, {"_own"}) == {"_parent", "_children"}
