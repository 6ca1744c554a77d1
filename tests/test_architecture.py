"""The house rules of the code: imports run downward, rooms do not import one another."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import regional_atlas
from regional_atlas import export

PACKAGE = Path(regional_atlas.__file__).parent
ROOMS = {
    "atlas", "export", "membership", "nightlights", "scoring", "sources", "spatial", "units",
}  # fmt: skip
LEAVES = {
    "config", "crs", "errors", "framework", "jit", "model", "project", "schema", "tiles",
}  # fmt: skip
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "web" not in path.parts)


def imports(path: Path) -> set[str]:
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
    return found & {path.stem for path in PACKAGE.iterdir()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_only_themselves_and_leaves(path: Path) -> None:
    home = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if home in ROOMS:
        assert imports(path) <= LEAVES | {home}
    if home in LEAVES:
        assert imports(path) <= LEAVES


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


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in FILES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_the_package_is_light_to_import() -> None:
    code = (
        "import regional_atlas, regional_atlas.cli, sys;"
        "print([m for m in ('geopandas', 'numba', 'rasterio', 'mapclassify') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_measuring_from_file_to_file_loads_only_what_it_needs() -> None:
    code = (
        "import regional_atlas.cli, regional_atlas.pipeline.zonal, sys;"
        "print([m for m in ('numba', 'scipy', 'openpyxl', 'topojson', 'mapclassify', 'rich', "
        "'regional_atlas.config') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_every_public_verb_resolves() -> None:
    for name in regional_atlas.__all__:
        assert getattr(regional_atlas, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        regional_atlas.nonsense  # noqa: B018
    for name in export.__all__:
        assert getattr(export, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        export.nonsense  # noqa: B018
