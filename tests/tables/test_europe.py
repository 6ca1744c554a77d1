"""A European region from Latin-1 files by configuration alone, beside plain pandas.

Semicolons, decimal commas, points between thousands, ":" for missing values, flags behind numbers,
polygons as regions, names of districts in a file of their own, three languages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

import regional_atlas as ra

PROJECT = Path(__file__).parents[1] / "data/rheinau"
DISTRICTS = {"01": "Westkreis", "02": "Mittelkreis", "03": "Département du Levant"}


@pytest.fixture(scope="module")
def atlas() -> Any:
    return ra.build(ra.read_project(PROJECT))


@pytest.fixture(scope="module")
def towns() -> pd.DataFrame:
    """Every figure as a number, and every polygon, by code; read without this package."""
    shapes = json.loads((PROJECT / "gemeinden.geojson").read_text("utf-8"))["features"]
    frame = pd.DataFrame([feature["properties"] for feature in shapes]).set_index("GKZ")
    frame["shape"] = [shapely.geometry.shape(feature["geometry"]) for feature in shapes]
    people = pd.read_csv(
        PROJECT / "bevoelkerung.csv", sep=";", encoding="latin-1", skiprows=3, dtype="str"
    ).set_index("GKZ")
    economy = pd.read_csv(PROJECT / "wirtschaft.csv", sep=";", encoding="cp1252", dtype="str")
    economy.index = pd.Index(economy["Gemeinde"].str.lower())
    for year in (2019, 2020, 2021):
        frame[f"population_{year}"] = numbers(people[f"Einwohner {year}"])
        frame[f"flag_{year}"] = people[f"Einwohner {year}"].str.extract(r" ([a-z])$")[0]
    names = frame["NAME"].str.lower()
    for code, column in {
        "gdp": "BIP (Mio. EUR)",
        "labour_force": "Erwerbspersonen",
        "unemployed": "Erwerbslose",
        "income": "Median (EUR)",
    }.items():
        frame[code] = names.map(numbers(economy[column]))
    return frame


def numbers(cells: pd.Series) -> pd.Series:
    plain = cells.str.replace(r"( [a-z])$", "", regex=True)
    plain = plain.str.replace(".", "").str.replace(",", ".")
    return pd.to_numeric(plain, errors="coerce")


def groupings(towns: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Members of each region of each kind, the areas by their share of each town's polygon."""
    areas = json.loads((PROJECT / "raeume.geojson").read_text("utf-8"))["features"]
    inside = {
        feature["properties"]["id"]: [
            code
            for code, shape in towns["shape"].items()
            if shape.intersection(shapely.geometry.shape(feature["geometry"])).area
            >= 0.5 * shape.area
        ]
        for feature in areas
    }
    district = towns["KREIS"]
    return {
        "area": inside,
        "district": {key: list(towns.index[district == key]) for key in DISTRICTS},
        "bank": {
            "West": list(towns.index[district.isin(["01", "02"])]),
            "Est": list(towns.index[district == "03"]),
        },
        "status": {key: list(towns.index[towns["ART"] == key]) for key in ("Stadt", "Gemeinde")},
    }


def expected(towns: pd.DataFrame, code: str, year: int, members: list[str]) -> tuple[float, int]:
    """Roll one indicator up by hand: the value, and how many members have data."""
    rows = towns.loc[members].rename(columns={f"population_{year}": "population"})
    above, below = {
        "unemployment": (100 * rows["unemployed"], rows["labour_force"]),
        "gdp_per_head": (1e6 * rows["gdp"], rows["population"]),
        "income": (rows["income"] * rows["labour_force"], rows["labour_force"]),
    }.get(code, (rows.get(code), None))
    known = above.notna() if below is None else above.notna() & below.notna()
    total = float(above[known].sum())
    return (total if below is None else total / float(below[known].sum())), int(known.sum())


def test_values_of_every_region_equal_a_plain_computation(atlas: Any, towns: pd.DataFrame) -> None:
    values = atlas.tables.region_values.set_index(["kind", "region_id", "code", "year"])
    compared = partial = 0
    for kind, regions in groupings(towns).items():
        for region, members in regions.items():
            for code, years in {
                "population": (2019, 2020, 2021),
                **dict.fromkeys(
                    ["gdp", "labour_force", "unemployed", "income", "unemployment"], (2021,)
                ),
                "gdp_per_head": (2021,),
            }.items():
                for year in years:
                    row = values.loc[(kind, region, code, year)]
                    value, held = expected(towns, code, year, members)
                    assert row["value"] == pytest.approx(value, rel=1e-9), (kind, region, code)
                    assert (row["members"], row["members_with_data"]) == (len(members), held)
                    assert row["partial"] == (held < len(members))
                    compared, partial = compared + 1, partial + bool(row["partial"])
    assert (compared, len(values) >= compared) == (90, True)
    assert 10 < partial < compared


def test_flags_gaps_and_capitals_of_the_files(atlas: Any, towns: pd.DataFrame) -> None:
    table = atlas.indicators
    people = table[table["code"] == "population"].set_index(["unit_id", "year"])
    for year in (2019, 2020, 2021):
        found = people.xs(year, level="year")
        assert (
            found["value"].reindex(towns.index).equals(towns[f"population_{year}"].rename("value"))
        )
        flags = found["flag"].reindex(towns.index).fillna("")
        assert flags.tolist() == towns[f"flag_{year}"].fillna("").tolist()
    gdp = table[table["code"] == "gdp"].set_index("unit_id")
    assert gdp.at["03005", "flag"] == "p"
    assert pd.isna(gdp.at["02008", "value"])  # ":"
    lost = table[(table["code"] == "unemployed") & (table["unit_id"] == "02013")].iloc[0]
    assert pd.isna(lost["value"])
    assert lost["flag"] == "c"  # ": c"
    joins = {join.name: join for join in atlas.tables.report.joins}
    assert (joins["economy"].matched, joins["economy"].by) == (15, "Gemeinde")  # FÖRTH is Förth
    assert (joins["people"].matched, joins["people"].excluded) == (15, 1)  # "Insgesamt"


def test_names_of_districts_and_the_published_list(atlas: Any, towns: pd.DataFrame) -> None:
    assert atlas.units["district"].tolist() == [
        DISTRICTS[code] for code in towns["KREIS"].sort_index()
    ]
    listed = (PROJECT / "rangliste.csv").read_text("latin-1").splitlines()[1:]
    ranked = atlas.rankings[["rank", "unit"]].astype({"rank": "str"}).agg(";".join, axis=1)
    assert sorted(ranked) == sorted(listed)


def test_the_page_is_in_its_languages(atlas: Any) -> None:
    assert atlas.project.config.offered() == ["de", "fr", "en"]
    html = atlas.map().get_root().render()
    assert "Verflechtungsr" in html
    assert "Aires fonctionnelles" in html
