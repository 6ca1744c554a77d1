"""Changes of boundaries: shares, faults of the table, and what becomes of values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core.kinds import Extensive, Index, Intensive, Maximum, Minimum, Ratio
from regional_atlas.units.changes import carried_flags, carry, change_problems, complete

Row = tuple[str | None, str, str | None, str, float | None]


def changes(*rows: Row) -> pd.DataFrame:
    names = ["date", "kind", "from_code", "to_code", "share"]
    table = pd.DataFrame(rows, columns=names, index=range(2, len(rows) + 2))
    return table.astype({"date": "str", "from_code": "str", "to_code": "str", "share": "float64"})


def shares_of(
    table: pd.DataFrame, weights: pd.Series | None = None
) -> list[tuple[str, str, float]]:
    found = complete(table, weights)[["from_code", "to_code", "share"]]
    return [*found.itertuples(index=False, name=None)]


def test_whole_units_go_whole_and_a_transfer_leaves_the_rest() -> None:
    table = changes(
        ("2020", "recode", "a", "A", None),
        ("2021", "transfer", "b", "c", 0.25),
        ("2021", "transfer", "b", "d", 0.125),
        ("2022", "merge", "e", "c", None),
    )
    assert shares_of(table) == [
        ("a", "A", 1), ("b", "c", 0.25), ("b", "b", 0.625), ("b", "d", 0.125), ("e", "c", 1),
    ]  # fmt: skip


def test_parts_without_a_share_get_theirs_by_weight_also_of_parts_divided_since() -> None:
    table = changes(
        ("2019", "split", "a", "b", None),
        ("2019", "split", "a", "c", None),
        ("2021", "split", "c", "d", None),
        ("2021", "split", "c", "e", None),
        ("2020", "split", "f", "g", 0.3),
        ("2020", "split", "f", "h", 0.7),
    )
    weights = pd.Series({"b": 10.0, "d": 20.0, "e": 10.0, "g": 5.0, "h": 5.0})
    found = {(a, b): share for a, b, share in shares_of(table, weights)}
    assert found["a", "b"] == 0.25
    assert found["a", "c"] == 0.75
    assert found["c", "d"] == pytest.approx(2 / 3)
    assert found["f", "g"] == 0.3
    assert all(np.isnan(share) for a, _, share in shares_of(table) if a in "ac")
    lacking = {(a, b): share for a, b, share in shares_of(table, weights.drop("e"))}
    assert np.isnan(lacking["a", "b"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("2020", "recode", "a", "x", None)], "line 2: to_code x is not a unit"),
        (
            [("2021", "recode", "a", "y", None), ("2019", "recode", "y", "b", None)],
            "line 2: to_code y is not a unit; it changed before that (line 3): are the dates",
        ),
        (
            [("2020", "split", "a", "b", 0.5), ("2020", "split", "a", "c", 0.4)],
            "lines 2, 3: the shares of a (2020) add up to 0.9, not 1",
        ),
        (
            [("2020", "split", "a", "b", 1.0), ("2020", "split", "a", "c", None)],
            "lines 2, 3: some parts of a (2020) have a share and some have none",
        ),
        ([("2020", "transfer", "a", "b", None)], "line 2: a transfer needs `from_code` and"),
        ([("2020", "transfer", "a", "b", -0.1)], "line 2: share -0.1 is not above 0 and up to 1"),
        (
            [("2020", "transfer", "b", "c", 0.6), ("2020", "transfer", "b", "d", 0.6)],
            "lines 2, 3: the shares of b (2020) add up to 1.2, above 1",
        ),
        ([(None, "merge", "a", "b", 0.5)], "line 2: a merge takes the whole unit, found share 0.5"),
        (
            [("2020", "recode", "b", "c", None), ("2020", "recode", "c", "b", None)],
            "lines 2, 3: b → c → b on one day is a cycle",
        ),
        (
            [(None, "merge", "b", "c", None), (None, "merge", "c", "d", None),
             (None, "merge", "d", "b", None)],
            "lines 2, 3, 4: b → c → d → b on one day is a cycle",
        ),
        (
            [("2018", "merge", "a", "b", None), ("2020", "recode", "a", "c", None)],
            "line 3: a changes on 2020, but it ended on 2018 (line 2); are the dates out of order?",
        ),
        (
            [("2020", "split", "a", "b", 1.0), ("2020", "merge", "a", "c", None)],
            "lines 2, 3: a (2020) has changes of several kinds: merge, split",
        ),
    ],
)  # fmt: skip
def test_every_fault_is_named_by_line(rows: list[Row], said: str) -> None:
    found = change_problems(changes(*rows), pd.Index([*"bcd"]))
    assert any(said in problem for problem in found), found
    sound: list[Row] = [
        ("2022", "recode", "z1", "b", None),
        ("2022", "split", "z2", "c", None),
        ("2022", "split", "z2", "z2", None),
        ("2023", "merge", "z2", "d", None),
    ]
    assert change_problems(changes(*sound), pd.Index([*"bcd"])) == []
    assert len(change_problems(changes(*rows, *sound), pd.Index([*"bcd"]))) == len(found)


def test_faults_are_named_all_at_once() -> None:
    table = changes(
        ("2020", "recode", "a", "x", None),
        ("2020", "transfer", "b", "c", 2.0),
        ("2021", "recode", "c", "d", None),
        ("2021", "recode", "d", "c", None),
    )
    assert len(change_problems(table, pd.Index([*"bcd"]))) == 4


OLD = pd.DataFrame(
    {"people": [100.0, 50.0, np.nan], "area": [10.0, 30.0, 5.0], "age": [40.0, 30.0, 20.0],
     "score": [1.0, 2.0, 3.0]},
    index=["a", "b", "c"],
)  # fmt: skip
LINKS = pd.DataFrame(
    [("a", "x", 0.6), ("a", "y", 0.4), ("b", "y", 1.0), ("c", "z", 1.0)],
    columns=["source", "unit_id", "share"],
)


def test_each_kind_is_carried_by_its_rule() -> None:
    kinds = {
        "people": Extensive(),
        "density": Ratio(("people",), ("area",)),
        "age": Intensive("people"),
        "plain": Intensive(),
        "score": Index(),
        "most": Maximum(),
        "least": Minimum(),
    }
    old = OLD.assign(plain=OLD["age"], most=OLD["area"], least=OLD["area"])
    found = carry(old, LINKS, kinds)
    assert found["people"].tolist()[:2] == [60, 90]
    assert found.loc["y", "density"] == 90 / (4 + 30)
    assert found.loc["y", "age"] == pytest.approx((40 * 40 + 50 * 30) / 90)
    assert found.loc["x"].tolist() == [60, 10, 40, 40, 1, 10, 10]
    assert found.loc["y", ["most", "least"]].tolist() == [30, 10]
    assert found.loc["y", ["plain", "score"]].isna().all()
    assert found.loc["z", "age"] == 20
    assert np.isnan(found.loc["z", "people"])
    assert np.isnan(found.loc["z", "density"])
    assert carried_flags(LINKS).to_dict() == {"x": "allocated", "y": "allocated"}


def test_unknown_shares_and_missing_parts_make_totals_missing_but_not_means() -> None:
    links = LINKS.assign(share=LINKS["share"].where(LINKS["source"] != "a"))
    found = carry(OLD, links, {"people": Extensive(), "age": Intensive("people")})
    assert found["people"].isna().tolist() == [True, True, True]
    assert found["age"].tolist()[::2] == [40, 20]
    assert np.isnan(found.loc["y", "age"])


@st.composite
def crosswalks(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Units that give any shares to any others, and two totals of each."""
    sources = draw(st.integers(1, 8))
    number = st.floats(0, 1e9).map(lambda value: round(value, 3))
    values = pd.DataFrame(
        {
            code: draw(st.lists(number, min_size=sources, max_size=sources))
            for code in ("up", "down")
        }
    )
    rows = []
    for source in range(sources):
        parts = draw(st.dictionaries(st.sampled_from("uvwxyz"), st.floats(0.01, 1), min_size=1))
        rows += [(source, unit, part / sum(parts.values())) for unit, part in parts.items()]
    return values, pd.DataFrame(rows, columns=["source", "unit_id", "share"])


@given(crosswalks(), st.randoms())
def test_totals_are_conserved_and_ratios_come_from_them(
    case: tuple[pd.DataFrame, pd.DataFrame], random: object
) -> None:
    values, links = case
    kinds = {"up": Extensive(), "down": Extensive(), "rate": Ratio(("up",), ("down",))}
    found = carry(values, links, kinds)
    for code in ("up", "down"):
        assert found[code].sum() == pytest.approx(values[code].sum(), rel=1e-9, abs=1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = (found["up"] / found["down"]).where(found["down"] != 0)
    pd.testing.assert_series_equal(found["rate"], rate, check_names=False)
    order = [*range(len(links))]
    random.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(carry(values, links.iloc[order], kinds), found)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_stated_shares_that_are_rounded_conserve_totals(parts: list[float]) -> None:
    rounded = [round(part / sum(parts), 8) for part in parts]
    rows: list[Row] = [
        ("2020", "split", "a", f"u{at}", share) for at, share in enumerate(rounded) if share > 0
    ]
    found = complete(changes(*rows))
    assert found["share"].sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("weights", [{"d": -5.0, "e": 10.0}, {"d": 0.0, "e": 0.0}, {"d": 5.0}])
def test_weights_that_share_nothing_out_leave_shares_missing(weights: dict[str, float]) -> None:
    changes = pd.DataFrame(
        [("2021", "split", "c", "d"), ("2021", "split", "c", "e")],
        columns=["date", "kind", "from_code", "to_code"],
    )
    assert complete(changes, pd.Series(weights))["share"].isna().all()


def test_weights_follow_parts_through_every_later_day() -> None:
    changes = pd.DataFrame(
        [
            ("2011", "split", "x", "a"),
            ("2011", "split", "x", "b"),
            ("2012", "split", "a", "a"),
            ("2012", "split", "a", "c"),
            ("2014", "split", "a", "a"),
            ("2014", "split", "a", "d"),
        ],
        columns=["date", "kind", "from_code", "to_code"],
    )
    found = complete(changes, pd.Series({"a": 1.0, "b": 10.0, "c": 4.0, "d": 5.0}))
    assert found["share"].tolist() == [
        0.5,
        0.5,
        0.6,
        0.4,
        pytest.approx(1 / 6),
        pytest.approx(5 / 6),
    ]
