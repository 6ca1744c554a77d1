"""Concentration of amounts in the regions of a project."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.query.basis import Basis
from regional_atlas.query.concentration import concentration

ROOT = Path(__file__).resolve().parent.parent.parent


def brute(values: list[float]) -> dict[str, float]:
    """Measure amounts above 0 by plain loops and NumPy."""
    values = sorted(values, reverse=True)
    total, n = sum(values), len(values)
    share = [value / total for value in values]
    ranks = np.log(np.arange(1, n + 1) - 0.5)
    slope = np.polyfit(np.log(values), ranks, 1)[0] if n > 2 else math.nan
    return {
        "data_members": n,
        "total": total,
        "herfindahl": sum(each**2 for each in share),
        "equivalent_number": 1 / sum(each**2 for each in share),
        "largest_share": share[0],
        "first_to_second": values[0] / values[1] if n > 1 else math.nan,
        "rank_size_slope": slope,
        "rank_size_error": abs(slope) * math.sqrt(2 / n),
        "rank_size_units": n,
        "theil": sum(each * math.log(each * n) for each in share),
    }


def members(atlas: Any, by: str) -> dict[str, set[str]]:
    if by == "metro":
        rows = atlas.tables.membership
        rows = rows[(rows["kind"] == by) & rows["region_id"].notna()]
        return rows.groupby("region_id")["unit_id"].agg(set).to_dict()
    units = atlas.tables.unit_table
    column = f"{by}_id" if f"{by}_id" in units else by
    return {group: {*rows.index} for group, rows in units.groupby(column)}


@pytest.mark.parametrize("by", ["metro", "province", "unit_type"])
def test_each_region_is_measured_by_itself(example: Any, by: str) -> None:
    values = example.query(unranked=True, geometry=False)
    output, people = values["output"], values["population"]
    found = example.concentration(by, "output", of="population").set_index("id")
    held = members(example, by)
    assert {*found.index} == {*held}
    assert found["total"].is_monotonic_decreasing
    both = output.notna() & people.notna()
    usual = output[both].sum() / people[both].sum()
    for region, row in found.iterrows():
        inside = output.reindex(sorted(held[str(region)]))
        assert row["members"] == len(inside)
        expected = brute(inside.dropna().tolist())
        assert row[[*expected]].astype("float64").to_dict() == pytest.approx(expected)
        assert row["largest"] == values["unit"][inside.idxmax()]
        mine = inside.index[both[inside.index]]
        quotient = output[mine].sum() / people[mine].sum() / usual
        assert (row["location_quotient"], row["of_members"]) == (pytest.approx(quotient), len(mine))


def test_all_units_are_measured_once(example: Any) -> None:
    output = example.query(unranked=True, geometry=False)["output"]
    whole = example.concentration("metro", "output").attrs["whole"]
    expected = brute(output.dropna().tolist())
    assert {name: whole[name] for name in expected} == pytest.approx(expected)
    assert (whole["members"], whole["data_members"]) == (12, 11)
    assert whole["theil_between"] + whole["theil_within"] == pytest.approx(whole["theil"])
    # North has Alder, Birch and Cedar, River the rest of its own: Cedar counts in North alone.
    rows = example.tables.membership
    rows = rows[(rows["kind"] == "metro") & rows["exclusive"] & rows["region_id"].notna()]
    group = rows.set_index("unit_id")["region_id"].reindex(output.index).fillna("none")
    parts = output.groupby(group).agg(["sum", "count"])
    share, units = parts["sum"] / parts["sum"].sum(), parts["count"] / parts["count"].sum()
    assert whole["theil_between"] == pytest.approx((share * np.log(share / units)).sum())


def test_totals_are_those_of_the_roll_up(example: Any) -> None:
    for field in ("population", "light_sum", "area_km2"):
        rolled = example.summarise("metro").set_index("id")[field]
        found = example.concentration("metro", field).set_index("id")["total"]
        assert found.to_dict() == pytest.approx(rolled.to_dict())


def test_a_year_is_that_of_the_field(example: Any) -> None:
    by_name = example.concentration("province", "light_sum@2018")
    by_year = example.concentration("province", "light_sum", year=2018)
    pd.testing.assert_frame_equal(by_name, by_year)
    latest = example.concentration("province", "light_sum", of="area_km2")
    assert by_year.attrs["years"] == {"light_sum": 2018}
    assert latest.attrs["years"] == {"light_sum": 2022}
    assert not np.allclose(latest["total"], by_year["total"])


def test_a_field_of_itself_is_one(example: Any) -> None:
    found = example.concentration("province", "output", of="output")
    assert found["location_quotient"].tolist() == pytest.approx([1, 1])


def changed(example: Any, with_tables: Any, output: pd.Series) -> Basis:
    """Give the starter project other values of output."""
    rows = example.tables.indicators.copy()
    at = rows["code"] == "output"
    rows.loc[at, "value"] = rows.loc[at, "unit_id"].map(output)
    return Basis(example.project, with_tables(example.tables, indicators=rows))


def test_regions_without_data_are_missing(example: Any, with_tables: Any) -> None:
    units = example.tables.unit_table
    east = units["province"] == "Eastmark"
    basis = changed(example, with_tables, pd.Series(np.where(east, np.nan, 0.0), units.index))
    found = concentration(basis, "province", "output", "population").set_index("name")
    assert found["data_members"].to_dict() == {"Westmark": 6, "Eastmark": 0}
    assert found["members"].tolist() == [6, 6]
    assert found["total"].tolist() == pytest.approx([0, math.nan], nan_ok=True)
    assert found["rank_size_units"].tolist() == [0, 0]
    shares = [name for name in found.columns if not name.endswith(("members", "units"))]
    assert found[shares].drop(columns=["id", "total"], errors="ignore").isna().all(axis=None)
    assert math.isnan(found.attrs["whole"]["theil_between"])


def test_units_without_a_type_make_no_region(example: Any, with_tables: Any) -> None:
    units = example.tables.units.assign(unit_type=pd.Series(dtype="str"))
    found = concentration(
        Basis(example.project, with_tables(example.tables, units=units)),
        "unit_type",
        "output",
        "population",
    )
    assert found.empty
    there = example.concentration("metro", "output", of="population")
    assert [*found.columns] == [*there.columns]
    whole = found.attrs["whole"]
    assert (whole["data_members"], whole["theil_between"]) == (11, 0)


def test_negative_amounts_are_named(example: Any, with_tables: Any) -> None:
    units = example.tables.unit_table
    output = pd.Series(1.0, units.index)
    output[["00101", "00203"]] = [-5, -6]
    with pytest.raises(DataError) as caught:
        concentration(changed(example, with_tables, output), "metro", "output")
    assert str(caught.value).splitlines() == [
        "output: 2 problems",
        "  - unit 'Alder (00101)' has -5; amounts are numbers from 0",
        "  - unit 'Cedar (00203)' has -6; amounts are numbers from 0",
    ]


def test_the_order_of_tables_changes_nothing(example: Any, with_tables: Any) -> None:
    there = with_tables(
        example.tables,
        membership=example.tables.membership.iloc[::-1],
        indicators=example.tables.indicators.iloc[::-1],
        units=example.tables.units.iloc[::-1],
    )
    found = concentration(Basis(example.project, there), "metro", "output", "population")
    here = example.concentration("metro", "output", of="population")
    pd.testing.assert_frame_equal(found, here, check_exact=True)
    assert found.attrs == here.attrs


ADDING = "allowed: area_km2, light_sum, population, output"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"by": "shire"}, "no kind of region is called 'shire'; allowed: metro, province"),
        ({"field": "light_mean"}, f"field: 'light_mean' does not add up over units; {ADDING}"),
        ({"field": "light_mean@2018"}, "'light_mean@2018' does not add up"),
        ({"field": "unit"}, "field: 'unit' does not add up"),
        ({"of": "rank"}, f"of: 'rank' does not add up over units; {ADDING}"),
        ({"of": "popluation"}, "of: no field 'popluation'; did you mean population"),
        ({"field": "output@2018"}, "'output@2018'; output has the years 2022"),
        ({"year": 2018}, "field: output has no value in 2018; it has the years 2022"),
        ({"year": 1900}, "year: no indicator has 1900; allowed: 2018, 2020, 2022"),
        ({"by": "shire", "field": "score", "of": "tier"}, "3 problems"),
        ({"field": 3}, "field: expected a field of units that adds up, found 3"),
    ],
)
def test_wrong_questions_are_named(example: Any, asked: dict[str, Any], says: str) -> None:
    right: dict[str, Any] = {"by": "metro", "field": "output"}
    with pytest.raises(InputError) as caught:
        example.concentration(**right | asked)
    assert says in str(caught.value)


def test_the_command_prints_it(run: Any, tmp_path: Path) -> None:
    run("new", tmp_path / "c")
    asked = ("concentration", tmp_path / "c", "--by", "metro", "--field", "output")
    ended, printed, said = run(*asked, "--of", "population", "--format", "csv")
    assert ended == 0, said
    table = pd.read_csv(io.StringIO(printed))
    assert table["herfindahl"].between(0, 1).all()
    assert table["location_quotient"].notna().all()
    assert "all units: 11 of 12 have a value; total 72,500, herfindahl 0.1731" in said
    assert "between metro" in said
    assert "values of 2022" in said
    ended, printed, _ = run(*asked)
    assert (ended, "equivalent_number" in printed) == (0, True)
    ended, _, said = run(*asked[:4], "--field", "light_mean")
    assert (ended, "does not add up over units" in said) == (1, True)


@pytest.mark.china
def test_light_of_metropolitan_areas_is_that_of_the_committed_tables(china: Any) -> None:
    folder = ROOT / "geo/china-2022"
    light = pd.read_parquet(folder / "nightlights.parquet")
    light = light[light["year"] == 2022].set_index("unit_id")["sum"]
    rows = china.membership[china.membership["kind"] == "metro"].dropna(subset=["region_id"])
    found = china.concentration("metro", "light_sum", of="area_km2").set_index("id")
    regions = pd.read_csv(folder / "regions.csv", dtype="str")
    assert {*found.index} == {*regions.loc[regions["kind"] == "metro", "region_id"]}
    area = china.units["area_km2"].reindex(light.index)
    usual = light.sum() / area[light.notna()].sum()
    for region, row in found.iterrows():
        units = rows.loc[rows["region_id"] == region, "unit_id"]
        held = light.reindex(units).dropna()
        expected = brute(held[held > 0].tolist())
        assert row[[*expected]].astype("float64").to_dict() == pytest.approx(expected, rel=1e-4)
        quotient = held.sum() / area[held.index].sum() / usual
        assert row["location_quotient"] == pytest.approx(quotient, rel=1e-4)
    assert found.attrs["whole"]["total"] == pytest.approx(light.sum(), rel=1e-4)


@pytest.mark.china
def test_the_book_has_the_figures_of_china(china: Any) -> None:
    """Those of docs/method/concentration.md."""
    kinds = ("metro", "province", "prefecture")
    wholes = [china.concentration(kind, "light_sum").attrs["whole"] for kind in kinds]
    shares = [100 * whole["theil_between"] / whole["theil"] for whole in wholes]
    assert wholes[0]["theil"] == pytest.approx(0.718, abs=5e-4)
    assert shares == pytest.approx([14, 45, 70], abs=0.5)
    metros = china.concentration("metro", "light_sum", of="area_km2").set_index("name")
    bright, uneven = metros.loc["苏锡常都市圈"], metros.loc["深圳都市圈"]
    assert (bright["theil"], uneven["theil"]) == (metros["theil"].min(), metros["theil"].max())
    assert bright["location_quotient"] == pytest.approx(19.7, abs=0.05)
    assert (bright["members"], bright["equivalent_number"]) == (22, pytest.approx(17.4, abs=0.05))
    assert (bright["theil"], uneven["theil"]) == pytest.approx((0.126, 0.675), abs=5e-4)
    assert (uneven["largest"], uneven["largest_share"]) == ("东莞市", pytest.approx(0.33, abs=5e-3))
    assert uneven["first_to_second"] == pytest.approx(4.3, abs=0.05)
    errors = (metros["rank_size_error"] / metros["rank_size_slope"].abs()).agg(["min", "max"])
    assert errors.tolist() == pytest.approx([0.16, 0.45], abs=5e-3)
