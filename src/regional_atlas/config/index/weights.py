"""The weights that an index file states, before any data."""

from __future__ import annotations

from collections.abc import Sequence

from regional_atlas.config.index.ahp import ahp_node
from regional_atlas.config.index.comparisons import ComparisonConfig
from regional_atlas.config.index.file import IndexConfig
from regional_atlas.config.index.nodes import NodeConfig
from regional_atlas.config.index.steps import WeightConfig
from regional_atlas.config.index.tree import children, depths, inner_nodes
from regional_atlas.core.errors import InputError, raise_if

__all__ = ["STATED", "judged_weights", "sibling_weights", "stated_weights", "weight_method"]

STATED = {"manual", "equal", "ahp"}


def weight_method(config: WeightConfig, depth: int) -> str:
    """Return the method by which the children of a node at this depth are weighed.

    Examples
    --------
    >>> config = WeightConfig.model_validate({"method": "equal", "levels": [{"method": "ahp"}]})
    >>> weight_method(config, 0), weight_method(config, 1)
    ('ahp', 'equal')
    """
    return config.levels[depth].method if depth < len(config.levels) else config.method


def sibling_weights(
    below: Sequence[NodeConfig],
    method: str,
    comparisons: Sequence[ComparisonConfig],
    config: WeightConfig,
) -> tuple[dict[str, float], float | None]:
    """Weigh siblings by what the file says: `manual`, `ahp`, else equally.

    Returns
    -------
    weights : dict of str to float
        By code; they need not sum to 1.
    ratio : float or None
        Of consistency, for `ahp`.

    Raises
    ------
    InputError
        Comparisons that are too inconsistent.

    Examples
    --------
    >>> below = [NodeConfig(code=code, title=code, weight=3) for code in "ab"]
    >>> sibling_weights(below, "manual", [], WeightConfig())
    ({'a': 3.0, 'b': 3.0}, None)
    >>> sibling_weights(below, "equal", [], WeightConfig())
    ({'a': 1.0, 'b': 1.0}, None)
    """
    if method == "manual":
        return {node.code: node.weight for node in below}, None
    if method == "ahp" and len(below) > 1:
        judged = [item for item in comparisons if item.node == below[0].parent]
        result = ahp_node(judged, solver=config.solver, ratio_limit=config.ratio_limit)
        return result.weights, result.ratio
    return {node.code: 1.0 for node in below}, None


def stated_weights(index: IndexConfig) -> dict[str, float]:
    """Return every node's weight among its siblings as the file states it.

    Levels that are weighed by the data count as equal.

    Parameters
    ----------
    index : IndexConfig
        The index.

    Returns
    -------
    dict of str to float
        By code; they need not sum to 1. What is marked absent, and a node whose indicators all
        are, has 0.

    Raises
    ------
    InputError
        Comparisons that are too inconsistent.

    Examples
    --------
    >>> index = IndexConfig.model_validate({"id": "demo", "title": "Demo",
    ...     "weight": {"method": "ahp"},
    ...     "comparisons": [{"items": ["a", "b"], "matrix": [[1, 3], ["1/3", 1]]}],
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> {code: round(weight, 9) for code, weight in stated_weights(index).items()}
    {'a': 0.75, 'b': 0.25}
    """
    present = {node.code: node.absent is None for node in index.nodes}
    for parent in inner_nodes(index.nodes):
        present[parent] = any(present[node.code] for node in children(index.nodes, parent))
    judged = judged_weights(index)
    return {code: weight if present[code] else 0.0 for code, weight in judged.items()}


def judged_weights(index: IndexConfig) -> dict[str, float]:
    """Return every node's weight among its siblings as if nothing were absent.

    Otherwise as `stated_weights`.

    Examples
    --------
    >>> index = IndexConfig.model_validate({"id": "demo", "title": "Demo",
    ...     "nodes": [{"code": "a", "title": "A", "weight": 2},
    ...               {"code": "b", "title": "B", "absent": "not published"}]})
    >>> judged_weights(index), stated_weights(index)
    ({'a': 2.0, 'b': 1.0}, {'a': 2.0, 'b': 0.0})
    """
    depth = depths(index.nodes)
    found: dict[str, float] = {}
    problems: list[str] = []
    for parent in inner_nodes(index.nodes):
        method = weight_method(index.weight, depth[parent])
        below = children(index.nodes, parent)
        try:
            found |= sibling_weights(below, method, index.comparisons, index.weight)[0]
        except InputError as error:
            problems += error.problems
    raise_if(problems, InputError)
    return found
