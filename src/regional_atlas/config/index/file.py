"""A whole index file, checked with every fault listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from pydantic import Field, model_validator

from regional_atlas.config.index.comparisons import ComparisonConfig
from regional_atlas.config.index.nodes import DataConfig, NodeConfig
from regional_atlas.config.index.steps import (
    AggregateConfig,
    ImputeConfig,
    NormaliseConfig,
    RankConfig,
    ScreenConfig,
    TiersConfig,
    TreatConfig,
    WeightConfig,
)
from regional_atlas.config.index.tree import children, depths, inner_nodes, leaves
from regional_atlas.config.index.uncertainty import UncertaintyConfig
from regional_atlas.core.model import Identifier, Model, ProblemsError
from regional_atlas.core.texts import Text

__all__ = ["IndexConfig", "tree_problems"]

_RESERVED = {"index", "rank", "tier", "unit_id", "unit", "year", "coverage"}


class IndexConfig(Model):
    """A composite index: its tree and the methods of each step."""

    id: Identifier
    """Of the index."""
    title: Text
    """What a reader calls it."""
    data: DataConfig = DataConfig()
    """Where a data file has what the index needs."""
    screen: ScreenConfig = ScreenConfig()
    """Which units are scored."""
    impute: ImputeConfig = ImputeConfig()
    """How gaps are filled."""
    treat: TreatConfig = TreatConfig()
    """How outliers are treated."""
    normalise: NormaliseConfig = NormaliseConfig()
    """How indicators are put on one scale."""
    weight: WeightConfig = WeightConfig()
    """How siblings are weighed."""
    aggregate: AggregateConfig = AggregateConfig()
    """How children make a node."""
    rank: RankConfig = RankConfig()
    """How scores become ranks."""
    tiers: TiersConfig = TiersConfig()
    """How scores become tiers."""
    uncertainty: UncertaintyConfig | None = None
    """What varies in the draws; without it there are none."""
    comparisons: list[ComparisonConfig] = Field(default_factory=list)
    """Pairwise comparisons, for weights by `ahp`."""
    nodes: list[NodeConfig]
    """The tree: dimensions and indicators."""
    note: Text | None = None
    """A caveat for readers."""

    def __repr__(self) -> str:
        """Name the index and its size."""
        return f"<IndexConfig {self.id!r}: {len(self.nodes)} nodes>"

    def _repr_html_(self) -> str:
        """Show a notebook the tree, with weights."""
        from regional_atlas.config.index.draw import draw_tree

        return f"<pre>{escape(draw_tree(self))}</pre>"

    @model_validator(mode="after")
    def _tree(self) -> IndexConfig:
        problems = tree_problems([(node.code, node.parent) for node in self.nodes])
        if not problems:
            problems += [
                *_indicators(self), *_comparisons(self), *_levels(self), *_uncertain(self),
            ]  # fmt: skip
        if problems:
            raise ProblemsError(problems)
        return self


def tree_problems(nodes: Sequence[tuple[str, str]]) -> list[str]:
    """List what keeps nodes from being a tree under 'index'.

    Parameters
    ----------
    nodes : sequence of (code, parent)
        In the order of the file.

    Examples
    --------
    >>> tree_problems([("a", "index"), ("b", "c")])
    ["node 'b': parent 'c' is not a node; use 'index' for the root"]
    """
    return [*_codes(nodes), *_cycles(dict(nodes))]


def _codes(nodes: Sequence[tuple[str, str]]) -> Iterator[str]:
    codes = [code.lower() for code, _ in nodes]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"code {code!r} stands more than once (case does not count)"
    for code, _ in nodes:
        if code.lower() in _RESERVED:
            yield f"code {code!r} is reserved"
    known = {code for code, _ in nodes} | {"index"}
    for code, parent in nodes:
        if parent not in known:
            yield f"node {code!r}: parent {parent!r} is not a node; use 'index' for the root"
    if not nodes:
        yield "there are no nodes"


def _cycles(parents: dict[str, str]) -> Iterator[str]:
    for start in parents:
        seen, code = {start}, parents[start]
        while code in parents and code != "index":
            if code in seen:
                yield f"node {start!r} lies on a cycle"
                break
            seen.add(code)
            code = parents[code]


def _indicators(index: IndexConfig) -> Iterator[str]:
    found = {node.code for node in leaves(index.nodes)}
    only = ("denominator", "goalposts", "target", "absent", "proxy", "impute", "treat", "normalise")
    for node in index.nodes:
        if node.code not in found:
            for key in only:
                if getattr(node, key) is not None:
                    yield f"node {node.code!r}: {key!r} is for indicators; it has children"
            if node.direction < 0:
                yield f"node {node.code!r}: 'direction' is for indicators; it has children"
            continue
        method = (node.normalise or index.normalise).method
        if node.absent is None and method in ("goalposts", "target") and not getattr(node, method):
            yield f"node {node.code!r} is normalised by {method} and has no {method!r}"
    if all(node.absent is not None for node in leaves(index.nodes)):
        yield "every indicator is absent"


def _comparisons(index: IndexConfig) -> Iterator[str]:
    inner = inner_nodes(index.nodes)
    seen = set()
    for comparison in index.comparisons:
        if comparison.node not in inner:
            yield f"comparisons of {comparison.node!r}: no node with children is called so"
            continue
        wanted = {node.code for node in children(index.nodes, comparison.node)}
        for code in sorted(wanted ^ set(comparison.items)):
            what = "is missing" if code in wanted else "is not a child of the node"
            yield f"comparisons of {comparison.node!r}: item {code!r} {what}"
        if (comparison.node, comparison.expert) in seen:
            yield (
                f"comparisons of {comparison.node!r} by {comparison.expert!r} appear twice; "
                "several experts need different names"
            )
        seen.add((comparison.node, comparison.expert))
    compared = {comparison.node for comparison in index.comparisons}
    depth = depths(index.nodes)
    levels = [level.method for level in index.weight.levels]
    for code in inner:
        method = levels[depth[code]] if depth[code] < len(levels) else index.weight.method
        if method == "ahp" and code not in compared and len(children(index.nodes, code)) > 1:
            yield f"node {code!r} is weighed by ahp and has no comparisons"


def _levels(index: IndexConfig) -> Iterator[str]:
    deepest = max(depths(index.nodes).values())
    for step, levels in (("weight", index.weight.levels), ("aggregate", index.aggregate.levels)):
        if len(levels) > deepest:
            yield f"{step}.levels: {len(levels)} levels for a tree of {deepest}"


def _uncertain(index: IndexConfig) -> Iterator[str]:
    if index.uncertainty is None:
        return
    known = {node.code for node in leaves(index.nodes) if node.absent is None}
    errors = index.uncertainty.error
    for key, named in (
        ("drop", index.uncertainty.drop),
        ("error", errors if isinstance(errors, dict) else ()),
    ):
        for code in named:
            if code not in known:
                yield f"uncertainty.{key}: {code!r} is not an indicator with data"
