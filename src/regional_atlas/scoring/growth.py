"""Weights down the tree and values up it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from regional_atlas.framework import (
    AggregateConfig,
    AggregateMethod,
    ComparisonConfig,
    IndexConfig,
    NodeConfig,
    WeightConfig,
    WeightMethod,
    children,
    depths,
    inner_nodes,
    leaves,
    shares,
)
from regional_atlas.scoring.aggregate import aggregate
from regional_atlas.scoring.ahp import ahp_node
from regional_atlas.scoring.weight import data_weights

__all__ = ["grow", "node_coverage", "stated_weights_of", "weigh"]

_STATED = {"manual", "equal", "ahp"}


def grow(
    normalised: pd.DataFrame,
    nodes: Sequence[NodeConfig],
    weights: Mapping[str, float],
    config: AggregateConfig,
) -> pd.DataFrame:
    """Aggregate up the tree.

    Parameters
    ----------
    normalised : DataFrame
        One column per indicator.
    nodes : sequence of NodeConfig
        The tree.
    weights : mapping of str to float
        By code, among siblings; 0 for what is absent, which does not count.
    config : AggregateConfig
        Method by level and the least share of the weight.

    Returns
    -------
    DataFrame
        One column per node in the order of the tree, then `index`. An absent node is missing.

    Examples
    --------
    >>> nodes = [NodeConfig(code="a", title="A"), NodeConfig(code="b", title="B")]
    >>> data = pd.DataFrame({"a": [10.0], "b": [30.0]})
    >>> grow(data, nodes, {"a": 0.25, "b": 0.75}, AggregateConfig())["index"].tolist()
    [25.0]
    """
    depth = depths(nodes)
    missing = pd.Series(float("nan"), index=normalised.index)
    found = {node.code: normalised.get(node.code, missing) for node in leaves(nodes)}
    for parent in inner_nodes(nodes):
        below = [node.code for node in children(nodes, parent)]
        found[parent] = _node(found, below, weights, config, depth[parent])
    return pd.DataFrame({code: found[code] for code in [*(n.code for n in nodes), "index"]})


def _node(
    found: Mapping[str, pd.Series],
    below: Sequence[str],
    weights: Mapping[str, float],
    config: AggregateConfig,
    depth: int,
) -> pd.Series:
    present = [code for code in below if weights[code] > 0]
    if not present:
        return found[below[0]] * float("nan")
    method: AggregateMethod = config.levels[depth] if depth < len(config.levels) else config
    return aggregate(
        pd.DataFrame({code: found[code] for code in present}),
        {code: weights[code] for code in present},
        method=method.method,
        power=method.power,
        availability=config.availability,
    )


def weigh(
    normalised: pd.DataFrame,
    nodes: Sequence[NodeConfig],
    comparisons: Sequence[ComparisonConfig],
    config: WeightConfig,
    upwards: AggregateConfig,
) -> pd.DataFrame:
    """Weigh every node among its siblings; what is absent passes its weight on to them.

    Parameters
    ----------
    normalised : DataFrame
        One column per indicator; an indicator without any value is absent, whatever the tree says.
    nodes : sequence of NodeConfig
        The tree.
    comparisons : sequence of ComparisonConfig
        For the method `ahp`.
    config : WeightConfig
        Method by level.
    upwards : AggregateConfig
        How nodes are made whose values further weights follow from.

    Returns
    -------
    DataFrame
        By `code`: `parent`, `level` (1 below the root), `method`, `stated` (share of the index if
        nothing were absent; for weights that follow from the data, as used), `weight` (among
        siblings, sums to 1), `share` (of the whole index), `status` (scored, proxy, absent),
        `reason`, `ratio` (the consistency ratio of its children's comparisons).

    Raises
    ------
    InputError
        Comparisons that are too inconsistent; values that the method does not take.

    Examples
    --------
    >>> nodes = [NodeConfig(code="a", title="A", weight=3), NodeConfig(code="b", title="B"),
    ...          NodeConfig(code="c", title="C", absent="not published")]
    >>> data = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]})
    >>> table = weigh(data, nodes, [], WeightConfig(), AggregateConfig())
    >>> table["stated"].tolist(), table["weight"].tolist()
    ([0.6, 0.2, 0.2], [0.75, 0.25, 0.0])
    """
    depth = depths(nodes)
    levels = [level.method for level in config.levels]
    missing = pd.Series(float("nan"), index=normalised.index)
    values = {node.code: normalised.get(node.code, missing) for node in leaves(nodes)}
    present = {code: bool(column.notna().any()) for code, column in values.items()}
    methods: dict[str, str] = {}
    stated: dict[str, float] = {}
    weights: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for parent in inner_nodes(nodes):
        below = children(nodes, parent)
        here = [node.code for node in below if present[node.code]]
        present[parent] = bool(here)
        method = levels[depth[parent]] if depth[parent] < len(levels) else config.method
        methods |= {node.code: method for node in below}
        if method in _STATED:
            raw = _stated(below, method, comparisons, config, parent, ratios)
        else:
            table = pd.DataFrame({code: values[code] for code in here})
            raw = data_weights(table, method) if here else {}
        total = sum(raw.get(code, 0.0) for code in here)
        for node in below:
            stated[node.code] = raw.get(node.code, 0.0) / (sum(raw.values()) or 1.0)
            used = raw.get(node.code, 0.0) if node.code in here else 0.0
            weights[node.code] = used / total if total > 0 else 0.0
        if not {config.method, *levels} <= _STATED:
            values[parent] = _node(values, [n.code for n in below], weights, upwards, depth[parent])
    share, openly = shares(nodes, weights), shares(nodes, stated)
    inner = set(inner_nodes(nodes))
    rows = [
        {
            "code": node.code,
            "parent": node.parent,
            "level": depth[node.code],
            "method": methods[node.code],
            "stated": openly[node.code],
            "weight": weights[node.code],
            "share": share[node.code],
            "status": _status(node, present[node.code]),
            "reason": _reason(node, present[node.code], node.code in inner),
            "ratio": ratios.get(node.code),
        }
        for node in nodes
    ]
    table = pd.DataFrame(rows).set_index("code").astype({"ratio": "float64"})
    table.attrs["ratio"] = ratios.get("index")
    return table


def _stated(
    below: Sequence[NodeConfig],
    method: str,
    comparisons: Sequence[ComparisonConfig],
    config: WeightConfig,
    parent: str,
    ratios: dict[str, float],
) -> dict[str, float]:
    if method == "equal" or len(below) == 1:
        return {node.code: 1.0 for node in below}
    if method == "manual":
        return {node.code: node.weight for node in below}
    judged = [comparison for comparison in comparisons if comparison.node == parent]
    result = ahp_node(judged, solver=config.solver, ratio_limit=config.ratio_limit)
    ratios[parent] = result.ratio
    return result.weights


def _status(node: NodeConfig, present: bool) -> str:
    if not present:
        return "absent"
    return "proxy" if node.proxy is not None else "scored"


def _reason(node: NodeConfig, present: bool, inner: bool) -> str:
    if node.absent is not None:
        return node.absent.en
    if not present:
        return "every indicator below is absent" if inner else "no value, or all values equal"
    return node.proxy.en if node.proxy is not None else ""


def node_coverage(
    observed: pd.DataFrame, nodes: Sequence[NodeConfig], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Share of each node's weight that a unit has data of its own for, before any imputation.

    Parameters
    ----------
    observed : DataFrame
        One column per indicator, gaps missing.
    nodes : sequence of NodeConfig
        The tree.
    weights : mapping of str to float
        By code, among siblings; absent indicators have 0 and do not count.

    Returns
    -------
    DataFrame
        From 0 to 1, one column per node, then `index`; an absent node is missing.

    Examples
    --------
    >>> nodes = [NodeConfig(code="a", title="A"), NodeConfig(code="b", title="B")]
    >>> data = pd.DataFrame({"a": [10.0], "b": [None]})
    >>> node_coverage(data, nodes, {"a": 0.25, "b": 0.75})["index"].tolist()
    [0.25]
    """
    here = observed.notna().astype("float64")
    held = here[[code for code in here.columns if weights[code] > 0]]
    return grow(held, nodes, weights, AggregateConfig(availability=0.0))


def stated_weights_of(spec: IndexConfig) -> dict[str, float]:
    """Return the weights among siblings that an index file states, before any data.

    Levels that are weighed by the data count as equal.

    Parameters
    ----------
    spec : IndexConfig
        The index.

    Returns
    -------
    dict of str to float
        By code; 0 for what is marked absent.

    Raises
    ------
    InputError
        Comparisons that are too inconsistent.

    Examples
    --------
    >>> spec = IndexConfig.model_validate({"id": "demo", "title": "Demo",
    ...     "weight": {"method": "ahp"},
    ...     "comparisons": [{"items": ["a", "b"], "matrix": [[1, 3], ["1/3", 1]]}],
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> {code: round(weight, 9) for code, weight in stated_weights_of(spec).items()}
    {'a': 0.75, 'b': 0.25}
    """
    # Any two different values stand for an indicator that has data.
    anything = pd.DataFrame(
        {node.code: [0.0, 1.0] for node in leaves(spec.nodes) if node.absent is None}
    )

    def fixed(method: str) -> Any:
        return method if method in _STATED else "equal"

    levels = [WeightMethod(method=fixed(level.method)) for level in spec.weight.levels]
    config = spec.weight.model_copy(update={"method": fixed(spec.weight.method), "levels": levels})
    table = weigh(anything, spec.nodes, spec.comparisons, config, spec.aggregate)
    return {str(code): float(weight) for code, weight in table["weight"].items()}
