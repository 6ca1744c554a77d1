"""No text of a CSV file is run by the spreadsheet that opens it, and none is lost by that."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core.spreadsheets import csv_text, escaped, restored
from regional_atlas.sources.reader import read_table

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
FORMULA = "=HYPERLINK(A1)"


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture(scope="module")
def formula_folder(named_project: Callable[..., Path]) -> Path:
    """A project with units that are named like formulas."""
    return named_project(FORMULA, "@SUM(A1)")


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert restored(escaped(text)) == text
    assert escaped(text)[:1] not in STARTS


@pytest.mark.parametrize("start", STARTS)
def test_texts_are_escaped_and_numbers_are_not(start: str) -> None:
    table = pd.DataFrame({f"{start}a": [f"{start}1", "b"], "number": [-1.5, 2.0]})
    names, first, second = read_csv(csv_text(table))
    assert names == [f"'{start}a", "number"]
    assert first == [f"'{start}1", "-1.5"]
    assert second == ["b", "2.0"]
    assert read_csv(csv_text(table, raw=True))[1] == [f"{start}1", "-1.5"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_any_text_is_one_cell(texts: list[str]) -> None:
    """Carriage returns too, which Python's own writer does not quote."""
    table = pd.DataFrame({"at": range(len(texts)), "text": texts})
    rows = read_csv(csv_text(table))[1:]
    assert [restored(row[1]) for row in rows] == texts


def test_the_reader_gives_the_texts_back_and_says_so(tmp_path: Path) -> None:
    texts = ["=1+1", "'=1", "-", "@a", "plain", "'s-Gravenhage"]
    path = tmp_path / "a.csv"
    path.write_text(csv_text(pd.DataFrame({"=name": texts, "value": range(6)})))
    readings: list[Any] = []
    read = read_table(path, readings=readings)
    assert read.text["=name"].tolist() == texts
    assert [note for note in readings[0].notes if note.startswith("5 cells begin with")]


@pytest.mark.parametrize("raw", [False, True])
def test_commands_escape_what_they_write(
    run: Any, formula_folder: Path, tmp_path: Path, raw: bool
) -> None:
    flag = ["--raw"] if raw else []
    name = FORMULA if raw else f"'{FORMULA}"
    _, out, _ = run("query", formula_folder, "--unranked", "--format", "csv", *flag)
    assert name in [cell for row in read_csv(out) for cell in row]
    _, out, _ = run("sql", formula_folder, "SELECT unit FROM units", "--format", "csv", *flag)
    assert [name] in read_csv(out)
    code, _, err = run("build", formula_folder, "--out", tmp_path / "out", *flag)
    assert code == 0, err
    units = read_csv((tmp_path / "out/data/membership.csv").read_text())
    assert name in [row[1] for row in units]
    formats = "csv,shp,xlsx"
    run("export", formula_folder, "--format", formats, "--out", tmp_path / "gis", *flag)
    rows = read_csv((tmp_path / "gis/units.csv").read_text(encoding="utf-8-sig"))
    assert name in [row[1] for row in rows]
    book = openpyxl.load_workbook(tmp_path / "gis/units.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    lights = formula_folder / "lights/lights_2020.tif"
    code, _, err = run(
        "zonal", "--zones", formula_folder / "units.geojson", "--raster", lights,
        "--out", tmp_path / "zonal.csv", *flag,
    )  # fmt: skip
    assert code == 0, err
    assert name in (tmp_path / "zonal.csv").read_text()


def test_score_escapes_and_reads_back_what_it_wrote(run: Any, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("unit_id,name,a\n=1,=x,1\n+2,y,-2\n3,z,5\n4,v,9\n5,w,20\n")
    index = tmp_path / "index.toml"
    index.write_text(
        'id = "i"\ntitle = "I"\ndata = { unit = "name" }\n[normalise]\nmethod = "min_max"\n'
        '[aggregate]\nmethod = "arithmetic"\n[[nodes]]\ncode = "a"\ntitle = "A"\n'
    )
    code, _, err = run("score", "--data", data, "--index", index, "--out", tmp_path / "out")
    assert code == 0, err
    rows = read_csv((tmp_path / "out/scores.csv").read_text())
    assert [row[:2] for row in rows[1:4]] == [["'=1", "'=x"], ["'+2", "y"], ["3", "z"]]
    assert read_table(tmp_path / "out/scores.csv").text["unit_id"].tolist()[:3] == ["=1", "+2", "3"]
    run(
        "score", "--data", data, "--index", index, "--out", tmp_path / "out", "--raw",
    )  # fmt: skip
    rows = read_csv((tmp_path / "out/scores.csv").read_text())
    assert rows[1][:2] == ["=1", "=x"]
