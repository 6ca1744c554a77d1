"""Uncertainty: intervals beside the scores of a computed index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.util import hash_pandas_object

from regional_atlas.config.index import IndexConfig
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import REGION_COUNT_COLUMNS
from regional_atlas.membership.chances import membership_chances
from regional_atlas.membership.rollup import region_groups, unit_groups
from regional_atlas.scoring.chances import ChanceCounts, is_overlapping
from regional_atlas.scoring.sensitivity import UncertaintyResult, sensitivity
from regional_atlas.tables.store import Store, digest

COUNT_COLUMNS = [name for name in REGION_COUNT_COLUMNS if name not in ("ranking", "region")]

__all__ = [
    "COUNT_COLUMNS",
    "Groups",
    "counts_by_chance",
    "counts_of",
    "groups_of",
    "region_counts",
    "uncertainty_of",
    "with_intervals",
]


class Groups(NamedTuple):
    """The regions and parents that counts are taken of.

    Attributes
    ----------
    units : dict of str to DataFrame
        Of `groups_of`.
    chances : dict of str to DataFrame
        Of `membership_chances`, for the kinds in it.
    """

    units: dict[str, pd.DataFrame]
    chances: dict[str, pd.DataFrame]

    @classmethod
    def of(cls, tables: Any, parents: list[str]) -> Groups:
        """Take them from the tables of a build."""
        return cls(
            groups_of(tables.unit_table, tables.membership, parents),
            membership_chances(
                tables.membership,
                tables.membership_attributes,
                tables.region_table["precedence"],
            ),
        )


def groups_of(
    units: pd.DataFrame, membership: pd.DataFrame, parents: list[str]
) -> dict[str, pd.DataFrame]:
    """Group tables of every parent level and region kind, as `sensitivity` takes them.

    Parameters
    ----------
    units, membership : DataFrame
        Their contracts.
    parents : list of str
        Level ids, for which the units have a column `<level>_id`.

    Returns
    -------
    dict of str to DataFrame
        By level or kind: `unit_id`, `group`, `exclusive`.
    """
    levels = {level: unit_groups(units, f"{level}_id") for level in parents}
    kinds = {str(kind): region_groups(membership, kind) for kind in membership["kind"].unique()}
    return levels | kinds


def uncertainty_of(
    data: pd.DataFrame,
    spec: IndexConfig,
    store: Store,
    *,
    groups: Mapping[str, pd.DataFrame] | None = None,
    chances: Mapping[str, pd.DataFrame] | None = None,
    sobol: bool = False,
) -> UncertaintyResult | None:
    """Run an index file's [uncertainty], or take the same run from the store.

    Parameters
    ----------
    data : DataFrame
        As for `score`.
    spec : IndexConfig
        The index file.
    store : Store
        Of the build.
    groups : mapping of str to DataFrame, optional
        Of `groups_of`.
    chances : mapping of str to DataFrame, optional
        Of `membership_chances`.
    sobol : bool
        Whether to compute Sobol' indices (several times the work).

    Returns
    -------
    UncertaintyResult or None
        None where the file has no [uncertainty].

    Raises
    ------
    InputError
        As `sensitivity`.
    """
    if spec.uncertainty is None:
        return None
    tables, likely = groups or {}, chances or {}
    key = digest(
        spec.model_dump(mode="json"),
        hash_pandas_object(data).to_list(),
        list(data.columns),
        *(
            {name: hash_pandas_object(table).to_list() for name, table in each.items()}
            for each in (tables, likely)
        ),
        sobol,
        code=["regional_atlas.scoring", "regional_atlas.config.index"],
    )
    return store.get(
        "uncertainty",
        key,
        lambda: sensitivity(spec, data, groups=tables, chances=likely, sobol=sobol),
        records=[UncertaintyResult],
    )


def with_intervals(scores: pd.DataFrame, found: UncertaintyResult, top: int) -> pd.DataFrame:
    """Add interval columns to scores.

    Returns
    -------
    DataFrame
        With `rank_low`, `rank_high`, `p_top<N>`, `p_ahead` (of the unit ranked next), `p_tier_1` …
        `p_tier_k` and `p_tier`, that of the unit's own tier; missing where the unit has no rank.
    """
    columns = found.ranks[["rank_low", "rank_high"]].assign(
        **{f"p_top{top}": found.ranks["p_top"], "p_ahead": found.ranks["p_ahead"]}
    )
    tiers = found.tiers.drop(columns="tier").reindex(scores.index)
    columns = columns.reindex(scores.index).join(tiers)
    columns["p_tier"] = [
        float("nan") if pd.isna(tier) else row[f"p_tier_{int(tier)}"]
        for tier, (_, row) in zip(scores["tier"], tiers.iterrows(), strict=True)
    ]
    return scores.join(columns.mask(scores["rank"].isna()))


def region_counts(
    found: Mapping[str, pd.DataFrame], parents: Mapping[str, pd.DataFrame], regions: pd.DataFrame
) -> pd.DataFrame:
    """Put the counts of all rankings into one table, with the regions' names.

    Parameters
    ----------
    found : mapping of str to DataFrame
        By ranking: of `counts_of`, or read from where they were kept.
    parents : mapping of str to DataFrame
        By level: index the ids, column `name`.
    regions : DataFrame
        Index `region_id`, column `name`.

    Returns
    -------
    DataFrame
        The region counts contract.

    Raises
    ------
    DataError
        A region that does not exist.
    """
    names = {
        (level, code): name
        for level, table in parents.items()
        for code, name in table["name"].items()
    }
    names |= {(kind, code): name for code, kind, name in regions[["kind", "name"]].itertuples()}
    tables = []
    for ranking, counts in found.items():
        keys = pd.Series(list(zip(counts["kind"], counts["region_id"], strict=True)))
        raise_if(
            (f"no {kind} {code!r}" for kind, code in keys[~keys.isin(list(names))]),
            DataError,
            f"region counts of {ranking!r}",
        )
        tables.append(counts.assign(ranking=ranking, region=keys.map(names).array))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return table.reindex(columns=REGION_COUNT_COLUMNS)


def counts_of(found: UncertaintyResult, top: int) -> pd.DataFrame:
    """Give the counts of regions in a run as the region counts contract has them, without names.

    A level or kind whose regions do not overlap has one row per region, `exclusive`; the others
    have a second one for all memberships.
    """
    return _as_counts(found.regions, top)


def _as_counts(counts: pd.DataFrame, top: int) -> pd.DataFrame:
    several = counts["kind"].isin(counts.loc[counts["counting"] == "exclusive", "kind"])
    exclusive = (counts["counting"] == "exclusive") | ~several
    table = counts.rename(columns={"group": "region_id", "mean": "expected"})
    return table.assign(exclusive=exclusive, top=top)[COUNT_COLUMNS]


TAIL = 0.05
"""What an interval of counts leaves out at each end where no draws say so."""


def counts_by_chance(
    ranks: pd.Series, groups: Mapping[str, pd.DataFrame], chances: Mapping[str, pd.DataFrame]
) -> pd.DataFrame | None:
    """Count the ranked units of regions whose members are so by chance; the ranks are certain.

    The number of ranked units of a region is the sum of one event for each pair of unit and region,
    each with the pair's probability and none depending on another.

    Parameters
    ----------
    ranks : Series
        By unit id; missing where a unit has none.
    groups : mapping of str to DataFrame
        Of `groups_of`.
    chances : mapping of str to DataFrame
        Of `membership_chances`.

    Returns
    -------
    DataFrame or None
        As of `counts_of`: `top` is the last rank, `low` and `high` the 5th and 95th percentile,
        `expected` the mean. None where no kind has probabilities or no unit a rank.

    Examples
    --------
    >>> groups = {"lit": pd.DataFrame({"unit_id": ["a", "b"], "group": "x", "exclusive": True})}
    >>> pairs = pd.DataFrame({"unit_id": ["a", "b", "c"], "group": "x", "all": [1.0, 0.5, 0.2]})
    >>> chances = {"lit": pairs.assign(exclusive=pairs["all"])}
    >>> found = counts_by_chance(pd.Series([1, 2, 3], ["a", "b", "c"]), groups, chances)
    >>> found[["top", "count", "low", "high", "expected"]].values.tolist()
    [[3.0, 2.0, 1.0, 3.0, 1.7]]
    """
    ranked = ranks.dropna()
    if ranked.empty or not chances:
        return None
    rows = [
        {"kind": kind, "group": group, "counting": way, "count": held.get(group, 0)}
        for kind, pairs in chances.items()
        for way, held in _ranked_members(groups[kind], pairs, ranked.index).items()
        for group in sorted(groups[kind]["group"].unique())
    ]
    table = pd.DataFrame(rows).assign(low=0, median=0, high=0, mean=0.0)
    counted = ChanceCounts(ranked.index, chances)
    counted.add(np.ones((1, len(ranked)), np.bool_))
    return _as_counts(counted.put(table, TAIL), int(ranked.max()))


def _ranked_members(
    groups: pd.DataFrame, pairs: pd.DataFrame, ranked: pd.Index
) -> dict[str, pd.Series]:
    """Count the ranked members of each group, in the ways of counting that differ."""
    held = groups[groups["unit_id"].isin(ranked)]
    found = {"all": held["group"].value_counts()}
    if is_overlapping(groups, pairs):
        found["exclusive"] = held.loc[held["exclusive"], "group"].value_counts()
    return found
