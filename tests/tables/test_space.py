"""The build's spatial step on the starter project: declared fields, their tables, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import esda
import numpy as np
import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.config.space import InequalityConfig
from regional_atlas.core.errors import AbsentError, ConfigError, InputError
from regional_atlas.core.schema import INEQUALITY_COLUMNS, SPACE_COLUMNS, SPACE_SUMMARY_COLUMNS
from regional_atlas.spatial import contiguity
from regional_atlas.tables import space

DECLARED = """
[[space]]
id = "lights"
field = "light_mean"
since = 2018
permutations = 999
seed = 1
[[space]]
id = "vigour"
field = "vigour"
permutations = 99
[[inequality]]
id = "lights"
field = "light_mean"
years = [2018, 2022]
weight = "area_km2"
[[inequality]]
id = "output"
field = "output"
weight = "population"
by = ["province"]
"""


def declare(folder: Path, text: str) -> None:
    file = folder / "atlas.toml"
    file.write_text(file.read_text("utf-8") + text, "utf-8")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("space") / "example"
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    declare(folder, DECLARED)
    return ra.build(ra.read_project(folder))


def light(atlas: Any, year: int) -> pd.Series:
    rows = atlas.indicators.query(f"code == 'light_mean' and year == {year}")
    return rows.set_index("unit_id")["value"].reindex(atlas.units.index)


def test_nothing_declared_gives_empty_tables(example: Any) -> None:
    assert list(example.space.columns) == SPACE_COLUMNS
    assert list(example.space_summary.columns) == SPACE_SUMMARY_COLUMNS
    assert list(example.inequality.columns) == INEQUALITY_COLUMNS
    assert len(example.space) == len(example.space_summary) == len(example.inequality) == 0


def test_space_speaks_of_every_unit(atlas: Any) -> None:
    assert list(atlas.space.columns) == SPACE_COLUMNS
    assert atlas.space.groupby("id", sort=False).size().to_dict() == {"lights": 12, "vigour": 12}
    values, graph = light(atlas, 2022), contiguity(atlas.units)
    rows = atlas.space[atlas.space["id"] == "lights"].set_index("unit_id")
    np.testing.assert_array_equal(rows["value"], values)
    for unit in atlas.units.index:
        around = [name for name in graph[unit].index if name != unit]
        assert rows.at[unit, "lag"] == pytest.approx(values[around].mean(), nan_ok=True)
    found = atlas.space_summary.set_index("id").loc["lights"]
    assert found["moran"] == pytest.approx(esda.Moran(values, graph.transform("r")).I)
    assert found["expected"] == pytest.approx(-1 / 11)
    assert (found["year"], found["since"], found["seed"]) == (2022, 2018, 1)
    kinds = rows["moran_class"].value_counts()
    assert found["high_high"] == kinds.get("HH", 0)


def test_mobility_counts_pairs(atlas: Any) -> None:
    before, after = light(atlas, 2018).to_numpy(), light(atlas, 2022).to_numpy()
    pairs = [(i, j) for i in range(12) for j in range(i)]
    signs = [np.sign(before[i] - before[j]) * np.sign(after[i] - after[j]) for i, j in pairs]
    same, turned = signs.count(1), signs.count(-1)
    found = atlas.space_summary.set_index("id")
    assert found.at["lights", "concordant"] == pytest.approx(same / (same + turned))
    assert pd.isna(found.at["vigour", "tau"])
    assert pd.isna(found.at["vigour", "since"])


def test_inequality_by_hand_and_its_parts(atlas: Any) -> None:
    table = atlas.inequality
    assert list(table.columns) == INEQUALITY_COLUMNS
    parts = (
        table[table["part"] != "group"]
        .set_index(["id", "year", "measure", "by", "part"])
        .sort_index()
    )
    y, area = light(atlas, 2022), atlas.units["area_km2"]
    p = area / area.sum()
    ratio = y / (y * p).sum()
    by_hand = float((p * ratio * np.log(ratio.where(ratio > 0, 1))).sum())
    for by in ("province", "metro"):
        got = parts.loc[("lights", 2022, "theil_t", by)]["contribution"]
        assert got["total"] == pytest.approx(by_hand)
        assert got["between"] + got["within"] == pytest.approx(by_hand)
    groups = table.query("id == 'lights' and year == 2018 and part == 'group'")
    for (measure, by), rows in groups.groupby(["measure", "by"]):
        within = parts.at[("lights", 2018, measure, by, "within"), "contribution"]
        assert rows["contribution"].sum() == pytest.approx(within)
        assert rows["weight_share"].sum() == pytest.approx(1)
        assert rows["units"].sum() == 12
    outside = groups.query("by == 'metro'")
    assert outside["group_id"].isna().sum() == 2  # one for each measure
    assert set(outside["group"].dropna()) == {"North Corridor", "River Cities"}


def test_units_left_out_are_counted(atlas: Any) -> None:
    rows = atlas.inequality.query("id == 'output' and part == 'total'")
    complete = atlas.indicators.pivot_table(index="unit_id", columns="code", values="value")
    kept = complete[["output", "population"]].dropna()
    assert rows["units"].tolist() == [len(kept)] * 2
    assert rows["left_out"].tolist() == [12 - len(kept)] * 2


def test_the_same_files_again(atlas: Any, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        atlas.save(tmp_path / folder)
    for name in ("data/space.csv", "data/inequality.csv", "report.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    said = json.loads((tmp_path / "one/report.json").read_text("utf-8"))
    assert [row["id"] for row in said["space"]] == ["lights", "vigour"]
    assert {row["part"] for row in said["inequality"]} == {"total", "between", "within", "overlap"}


def test_every_wrong_name_at_once(example_folder: Path) -> None:
    declare(
        example_folder,
        """
        [[space]]
        id = "a"
        field = "nothing"
        [[space]]
        id = "b"
        field = "light_mean"
        year = 1999
        [[inequality]]
        id = "c"
        field = "light_mean"
        weight = "people"
        by = ["planet"]
        """,
    )
    with pytest.raises(AbsentError) as caught:
        ra.build(ra.read_project(example_folder))
    assert len(caught.value.problems) == 4
    assert all(line.startswith("[[") for line in caught.value.problems)
    for word in ("'nothing'", "1999", "'people'", "'planet'"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            '[[space]]\nid = "flat"\nfield = "flat"\n',
            r"\[\[space\]\] flat: needs at least 3 values",
        ),
        ('[[inequality]]\nid = "debt"\nfield = "debt"\n', r"\[\[inequality\]\] debt: .*0 and more"),
    ],
)
def test_values_that_a_measure_does_not_take(
    example_folder: Path, declared: str, message: str
) -> None:
    table = pd.read_csv(example_folder / "indicators.csv", dtype="str")
    table.assign(flat="1", debt="-1").to_csv(example_folder / "indicators.csv", index=False)
    file = example_folder / "atlas.toml"
    column = '  { column = "output", code'
    more = "".join(
        f'  {{ column = "{n}", code = "{n}", title = "N", unit = "n" }},\n'
        for n in ("flat", "debt")
    )
    file.write_text(file.read_text("utf-8").replace(column, more + column, 1), "utf-8")
    declare(example_folder, declared)
    with pytest.raises(InputError, match=message):
        ra.build(ra.read_project(example_folder))


def test_years_in_order_and_ids_once(example_folder: Path) -> None:
    twice = '[[space]]\nid = "a"\nfield = "light_mean"\nyear = 2018\nsince = 2022\n'
    declare(example_folder, twice + '[[inequality]]\nid = "a"\nfield = "x"\n' * 2)
    with pytest.raises(ConfigError) as caught:
        ra.read_project(example_folder)
    assert "`since` (2022) must lie before `year` (2018)" in str(caught.value)
    assert "inequality[1].id: 'a' stands more than once" in str(caught.value)


def test_what_waits_for_a_file_is_left_out_and_said(example_folder: Path) -> None:
    declare(example_folder, '[[inequality]]\nid = "output"\nfield = "output"\n')
    index = example_folder / "index.toml"
    one = (
        'id = "vigour"\ntitle = "V"\n[tiers]\nk = 2\n[[nodes]]\ncode = "light_density"\ntitle = "L"'
    )
    index.write_text(one, "utf-8")
    file = example_folder / "atlas.toml"
    text = file.read_text("utf-8").replace('population = "population"', "")
    file.write_text(text.replace('file = "indicators.csv"', ""), "utf-8")
    atlas = ra.build(ra.read_project(example_folder))
    assert len(atlas.inequality) == 0
    said = [omission.what.in_("en") for omission in atlas.tables.report.omissions]
    assert "the inequality of output" in said


def test_groups_without_a_name_are_text_all_the_same(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a level or kind has no name at all, and no unit is in it."""
    nobody = pd.Series(None, index=example.units.index, dtype="str")
    nameless = nobody, pd.Series(dtype="str")
    known = space._groups
    monkeypatch.setattr(
        space, "_groups", lambda tables, by: nameless if by == "none" else known(tables, by)
    )
    config = InequalityConfig(id="a", field="output", by=["province", "none"])
    table = space._unequal(config, example.tables, example.project)
    assert table["group"].dtype == "str"
    assert set(table.loc[table["group"].notna(), "by"]) == {"province"}
