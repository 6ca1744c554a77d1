"""Imputation: gaps filled by a stated rule, or left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from regional_atlas.config.index import ImputeConfig
from regional_atlas.config.index.methods import IMPUTATIONS
from regional_atlas.core.errors import DataError, InputError

__all__ = ["fill_knn", "fill_panel", "fill_parent", "fill_typical", "impute"]


def fill_typical(
    values: pd.Series,
    statistic: Literal["mean", "median"] = "mean",
    groups: pd.Series | None = None,
) -> pd.Series:
    """Fill gaps with the mean or median of the other units, within groups where given.

    Parameters
    ----------
    values : Series of float
    statistic : {'mean', 'median'}
    groups : Series, optional
        The group of each unit. A gap stays where the group is missing or has no value.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> values = pd.Series([1.0, 3.0, None, 8.0, None])
    >>> fill_typical(values).tolist()
    [1.0, 3.0, 4.0, 8.0, 4.0]
    >>> fill_typical(values, groups=pd.Series(list("aaabc"))).tolist()
    [1.0, 3.0, 2.0, 8.0, nan]
    """
    if groups is None:
        return values.fillna(values.agg(statistic))
    return values.fillna(values.groupby(groups.to_numpy()).transform(statistic))


def fill_parent(data: pd.DataFrame) -> pd.DataFrame:
    """Fill gaps with the unit's own standing among sibling indicators.

    Each indicator is put on 0–1 (min–max); a gap takes the mean of the unit's other values on that
    scale, put back on the indicator's own: min + (max − min) · mean.

    Parameters
    ----------
    data : DataFrame
        The indicators of one parent, directed alike. A unit without any value keeps its gaps.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.0, 5.0, 10.0], "b": [100.0, None, 300.0]})
    >>> fill_parent(data)["b"].tolist()
    [100.0, 200.0, 300.0]
    """
    low, spread = data.min(), data.max() - data.min()
    standing = ((data - low) / spread.where(spread > 0)).mean(axis=1)
    filled = {code: low[code] + spread[code] * standing for code in data.columns}
    return data.fillna(pd.DataFrame(filled, index=data.index))


def fill_knn(data: pd.DataFrame, neighbours: int = 5) -> pd.DataFrame:
    """Fill gaps with the mean of the nearest units that have the value.

    The distance between two units is the root mean square difference of their z-scores over the
    indicators that both have; ties go to the unit that stands first.

    Parameters
    ----------
    data : DataFrame
        One column per indicator. A unit that shares no indicator with any other keeps its gaps.
    neighbours : int
        Number of donors; fewer where fewer have the value.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 1.1, 9.0, 1.0], "b": [5.0, 7.0, 50.0, None]})
    >>> fill_knn(data, neighbours=2)["b"].tolist()
    [5.0, 7.0, 50.0, 6.0]
    """
    deviation = data.std().where(lambda found: found > 0)
    scaled = ((data - data.mean()) / deviation).to_numpy()
    known = ~np.isnan(scaled)
    values = data.to_numpy(dtype="float64")
    filled = values.copy()
    for row in np.flatnonzero(np.isnan(values).any(axis=1)):
        both = known & known[row]
        shared = both.sum(axis=1)
        squares = np.where(both, (scaled - scaled[row]) ** 2, 0.0).sum(axis=1)
        distance = np.sqrt(squares / np.where(shared > 0, shared, np.nan))
        order = np.argsort(distance, kind="stable")[: int((~np.isnan(distance)).sum())]
        for column in np.flatnonzero(np.isnan(values[row])):
            donors = [i for i in order if not np.isnan(values[i, column])][:neighbours]
            if donors:
                filled[row, column] = values[donors, column].mean()
    return pd.DataFrame(filled, index=data.index, columns=data.columns)


def fill_panel(values: pd.Series, method: Literal["last", "linear"] = "last") -> pd.Series:
    """Fill gaps from the unit's other years.

    Parameters
    ----------
    values : Series of float
        Index `unit_id`, `year`.
    method : {'last', 'linear'}
        The latest earlier value, or the straight line between the years on both sides; `linear`
        leaves gaps before the first and after the last year.

    Returns
    -------
    Series of float

    Raises
    ------
    DataError
        When there are no years.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["x"], [2018, 2019, 2022]], names=["unit_id", "year"])
    >>> fill_panel(pd.Series([4.0, None, 8.0], index), "linear").tolist()
    [4.0, 5.0, 8.0]
    """
    if "year" not in values.index.names:
        raise DataError(f"imputing by {method!r} needs data of several years")
    ordered = values.sort_index(level=["unit_id", "year"])
    if method == "last":
        filled = ordered.groupby(level="unit_id").ffill()
    else:
        filled = ordered.groupby(level="unit_id", group_keys=False).apply(_between)
    return filled.reindex(values.index)


def _between(values: pd.Series) -> pd.Series:
    years = values.index.get_level_values("year").to_numpy(dtype="float64")
    known = values.notna().to_numpy()
    if not known.any():
        return values
    found = np.interp(years, years[known], values.to_numpy()[known], left=np.nan, right=np.nan)
    return pd.Series(found, values.index, name=values.name)


def impute(
    data: pd.DataFrame,
    methods: Mapping[str, ImputeConfig],
    *,
    groups: pd.DataFrame | None = None,
    parents: Mapping[str, str] | None = None,
    directions: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Fill gaps, each indicator by its method.

    A unit without any value (screened out, say) is not filled.

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    methods : mapping of str to ImputeConfig
        By indicator.
    groups : DataFrame, optional
        Columns that `group` may name, on the index of `data`.
    parents, directions : mapping, optional
        By indicator, for the method `parent`.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        When a group is not a column.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, None, 3.0], "b": [1.0, 1.0, 1.0]})
    >>> impute(data, {"a": ImputeConfig(method="mean"), "b": ImputeConfig()})["a"].tolist()
    [1.0, 2.0, 3.0]
    """
    gaps = _Gaps(data, groups, parents or {}, directions or {}, {})
    filled = {
        str(code): _METHODS[methods[str(code)].method](gaps, str(code), methods[str(code)])
        for code in data.columns
    }
    return data.assign(**filled).where(data.notna().any(axis=1), axis=0)


@dataclass(frozen=True)
class _Gaps:
    """What a method may look at, and what it has found once for all indicators."""

    data: pd.DataFrame
    groups: pd.DataFrame | None
    parents: Mapping[str, str]
    directions: Mapping[str, int]
    nearest: dict[int, pd.DataFrame]


def _typical(gaps: _Gaps, code: str, config: ImputeConfig) -> pd.Series:
    by = _group(gaps.groups, config.group)
    return fill_typical(gaps.data[code], "mean" if config.method == "mean" else "median", by)


def _panel(gaps: _Gaps, code: str, config: ImputeConfig) -> pd.Series:
    return fill_panel(gaps.data[code], "last" if config.method == "last" else "linear")


def _parent(gaps: _Gaps, code: str, _: ImputeConfig) -> pd.Series:
    family = [c for c in gaps.data.columns if gaps.parents.get(c) == gaps.parents.get(code)]
    signs = pd.Series({name: gaps.directions.get(name, 1) for name in family})
    return fill_parent(gaps.data[family] * signs)[code] * signs[code]


def _knn(gaps: _Gaps, code: str, config: ImputeConfig) -> pd.Series:
    if config.neighbours not in gaps.nearest:
        gaps.nearest[config.neighbours] = fill_knn(gaps.data, config.neighbours)
    return gaps.nearest[config.neighbours][code]


_METHODS: Mapping[str, Callable[[_Gaps, str, ImputeConfig], pd.Series]] = IMPUTATIONS.bound(
    {
        "none": lambda gaps, code, _: gaps.data[code],
        "mean": _typical,
        "median": _typical,
        "parent": _parent,
        "knn": _knn,
        "last": _panel,
        "linear": _panel,
    }
)


def _group(groups: pd.DataFrame | None, name: str | None) -> pd.Series | None:
    if name is None:
        return None
    if groups is None or name not in groups.columns:
        found = ", ".join(map(str, groups.columns)) if groups is not None else ""
        raise InputError(f"impute.group: {name!r} is not a column; found: {found or 'none'}")
    return groups[name]
