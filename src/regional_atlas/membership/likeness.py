"""How far two lists of regions agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError

__all__ = ["compare_regions", "region_overlaps"]

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
