"""How sure the regions of a delineation are: over several runs of its method."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from regional_atlas.core.errors import DataError
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.likeness import region_overlaps

__all__ = ["Sureness", "sureness"]


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
