"""Audit: what the numbers of an index say about the index itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from regional_atlas.config.index import NodeConfig, children, inner_nodes, leaves
from regional_atlas.scoring.index import IndexResult

__all__ = ["audit", "correlation_flags", "cronbach_alpha", "indicator_audit", "inflation"]


def cronbach_alpha(data: pd.DataFrame) -> float:
    """Measure internal consistency: k/(k − 1) · (1 − Σ σᵢ² / σ²), of standardised columns.

    With the mean correlation r̄ that is k r̄ / (1 + (k − 1) r̄).

    Parameters
    ----------
    data : DataFrame
        One column per indicator, more is better; rows with gaps are left out.

    Returns
    -------
    float
        Up to 1; missing with fewer than two columns that vary, or where these cancel out.

    Examples
    --------
    >>> cronbach_alpha(pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 4.0, 6.0]}))
    1.0
    """
    complete = data.dropna()
    varying = complete[[code for code in complete if complete[code].nunique() > 1]]
    k = len(varying.columns)
    if k < 2:
        return float("nan")
    correlation = varying.corr().to_numpy()
    mean = (correlation.sum() - k) / (k * (k - 1))
    divisor = 1 + (k - 1) * mean
    return float(round(k * mean / divisor, 12)) if divisor > 1e-12 else float("nan")


def inflation(data: pd.DataFrame) -> pd.Series:
    """Variance inflation factors: 1/(1 − R²) of each indicator on the others.

    Parameters
    ----------
    data : DataFrame
        One column per indicator; rows with gaps are left out.

    Returns
    -------
    Series of float
        From 1; infinite where others determine the indicator; missing where it does not vary, and
        for all where there are not more rows than columns.

    Examples
    --------
    >>> inflation(pd.DataFrame({"a": [1.0, -1.0, 1.0, -1.0], "b": [1.0, 1.0, -1.0, -1.0]})).tolist()
    [1.0, 1.0]
    """
    complete = data.dropna()
    varying = [str(code) for code in complete if complete[code].nunique() > 1]
    found = pd.Series(float("nan"), index=data.columns)
    if len(complete) <= len(varying) + 1:
        return found
    values = complete[varying].to_numpy(dtype="float64")
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    for i, code in enumerate(varying):
        others = np.delete(values, i, axis=1)
        fitted = others @ np.linalg.lstsq(others, values[:, i], rcond=None)[0]
        rest = float(((values[:, i] - fitted) ** 2).mean())
        found[code] = 1 / rest if rest > 1e-10 else float("inf")
    return found


def correlation_flags(
    data: pd.DataFrame,
    nodes: Sequence[NodeConfig],
    *,
    high: float = 0.9,
    low: float = -0.4,
    within: float = 0.3,
) -> pd.DataFrame:
    """List pairs of indicators whose correlation asks for a second look.

    Parameters
    ----------
    data : DataFrame
        One column per indicator, more is better.
    nodes : sequence of NodeConfig
        The tree.
    high, low, within : float
        Flagged are `redundant` (at least `high`), `contradictory` (at most `low`) and, for two
        indicators of one parent, `unrelated` (below `within` in size).

    Returns
    -------
    DataFrame
        `first`, `second`, `scope` (within or across dimensions), `correlation` (Pearson), `flag`.

    Examples
    --------
    >>> nodes = [NodeConfig(code=code, title=code) for code in "ab"]
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.5]})
    >>> correlation_flags(data, nodes)["flag"].tolist()
    ['redundant']
    """
    parents = {node.code: node.parent for node in nodes}
    correlation = data.corr().to_numpy()
    codes = [str(code) for code in data.columns]
    rows = []
    for (i, first), (j, second) in itertools.combinations(enumerate(codes), 2):
        value = float(correlation[i, j])
        same = parents[first] == parents[second]
        flag = ""
        if value >= high:
            flag = "redundant"
        elif value <= low:
            flag = "contradictory"
        elif same and abs(value) < within:
            flag = "unrelated"
        if flag:
            rows.append((first, second, "within" if same else "across", value, flag))
    return pd.DataFrame(rows, columns=["first", "second", "scope", "correlation", "flag"])


def indicator_audit(result: IndexResult) -> pd.DataFrame:
    """Describe every indicator and flag what a reader should know.

    Parameters
    ----------
    result : IndexResult
        Of `score`.

    Returns
    -------
    DataFrame
        By `code`: of the raw values `count`, `missing`, `zeros`, `mean`, `std`, `min`, `median`,
        `max`, `skew`, `kurtosis`, `distinct`; `share` of the index; `with_index` and `with_parent`
        (Pearson correlations of the normalised indicator), `inflation` (variance inflation among
        its siblings), `by_denominator` (Spearman correlation of the denominated indicator with its
        denominator), and `flags`: `no effect` (a correlation with the index below 0.1 in size),
        `against the index` (−0.1 and below), `collinear` (inflation above 10),
        `driven by its denominator` (rank correlation of −0.7 and below, stronger in size than that
        with the numerator), `mostly zero`, `mostly missing`.

    Notes
    -----
    Variance inflation: Marquardt, D. W. (1970), Technometrics 12, 591–612.

    Examples
    --------
    >>> from regional_atlas.config.index import IndexConfig
    >>> from regional_atlas.scoring import score
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo",
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [0.0, 0.0, 0.0, 9.0]})
    >>> indicator_audit(score(data, spec))["flags"].tolist()
    ['', 'mostly zero']
    """
    raw, normalised = result.raw, result.normalised
    nodes = {node.code: node for node in leaves(result.recipe.nodes)}
    grown = result.tables["nodes"]
    table = raw.describe().T[["count", "mean", "std", "min", "50%", "max"]]
    table = table.rename(columns={"50%": "median"}).rename_axis("code")
    table.insert(1, "missing", raw.isna().sum())
    table.insert(2, "zeros", (raw == 0).sum())
    table["skew"], table["kurtosis"] = raw.skew(), raw.kurt()
    table["distinct"] = raw.nunique()
    table["share"] = result.weights["share"].reindex(raw.columns)
    codes = [str(code) for code in raw.columns]
    table["with_index"] = [_correlation(normalised[code], grown["index"]) for code in codes]
    table["with_parent"] = [
        _correlation(normalised[code], grown[nodes[code].parent]) for code in codes
    ]
    table["inflation"] = float("nan")
    for parent in inner_nodes(result.recipe.nodes):
        family = [n.code for n in children(result.recipe.nodes, parent) if n.code in raw.columns]
        if len(family) > 1:
            table.loc[family, "inflation"] = inflation(normalised[family])
    driven = [_denominator_effect(result, nodes[code]) for code in codes]
    table["by_denominator"] = [effect for effect, _ in driven]
    table["flags"] = [
        _flags(row, effect[1]) for (_, row), effect in zip(table.iterrows(), driven, strict=True)
    ]
    return table


def _denominator_effect(result: IndexResult, node: NodeConfig) -> tuple[float, bool]:
    if node.denominator is None or "denominated" not in result.tables:
        return float("nan"), False
    divided = result.tables["denominated"][node.code]
    size = result.data[node.denominator].astype("float64")
    by_size = _correlation(divided.rank(), size.where(divided.notna()).rank())
    by_total = _correlation(divided.rank(), result.raw[node.code].where(divided.notna()).rank())
    return by_size, by_size <= -0.7 and abs(by_size) > abs(by_total)


def _correlation(one: pd.Series, other: pd.Series) -> float:
    both = (one.notna() & other.notna()).to_numpy()
    x, y = one.to_numpy(dtype="float64")[both], other.to_numpy(dtype="float64")[both]
    varies = both.any() and np.ptp(x) > 0 and np.ptp(y) > 0
    return float(np.corrcoef(x, y)[0, 1]) if varies else float("nan")


def _flags(row: pd.Series, driven: bool) -> str:
    units = row["count"] + row["missing"]
    flags = {
        "against the index": row["with_index"] <= -0.1,
        "no effect": row["share"] > 0 and abs(row["with_index"]) < 0.1,
        "collinear": row["inflation"] > 10,
        "driven by its denominator": driven,
        "mostly zero": row["zeros"] > row["count"] / 2,
        "mostly missing": row["missing"] > units / 2,
    }
    return "; ".join(name for name, raised in flags.items() if raised)


def audit(result: IndexResult) -> dict[str, pd.DataFrame]:
    """Audit a result.

    Parameters
    ----------
    result : IndexResult
        Of `score`.

    Returns
    -------
    dict of str to DataFrame
        `audit` (`indicator_audit`), `correlations` (`correlation_flags` of the normalised
        indicators), `reliability` (by node: number of children, Cronbach's `alpha`).

    Examples
    --------
    >>> from regional_atlas.config.index import IndexConfig
    >>> from regional_atlas.scoring import score
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 1.0, 4.0, 3.0]})
    >>> audit(score(data, spec))["reliability"]["alpha"].round(4).tolist()
    [0.75]
    """
    grown = result.tables["nodes"]
    rows = []
    for parent in inner_nodes(result.recipe.nodes):
        family = [n.code for n in children(result.recipe.nodes, parent)]
        present = [code for code in family if grown[code].notna().any()]
        rows.append((parent, len(present), cronbach_alpha(grown[present])))
    return {
        "audit": indicator_audit(result),
        "correlations": correlation_flags(result.normalised, result.recipe.nodes),
        "reliability": pd.DataFrame(rows, columns=["code", "children", "alpha"]).set_index("code"),
    }
