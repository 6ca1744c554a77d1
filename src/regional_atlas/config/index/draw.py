"""An index tree drawn as text."""

from __future__ import annotations

from collections.abc import Mapping

from regional_atlas.config.index.file import IndexConfig
from regional_atlas.config.index.nodes import NodeConfig
from regional_atlas.config.index.tree import children, shares
from regional_atlas.config.index.weights import judged_weights, stated_weights
from regional_atlas.core.texts import Text

__all__ = ["draw_tree", "stated_weights"]


def draw_tree(
    index: IndexConfig,
    weights: Mapping[str, float] | None = None,
    language: str = "en",
) -> str:
    """Draw the tree of an index, one node a line, with weights and marks.

    Parameters
    ----------
    index : IndexConfig
        The index.
    weights : mapping of str to float, optional
        By code, among siblings; those of the file by default. Absent nodes have 0.
    language : str
        Of titles and units.

    Returns
    -------
    str
        Each line: code, title, share of the whole index, direction where less is better, unit,
        denominator, and the reason where the node is a proxy or absent. What is absent shows the
        weight among its siblings that was judged for it, and that they share.

    Examples
    --------
    >>> index = IndexConfig.model_validate({"id": "demo", "title": "Demo", "nodes": [
    ...     {"code": "economy", "title": "Economy", "weight": 3},
    ...     {"code": "gdp", "title": "Output", "parent": "economy", "denominator": "people"},
    ...     {"code": "rd", "title": "R&D", "parent": "economy", "absent": "not published"},
    ...     {"code": "debt", "title": "Debt", "direction": -1}]})
    >>> print(draw_tree(index))
    demo  Demo
    ├─ economy  Economy  75.0 %
    │  ├─ gdp  Output  75.0 %  ÷ people
    │  └─ rd  R&D  absent, judged 50.0 % among its siblings: not published
    └─ debt  Debt  25.0 %  less is better
    """
    share = shares(index.nodes, weights if weights is not None else stated_weights(index))
    judged = judged_weights(index)
    lines = [f"{index.id}  {index.title.in_(language)}"]

    def visit(parent: str, indent: str) -> None:
        below = children(index.nodes, parent)
        total = sum(judged[node.code] for node in below)
        for i, node in enumerate(below):
            last = i == len(below) - 1
            line = _line(node, share, judged[node.code] / total, language)
            lines.append(f"{indent}{'└─' if last else '├─'} {line}")
            visit(node.code, indent + ("   " if last else "│  "))

    visit("index", "")
    return "\n".join(lines)


def _line(node: NodeConfig, share: Mapping[str, float], judged: float, language: str) -> str:
    def text(value: Text) -> str:
        return value.in_(language)

    parts = [node.code, text(node.title)]
    absent = f"absent, judged {_percent(judged)} among its siblings"
    if node.absent is not None:
        return "  ".join([*parts, f"{absent}: {text(node.absent)}"])
    parts.append(_percent(share[node.code]) if share[node.code] else absent)
    if node.direction < 0:
        parts.append("less is better")
    if node.denominator:
        parts.append(f"÷ {node.denominator}")
    if node.unit:
        parts.append(f"[{text(node.unit)}]")
    if node.proxy is not None:
        parts.append(f"proxy: {text(node.proxy)}")
    return "  ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
