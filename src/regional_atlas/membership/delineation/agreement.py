"""How far two lists of regions agree, and how sure a delineation is over several runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError
from regional_atlas.membership.delineation.areas import Delineation

__all__ = ["Sureness", "compare_regions", "region_overlaps", "sureness"]


_COMPARED = [
    "other_id", "jaccard", "agreed", "in_both", "only_ours", "only_theirs", "units_only_ours",
    "units_only_theirs",
]  # fmt: skip


def region_overlaps(
    ours: pd.DataFrame, theirs: pd.DataFrame, weights: pd.Series | None = None
) -> pd.DataFrame:
    """Measure what each pair of regions of two lists shares.

    The Jaccard index of two sets of units is what they share over what they have together.

    Parameters
    ----------
    ours, theirs : DataFrame
        `unit_id`, `region_id`, each pair once; rows without a region are passed over.
    weights : Series, optional
        Of units, such as their population, by `unit_id`; each unit counts one without it. Missing
        ones count as nothing.

    Returns
    -------
    DataFrame
        `region_id`, `other_id`, `shared`, `size`, `other_size`, `jaccard`: a row for each pair that
        shares units of some weight; of each of ours, from the largest Jaccard index (of equal ones,
        by `other_id`).

    Raises
    ------
    DataError
        Weights below 0 or without bound.

    Examples
    --------
    >>> ours = pd.DataFrame({"unit_id": ["a", "b", "c"], "region_id": ["x", "x", "y"]})
    >>> theirs = pd.DataFrame({"unit_id": ["a", "b", "c"], "region_id": ["1", "1", "1"]})
    >>> region_overlaps(ours, theirs)[["region_id", "shared", "jaccard"]].round(3).values.tolist()
    [['x', 2.0, 0.667], ['y', 1.0, 0.333]]
    """
    mine, other = _weighed(ours, weights), _weighed(theirs, weights)
    both = mine.merge(other[["unit_id", "region_id"]].rename(columns={"region_id": "other_id"}))
    table = both.groupby(["region_id", "other_id"], as_index=False)["weight"].sum()
    table = table[table["weight"] > 0].rename(columns={"weight": "shared"})
    sizes = [each.groupby("region_id")["weight"].sum() for each in (mine, other)]
    table["size"] = table["region_id"].map(sizes[0]).astype("float64")
    table["other_size"] = table["other_id"].map(sizes[1]).astype("float64")
    table["jaccard"] = table["shared"] / (table["size"] + table["other_size"] - table["shared"])
    ordered: pd.DataFrame = table.sort_values(
        ["region_id", "jaccard", "other_id"], ascending=[True, False, True]
    ).reset_index(drop=True)
    return ordered


def _weighed(members: pd.DataFrame, weights: pd.Series | None) -> pd.DataFrame:
    held = members.loc[members["region_id"].notna(), ["unit_id", "region_id"]]
    if weights is None:
        return held.assign(weight=1.0)
    wrong = weights[~(weights.isna() | (weights.ge(0) & np.isfinite(weights)))]
    if len(wrong):
        raise DataError(
            *(f"unit {unit!r}: found {value}" for unit, value in wrong.items()), where="weights"
        )
    return held.assign(weight=held["unit_id"].map(weights).fillna(0.0).astype("float64"))


def compare_regions(
    ours: pd.DataFrame, theirs: pd.DataFrame, weights: pd.Series | None = None
) -> pd.DataFrame:
    """Set each region beside the one of another list that is most like it.

    Parameters
    ----------
    ours, theirs, weights
        See `region_overlaps`.

    Returns
    -------
    DataFrame
        Index `region_id`, each region of ours: `other_id` (missing where none shares a unit),
        `jaccard` (of numbers of units), `agreed` (the share of the region's weight that lies in the
        other too), `in_both`, `only_ours`, `only_theirs` (numbers of units), `units_only_ours`,
        `units_only_theirs` (lists of their ids, in order).

    Examples
    --------
    >>> ours = pd.DataFrame({"unit_id": ["a", "b", "c"], "region_id": ["x", "x", "y"]})
    >>> theirs = pd.DataFrame({"unit_id": ["a", "d"], "region_id": ["1", "1"]})
    >>> found = compare_regions(ours, theirs, pd.Series({"a": 3.0, "b": 1.0, "c": 1.0, "d": 1.0}))
    >>> found[["jaccard", "agreed"]].round(3).values.tolist()
    [[0.333, 0.75], [0.0, 0.0]]
    >>> found["units_only_theirs"].tolist()
    [['d'], []]
    >>> found["other_id"].isna().tolist()
    [False, True]
    """
    best = region_overlaps(ours, theirs).drop_duplicates("region_id").set_index("region_id")
    held, other = _units_of(ours), _units_of(theirs)
    amounts = _weighed(ours, weights).set_index("unit_id")["weight"]
    amounts = amounts[~amounts.index.duplicated()]
    rows = []
    for region, units in held.items():
        match = best["other_id"].get(region)
        found = frozenset() if match is None else other[match]
        total = amounts[list(units)].sum()
        agreed = amounts[sorted(units & found)].sum() / total if total > 0 else np.nan
        rows.append(
            {
                "region_id": region,
                "other_id": match,
                "jaccard": len(units & found) / len(units | found),
                "agreed": agreed,
                "in_both": len(units & found),
                "only_ours": len(units - found),
                "only_theirs": len(found - units),
                "units_only_ours": sorted(units - found),
                "units_only_theirs": sorted(found - units),
            }
        )
    table = pd.DataFrame(rows, columns=["region_id", *_COMPARED])
    return table.astype({"other_id": "str"}).set_index("region_id")


def _units_of(members: pd.DataFrame) -> dict[str, frozenset[str]]:
    held = members[members["region_id"].notna()]
    return {
        str(region): frozenset(units.astype("str"))
        for region, units in held.groupby("region_id", sort=False)["unit_id"]
    }


@dataclass(frozen=True)
class Sureness:
    """How sure each membership and each region is, over several runs of a method.

    Attributes
    ----------
    members : DataFrame
        `unit_id`, `region_id`, `probability`, `exclusive`: a row for each pair found together in at
        least one run; by region, from the most probable. A unit is exclusive to the region where it
        is most probable (of equal ones, the first in the reference's order).
    regions : DataFrame
        Index `region_id`, in the reference's order: `found` (the share of runs with a region like
        it), `jaccard` (its mean likeness over all runs; 0 where there is none), `merged` and
        `split` (shares of runs), and of each number that the method gives of a region (`members`,
        `area_km2`, …) `<number>_low` and `<number>_high`, the 5th and the 95th percentile over the
        runs where it is found. All missing for a region without members: it cannot be followed.
    runs : int
        Number of runs.
    """

    members: pd.DataFrame
    regions: pd.DataFrame
    runs: int


def sureness(reference: Delineation, runs: Iterable[Delineation]) -> Sureness:
    """Follow the regions of a reference through runs of a method with other parameters.

    In each run a region of the reference is the one with the highest Jaccard index of their units,
    if any shares a unit with it. It is *merged* where a run's region holds more than half of its
    units and more than half of those of another region of the reference, *split* where more than
    half of each of two or more of the run's regions lie in it.

    Parameters
    ----------
    reference : Delineation
        Its regions keep their order.
    runs : iterable of Delineation
        One after the other; the reference's own parameters may be among them.

    Returns
    -------
    Sureness

    Raises
    ------
    DataError
        There is no run.

    Notes
    -----
    A probability is the share of runs: it means what the choice of runs means.

    Examples
    --------
    >>> def run(regions):
    ...     members = pd.DataFrame({"unit_id": list("abcd"), "region_id": list(regions)})
    ...     named = pd.DataFrame(index=pd.Index(sorted(set(regions)), name="region_id"))
    ...     named["members"] = members["region_id"].value_counts()
    ...     return Delineation(named, members, {})
    >>> found = sureness(run("xxyy"), [run("xxyy"), run("xxxy"), run("zzzz")])
    >>> found.members[["unit_id", "region_id", "probability"]].round(3).values.tolist()[:3]
    [['a', 'x', 1.0], ['b', 'x', 1.0], ['c', 'x', 0.667]]
    >>> found.regions[["found", "jaccard", "merged", "members_high"]].round(3).values.tolist()
    [[1.0, 0.722, 0.333, 3.9], [1.0, 0.667, 0.333, 3.8]]
    """
    order = reference.regions.index
    followed = [_follow(reference.members, run) for run in runs]
    if not followed:
        raise DataError("expected one run at least, found none", where="runs")
    pairs = pd.concat([members for members, _ in followed], ignore_index=True)
    counted = pairs.groupby(["region_id", "unit_id"], as_index=False).size()
    counted["probability"] = counted["size"] / len(followed)
    counted["place"] = order.get_indexer(pd.Index(counted["region_id"]))
    likely = counted.sort_values(["probability", "place"], ascending=[False, True], kind="stable")
    counted["exclusive"] = counted.index.isin(likely.drop_duplicates("unit_id").index)
    members = counted.sort_values(
        ["place", "probability", "unit_id"], ascending=[True, False, True], kind="stable"
    )
    columns = ["unit_id", "region_id", "probability", "exclusive"]
    return Sureness(
        members[columns].reset_index(drop=True),
        _bands(
            pd.concat([states for _, states in followed]),
            order,
            reference.members,
            len(followed),
        ),
        len(followed),
    )


def _follow(reference: pd.DataFrame, run: Delineation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the members and the state of each region of the reference in one run."""
    overlaps = region_overlaps(reference, run.members)
    best = overlaps.drop_duplicates("region_id").set_index("region_id")
    swallowed = overlaps[overlaps["shared"] > overlaps["size"] / 2].set_index("region_id")
    of_several = swallowed["other_id"].map(swallowed["other_id"].value_counts()).gt(1)
    merged = of_several.groupby(level=0).any().reindex(best.index, fill_value=False)
    pieces = overlaps[overlaps["shared"] > overlaps["other_size"] / 2]["region_id"].value_counts()
    numbers = run.regions.select_dtypes("number").reindex(best["other_id"])
    state = numbers.set_axis(best.index).assign(
        jaccard=best["jaccard"],
        merged=merged,
        split=pieces.reindex(best.index, fill_value=0).gt(1),
    )
    held = run.members.loc[run.members["region_id"].notna(), ["unit_id", "region_id"]]
    members = best["other_id"].reset_index().merge(held.rename(columns={"region_id": "other_id"}))
    return members[["region_id", "unit_id"]], state


def _bands(states: pd.DataFrame, order: pd.Index, members: pd.DataFrame, runs: int) -> pd.DataFrame:
    by_region = states.groupby(level=0)
    counts = pd.DataFrame(
        {
            "found": by_region.size() / runs,
            **{key: by_region[key].sum() / runs for key in ("jaccard", "merged", "split")},
        }
    )
    bands = {
        f"{column}_{end}": by_region[column].quantile(share)
        for column in states.columns.difference(counts.columns, sort=False)
        for end, share in (("low", 0.05), ("high", 0.95))
    }
    followed = order.isin(members["region_id"].dropna())
    table = counts.reindex(order, fill_value=0.0).where(pd.Series(followed, order))
    return table.join(pd.DataFrame(bands, index=counts.index))
