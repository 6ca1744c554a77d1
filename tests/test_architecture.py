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
    "classify", "config", "crs", "errors", "framework", "jit", "model", "project", "schema",
    "tiles",
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
