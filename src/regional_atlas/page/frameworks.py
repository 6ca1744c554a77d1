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
from regional_atlas.config.index.methods import AGGREGATIONS, NORMALISATIONS
from regional_atlas.config.project import Project
from regional_atlas.core.catalogues import ENGLISH, message_ids
from regional_atlas.core.numerals import Percent
from regional_atlas.core.registry import Registry
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Joined, Message, Said
from regional_atlas.page.format import Framework, FrameworkNode

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
            title=index.title,
            note=index.note,
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
            title=node.title,
            unit=node.unit,
            parent=node.parent,
            direction=node.direction,
            given=share(given, node),
            share=share(used, node),
            status=_status(node, used[node.code]),
            reason=node.absent or node.proxy,
            source=node.source,
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


def index_method(index: IndexConfig) -> Said:
    """Say in words what an index file says: normalisation, weights, aggregation."""
    share = shares(index.nodes, stated_weights(index))
    scored = [node for node in leaves(index.nodes) if share[node.code] > 0]
    weights = [
        Message(
            "index-weight",
            {
                "title": node.title,
                "direction": "less" if node.direction < 0 else "more",
                "share": Percent(share[node.code]),
            },
        )
        for node in scored
    ]
    return Message(
        "index-method",
        {
            "normalise": _method(index.normalise.method, NORMALISATIONS),
            "aggregate": _method(index.aggregate.method, AGGREGATIONS),
            "weights": Joined(weights, "comma"),
            "least": Percent(index.aggregate.availability),
        },
    )


def _method(name: str, registry: Registry) -> Said:
    """Name a method within the sentence; as its registry does where no catalogue has more."""
    own = f"index-{name}"
    return Message(own) if own in message_ids(ENGLISH) else registry[name].title
