"""Two kinds of regions side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import InputError


@pytest.fixture(scope="module")
def atlas() -> Any:
    return ra.open_atlas(Path(ra.__file__).parent / "starter")


def test_likeness_of_metros_and_provinces_is_that_of_sets(atlas: Any) -> None:
    members = atlas.tables.membership
    members = members[(members["kind"] == "metro") & members["region_id"].notna()]
    here = members.groupby("region_id")["unit_id"].agg(set).to_dict()
    units = atlas.tables.unit_table
    there = {name: set(rows.index) for name, rows in units.groupby("province")}
    found = atlas.compare_regions("metro", "province").set_index("id")
    assert {*found.index} == {*here}
    for region, row in found.iterrows():
        best = max(
            len(here[region] & other) / len(here[region] | other) for other in there.values()
        )
        assert row["jaccard"] == pytest.approx(best)
        held = here[region] & there[row["other"]]
        assert (row["in_both"], row["only_here"]) == (len(held), len(here[region] - held))
        missed = set(units.loc[sorted(there[row["other"]] - here[region]), "unit"])
        assert set(filter(None, row["units_only_there"].split(";"))) == missed


def test_agreement_is_weighed_by_a_field(atlas: Any) -> None:
    people = atlas.query(unranked=True, geometry=False)["population"]
    found = atlas.compare_regions("metro", "province", weight="population").set_index("id")
    members = atlas.tables.membership.dropna(subset=["region_id"])
    units = atlas.tables.unit_table
    for region, row in found.iterrows():
        held = members.loc[members["region_id"] == region, "unit_id"]
        inside = held[units.loc[held, "province"].eq(row["other"]).to_numpy()]
        expected = people.reindex(inside).sum() / people.reindex(held).sum()
        assert row["agreed"] == pytest.approx(expected)


def test_a_kind_is_itself(atlas: Any) -> None:
    found = atlas.compare_regions("province", "province")
    assert found["jaccard"].eq(1).all()
    assert found["units_only_here"].eq("").all()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("metro", "shire"), "no kind of region is called 'shire'; allowed: metro, province"),
        (("metro", 3), "other: expected"),
        (("metro", "province", "popluation"), "do you mean 'population'|population"),
        (("metro", "province", "unit_type"), "weight: 'unit_type' does not add up over units"),
    ],
)
def test_wrong_kinds_and_weights_are_named(atlas: Any, arguments: Any, says: str) -> None:
    kind, other, *weight = arguments
    with pytest.raises(InputError, match=says):
        atlas.compare_regions(kind, other, weight=weight[0] if weight else None)


def test_the_command_prints_it(run: Any, tmp_path: Any) -> None:
    run("new", tmp_path / "c")
    ended, printed, said = run(
        "compare", tmp_path / "c", "--regions", "metro", "--with", "province", "--format", "csv"
    )
    assert ended == 0, said
    (tmp_path / "out.csv").write_text(printed)
    assert pd.read_csv(tmp_path / "out.csv")["jaccard"].between(0, 1).all()
    ended, _, said = run("compare", tmp_path / "c", "--regions", "metro")
    assert (ended, "--regions KIND and --with KIND go together" in said) == (1, True)
