"""The page format: one shape for the build, the schema, the script and the reference."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

import regional_atlas.page
from regional_atlas.config import PlateConfig
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page import format as page_format
from regional_atlas.page.format import Geometry, Plate, Spec, Store, plain, schema
from regional_atlas.page.geometry import flat_geometry
from regional_atlas.page.plates import ready

from .conftest import BOTH, PLATES, UNITS, bare_store, write_project

ROOT = Path(__file__).resolve().parents[2]
TYPES = "src/regional_atlas/page/web/src/format.ts"
WORDS = "src/regional_atlas/page/web/src/text/words.ts"
KINDS = "src/regional_atlas/page/web/src/plates/index.ts"
READY = "src/regional_atlas/page/plates/_ready.py"
LISTING = "docs/reference/page-format.md"


def test_the_types_of_the_script_follow_from_the_build(check_generated: Any) -> None:
    result = check_generated("docs/make_format.py")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("changed", "old", "new"),
    [
        (TYPES, "readonly chart:", "readonly graph:"),
        (KINDS, "hotspots, multiples,", "multiples,"),
        (READY, "case declared.HotspotsPlateConfig()", "case declared.OtherPlateConfig()"),
        (LISTING, "  breaks: number[];", "  breaks: string[];"),
    ],
)
def test_the_check_of_the_types_can_fail(
    check_generated: Any, tmp_path: Path, changed: str, old: str, new: str
) -> None:
    for name in ("docs/make_format.py", TYPES, KINDS, READY, WORDS, LISTING):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / name).read_text(encoding="utf-8")
        assert name != changed or old in text
        (tmp_path / name).write_text(
            text.replace(old, new, 1) if name == changed else text, encoding="utf-8"
        )
    result = check_generated("docs/make_format.py", tmp_path)
    assert result.returncode == 1
    assert result.stderr == f"out of date, run `make format`: {changed}\n"


def members(union: Any) -> list[type]:
    """Give the classes of a union, whatever it is wrapped in."""
    union = getattr(union, "__value__", union)
    return list(get_args(get_args(union)[0]))


def kind_of(model: type) -> str:
    [kind] = get_args(get_type_hints(model)["kind"])
    return str(kind)


def test_a_kind_has_one_name_in_the_project_file_in_the_page_and_in_its_module() -> None:
    declared = {kind_of(model): model for model in members(PlateConfig)}
    shown = {kind_of(plate): plate for plate in members(Plate)}
    mapped = schema()["$defs"]["Plate"]["discriminator"]["mapping"]
    folder = Path(regional_atlas.page.__file__).parent / "plates"
    modules = {file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")}
    assert set(declared) == set(shown) == set(mapped) == modules
    for kind, model in declared.items():
        module = importlib.import_module(f"regional_atlas.page.plates.{kind}")
        hints = get_type_hints(module.KIND.plate)
        assert (hints["config"], hints["return"]) == (model, shown[kind])
        # Nothing but the kind is looked at before the facts are there.
        assert ready(model.model_construct(kind=kind))


def test_a_kind_without_a_module_is_no_plate() -> None:
    class Other:
        kind = "other"

    with pytest.raises(AssertionError):
        ready(Other())  # type: ignore[arg-type]


@pytest.fixture
def blocks(tmp_path, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    project = write_project(tmp_path, PLATES)
    store = build_store(project, tables, shapes)
    return build_spec(project, tables, store, shapes), store, flat_geometry(topology)


def test_what_is_written_is_of_the_format(blocks) -> None:
    for block, kind in zip(blocks, (Spec, Store, Geometry), strict=True):
        written = json.loads(json.dumps(plain(block, BOTH), allow_nan=False))
        assert written == plain(block, BOTH)
        assert plain(TypeAdapter(kind).validate_python(written), BOTH) == written


def test_every_key_is_always_there(blocks) -> None:
    defs = schema()["$defs"]
    for name, found in defs.items():
        assert found.get("required", []) == list(found.get("properties", {})), name
    spec, store, _ = (plain(block, BOTH) for block in blocks)
    assert list(spec) == defs["Spec"]["required"]
    assert list(store) == defs["Store"]["required"]
    for plate in spec["plates"]:
        name = defs["Plate"]["discriminator"]["mapping"][plate["kind"]].rpartition("/")[2]
        assert sorted(plate) == sorted(defs[name]["required"])


def test_another_version_or_kind_is_not_of_the_format(blocks) -> None:
    spec = plain(blocks[0], BOTH)
    read = TypeAdapter(Spec).validate_python
    with pytest.raises(ValidationError, match="Input should be 4"):
        read(spec | {"format": 1})
    with pytest.raises(ValidationError, match="panels"):
        read(spec | {"plates": [spec["plates"][0] | {"kind": "panels"}]})


def test_columns_are_handed_on_as_they_are() -> None:
    column: list[float | None] = [None, 1.5, 2]
    store = bare_store(fields={"f": column, "y": {"2020": column}}, point=[(1.0, 2.0)])
    written = plain(store, BOTH)
    assert written["fields"]["f"] is column
    assert written["fields"]["y"]["2020"] is column
    assert written["point"] == [[1.0, 2.0]]


def test_the_script_reads_the_version_that_the_build_writes() -> None:
    script = (ROOT / "src/regional_atlas/page/web/src/main.tsx").read_text(encoding="utf-8")
    [version] = re.findall(r'^const FORMAT: Spec\["format"\] = (\d+);$', script, re.MULTILINE)
    assert int(version) == page_format.FORMAT
