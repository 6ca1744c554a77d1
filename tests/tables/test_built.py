"""A built folder answers as its project does, and does not say where it was built."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal
from pandas.testing import assert_frame_equal

import regional_atlas as ra
from regional_atlas.config import AtlasConfig
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.model import Model
from regional_atlas.core.outputs import BUILT_TABLES
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Text, Unit
from regional_atlas.tables.built import _records, write_built


@pytest.fixture(scope="module")
def built(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "maps"
    example.save(out)
    return out


@pytest.fixture(scope="module")
def asked(built: Path) -> ra.Atlas:
    return ra.open_atlas(built)


def same(found: Any, expected: Any) -> None:
    """Compare values of any kind that a table may be."""
    match expected:
        case dict():
            assert found.keys() == expected.keys()
            for name, value in expected.items():
                same(found[name], value)
        case _ if type(expected).__name__ == "GeoSeries":
            assert_geoseries_equal(found, expected)
        case _ if type(expected).__name__ == "GeoDataFrame":
            assert_geodataframe_equal(found, expected)
        case pd.DataFrame():
            assert_frame_equal(found, expected, check_exact=True)
        case _:
            assert found == expected


TABLES = [
    *(field.name for field in fields(AtlasTables) if field.name != "blocks"),
    "unit_table",
    "region_table",
]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_the_projects(asked: ra.Atlas, example: Any, name: str) -> None:
    same(getattr(asked.tables, name), getattr(example.tables, name))


QUESTIONS = [
    ["query", "--top", "5"],
    ["query", "--near", "10.5,50.5", "--radius", "60", "--unranked", "--format", "csv"],
    ["summarise", "--by", "metro", "--format", "csv"],
    ["compare", "--format", "csv"],
]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_every_command_answers_alike(
    run: Any, built: Path, example: Any, question: list[str]
) -> None:
    command, *options = question
    found, expected = (run(command, folder, *options) for folder in (built, example.project.root))
    assert found == expected
    assert found[1] or question[0] == "compare"  # the starter project has nothing to compare


def test_statements_and_exports_answer_alike(asked: ra.Atlas, example: Any, tmp_path: Path) -> None:
    statement = "SELECT unit, rank FROM rankings ORDER BY ranking, rank, unit"
    assert_frame_equal(asked.sql(statement), example.sql(statement))
    for name, atlas in (("one", asked), ("other", example)):
        atlas.export(["csv", "geojson"], tmp_path / name)
    for path in sorted((tmp_path / "other").iterdir()):
        assert (tmp_path / "one" / path.name).read_bytes() == path.read_bytes(), path.name


def test_what_needs_the_sources_is_refused(
    run: Any, asked: ra.Atlas, built: Path, tmp_path: Path
) -> None:
    for wanted in (asked.map, lambda: asked.save(tmp_path / "again"), lambda: asked.tables.blocks):
        with pytest.raises(InputError, match=r"built folder can be asked.*project's folder"):
            wanted()
    assert not (tmp_path / "again").exists()
    for command in ("build", "check"):
        code, _, said = run(command, built)
        assert code == 1
        assert "the folder is what a build wrote: it can be asked" in said
    code, out, said = run("query", built, "--set", "id=other")
    assert (code, out) == (1, "")
    assert said == "error: --set changes a project; a built folder is as it was built\n"


def test_an_export_never_writes_over_what_it_reads(run: Any, built: Path) -> None:
    before = (built / "data/units.parquet").read_bytes()
    onto = ["--out", built / "data", "--overwrite"]
    code, _, said = run("export", built, "--format", "geoparquet", *onto)
    assert code == 1
    assert "holds the input PROJECT" in said
    assert (built / "data/units.parquet").read_bytes() == before


def test_damage_and_other_versions_are_said(built: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(built, tmp_path / "copy"))
    whole = (copy / BUILT_TABLES).read_bytes()
    flipped = bytearray(whole)
    with zipfile.ZipFile(copy / BUILT_TABLES) as archive:
        part = archive.getinfo("rankings/1.arrow")
    flipped[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 16
    (copy / BUILT_TABLES).write_bytes(flipped)
    with pytest.raises(DataError, match=r"tables.zip: rankings is damaged.*build the atlas again"):
        _ = ra.open_atlas(copy).rankings
    (copy / BUILT_TABLES).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"settings is damaged"):
        ra.open_atlas(copy)


def test_the_same_build_gives_the_same_bytes_and_no_place(example: Any, tmp_path: Path) -> None:
    for name in ("one.zip", "other.zip"):
        write_built(example.graph, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        for part in archive.namelist():
            assert str(example.project.root).encode() not in archive.read(part), part


def test_settings_come_back_as_they_were(asked: ra.Atlas, example: Any) -> None:
    def said(model: Model) -> Any:
        return model.model_dump(mode="json", exclude_unset=True)

    project, expected = asked.project, example.project
    assert isinstance(project.config, AtlasConfig)
    there = str(expected.root) + "/"
    dumped = expected.config.model_dump_json(exclude_unset=True).replace(there, "")
    assert project.config.model_dump_json(exclude_unset=True) == dumped
    assert {name: said(index) for name, index in project.indices.items()} == {
        name: said(index) for name, index in expected.indices.items()
    }


def test_names_of_settings_are_unique() -> None:
    names = [record.__name__ for record in _records()]
    assert len(names) == len(set(names))


KEPT = {bool, int, float, str, type(None), date, Path, Text, Unit, Condition}


def kinds_of(annotation: Any) -> Iterator[Any]:
    """List the plain kinds that a field of settings may hold."""
    match get_origin(annotation):
        case None:
            yield annotation
        case origin if origin is Literal:
            yield from map(type, get_args(annotation))
        case origin if origin is Annotated:
            yield from kinds_of(get_args(annotation)[0])
        case _:
            for inner in get_args(annotation):
                yield from kinds_of(inner)


def test_settings_are_of_kinds_that_the_file_holds() -> None:
    settings = [
        record
        for record in _records()
        if issubclass(record, Model) and record.__module__.startswith("regional_atlas.config")
    ]
    assert len(settings) > 50
    for record in settings:
        for name, field in record.model_fields.items():
            for kind in kinds_of(field.annotation):
                known = kind in KEPT or kind is Ellipsis or issubclass(kind, Model)
                assert known, f"{record.__name__}.{name}: {kind}"


def test_conditions_and_texts_of_the_command_line_come_back(
    example_folder: Path, tmp_path: Path
) -> None:
    file = example_folder / "atlas.toml"
    text = file.read_text("utf-8").replace(
        "[boundaries]", "[boundaries]\nwhere = \"name != 'x'\"", 1
    )
    file.write_text(text, "utf-8")
    project = ra.read_project(example_folder, overrides=["title.en=Another title"])
    ra.build(project).save(tmp_path / "out")
    config = ra.open_atlas(tmp_path / "out").project.config
    assert config.title.in_("en") == "Another title"
    assert config.boundaries.where == Condition("name != 'x'")
