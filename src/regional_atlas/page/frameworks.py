"""The trees of computed indices: what is in them, how much it counts, and what nothing covers."""

from __future__ import annotations

from typing import Literal

from regional_atlas.config.index import (
    STATED,
    IndexConfig,
    NodeConfig,
    children,
    depths,
    judged_weights,
    leaves,
    shares,
    stated_weights,
    weight_method,
)
from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.format import Framework, FrameworkNode, Text
from regional_atlas.page.text import of_text, of_unit, pair, percent

__all__ = ["frameworks", "index_method"]

_SHARE_DIGITS = 4


def frameworks(project: Project, tables: AtlasTables) -> list[Framework]:
    """Describe the tree of every computed ranking.

    Parameters
    ----------
    project : Project
    tables : AtlasTables

    Returns
    -------
    list of Framework
    """
    citation = _citations(project, tables)
    return [
        Framework(
            ranking=ranking,
            title=of_text(index.title),
            note=of_text(index.note),
            nodes=_nodes(index, citation),
        )
        for ranking, index in project.indices.items()
    ]


def _nodes(index: IndexConfig, citation: dict[str, str]) -> list[FrameworkNode]:
    given = shares(index.nodes, judged_weights(index))
    used = shares(index.nodes, stated_weights(index))
    known = _known(index)

    def share(of: dict[str, float], node: NodeConfig) -> float | None:
        return round(of[node.code], _SHARE_DIGITS) if known[node.code] else None

    return [
        FrameworkNode(
            code=node.code,
            title=of_text(node.title),
            unit=of_unit(node.unit),
            parent=node.parent,
            direction=node.direction,
            given=share(given, node),
            share=share(used, node),
            status=_status(node, used[node.code]),
            reason=of_text(node.absent or node.proxy),
            source=of_text(node.source),
            citation=citation.get(node.code),
        )
        for node in index.nodes
    ]


def _status(node: NodeConfig, share: float) -> Literal["used", "proxy", "absent"]:
    if share == 0:
        return "absent"
    return "used" if node.proxy is None else "proxy"


def _known(index: IndexConfig) -> dict[str, bool]:
    """Say whose share the file settles: nowhere above it do the data weigh."""
    depth, found = depths(index.nodes), {"index": True}
    for parent in sorted(depth, key=lambda code: depth[code]):
        stated = weight_method(index.weight, depth[parent]) in STATED
        for node in children(index.nodes, parent):
            found[node.code] = found[parent] and stated
    return found


def _citations(project: Project, tables: AtlasTables) -> dict[str, str]:
    """Name the source of each indicator: of the build, or of a table that waits for its file."""
    declared: dict[str, str] = {}
    for name, table in project.config.indicators.items():
        declared |= {column.code: name for column in table.columns}
        declared |= {ratio.code: name for ratio in table.derived}
    return declared | {code: meta.citation for code, meta in tables.meta.items() if meta.citation}


_NORMALISE = {
    "percentile_rank": pair("百分位秩", "percentile rank"),
    "min_max": pair("极差标准化", "min–max"),
    "z_score": pair("Z 分数", "z-score"),
    "goalposts": pair("固定端点", "goalposts"),
    "rank": pair("名次", "rank"),
}
_AGGREGATE = {
    "arithmetic": pair("加权算术平均", "weighted arithmetic mean"),
    "geometric": pair("加权几何平均", "weighted geometric mean"),
    "harmonic": pair("加权调和平均", "weighted harmonic mean"),
    "median": pair("中位数", "median"),
}


def _method(titles: dict[str, Text], method: str) -> Text:
    name = method.replace("_", " ")
    return titles.get(method, pair(name, name))


def index_method(index: IndexConfig) -> Text:
    """Say in words what an index file says: normalisation, weights, aggregation."""
    share = shares(index.nodes, stated_weights(index))
    scored = [node for node in leaves(index.nodes) if share[node.code] > 0]

    def weights(lang: str, reversed_mark: str, comma: str) -> str:
        return comma.join(
            f"{node.title.in_(lang)}{reversed_mark if node.direction < 0 else ''} "
            f"{percent(share[node.code])}"
            for node in scored
        )

    normalise = _method(_NORMALISE, index.normalise.method)
    aggregate = _method(_AGGREGATE, index.aggregate.method)
    least = percent(index.aggregate.availability)
    return pair(
        f"标准化：{normalise.zh}；合成：{aggregate.zh}；"
        f"权重：{weights('zh', '（−）', '、')}；可用权重低于 {least} 的不计",
        f"normalised by {normalise.en}, aggregated by {aggregate.en}; weights: "
        f"{weights('en', ' (−)', ', ')}; none where less than {least} of the weight is available",
    )
