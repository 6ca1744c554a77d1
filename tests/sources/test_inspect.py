"""A table before it is declared: what inspect proposes reads the table."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.errors import DataError
from regional_atlas.sources.reader import read_table
from regional_atlas.sources.reader.inspect import inspect_table

EUROPE = (
    "Einkommen der Kreise;;;;\n\nSchlüssel;Kreis;Einkommen;Anteil;Fläche\n"
    "01001;Köln;1.205,5;12,5%;100\n01002;Höxter;–;3,0%;90\n00003;Süd;950,25;4,1%;1.000\n"
    "00004;Nord;1.950,25;4,1%;77\n00005;Ost;2.950,25;4,1%;1.234\nQuelle: Statistik;;;;\n"
)


def test_what_is_proposed_reads_the_table(tmp_path: Path) -> None:
    path = tmp_path / "kreise.csv"
    path.write_bytes(EUROPE.encode("cp1252"))
    found = inspect_table(path)
    assert found.declared == {
        "encoding": "cp1252", "delimiter": ";", "header_row": 3, "footer_rows": 1,
        "decimal": ",", "thousands": ".", "missing": ["–"], "percent": True,
    }  # fmt: skip
    kinds = {column.name: column.kind for column in found.columns}
    assert kinds == {
        "Schlüssel": "code", "Kreis": "text", "Einkommen": "number", "Anteil": "number",
        "Fläche": "number",
    }  # fmt: skip
    declared = tomllib.loads("\n".join(found.lines()))
    table = read_table(path, config=TableConfig.model_validate(declared))
    assert table.values("Einkommen").fillna(-1).tolist() == [1205.5, -1, 950.25, 1950.25, 2950.25]
    assert table.values("Anteil").tolist() == [12.5, 3.0, 4.1, 4.1, 4.1]
    assert table.values("Fläche").tolist() == [100, 90, 1000, 77, 1234]
    assert table.texts("Schlüssel").iloc[0] == "01001"


def test_a_plain_table_needs_no_declaration(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("code,name,v,w\n001,A,1.5,\n002,B,x,\n003,C,2.5,\n004,D,2,\n005,E,3,\n")
    found = inspect_table(path)
    assert found.declared == {}
    assert [(c.name, c.kind, c.filled, c.missing) for c in found.columns] == [
        ("code", "code", 5, 0), ("name", "text", 5, 0), ("v", "mixed", 5, 0), ("w", "empty", 0, 5),
    ]  # fmt: skip
    assert found.columns[2].odd == ["line 3, column 'v': 'x' is not a number"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="file not found"):
        inspect_table(tmp_path / "none.csv")


@pytest.mark.shared_data
def test_published_files(shared: Path) -> None:
    folder = shared / "data/us"
    assert inspect_table(folder / "list1_2020.xls").declared == {"header_row": 3, "footer_rows": 3}
    assert inspect_table(folder / "pop.csv").declared == {"header_row": 3, "thousands": ","}
    assert inspect_table(folder / "unemp.csv").declared == {
        "header_row": 5, "strip": "$", "thousands": ",",
    }  # fmt: skip
    assert inspect_table(folder / "bea_county_gdp.csv").declared == {"strip": "'"}
