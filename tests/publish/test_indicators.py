"""Committed indicators: the command that writes them, and builds that read them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import InputError
from regional_atlas.core.schema import COMMITTED_COLUMNS, COMMITTED_REGION_COLUMNS
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.tables.store import Store

RATIOS = """
[[indicators.accounts.derived]]
code = "output_per_head"
title = "Output per head"
unit = "thousand"
numerator = ["output"]
denominator = ["population"]
scale = 10
digits = 1

[[plates]]
field = "output_per_head"
"""
COMMITTED = """
[committed]
indicators = "units.parquet"
region_values = "regions.parquet"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter with a ratio, whose table one unit lacks."""
    folder = tmp_path / "example"
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    atlas = folder / "atlas.toml"
    head, _, _ = atlas.read_text("utf-8").partition("[nightlights]")
    atlas.write_text(f"{head.rstrip()}\n{RATIOS}", "utf-8")
    table = folder / "indicators.csv"
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([*lines[:2], "00102,480,", *lines[3:]]) + "\n", "utf-8")
    return folder


def write(folder: Path, run: Any, *options: object) -> tuple[int, str, str]:
    """Run the command; it writes into the project's folder."""
    out, regions = folder / "units.parquet", folder / "regions.parquet"
    result: tuple[int, str, str] = run(
        "indicators", folder, "--out", out, "--regions", regions, *options
    )
    return result


def without_table(folder: Path) -> None:
    """Let the project read what is committed, and no table."""
    atlas = folder / "atlas.toml"
    text = atlas.read_text("utf-8").replace('file = "indicators.csv"\n', "", 1)
    atlas.write_text(text + COMMITTED, "utf-8")


def built(folder: Path, store: Path) -> Any:
    return ra.open_atlas(ra.read_project(folder), store=Store(store))


def sorted_rows(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return rows.sort_values(keys, ignore_index=True)


def test_both_files(folder: Path, run: Any) -> None:
    code, out, _ = write(folder, run, "--least-members", 1)
    assert (code, out.split()) == (
        0,
        [str(folder / "units.parquet"), str(folder / "regions.parquet")],
    )
    units = pd.read_parquet(folder / "units.parquet")
    regions = pd.read_parquet(folder / "regions.parquet")
    assert list(units) == COMMITTED_COLUMNS
    assert list(regions) == COMMITTED_REGION_COLUMNS
    # Of what adds up, units have nothing.
    assert set(units["code"]) == {"output_per_head"}
    assert set(regions["code"]) == {"population", "output", "output_per_head"}
    assert set(regions["kind"]) == {"province", "metro"}
    first = units.set_index("unit_id")["value"]
    assert first["00101"] == round(10 * 3400 / 120.5, 3)
    assert pd.isna(first["00102"])
    assert set(units["rule"]) == {"ratio of sums: output / population × 10"}
    again = [path.read_bytes() for path in sorted(folder.glob("*.parquet"))]
    assert write(folder, run, "--least-members", 1)[0] == 0
    assert again == [path.read_bytes() for path in sorted(folder.glob("*.parquet"))]


def test_a_build_from_them_equals_one_from_the_table(
    folder: Path, run: Any, tmp_path: Path
) -> None:
    whole = built(folder, tmp_path / "store")
    assert write(folder, run, "--least-members", 1)[0] == 0
    without_table(folder)
    given = built(folder, tmp_path / "store")
    codes = {"population", "output", "output_per_head"}
    assert list(given.tables.meta) == list(whole.tables.meta)
    assert {given.tables.meta[code] == whole.tables.meta[code] for code in codes} == {True}
    keys = ["code", "year", "unit_id"]
    one, other = (
        sorted_rows(atlas.indicators.query("code == 'output_per_head'"), keys)
        for atlas in (given, whole)
    )
    pd.testing.assert_frame_equal(one, other, atol=5e-4, rtol=0)
    keys = ["kind", "region_id", "code", "year"]
    one, other = (
        sorted_rows(atlas.region_values[atlas.region_values["code"].isin(codes)], keys)
        for atlas in (given, whole)
    )
    assert one["partial"].any()
    pd.testing.assert_frame_equal(one, other, atol=5e-4, rtol=0)
    assert not set(given.indicators["code"]) & {"population", "output"}
    said = [each.why.in_("en") for each in given.tables.report.omissions]
    assert any(
        "values committed in units.parquet and regions.parquet are used" in why for why in said
    )


def test_questions_and_the_page_have_them(folder: Path, run: Any, tmp_path: Path) -> None:
    assert write(folder, run, "--least-members", 1)[0] == 0
    without_table(folder)
    atlas = built(folder, tmp_path / "store")
    best = atlas.query(where="output_per_head > 400", sort="-output_per_head", unranked=True)
    assert len(best)
    assert best["output_per_head"].is_monotonic_decreasing
    metros = atlas.summarise("metro").set_index("name")
    assert metros["output"].notna().all()
    assert "output_per_head" in metros
    with pytest.raises(InputError, match="no unit has a value of 'output'; regions have"):
        atlas.query(where="output > 1")
    types = atlas.summarise("unit_type")
    assert "output" not in types
    with pytest.raises(InputError, match="no unit_type has a value of 'output'"):
        atlas.summarise("unit_type", sort="output")
    shapes = unit_shapes(atlas.graph.get("topology"), atlas.units.index)
    store = build_store(atlas.drawn, atlas.tables, shapes)
    spec = build_spec(atlas.drawn, atlas.tables, store, shapes)
    assert [field.id for field in spec.area_fields] == ["population", "output"]
    assert "output" not in {field.id for field in spec.fields}


def test_totals_of_few_members_are_withheld(folder: Path, run: Any, tmp_path: Path) -> None:
    assert write(folder, run, "--by", "metro", "--least-members", 4)[0] == 0
    rows = pd.read_parquet(folder / "regions.parquet")
    assert set(rows["kind"]) == {"metro"}
    few = rows["members_with_data"] < 4
    assert few.any()
    totals = rows["code"].isin(["population", "output"])
    assert rows.loc[few & totals, "value"].isna().all()
    assert set(rows.loc[few & totals, "flags"]) == {"withheld"}
    assert rows.loc[few & ~totals, "value"].notna().all()
    # What the members weigh would tell a total all the same.
    assert rows.loc[few, "weight_share"].isna().all()
    # A build from the table finds nothing to differ.
    atlas = folder / "atlas.toml"
    atlas.write_text(atlas.read_text("utf-8") + COMMITTED, "utf-8")
    checks = {
        c.name.in_("en"): c.ok for c in built(folder, tmp_path / "store").tables.report.checks
    }
    assert checks["Committed units.parquet against the tables of indicators"]
    assert checks["Committed regions.parquet against the tables of indicators"]


def test_shares_of_weight_are_withheld_where_few_members_lack_data(folder: Path, run: Any) -> None:
    assert write(folder, run, "--least-members", 2)[0] == 0
    rows = pd.read_parquet(folder / "regions.parquet")
    lack = rows["members"] - rows["members_with_data"] == 1
    told = rows["members_with_data"] >= 2
    assert (lack & told).any()
    assert rows.loc[lack, "weight_share"].isna().all()
    assert rows.loc[lack & told, "value"].notna().all()
    assert (rows.loc[told & ~lack, "weight_share"] == 1).all()


@pytest.mark.parametrize(("kept", "codes"), [("indicators", 1), ("region_values", 3)])
def test_one_of_the_files_alone(
    folder: Path, run: Any, tmp_path: Path, kept: str, codes: int
) -> None:
    assert write(folder, run, "--least-members", 1)[0] == 0
    without_table(folder)
    atlas = folder / "atlas.toml"
    lines = atlas.read_text("utf-8").splitlines()
    other = {"indicators": "region_values", "region_values": "indicators"}[kept]
    atlas.write_text("\n".join(x for x in lines if not x.startswith(f"{other} =")), "utf-8")
    project = ra.read_project(folder, without=["plates"])
    found = ra.open_atlas(project, store=Store(tmp_path / "store"))
    assert len(found.tables.meta) == codes
    assert set(found.indicators["code"]) <= {"output_per_head"}
    assert bool(len(found.indicators)) == (kept == "indicators")
    given = set(found.region_values["code"]) - {"area_km2"}
    assert len(given) == (3 if kept == "region_values" else 0)
    assert len(found.summarise("metro")) == 2


@pytest.mark.parametrize("name", ["units", "regions"])
def test_a_file_that_differs_stops_a_build_with_the_table(
    folder: Path, run: Any, name: str
) -> None:
    assert write(folder, run)[0] == 0
    path = folder / f"{name}.parquet"
    table = pd.read_parquet(path)
    at = table.index[table["value"].notna()][0]
    table.loc[at, "value"] += 0.01
    table.to_parquet(path)
    atlas = folder / "atlas.toml"
    atlas.write_text(atlas.read_text("utf-8") + COMMITTED, "utf-8")
    code, _, err = run("check", folder)
    assert code == 1
    assert f"check not met: Committed {name}.parquet" in err
    assert "differs in 1 row" in err
    assert "`regional-atlas indicators` writes the file anew" in err


def test_regions_whose_members_changed_have_no_values(
    folder: Path, run: Any, tmp_path: Path
) -> None:
    assert write(folder, run, "--least-members", 1)[0] == 0
    without_table(folder)
    members = folder / "region_members.csv"
    lines = members.read_text("utf-8").splitlines()
    lines.remove("north,Westmark,Alder,include")
    members.write_text("\n".join(lines) + "\n", "utf-8")
    atlas = built(folder, tmp_path / "store")
    rows = atlas.region_values.query("kind == 'metro' and code == 'population'")
    north, others = rows[rows["region_id"] == "north"], rows[rows["region_id"] != "north"]
    assert north["value"].isna().all()
    assert north["partial"].all()
    assert others["value"].notna().all()
    said = [f"{o.what.in_('en')}: {o.why.in_('en')}" for o in atlas.tables.report.omissions]
    assert any(
        "values of North Corridor in regions.parquet: these regions have other" in line
        for line in said
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit_id": "99999"}, "unit_id '99999' is not a unit"),
        ({"code": "steel"}, "no table declares the code 'steel'"),
        ({"rule": "mean"}, "was computed by 'mean', atlas.toml declares 'ratio of sums"),
        ({"value": float("inf")}, "value inf; allowed: finite numbers"),
        ({"unit_id": "00102"}, "00102, output_per_head, 2022: more than one row"),
        ({"year": "old"}, "column 'year' is of another type: it holds text; allowed: numbers"),
    ],
)
def test_what_is_refused(folder: Path, run: Any, change: dict[str, Any], message: str) -> None:
    assert write(folder, run)[0] == 0
    without_table(folder)
    path = folder / "units.parquet"
    table = pd.read_parquet(path)
    [(name, value)] = change.items()
    table = table.astype({name: "object"})
    table.loc[table.index[0], name] = value
    table[name] = table[name].astype("str" if isinstance(value, str) else "float64")
    table.to_parquet(path)
    code, _, err = run("check", folder)
    assert code == 1
    assert message in err


def test_a_file_without_a_column_and_one_that_is_no_parquet(folder: Path, run: Any) -> None:
    assert write(folder, run)[0] == 0
    without_table(folder)
    pd.read_parquet(folder / "units.parquet").drop(columns="flag").to_parquet(
        folder / "units.parquet"
    )
    assert "no column 'flag'; found: unit_id" in run("check", folder)[2]
    (folder / "units.parquet").write_text("no table", "utf-8")
    assert "cannot be read as Parquet" in run("check", folder)[2]


def test_what_the_command_refuses(folder: Path, run: Any, tmp_path: Path) -> None:
    code, _, err = run(
        "indicators", folder, "--out", tmp_path / "a.csv", "--regions", tmp_path / "b.csv"
    )
    assert code == 1
    assert err.count("expected a name that ends in .parquet") == 2
    code, _, err = write(folder, run, "--by", "metro,city")
    assert (code, "--by: no level or kind of region 'city'; allowed: province, metro" in err) == (
        1,
        True,
    )
    other = tmp_path / "other.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(other)
    code, _, err = run("indicators", folder, "--out", other)
    assert (code, "this command did not write it" in err) == (1, True)
    assert write(folder, run)[0] == 0
    without_table(folder)
    code, _, err = write(folder, run)
    assert code == 1
    assert (
        "indicators.accounts: no file is given; name one with --set indicators.accounts.file=…"
        in err
    )
    # Named, the table gives both files again, from which the project reads.
    assert (
        write(folder, run, "--set", f"indicators.accounts.file={folder / 'indicators.csv'}")[0] == 0
    )


def without_members(folder: Path, *regions: str) -> None:
    """Take a member line of each region away."""
    members = folder / "region_members.csv"
    lines = members.read_text("utf-8").splitlines()
    for region in regions:
        lines.remove(next(line for line in lines if line.startswith(f"{region},")))
    members.write_text("\n".join(lines) + "\n", "utf-8")


def kept_regions(folder: Path, change: Any) -> None:
    """Change the committed file of regions."""
    path = folder / "regions.parquet"
    change(pd.read_parquet(path)).reset_index(drop=True).to_parquet(path)


def omissions(atlas: Any) -> list[str]:
    return [f"{o.what.in_('en')}: {o.why.in_('en')}" for o in atlas.tables.report.omissions]


def committed_checks(atlas: Any) -> dict[str, bool]:
    checks = {c.name.in_("en"): c.ok for c in atlas.tables.report.checks}
    return {name.split()[1]: ok for name, ok in checks.items() if name.startswith("Committed ")}


@pytest.mark.parametrize("cells", [{"members_digest": "other"}, {"kind": "county"}])
def test_a_file_that_fits_no_area_is_left_out(
    folder: Path, run: Any, tmp_path: Path, cells: dict[str, str]
) -> None:
    assert write(folder, run, "--by", "metro", "--least-members", 1)[0] == 0
    kept_regions(folder, lambda table: table.assign(**cells))
    kept = pd.read_parquet(folder / "regions.parquet")
    without_table(folder)
    atlas = built(folder, tmp_path / "store")
    rows = atlas.region_values.query("code == 'output'")
    assert rows["value"].isna().all()
    names = kept["region"].unique()
    assert len(names) == 2
    assert any(
        f"values of {' and '.join(names)} in regions.parquet" in line for line in omissions(atlas)
    )
    assert run("build", folder, "--out", tmp_path / "out")[0] == 0


def test_a_file_without_rows_is_read(folder: Path, run: Any, tmp_path: Path) -> None:
    atlas = folder / "atlas.toml"
    atlas.write_text(atlas.read_text("utf-8").replace(RATIOS, ""), "utf-8")
    assert write(folder, run, "--least-members", 1)[0] == 0
    assert pd.read_parquet(folder / "units.parquet").empty
    without_table(folder)
    found = built(folder, tmp_path / "store")
    assert found.region_values.query("code == 'output' and kind == 'metro'")["value"].notna().all()
    assert run("check", folder)[0] == 0
    file = folder / "indicators.csv"
    code, _, err = run("check", folder, "--set", f"indicators.accounts.file={file}")
    assert (code, err.count("Traceback")) == (0, 0)


def test_a_file_of_regions_without_rows_is_read(folder: Path, run: Any, tmp_path: Path) -> None:
    assert write(folder, run)[0] == 0
    kept_regions(folder, lambda table: table.iloc[:0])
    without_table(folder)
    found = built(folder, tmp_path / "store")
    assert set(found.indicators["code"]) == {"output_per_head"}
    assert not set(found.region_values["code"]) & {"output", "output_per_head"}
    assert run("build", folder, "--out", tmp_path / "out")[0] == 0


@pytest.mark.parametrize("name", ["metro", "north"])
def test_rows_that_are_gone_are_noticed(folder: Path, run: Any, name: str) -> None:
    assert write(folder, run)[0] == 0
    if name == "metro":
        kept_regions(folder, lambda table: table[table["kind"] != name])
    else:
        kept_regions(folder, lambda table: table[table["region_id"] != name])
    atlas = folder / "atlas.toml"
    atlas.write_text(atlas.read_text("utf-8") + COMMITTED, "utf-8")
    code, _, err = run("check", folder)
    # A kind of which the file has nothing was not written (`--by`).
    assert (code, "differs in 3 rows" in err) == ((0, False) if name == "metro" else (1, True))


def test_regions_with_other_members_do_not_differ(folder: Path, run: Any, tmp_path: Path) -> None:
    assert write(folder, run)[0] == 0
    without_members(folder, "north")
    atlas = folder / "atlas.toml"
    atlas.write_text(atlas.read_text("utf-8") + COMMITTED, "utf-8")
    found = built(folder, tmp_path / "store")
    assert committed_checks(found) == {"units.parquet": True, "regions.parquet": True}
    assert any("values of North Corridor in regions.parquet" in line for line in omissions(found))
    assert found.region_values.query("region_id == 'north'")["value"].notna().any()


@pytest.fixture
def of_two_years(folder: Path) -> Path:
    """The project with a second table, of the same codes two years before."""
    lines = (folder / "indicators.csv").read_text("utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    earlier = [cells[0], *([key, f"{float(heads) - 3:g}", out] for key, heads, out in cells[1:])]
    text = "\n".join(",".join(row) for row in earlier) + "\n"
    (folder / "earlier.csv").write_text(text, "utf-8")
    atlas = folder / "atlas.toml"
    text = atlas.read_text("utf-8")
    start = text.index("[indicators.accounts]")
    table = text[start : text.index("[[indicators.accounts.derived]]")]
    ratio = RATIOS[: RATIOS.index("[[plates]]")]
    second = (table.split("\n[")[0] + "\n" + ratio).replace("accounts", "before")
    second = second.replace("2022", "2020").replace("indicators.csv", "earlier.csv")
    atlas.write_text(f"{text}\n{second}", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "given", "compared"),
    [("earlier.csv", 2020, 2022), ("indicators.csv", 2022, 2020)],
)
def test_one_of_two_tables_of_the_same_codes(
    of_two_years: Path, run: Any, tmp_path: Path, file: str, given: int, compared: int
) -> None:
    folder = of_two_years
    whole = built(folder, tmp_path / "store")
    assert write(folder, run, "--least-members", 1)[0] == 0
    atlas = folder / "atlas.toml"
    text = atlas.read_text("utf-8").replace(f'file = "{file}"\n', "")
    atlas.write_text(text + COMMITTED, "utf-8")
    found = built(folder, tmp_path / "store")
    assert committed_checks(found) == {"units.parquet": True, "regions.parquet": True}
    assert dict(found.tables.meta) == dict(whole.tables.meta)
    for keys, one, other in (
        (["code", "year", "unit_id"], found.indicators, whole.indicators),
        (["kind", "region_id", "code", "year"], found.region_values, whole.region_values),
    ):
        rows, expected = (
            sorted_rows(table[table["code"] == "output_per_head"], keys) for table in (one, other)
        )
        assert set(rows["year"]) == {2020, 2022}
        pd.testing.assert_frame_equal(
            rows.drop(columns=["weight_share", "partial"], errors="ignore"),
            expected.drop(columns=["weight_share", "partial"], errors="ignore"),
            atol=5e-4, rtol=0,
        )  # fmt: skip
    for name, differs in (("units", 1), ("regions", 1)):
        path = folder / f"{name}.parquet"
        kept = pd.read_parquet(path)
        for year, code in ((given, 0), (compared, differs)):
            changed = kept.copy()
            known = changed["value"].notna() & (changed["year"] == year)
            changed.loc[changed.index[known][0], "value"] += 0.01
            changed.to_parquet(path)
            assert run("check", folder)[0] == code
        kept.to_parquet(path)


def test_a_year_that_no_table_declares(folder: Path, run: Any) -> None:
    assert write(folder, run)[0] == 0
    kept_regions(folder, lambda table: table.assign(year=2019))
    without_table(folder)
    code, _, err = run("check", folder)
    assert code == 1
    assert "no table declares the code 'output' of 2019; declared: 2022" in err


def test_an_option_replaces_its_own_file_only(folder: Path, run: Any) -> None:
    assert write(folder, run, "--by", "metro, province")[0] == 0
    assert set(pd.read_parquet(folder / "regions.parquet")["kind"]) == {"metro", "province"}
    atlas = folder / "atlas.toml"
    text = atlas.read_text("utf-8")
    atlas.write_text(text + COMMITTED, "utf-8")
    units, regions = folder / "units.parquet", folder / "regions.parquet"
    before = {path: path.read_bytes() for path in (units, regions)}
    code, _, err = run(
        "indicators", folder, "--out", regions, "--regions", units, "--overwrite"
    )  # fmt: skip
    assert code == 1
    assert f"--out '{regions}': is the input atlas.toml committed.region_values" in err
    assert f"--regions '{units}': is the input atlas.toml committed.indicators" in err
    both = folder / "new.parquet"
    code, _, err = run("indicators", folder, "--out", both, "--regions", both)
    assert (code, "is the output of --out too" in err) == (1, True)
    # Nor does it where the other file is named by an option.
    atlas.write_text(text, "utf-8")
    named = f"committed.region_values={regions}"
    code, _, err = run("indicators", folder, "--out", regions, "--overwrite", "--set", named)
    assert (code, "is the input atlas.toml committed.region_values" in err) == (1, True)
    assert {path: path.read_bytes() for path in before} == before
