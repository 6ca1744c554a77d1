"""Inequality between units: Theil T and L, Gini, and their decomposition by groups."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, InputError

__all__ = ["decompose", "gini", "theil_l", "theil_t"]

Measure = Literal["theil_t", "theil_l", "gini"]


def theil_t(values: pd.Series, population: pd.Series | None = None) -> float:
    """Theil's T: inequality that is most sensitive to the top.

    T = Σ pᵢ · (yᵢ/μ) · ln(yᵢ/μ), with y the value per head, p the share of the population and
    μ = Σ pᵢyᵢ. 0 when all are equal, at most −ln(smallest share). A value of 0 contributes 0.

    Parameters
    ----------
    values : Series of float
        Per head (income, product, light), 0 or more; not totals.
    population : Series of float, optional
        By the same index, positive. Without it, every unit counts alike.

    Returns
    -------
    float
        Units with a missing value or population are left out; missing when none is left.

    Raises
    ------
    DataError
        Negative values, a population of 0 or less, a mean of 0, or units without a row in
        `population`.

    Notes
    -----
    Theil, H. (1967), Economics and Information Theory.

    Examples
    --------
    >>> round(theil_t(pd.Series([1.0, 3.0])), 6)  # ½·½·ln ½ + ½·3/2·ln 3/2
    0.130812
    """
    ratio, share = _relative(values, population)
    return float((share * _x_log_x(ratio)).sum()) if len(ratio) else float("nan")


def theil_l(values: pd.Series, population: pd.Series | None = None) -> float:
    """Theil's L (mean log deviation): inequality that is most sensitive to the bottom.

    L = Σ pᵢ · ln(μ/yᵢ); infinite when a value is 0. Arguments as for `theil_t`.

    Examples
    --------
    >>> round(theil_l(pd.Series([1.0, 3.0])), 6)  # ½·ln 2 + ½·ln ⅔
    0.143841
    """
    ratio, share = _relative(values, population)
    with np.errstate(divide="ignore"):
        return float(-(share * np.log(ratio)).sum()) if len(ratio) else float("nan")


def gini(values: pd.Series, population: pd.Series | None = None) -> float:
    """Gini coefficient: half the mean difference of two people over the mean.

    G = Σᵢ Σⱼ pᵢ pⱼ |yᵢ − yⱼ| / (2μ), computed from the ordered values. 0 when all are equal, less
    than 1. Arguments as for `theil_t`.

    Examples
    --------
    >>> gini(pd.Series([1.0, 3.0]))
    0.25
    >>> gini(pd.Series([1.0, 3.0]), pd.Series([3.0, 1.0]))
    0.25
    """
    ratio, share = _relative(values, population)
    if not len(ratio):
        return float("nan")
    order = np.argsort(ratio.to_numpy())
    y, p = ratio.to_numpy()[order], share.to_numpy()[order]
    return float((y * p * (2 * np.cumsum(p) - p - 1)).sum())


def decompose(
    values: pd.Series,
    groups: pd.Series,
    population: pd.Series | None = None,
    *,
    measure: Measure = "theil_t",
    outside: str | None = None,
) -> tuple[pd.Series, pd.DataFrame]:
    """Split inequality into what lies between groups and what lies within them.

    With shares of the population p and of the total s by group, and group means μ_g:
    T = Σ s ln(s/p) + Σ s·T_g;  L = Σ p ln(p/s) + Σ p·L_g;
    G = G(group means) + Σ p·s·G_g + overlap, the overlap being 0 when the groups' values do not
    overlap (Theil's measures leave none).

    Parameters
    ----------
    values, population
        As for `theil_t`.
    groups : Series
        Group by unit, one for each (a province; the exclusive agglomeration).
    measure : {'theil_t', 'theil_l', 'gini'}
        Of inequality.
    outside : str, optional
        Name of the group of the units that have none (those in no agglomeration). Without it such
        units are an error: they would be lost in silence.

    Returns
    -------
    Series
        `total`, `between`, `within`, `overlap`, `share_between`, and `units`, `left_out` (units
        with a missing value or population).
    DataFrame
        Index `group`: `units`, `population_share`, `value_share`, `mean`, `inequality`, and
        `contribution` to the within part; they sum to it.

    Raises
    ------
    InputError
        An unknown measure.
    DataError
        Units without a group and no `outside`, or a group of that very name; and as `theil_t`.

    Notes
    -----
    Bourguignon, F. (1979), Econometrica 47, 901–920; for Gini, Bhattacharya, N. and Mahalanobis, B.
    (1967), Journal of the American Statistical Association 62, 143–161.

    Examples
    --------
    >>> values = pd.Series([1.0, 1.0, 3.0, 3.0])
    >>> parts, table = decompose(values, pd.Series(["west", "west", "east", "east"]))
    >>> parts[["total", "between", "within"]].round(6).tolist()
    [0.130812, 0.130812, 0.0]
    """
    measures = {"theil_t": theil_t, "theil_l": theil_l, "gini": gini}
    if measure not in measures:
        raise InputError(f"unknown measure {measure!r}; allowed: {', '.join(measures)}")
    of = measures[measure]
    total = of(values, population)
    ratio, share = _relative(values, population)
    group = _grouped(groups.reindex(ratio.index), outside)
    part = (ratio * share).groupby(group)
    table = pd.DataFrame(
        {
            "units": share.groupby(group).size(),
            "population_share": share.groupby(group).sum(),
            "value_share": part.sum(),
        }
    ).rename_axis("group")
    mean = table["value_share"] / table["population_share"]
    table["mean"] = mean * _mean(values, population)
    table["inequality"] = pd.Series(
        {
            name: of(ratio[rows], share[rows]) if (ratio[rows] > 0).any() else 0.0
            for name, rows in ratio.groupby(group).groups.items()
        }
    )
    weight = {
        "theil_t": table["value_share"],
        "theil_l": table["population_share"],
        "gini": table["population_share"] * table["value_share"],
    }[measure]
    table["contribution"] = (weight * table["inequality"]).where(weight > 0, 0.0)
    between = of(mean, table["population_share"])
    within = float(table["contribution"].sum())
    overlap = max(total - between - within, 0.0) if measure == "gini" else 0.0
    parts = pd.Series(
        {
            "total": total,
            "between": between,
            "within": within,
            "overlap": overlap,
            "share_between": between / total if total > 0 else np.nan,
            "units": len(ratio),
            "left_out": len(values) - len(ratio),
        },
        name=measure,
    )
    return parts, table


def _relative(values: pd.Series, population: pd.Series | None) -> tuple[pd.Series, pd.Series]:
    """Return value over mean and share of the population, of the units that have both."""
    weight = _weights(values, population)
    kept = values.notna() & weight.notna()
    y, p = values[kept].astype("float64"), weight[kept].astype("float64")
    if (y < 0).any():
        raise DataError(f"inequality needs values of 0 and more, found {y.min()}")
    if (p <= 0).any():
        raise DataError(f"population must be above 0, found {p.min()}")
    share = p / p.sum()
    mean = float((y * share).sum())
    if len(y) and mean == 0:
        raise DataError("inequality is not defined where the mean is 0")
    return y / mean, share


def _weights(values: pd.Series, population: pd.Series | None) -> pd.Series:
    if population is None:
        return pd.Series(1.0, index=values.index)
    absent = values.index.difference(population.index)
    if len(absent):
        raise DataError(f"{len(absent)} units have no population row, among them {absent[0]!r}")
    return population.reindex(values.index)


def _mean(values: pd.Series, population: pd.Series | None) -> float:
    weight = _weights(values, population).where(values.notna())
    return float((values * weight).sum() / weight.where(values.notna()).sum())


def _grouped(groups: pd.Series, outside: str | None) -> pd.Series:
    if outside is not None:
        if (groups == outside).any():
            raise DataError(f"{outside!r} is a group already; name the units outside otherwise")
        return groups.fillna(outside)
    absent = groups.index[groups.isna()]
    if len(absent):
        raise DataError(
            f"{len(absent)} units have no group, among them {absent[0]!r}; name theirs by outside="
        )
    return groups


def _x_log_x(x: pd.Series) -> pd.Series:
    found: pd.Series = x * np.log(x.where(x > 0, 1.0))
    return found
