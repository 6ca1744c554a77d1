"""Whatever names and numbers a build holds, other software reads the same from every format."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regional_atlas.core.spreadsheets import restored
from regional_atlas.export import FORMATS, export

from .conftest import IDS

NAME = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda name: name == name.strip()
)
VALUE = st.none() | st.floats(-1e15, 1e15, allow_subnormal=False)


def read_rows(path: Path) -> dict[str, tuple[Any, Any]]:
    """Read name and sum of lights by unit."""
    if path.suffix == ".xlsx":
        head, *rows = openpyxl.load_workbook(path)["units"].values
        table = pd.DataFrame(rows, columns=head, dtype="object")
    elif path.suffix == ".csv":
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = pd.DataFrame(csv.DictReader(file)).map(restored)
        table["light_sum"] = [float(text) if text else None for text in table["light_sum"]]
    elif path.suffix == ".parquet":
        table = gpd.read_parquet(path).reset_index()
    else:
        table = gpd.read_file(path, **({"layer": "units"} if path.suffix == ".gpkg" else {}))
    return {
        row.unit_id: (row.unit, None if pd.isna(row.light_sum) else float(row.light_sum))
        for row in table.itertuples()
    }


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(NAME, min_size=9, max_size=9),
    values=st.lists(VALUE, min_size=9, max_size=9),
)
@pytest.mark.parametrize("name", ["csv", "fgb", "geojson", "geoparquet", "gpkg", "kml", "xlsx"])
def test_names_numbers_and_gaps_come_back(
    tables: Any,
    project: Any,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    names: list[str],
    values: list[float | None],
) -> None:
    folder = tmp_path_factory.mktemp("out")
    rows = tables.indicators[tables.indicators["code"] != "light_sum"]
    last = int(tables.indicators["year"].max())
    given = pd.DataFrame(
        {"unit_id": IDS, "code": "light_sum", "year": last, "value": values, "flag": None}
    ).astype({"value": "float64"})
    changed = replace(
        tables,
        units=tables.units.assign(unit=pd.array(names, dtype="str")),
        indicators=pd.concat([rows, given], ignore_index=True),
    )
    export(changed, project, [name], folder)
    found = read_rows(folder / FORMATS[name].file)
    if name == "kml":
        names = [text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for text in names]
    assert {unit: row[0] for unit, row in found.items()} == dict(zip(IDS, names, strict=True))
    digits = {"csv": 1e-9, "xlsx": 1e-14, "kml": 1e-14, "geojson": 1e-14}.get(name, 0.0)
    for unit, value in zip(IDS, values, strict=True):
        read = found[unit][1]
        assert (read is None) == (value is None)
        assert value is None or math.isclose(read, value, rel_tol=digits, abs_tol=0.0)
