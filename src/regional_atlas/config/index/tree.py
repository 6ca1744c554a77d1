"""Walking an index tree: children, indicators, levels, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regional_atlas.config.index.nodes import NodeConfig

__all__ = ["children", "depths", "inner_nodes", "leaves", "shares"]


def children(nodes: Sequence[NodeConfig], parent: str) -> list[NodeConfig]:
    """List the nodes right below `parent`, in the order of the file.

    Examples
    --------
    >>> nodes = [NodeConfig(code=c, title=c, parent=p) for c, p in
    ...          [("a", "index"), ("b", "a"), ("c", "index")]]
    >>> [node.code for node in children(nodes, "index")]
    ['a', 'c']
    """
    return [node for node in nodes if node.parent == parent]


def leaves(nodes: Sequence[NodeConfig]) -> list[NodeConfig]:
    """List the indicators: nodes without children.

    Examples
    --------
    >>> nodes = [NodeConfig(code=c, title=c, parent=p) for c, p in
    ...          [("a", "index"), ("b", "a"), ("c", "index")]]
    >>> [node.code for node in leaves(nodes)]
    ['b', 'c']
    """
    parents = {node.parent for node in nodes}
    return [node for node in nodes if node.code not in parents]


def inner_nodes(nodes: Sequence[NodeConfig]) -> list[str]:
    """List the codes of nodes with children, each after those below it, the root last.

    Examples
    --------
    >>> nodes = [NodeConfig(code=c, title=t, parent=p) for c, t, p in
    ...          [("a", "A", "index"), ("b", "B", "a"), ("c", "C", "index")]]
    >>> inner_nodes(nodes)
    ['a', 'index']
    """
    parents = {node.parent for node in nodes}

    def visit(code: str) -> list[str]:
        below = [n.code for n in children(nodes, code) if n.code in parents]
        return [*(found for child in below for found in visit(child)), code]

    return visit("index")


def depths(nodes: Sequence[NodeConfig]) -> dict[str, int]:
    """Return each node's distance from the root; that of the root itself, 'index', is 0.

    Examples
    --------
    >>> nodes = [NodeConfig(code=c, title=c, parent=p) for c, p in
    ...          [("a", "index"), ("b", "a"), ("c", "index")]]
    >>> depths(nodes)
    {'index': 0, 'a': 1, 'c': 1, 'b': 2}
    """
    found = {"index": 0}
    for parent in reversed(inner_nodes(nodes)):
        found |= {node.code: found[parent] + 1 for node in children(nodes, parent)}
    return found


def shares(nodes: Sequence[NodeConfig], weights: Mapping[str, float]) -> dict[str, float]:
    """Return each node's share in the whole index.

    The share of a node is that of its parent times wᵢ / Σ w over its siblings, so that the shares
    of all indicators sum to 1.

    Parameters
    ----------
    nodes : sequence of NodeConfig
        The tree.
    weights : mapping of str to float
        By code, among siblings; they need not sum to 1. A node that is absent has 0.

    Returns
    -------
    dict of str to float
        With 1 for 'index'; 0 below a node whose children all have weight 0.

    Examples
    --------
    >>> nodes = [NodeConfig(code=c, title=c, parent=p) for c, p in
    ...          [("a", "index"), ("b", "a"), ("c", "a"), ("d", "index")]]
    >>> shares(nodes, {"a": 3, "b": 1, "c": 2, "d": 1})
    {'index': 1.0, 'a': 0.75, 'd': 0.25, 'b': 0.25, 'c': 0.5}
    """
    found = {"index": 1.0}
    for parent in reversed(inner_nodes(nodes)):
        below = children(nodes, parent)
        total = sum(weights[node.code] for node in below)
        for node in below:
            found[node.code] = found[parent] * weights[node.code] / total if total > 0 else 0.0
    return found
