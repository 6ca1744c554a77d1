"""The analytic hierarchy process: weights from pairwise comparisons, and their consistency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from regional_atlas.config.index.comparisons import ComparisonConfig
from regional_atlas.core.errors import InputError, raise_if

__all__ = ["AhpResult", "Judgement", "ahp_node", "ahp_weights", "combine_experts"]

_RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """A comparison that disagrees with the weights: what was given and what they imply."""

    row: str
    column: str
    given: float
    implied: float

    def __str__(self) -> str:
        return (
            f"{self.row} : {self.column} is {self.given:.3g}, the others imply {self.implied:.2g}"
        )


@dataclass(frozen=True)
class AhpResult:
    """Weights of one comparison matrix.

    Attributes
    ----------
    weights : dict of str to float
        They sum to 1.
    eigenvalue, index, ratio : float
        The largest eigenvalue λ, (λ − n)/(n − 1), and that over its mean for random matrices.
    judgements : list of Judgement
        The most inconsistent first, up to three.

    Examples
    --------
    >>> found = ahp_weights(np.array([[1, 3], [1 / 3, 1]]), ["a", "b"])
    >>> {name: round(weight, 9) for name, weight in found.weights.items()}, round(found.ratio, 9)
    ({'a': 0.75, 'b': 0.25}, 0.0)
    """

    weights: dict[str, float]
    eigenvalue: float
    index: float
    ratio: float
    judgements: list[Judgement]


def ahp_weights(
    matrix: NDArray[np.float64],
    items: Sequence[str],
    solver: Literal["eigenvector", "geometric_mean"] = "eigenvector",
) -> AhpResult:
    """Derive weights from a reciprocal comparison matrix.

    Eigenvector: A w = λ w for the largest λ (Saaty 1977); a missing judgement counts as wᵢ/wⱼ,
    which is Harker's matrix (1987): 0 in its cell and one more on the diagonal of its row.
    Geometric mean: logarithmic least squares, Σ (ln aᵢⱼ − ln wᵢ + ln wⱼ)² least over the known
    judgements (Crawford and Williams 1985; Bozóki, Fülöp and Rónyai 2010). The consistency ratio
    divides by Saaty's random index, scaled by 1 − 2m/((n − 1)(n − 2)) for m missing judgements
    (Ágoston and Csató 2022). One or two items are always consistent.

    Parameters
    ----------
    matrix : array (n, n)
        Above 0, reciprocal; NaN where nobody judged.
    items : sequence of str
        Names, in the order of the rows.
    solver : {'eigenvector', 'geometric_mean'}

    Returns
    -------
    AhpResult

    Raises
    ------
    InputError
        When the known judgements do not connect all items.

    Examples
    --------
    >>> found = ahp_weights(np.array([[1, 2, 4], [1/2, 1, 2], [1/4, 1/2, 1]]), ["a", "b", "c"])
    >>> {code: round(weight, 4) for code, weight in found.weights.items()}, round(found.ratio, 6)
    ({'a': 0.5714, 'b': 0.2857, 'c': 0.1429}, 0.0)
    """
    filled = np.array(matrix, dtype="float64")
    np.fill_diagonal(filled, 1.0)
    n = len(filled)
    missing = np.isnan(filled)
    lost = [items[i] for i in _unconnected(~missing)]
    if lost:
        raise InputError(
            f"no chain of judgements connects {', '.join(lost)} with {items[0]}; judge one more"
        )
    harker = np.where(missing, 0.0, filled) + np.diag(missing.sum(axis=1).astype("float64"))
    values, vectors = np.linalg.eig(harker)
    largest = int(np.argmax(values.real))
    eigenvalue = float(values[largest].real)
    if solver == "eigenvector":
        weights = np.abs(vectors[:, largest].real)
    else:
        weights = _least_squares(filled, missing)
    weights = weights / weights.sum()
    gaps = int(missing.sum()) // 2
    index = max(eigenvalue - n, 0.0) / (n - 1) if n > 2 else 0.0
    random = _random_index(n) * (1 - 2 * gaps / ((n - 1) * (n - 2))) if n > 2 else 0.0
    return AhpResult(
        dict(zip(items, weights.tolist(), strict=True)),
        eigenvalue,
        index,
        index / random if random > 0 else 0.0,
        _worst(filled, weights, items),
    )


def _random_index(n: int) -> float:
    return _RANDOM_INDEX[min(n, len(_RANDOM_INDEX)) - 1]


def _least_squares(matrix: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    known = (~missing).astype("float64")
    np.fill_diagonal(known, 0.0)
    laplacian = np.diag(known.sum(axis=1)) - known
    right = np.where(missing, 0.0, np.log(np.where(missing, 1.0, matrix))).sum(axis=1)
    found: NDArray[np.float64] = np.exp(np.linalg.pinv(laplacian) @ right)
    return found


def _unconnected(known: NDArray[np.bool_]) -> list[int]:
    """List the items that no chain of judgements connects with the first."""
    reached, new = {0}, {0}
    while new:
        new = {int(j) for i in new for j in np.flatnonzero(known[i])} - reached
        reached |= new
    return [i for i in range(len(known)) if i not in reached]


def _worst(
    matrix: NDArray[np.float64], weights: NDArray[np.float64], items: Sequence[str]
) -> list[Judgement]:
    found = []
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            given, implied = float(matrix[i, j]), float(weights[i] / weights[j])
            if not np.isnan(given) and abs(np.log(given / implied)) > 1e-9:
                found.append(Judgement(items[i], items[j], given, implied))
    found.sort(key=lambda item: -round(abs(float(np.log(item.given / item.implied))), 9))
    return found[:3]


def combine_experts(matrices: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Combine the matrices of several experts: the geometric mean of those who judged.

    The geometric mean alone keeps the mirrored cells mirrored (Aczél and Saaty 1983).

    Examples
    --------
    >>> one, two = np.array([[1.0, 2.0], [0.5, 1.0]]), np.array([[1.0, 8.0], [0.125, 1.0]])
    >>> combine_experts([one, two]).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    logs = np.log(np.stack(matrices))
    known = ~np.isnan(logs)
    counts = known.sum(axis=0)
    sums = np.where(known, logs, 0.0).sum(axis=0)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    combined: NDArray[np.float64] = np.exp(mean)
    return combined


def ahp_node(
    comparisons: Sequence[ComparisonConfig],
    *,
    solver: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    ratio_limit: float = 0.1,
) -> AhpResult:
    """Derive the weights of one node's children from all experts' comparisons.

    Parameters
    ----------
    comparisons : sequence of ComparisonConfig
        Of one node.
    solver : {'eigenvector', 'geometric_mean'}
    ratio_limit : float
        Each expert's matrix, and the combined one, must be at least that consistent.

    Returns
    -------
    AhpResult
        In the order of the first expert's items.

    Raises
    ------
    InputError
        Naming every matrix whose ratio lies above the limit, with its three worst judgements, and
        items that no chain of judgements connects.

    Examples
    --------
    >>> config = ComparisonConfig(node="index", items=["a", "b"], matrix=[[1, 3], ["1/3", 1]])
    >>> {code: round(weight, 9) for code, weight in ahp_node([config]).weights.items()}
    {'a': 0.75, 'b': 0.25}
    """
    items = comparisons[0].items
    matrices, problems = [], []
    name = f"comparisons of {comparisons[0].node!r}"
    for config in comparisons:
        order = [config.items.index(item) for item in items]
        matrices.append(np.array(config.values())[np.ix_(order, order)])
        if len(comparisons) > 1 and not _unconnected(~np.isnan(matrices[-1])):
            found = ahp_weights(matrices[-1], items, solver)
            problems += _too_inconsistent(found, ratio_limit, f"{name} by {config.expert!r}")
    if len(comparisons) > 1:
        name += " combined"
    try:
        combined = ahp_weights(combine_experts(matrices), items, solver)
    except InputError as error:
        raise InputError(*problems, *(f"{name}: {line}" for line in error.problems)) from error
    raise_if([*problems, *_too_inconsistent(combined, ratio_limit, name)], InputError)
    return combined


def _too_inconsistent(result: AhpResult, limit: float, name: str) -> list[str]:
    if result.ratio <= limit:
        return []
    worst = "; ".join(str(judgement) for judgement in result.judgements)
    return [
        f"{name}: consistency ratio {result.ratio:.3f} is above {limit:g}. "
        f"Most inconsistent: {worst}"
    ]
