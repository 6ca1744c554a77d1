"""Memberships that hold by chance: how likely each unit is in each region."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regional_atlas.core.schema import PROBABILITY

__all__ = ["membership_chances", "membership_probabilities", "probability_rule"]


def probability_rule(at_least: float) -> str:
    """Name the rule by which a unit is a member from a probability on.

    Examples
    --------
    >>> probability_rule(0.5)
    'probability >= 0.5'
    """
    return f"{PROBABILITY} >= {at_least:g}"


def membership_probabilities(membership: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """Read the probabilities of the kinds of region that have some.

    Parameters
    ----------
    membership, attributes : DataFrame
        Their contracts. A kind has probabilities where its rule is one of `probability_rule`.

    Returns
    -------
    DataFrame
        `kind`, `unit_id`, `region_id`, `probability`: every pair that has one, also those that are
        too unlikely to be members.
    """
    by_chance = membership["rule"].str.startswith(f"{PROBABILITY} ").eq(True)
    kinds = membership.loc[by_chance, "kind"].unique()
    held = attributes[attributes["kind"].isin(kinds) & (attributes["attribute"] == PROBABILITY)]
    pairs = held[["kind", "unit_id", "region_id"]].reset_index(drop=True)
    return pairs.assign(probability=held["value"].astype("float64").array)


def membership_chances(
    membership: pd.DataFrame, attributes: pd.DataFrame, precedence: pd.Series
) -> dict[str, pd.DataFrame]:
    """Say by kind how likely each unit counts for each region, in both ways of counting.

    Where each unit counts for one region only (`exclusive`), the regions of a kind claim it by
    precedence, the lowest number first, and each gets its probability as far as those before it
    leave any: 0.9 and 0.6 become 0.9 and 0.1, 0.6 and 0.4 stay. Regions that exclude each other, as
    those of a delineation do in each of its runs, keep their probabilities so.

    Parameters
    ----------
    membership, attributes : DataFrame
        See `membership_probabilities`.
    precedence : Series
        By region id.

    Returns
    -------
    dict of str to DataFrame
        By kind that has probabilities: `unit_id`, `group` (the region id), `all`, `exclusive`.

    Examples
    --------
    >>> membership = pd.DataFrame({"kind": ["lit"], "rule": ["probability >= 0.5"]})
    >>> attributes = pd.DataFrame({"kind": "lit", "unit_id": "a", "region_id": ["y", "x"],
    ...                            "attribute": "probability", "value": ["0.5", "0.75"]})
    >>> found = membership_chances(membership, attributes, pd.Series({"x": 1, "y": 2}))
    >>> found["lit"][["group", "all", "exclusive"]].values.tolist()
    [['x', 0.75, 0.75], ['y', 0.5, 0.25]]
    """
    pairs = membership_probabilities(membership, attributes)
    return dict(_by_kind(pairs.assign(order=pairs["region_id"].map(precedence))))


def _by_kind(pairs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for kind, rows in pairs.groupby("kind", sort=False):
        rows = rows.sort_values(["unit_id", "order", "region_id"], ignore_index=True)
        claimed = rows.groupby("unit_id")["probability"].cumsum().clip(upper=1.0)
        before = claimed.groupby(rows["unit_id"]).shift(fill_value=0.0)
        found = rows[["unit_id", "region_id"]].rename(columns={"region_id": "group"})
        yield str(kind), found.assign(all=rows["probability"], exclusive=claimed - before)
