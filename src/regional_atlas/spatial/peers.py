"""Peers: the units most alike in a stated set of features."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, InputError

__all__ = ["peers_of"]

_BLOCK = 512
_DIGITS = 12


def peers_of(
    features: pd.DataFrame,
    unit_ids: list[str] | None = None,
    *,
    count: int = 5,
    weights: dict[str, float] | None = None,
    shared: float = 0.6,
) -> pd.DataFrame:
    """List the nearest units in standardised features.

    Each feature becomes a z-score; the distance of two units is
    √( Σ_f w_f (z_af − z_bf)² / Σ_f w_f ) over the features that both have: the root of the mean
    squared difference, in standard deviations. Two units that share less than `shared` of the
    weight are not compared.

    Parameters
    ----------
    features : DataFrame
        One row per unit, one column per feature; logarithms of skewed totals are the caller's to
        take. A missing feature is left out of the pair, never filled.
    unit_ids : list of str, optional
        Whose peers; all units by default.
    count : int
        Peers of each unit; fewer are listed where fewer can be compared.
    weights : dict of str to float, optional
        By feature, positive; 1 where not given.
    shared : float
        The least share of the weight that both units must have data for, above 0.

    Returns
    -------
    DataFrame
        `unit_id`, `peer_id`, `order` (from 1; ties in the order of the table), `distance`,
        `shared` (share of the weight compared on). A unit without any peer has one row with a
        missing `peer_id`.

    Raises
    ------
    InputError
        Unknown units or weights, a count below 1, `shared` outside (0, 1].
    DataError
        A feature without two different values: it cannot tell units apart.

    Examples
    --------
    >>> features = pd.DataFrame({"area": [1.0, 2.0, 9.0], "light": [5.0, 6.0, None]},
    ...                         index=["a", "b", "c"])
    >>> peers_of(features, ["a"], count=1)["peer_id"].tolist()
    ['b']
    """
    chosen = list(features.index) if unit_ids is None else unit_ids
    weight = _checked(features, chosen, count, weights or {}, shared)
    z = ((features - features.mean()) / features.std()).to_numpy(dtype="float64")
    present = (~np.isnan(z)).astype(np.float64)
    filled = np.nan_to_num(z)
    rows = features.index.get_indexer(pd.Index(chosen))
    found = []
    for first in range(0, len(rows), _BLOCK):
        some = rows[first : first + _BLOCK]
        share = (present[some] * weight) @ present.T
        squares = (
            (filled[some] ** 2 * weight) @ present.T
            - 2 * (filled[some] * weight) @ filled.T
            + (present[some] * weight) @ (filled**2).T
        )
        comparable = share >= shared - 1e-12
        comparable[np.arange(some.size), some] = False
        distance = np.sqrt(np.maximum(squares, 0.0) / np.where(comparable, share, 1.0))
        distance[~comparable] = np.inf
        # Rounded, so that distances tie which differ by the rounding of sums alone.
        order = np.argsort((distance**2).round(_DIGITS), axis=1, kind="stable")[:, :count]
        found.append(_rows(features.index, some, order, distance, share))
    return pd.concat(found, ignore_index=True)


def _checked(
    features: pd.DataFrame, chosen: list[str], count: int, weights: dict[str, float], shared: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    problems = [
        f"unit {unit!r} is not in the table" for unit in chosen if unit not in features.index
    ]
    problems += [f"weight for {name!r}: no such feature" for name in set(weights) - set(features)]
    problems += [f"weight of {name!r} must be above 0" for name, w in weights.items() if w <= 0]
    if count < 1:
        problems.append(f"count must be 1 or more, found {count}")
    if not 0 < shared <= 1:
        problems.append(f"shared must lie above 0 and up to 1, found {shared}")
    if problems:
        raise InputError(*problems, where="peers")
    flat = [str(name) for name in features if features[name].nunique() < 2]
    if flat:
        raise DataError(f"features without two different values: {', '.join(flat)}", where="peers")
    weight = np.array([weights.get(str(name), 1.0) for name in features])
    scaled: np.ndarray[tuple[int], np.dtype[np.float64]] = weight / weight.sum()
    return scaled


def _rows(
    ids: pd.Index,
    some: np.ndarray[tuple[int], np.dtype[np.int64]],
    order: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    distance: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    share: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> pd.DataFrame:
    picked = np.take_along_axis(distance, order, axis=1)
    table = pd.DataFrame(
        {
            "unit_id": np.repeat(ids[some], order.shape[1]),
            "peer_id": ids[order.ravel()],
            "order": np.tile(np.arange(1, order.shape[1] + 1), some.size),
            "distance": picked.ravel(),
            "shared": np.take_along_axis(share, order, axis=1).ravel(),
        }
    )
    without = np.isinf(table["distance"])
    table.loc[without, ["peer_id", "distance", "shared"]] = [None, np.nan, np.nan]
    kept: pd.DataFrame = table[~without | (table["order"] == 1)]
    return kept
