"""A project whose table has the units of before: a generated case of Connecticut's shape.

Eight counties, in two rows of four, give way to nine planning regions whose borders are others.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import regional_atlas as ra
from regional_atlas.core.errors import DataError, InputError

WIDTHS = [0.0, 0.7, 1.6, 2.9, 4.0]
COUNTIES = {
    f"090{2 * at + 1:02}": shapely.box(WIDTHS[at % 4], at // 4, WIDTHS[at % 4 + 1], at // 4 + 1)
    for at in range(8)
}
EDGES = [0.0, 1.1, 2.4, 4.0]
ROWS = [0.0, 0.55, 1.3, 2.0]
REGIONS = {
    f"09{110 + 10 * at}": shapely.box(
        EDGES[at % 3], ROWS[at // 3], EDGES[at % 3 + 1], ROWS[at // 3 + 1]
    )
    for at in range(9)
}
PEOPLE = [916_829, 894_014, 185_186, 162_436, 855_733, 266_868, 150_653, 116_192]
WORK = [480_000, 470_000, 105_000, 90_000, 450_000, 136_000, 80_000, 59_000]
IDLE = [21_000, 26_000, 4_100, 3_000, 25_500, 7_000, 3_300, 3_400]
AGE = [41.2, 40.9, 47.5, 45.8, 40.7, 41.6, 38.9, 43.0]

ATLAS = """\
[map]
projection = "+proj=laea +lat_0=1 +lon_0=2 +datum=WGS84 +units=m +no_defs"

[boundaries]
file = "regions.geojson"
key = "code"
name = "name"
source = "Generated"

[indicators.acs]
file = "counties.csv"
year = 2021
source = "Generated"
key_width = 5
rename = { fips = "unit_id" }
changes = "changes.csv"
names_of = 2021-12-31
ALLOCATE
columns = [
  { column = "people", code = "people", unit = "persons" },
  { column = "work", code = "work", unit = "persons" },
  { column = "idle", code = "idle", unit = "persons" },
  { column = "age", code = "age", unit = "years", kind = "intensive", weight = "people" },
]
derived = [
  { code = "rate", numerator = ["idle"], denominator = ["work"], scale = 100.0, digits = 2 },
]

[[plates]]
id = "people"
kind = "choropleth"
title = "People"
field = "people"
"""


def shares() -> pd.DataFrame:
    """Share of each county's area that lies in each region."""
    rows = [
        (old, new, shape.intersection(region).area / shape.area)
        for old, shape in COUNTIES.items()
        for new, region in REGIONS.items()
        if shape.intersection(region).area > 0
    ]
    return pd.DataFrame(rows, columns=["from_code", "to_code", "share"])


@pytest.fixture
def connecticut(tmp_path: Path) -> Path:
    names = [f"Region {at}" for at in range(1, 10)]
    regions = gpd.GeoDataFrame(
        {"code": [*REGIONS], "name": names}, geometry=[*REGIONS.values()], crs=4326
    )
    regions.to_file(tmp_path / "regions.geojson")
    counties = {"fips": [*COUNTIES], "people": PEOPLE, "work": WORK, "idle": IDLE, "age": AGE}
    pd.DataFrame(counties).to_csv(tmp_path / "counties.csv", index=False)
    table = shares().assign(date="2022-06-01", kind="split", from_name="", to_name="")
    table.to_csv(tmp_path / "changes.csv", index=False)
    (tmp_path / "atlas.toml").write_text(ATLAS.replace("ALLOCATE\n", ""), encoding="utf-8")
    return tmp_path


def test_eight_counties_become_nine_regions(connecticut: Path) -> None:
    atlas = ra.build(ra.read_project(connecticut))
    long = atlas.indicators
    found = long.pivot(index="unit_id", columns="code", values="value")
    assert [*found.index] == [*REGIONS]
    counties = pd.DataFrame({"people": PEOPLE, "work": WORK, "idle": IDLE}, index=[*COUNTIES])
    weights = shares().pivot(index="to_code", columns="from_code", values="share").fillna(0)
    for code in counties:
        assert found[code].sum() == pytest.approx(counties[code].sum(), rel=1e-9)
        by_hand = weights @ counties[code]
        assert found[code].to_dict() == pytest.approx(by_hand.to_dict(), rel=1e-9)
    rates = 100 * (weights @ counties["idle"]) / (weights @ counties["work"])
    assert found["rate"].to_dict() == pytest.approx(rates.to_dict(), rel=1e-9)
    heads = counties["people"] * pd.Series(AGE, counties.index)
    ages = (weights @ heads) / (weights @ counties["people"])
    assert found["age"].to_dict() == pytest.approx(ages.to_dict(), rel=1e-9)
    assert set(long["flag"]) == {"allocated"}
    join = atlas.tables.report.joins[0]
    assert (join.rows, join.matched, len(join.divided)) == (8, 8, 8)


def test_parts_are_weighed_by_area_or_by_a_code_of_another_table(connecticut: Path) -> None:
    table = pd.read_csv(connecticut / "changes.csv", dtype="str").drop(columns="share")
    table.to_csv(connecticut / "changes.csv", index=False)
    file = connecticut / "atlas.toml"
    file.write_text(ATLAS.replace("ALLOCATE", 'allocate = "area_km2"'), encoding="utf-8")
    atlas = ra.build(ra.read_project(connecticut))
    found = atlas.indicators.pivot(index="unit_id", columns="code", values="value")
    assert found["people"].sum() == pytest.approx(sum(PEOPLE), rel=1e-9)
    area = atlas.tables.units["area_km2"]
    first = shares().query("from_code == '09001'")["to_code"]
    others = shares().groupby("to_code")["from_code"].apply(list)
    assert others[first.iloc[0]] == ["09001", "09003"]
    second = shares().query("from_code == '09003'")["to_code"]
    here = area[first.iloc[0]]
    by_hand = PEOPLE[0] * here / area[first].sum() + PEOPLE[1] * here / area[second].sum()
    assert found.loc[first.iloc[0], "people"] == pytest.approx(by_hand, rel=1e-9)

    jobs = pd.DataFrame({"unit_id": [*REGIONS], "jobs": [*range(10, 100, 10)]})
    jobs.to_csv(connecticut / "jobs.csv", index=False)
    more = """
[indicators.jobs]
file = "jobs.csv"
year = 2022
source = "Generated"
key_width = 5
columns = [{ column = "jobs", code = "jobs", unit = "jobs" }]
"""
    text = ATLAS.replace("ALLOCATE", 'allocate = "jobs"') + more
    file.write_text(text, encoding="utf-8")
    atlas = ra.build(ra.read_project(connecticut))
    found = atlas.indicators.pivot(index="unit_id", columns="code", values="value")
    assert found["people"].sum() == pytest.approx(sum(PEOPLE), rel=1e-9)
    held = found["jobs"]
    here = held[first.iloc[0]]
    by_hand = PEOPLE[0] * here / held[first].sum() + PEOPLE[1] * here / held[second].sum()
    assert found.loc[first.iloc[0], "people"] == pytest.approx(by_hand, rel=1e-9)
    flags = atlas.indicators.set_index(["code", "unit_id"])["flag"]
    assert flags["jobs"].isna().all()

    file.write_text(text.replace('allocate = "jobs"', 'allocate = "jbos"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"allocate: no code 'jbos' .* area_km2, jobs"):
        ra.build(ra.read_project(connecticut))


def test_without_shares_totals_are_missing(connecticut: Path) -> None:
    table = pd.read_csv(connecticut / "changes.csv", dtype="str").drop(columns="share")
    table.to_csv(connecticut / "changes.csv", index=False)
    atlas = ra.build(ra.read_project(connecticut))
    found = atlas.indicators[atlas.indicators["code"] == "people"]
    assert found["value"].isna().all()
    assert set(found["flag"]) == {"divided"}


def test_a_transfer_moves_a_share_and_says_so(connecticut: Path) -> None:
    counties = pd.DataFrame(
        {"fips": [*REGIONS], "people": range(100, 1000, 100), "work": 10, "idle": 1, "age": 40}
    )
    counties.to_csv(connecticut / "counties.csv", index=False)
    (connecticut / "changes.csv").write_text(
        "date,kind,from_code,from_name,to_code,to_name,share\n"
        "2022-06-01,transfer,09110,,09120,,0.25\n2023,transfer,09120,,09130,,0.5\n"
    )
    atlas = ra.build(ra.read_project(connecticut))
    rows = atlas.indicators[atlas.indicators["code"] == "people"].set_index("unit_id")
    assert rows["value"].tolist()[:4] == [75, (25 + 200) / 2, 300 + (25 + 200) / 2, 400]
    assert rows["flag"].fillna("").tolist()[:4] == ["allocated", "allocated", "allocated", ""]


def test_every_fault_of_the_file_is_named_at_once(connecticut: Path) -> None:
    (connecticut / "changes.csv").write_text(
        "date,kind,from_code,from_name,to_code,to_name,share\n"
        "2022,split,09001,,09110,,0.6\n2022,split,09001,,09120,,0.3\n"
        "2022,recode,09003,,09999,,\n2022,transfer,09130,,09140,,\n"
    )
    with pytest.raises(InputError) as caught:
        ra.build(ra.read_project(connecticut))
    for said in ("add up to 0.9", "to_code 09999 is not a unit", "a transfer needs"):
        assert said in str(caught.value)
    assert "changes.csv" in str(caught.value)


def test_allocate_needs_changes(connecticut: Path) -> None:
    text = ATLAS.replace("ALLOCATE", 'allocate = "area_km2"').replace(
        'changes = "changes.csv"\nnames_of = 2021-12-31\n', ""
    )
    (connecticut / "atlas.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="`allocate` needs `changes`"):
        ra.read_project(connecticut)
