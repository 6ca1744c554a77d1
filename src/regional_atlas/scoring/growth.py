"""Weights down the tree and values up it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from regional_atlas.config.index import (
    AggregateConfig,
    AggregateMethod,
    ComparisonConfig,
    NodeConfig,
    WeightConfig,
    children,
    depths,
    inner_nodes,
    leaves,
    shares,
)
from regional_atlas.config.index.weights import STATED, sibling_weights, weight_method
from regional_atlas.scoring.steps.aggregate import aggregate
from regional_atlas.scoring.steps.weight import data_weights

__all__ = ["grow", "node_data_share", "weigh"]


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
        least=method.least,
        most=method.most,
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
    by_data = not {config.method, *(level.method for level in config.levels)} <= STATED
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
        method = weight_method(config, depth[parent])
        methods |= {node.code: method for node in below}
        if method in STATED:
            raw, ratio = sibling_weights(below, method, comparisons, config)
            if ratio is not None:
                ratios[parent] = ratio
        else:
            table = pd.DataFrame({code: values[code] for code in here})
            raw = data_weights(table, method) if here else {}
        total = sum(raw.get(code, 0.0) for code in here)
        for node in below:
            stated[node.code] = raw.get(node.code, 0.0) / (sum(raw.values()) or 1.0)
            used = raw.get(node.code, 0.0) if node.code in here else 0.0
            weights[node.code] = used / total if total > 0 else 0.0
        if by_data:
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


def _status(node: NodeConfig, present: bool) -> str:
    if not present:
        return "absent"
    return "proxy" if node.proxy is not None else "scored"


def _reason(node: NodeConfig, present: bool, inner: bool) -> str:
    if node.absent is not None:
        return node.absent.in_("en")
    if not present:
        return "every indicator below is absent" if inner else "no value, or all values equal"
    return node.proxy.in_("en") if node.proxy is not None else ""


def node_data_share(
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
    >>> node_data_share(data, nodes, {"a": 0.25, "b": 0.75})["index"].tolist()
    [0.25]
    """
    here = observed.notna().astype("float64")
    held = here[[code for code in here.columns if weights[code] > 0]]
    # Rounded, since the sum of all shares is 1 only within the precision of numbers.
    return grow(held, nodes, weights, AggregateConfig(availability=0.0)).round(12)
