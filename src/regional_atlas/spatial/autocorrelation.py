"""Spatial autocorrelation: lag, global and local Moran, Getis-Ord G*, with permutation tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import InputError
from regional_atlas.spatial.significance import false_discovery

if TYPE_CHECKING:
    from libpysal.graph import Graph

__all__ = ["MoranResult", "hot_spots", "local_moran", "moran", "spatial_lag"]


@dataclass(frozen=True)
class MoranResult:
    """Global Moran's I and what a random arrangement would give.

    Attributes
    ----------
    statistic, expected, z : float
        I, its expectation −1/(n − 1), and (I − mean)/sd over the permutations.
    p_value : float
        Share of arrangements at least as far to the same side (one-sided pseudo p-value).
    units, isolates, permutations : int
        Units with a value, those of them without a neighbour with a value, arrangements drawn.

    Examples
    --------
    >>> found = MoranResult(0.4, -0.1, 3.2, 0.001, units=11, isolates=1, permutations=999)
    >>> found.statistic > found.expected, found.units - found.isolates
    (True, 10)
    """

    statistic: float
    expected: float
    z: float
    p_value: float
    units: int
    isolates: int
    permutations: int


def spatial_lag(values: pd.Series, graph: Graph) -> pd.Series:
    """Mean of the neighbours' values.

    Parameters
    ----------
    values : Series of float
        By unit id.
    graph : libpysal.graph.Graph
        Contiguity of at least these units; rows are standardised over neighbours with a value.

    Returns
    -------
    Series of float
        Named `lag`, on the index of `values`; missing where no neighbour has a value (an isolate
        has no lag, rather than a lag of 0).

    Raises
    ------
    InputError
        A unit with a value that the graph does not know, or repeated unit ids.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> graph = Graph.from_arrays(["a", "b", "b", "c", "d"], ["b", "a", "c", "b", "d"],
    ...                           [1, 1, 1, 1, 0])
    >>> spatial_lag(pd.Series([1.0, 5.0, 3.0, 7.0], index=list("abcd")), graph).tolist()
    [5.0, 2.0, 5.0, nan]
    """
    present, starts, neighbours, weights = _links(values, graph)
    lag = _sums(weights * present.to_numpy()[neighbours], starts)
    lag[np.diff(starts) == 0] = np.nan
    return pd.Series(lag, index=present.index, name="lag").reindex(values.index)


def moran(
    values: pd.Series, graph: Graph, *, permutations: int = 999, rng: np.random.Generator
) -> MoranResult:
    """Global Moran's I: how alike neighbours are.

    I = (n / S₀) · Σᵢ Σⱼ wᵢⱼ zᵢ zⱼ / Σᵢ zᵢ², z the deviations from the mean, w row-standardised,
    S₀ the sum of the weights. About −1/(n − 1) without pattern, towards 1 when alike.

    Parameters
    ----------
    values : Series of float
        By unit id; units without a value are left out with their links.
    graph : libpysal.graph.Graph
        Contiguity of at least these units.
    permutations : int
        Random arrangements for the p-value (and 0 gives none: z and p-value missing).
    rng : numpy Generator
        For the arrangements.

    Returns
    -------
    MoranResult

    Raises
    ------
    InputError
        Unknown units, fewer than 3 values, equal values, or no two neighbours with values.

    Notes
    -----
    Moran, P. A. P. (1950), Biometrika 37, 17–23; Cliff and Ord (1981). Equal to `esda.Moran`.
    Isolates count in n and in the mean, as in esda.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> ring = Graph.from_arrays(list("aabbccdd"), list("bdacbdac"), [1.0] * 8)
    >>> values = pd.Series([1.0, 3.0, 1.0, 3.0], index=list("abcd"))
    >>> moran(values, ring, rng=np.random.default_rng(1)).statistic
    -1.0
    """
    present, starts, neighbours, weights = _links(values, graph)
    z = _deviations(present)
    links = np.diff(starts)
    if not links.any():
        raise InputError("no two neighbours have values")
    scale = z.size / np.count_nonzero(links) / (z @ z)

    def statistic(arranged: Floats) -> float:
        return float(scale * (arranged @ _sums(weights * arranged[neighbours], starts)))

    observed = statistic(z)
    drawn = np.array([statistic(rng.permutation(z)) for _ in range(permutations)])
    above, below = np.array([(drawn >= observed).sum()]), np.array([(drawn <= observed).sum()])
    return MoranResult(
        statistic=observed,
        expected=-1 / (z.size - 1),
        z=float((observed - drawn.mean()) / drawn.std()) if permutations else np.nan,
        p_value=float(_pseudo_p(above, below, permutations)[0]) if permutations else np.nan,
        units=z.size,
        isolates=int((links == 0).sum()),
        permutations=permutations,
    )


def local_moran(
    values: pd.Series,
    graph: Graph,
    *,
    permutations: int = 999,
    alpha: float = 0.05,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Local Moran's I of each unit, with clusters and outliers at a false-discovery rate.

    Iᵢ = (n − 1) · zᵢ · Σⱼ wᵢⱼ zⱼ / Σ z², w row-standardised.

    Parameters
    ----------
    values : Series of float
        By unit id; units without a value are left out with their links.
    graph : libpysal.graph.Graph
        Contiguity of at least these units.
    permutations : int
        Conditional arrangements for each unit: it stays, the others change places. The smallest
        p-value is 1/(permutations + 1), so thousands of units need thousands of them.
    alpha : float
        False-discovery rate (Benjamini-Hochberg) of the classes.
    rng : numpy Generator
        For the arrangements.

    Returns
    -------
    DataFrame
        On the index of `values`: `value`, `lag`, `statistic`, `p_value` (one-sided), `q_value`
        (adjusted), `class`: HH (high among high), LL, HL (high among low), LH, `not significant`,
        `isolate` (no neighbour with a value), `missing` (no value).

    Raises
    ------
    InputError
        Unknown units, fewer than 3 values, equal values.

    Notes
    -----
    Anselin, L. (1995), Geographical Analysis 27, 93–115. The statistic equals
    `esda.Moran_Local`; the p-values equal it within the error of simulation.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> row = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1.0] * 6)
    >>> values = pd.Series([1.0, 5.0, 3.0, 7.0], index=list("abcd"))
    >>> found = local_moran(values, row, rng=np.random.default_rng(1))
    >>> found["statistic"].round(2).tolist()
    [-0.45, -0.3, -0.3, -0.45]
    """
    from regional_atlas.spatial._permutation import permuted_lags

    present, starts, neighbours, weights = _links(values, graph)
    z = _deviations(present)
    lag = _sums(weights * z[neighbours], starts)
    factor = (z.size - 1) / (z @ z)
    seeds = rng.integers(0, 2**32, z.size)
    above, below = permuted_lags(z, starts, weights, permutations, seeds, lag)
    alone = np.diff(starts) == 0
    table = _table(
        present,
        np.where(alone, np.nan, factor * z * lag),
        np.where(alone, np.nan, lag + present.mean()),
        _pseudo_p(above, below, permutations),
        alone,
    )
    own, around = np.where(z > 0, "H", "L"), np.where(lag > 0, "H", "L")
    return _classified(table, np.char.add(own, around), alone, values, alpha)


def hot_spots(
    values: pd.Series,
    graph: Graph,
    *,
    permutations: int = 999,
    alpha: float = 0.05,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Getis-Ord Gᵢ*: where high or low values concentrate, the unit itself included.

    Gᵢ* = Σⱼ wᵢⱼ xⱼ / Σⱼ xⱼ with j over i and its neighbours, all of weight 1/(kᵢ + 1);
    z = (Gᵢ* − E)/sd by the closed form of Ord and Getis. Isolates are judged by themselves alone.

    Parameters
    ----------
    values : Series of float
        By unit id; units without a value are left out with their links.
    graph, permutations, alpha, rng
        As for `local_moran`.

    Returns
    -------
    DataFrame
        On the index of `values`: `value`, `lag` (mean over the unit and its neighbours),
        `statistic`, `z`, `p_value`, `q_value`, `class`: `hot`, `cold`, `not significant`,
        `isolate`, `missing`. `statistic` is a share of the total, and missing for all units where
        any value is negative; z, p-values and classes do not need it.

    Raises
    ------
    InputError
        Unknown units, fewer than 3 values, equal values.

    Notes
    -----
    Ord, J. K. and Getis, A. (1995), Geographical Analysis 27, 286–306. The statistic equals
    `esda.G_Local(star=True, transform="R")`, z that with `transform="B"` (z does not depend on the
    scale of a row), except for isolates. p-values are by permutation of the neighbours.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> row = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1.0] * 6)
    >>> values = pd.Series([1.0, 5.0, 3.0, 7.0], index=list("abcd"))
    >>> found = hot_spots(values, row, rng=np.random.default_rng(1))
    >>> found["statistic"].tolist()
    [0.1875, 0.1875, 0.3125, 0.3125]
    """
    from regional_atlas.spatial._permutation import permuted_lags

    present, starts, neighbours, weights = _links(values, graph)
    x = present.to_numpy()
    _deviations(present)
    links = np.diff(starts)
    lag = _sums(weights * x[neighbours], starts)
    around = (x + links * lag) / (links + 1)
    seeds = rng.integers(0, 2**32, x.size)
    above, below = permuted_lags(x, starts, weights, permutations, seeds, lag)
    alone = links == 0
    p_value = _pseudo_p(above, below, permutations)
    share = around / x.sum() if (x >= 0).all() else np.full(x.size, np.nan)
    table = _table(present, share, around, p_value, alone)
    n, sd = x.size, x.std()
    spread = np.sqrt((n / (links + 1) - 1) / (n - 1))
    standardised = np.divide(around - x.mean(), sd * spread, where=spread > 0, out=np.zeros(n))
    table.insert(3, "z", standardised)
    return _classified(table, np.where(above < below, "hot", "cold"), alone, values, alpha)


def _links(
    values: pd.Series, graph: Graph
) -> tuple[pd.Series, NDArray[np.int64], NDArray[np.int64], Floats]:
    """Take the units with a value, and for each the positions and weights of its neighbours."""
    if values.index.has_duplicates:
        raise InputError("unit ids stand more than once")
    present = values.dropna().astype("float64")
    unknown = present.index.difference(graph.unique_ids)
    if len(unknown):
        raise InputError(f"{len(unknown)} units are not in the graph, among them {unknown[0]!r}")
    links = graph.adjacency[graph.adjacency > 0]
    focal = present.index.get_indexer(links.index.get_level_values(0))
    neighbour = present.index.get_indexer(links.index.get_level_values(1))
    keep = (focal >= 0) & (neighbour >= 0)
    order = np.argsort(focal[keep], kind="stable")
    focal, neighbour = focal[keep][order], neighbour[keep][order]
    weight = links.to_numpy(np.float64)[keep][order]
    starts = np.searchsorted(focal, np.arange(len(present) + 1))
    total = np.bincount(focal, weight, len(present))
    return present, starts, neighbour.astype(np.int64), weight / total[focal]


def _sums(of_links: Floats, starts: NDArray[np.int64]) -> Floats:
    focal = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    return np.bincount(focal, of_links, starts.size - 1).astype(np.float64)


def _deviations(present: pd.Series) -> Floats:
    if len(present) < 3 or present.nunique() < 2:
        raise InputError("needs at least 3 values, and not all equal")
    found: Floats = present.to_numpy() - present.mean()
    return found


def _pseudo_p(above: NDArray[np.int64], below: NDArray[np.int64], permutations: int) -> Floats:
    found: Floats = (np.minimum(above, below) + 1) / (permutations + 1)
    return found


def _table(
    present: pd.Series, statistic: Floats, lag: Floats, p_value: Floats, alone: NDArray[np.bool_]
) -> pd.DataFrame:
    p_value = np.where(alone, np.nan, p_value)
    return pd.DataFrame(
        {"value": present, "lag": lag, "statistic": statistic, "p_value": p_value},
        index=present.index,
    )


def _classified(
    table: pd.DataFrame,
    kinds: NDArray[np.str_],
    alone: NDArray[np.bool_],
    values: pd.Series,
    alpha: float,
) -> pd.DataFrame:
    table["q_value"] = false_discovery(table["p_value"])
    kind = pd.Series(kinds, index=table.index).where(table["q_value"] <= alpha, "not significant")
    table["class"] = kind.mask(alone, "isolate")
    table = table.reindex(values.index)
    table["class"] = table["class"].fillna("missing")
    return table
