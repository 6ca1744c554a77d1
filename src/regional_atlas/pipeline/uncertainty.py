"""The pipeline's uncertainty step: intervals beside the scores of a computed index."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas.util import hash_pandas_object

from regional_atlas.cache import Cache, digest
from regional_atlas.framework import IndexConfig
from regional_atlas.membership.rollup import region_groups, unit_groups
from regional_atlas.scoring.sensitivity import UncertaintyResult, sensitivity

__all__ = ["groups_of", "uncertainty_of", "with_intervals"]


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
    cache: Cache,
    *,
    groups: Mapping[str, pd.DataFrame] | None = None,
    sobol: bool = False,
) -> UncertaintyResult | None:
    """Run an index file's [uncertainty], or take the same run from the cache.

    Parameters
    ----------
    data : DataFrame
        As for `score`.
    spec : IndexConfig
        The index file.
    cache : Cache
        Of the build.
    groups : mapping of str to DataFrame, optional
        Of `groups_of`.
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
    tables = groups or {}
    key = digest(
        spec.model_dump(mode="json"),
        hash_pandas_object(data).to_list(),
        list(data.columns),
        {name: hash_pandas_object(table).to_list() for name, table in tables.items()},
        sobol,
        code=["regional_atlas.scoring", "regional_atlas.framework"],
    )
    return cache.get(
        "uncertainty", key, lambda: sensitivity(spec, data, groups=tables, sobol=sobol)
    )


def with_intervals(scores: pd.DataFrame, found: UncertaintyResult, top: int) -> pd.DataFrame:
    """Add interval columns to scores.

    Returns
    -------
    DataFrame
        With `rank_low`, `rank_high`, `p_top<N>`, `p_tier_1` … `p_tier_k` and `p_tier`, that of the
        unit's own tier; missing where the unit has no rank.
    """
    columns = found.ranks[["rank_low", "rank_high"]].assign(**{f"p_top{top}": found.ranks["p_top"]})
    tiers = found.tiers.drop(columns="tier").reindex(scores.index)
    columns = columns.reindex(scores.index).join(tiers)
    columns["p_tier"] = [
        float("nan") if pd.isna(tier) else row[f"p_tier_{int(tier)}"]
        for tier, (_, row) in zip(scores["tier"], tiers.iterrows(), strict=True)
    ]
    return scores.join(columns.mask(scores["rank"].isna()))
