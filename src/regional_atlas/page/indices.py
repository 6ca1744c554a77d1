"""Computed indices as the page computes them again when a reader moves their weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.config.index import IndexConfig, NodeConfig, leaves
from regional_atlas.config.index.methods import AGGREGATIONS, NORMALISATIONS
from regional_atlas.config.index.steps import ImputeConfig, ScreenConfig, TreatConfig
from regional_atlas.config.project import Project
from regional_atlas.core.long_tables import last_values
from regional_atlas.core.registry import Registry
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.format import (
    Column,
    Index,
    IndexAggregation,
    IndexMethods,
    IndexNode,
    IndexNormalisation,
    Named,
)

__all__ = ["index_columns", "index_methods", "index_specs"]

_DIGITS = range(12, 16)
"""Digits that a raw value may have: twelve are enough for scores equal to 1e-9."""

_OVERRIDES = ("denominator", "goalposts", "target", "impute", "treat", "normalise")


def index_specs(project: Project, tables: AtlasTables) -> list[Index]:
    """Describe the indices whose weights a reader may change.

    An index is one of them when the page can compute it as `scoring` does: with methods that are
    registered as the page's too, weights set by hand, nothing imputed or treated, Fisher–Jenks
    tiers. The others are shown as they are.

    Parameters
    ----------
    project : Project
    tables : AtlasTables

    Returns
    -------
    list of Index
    """
    return [
        _described(ranking, index, tables)
        for ranking, index in _computable(project, tables).items()
    ]


def index_methods() -> IndexMethods:
    """List the methods that the page computes, as their registries have them.

    Examples
    --------
    >>> [method.id for method in index_methods().aggregate]
    ['arithmetic', 'geometric']
    """
    return IndexMethods(
        normalise=_titled(NORMALISATIONS.in_page()), aggregate=_titled(AGGREGATIONS.in_page())
    )


def _titled(methods: Registry) -> list[Named]:
    return [Named(id=name, title=method.title) for name, method in methods.items()]


def index_columns(project: Project, tables: AtlasTables) -> dict[str, dict[str, Column]]:
    """Give the raw values of the indicators of those indices, by ranking and code.

    Values have twelve significant digits; more where fewer would make different values equal.
    """
    computable = _computable(project, tables)
    if not computable:
        return {}
    latest = last_values(tables.indicators, tables.unit_table.index)
    return {
        ranking: {node.code: _column(latest[node.code]) for node in leaves(_present(index))}
        for ranking, index in computable.items()
    }


def _computable(project: Project, tables: AtlasTables) -> dict[str, IndexConfig]:
    known = set(tables.indicators["code"].unique())
    return {
        name: index
        for name, index in project.indices.items()
        if name in tables.scores
        and _plain(index)
        and all(node.code in known for node in leaves(_present(index)))
    }


def _plain(index: IndexConfig) -> bool:
    nodes = _present(index)
    parents = {node.parent for node in nodes} | {node.code for node in leaves(nodes)}
    return (
        index.normalise.method in NORMALISATIONS.in_page()
        and index.aggregate.method in AGGREGATIONS.in_page()
        and not index.aggregate.levels
        and index.weight.method == "manual"
        and not index.weight.levels
        and index.screen == ScreenConfig()
        and index.impute == ImputeConfig()
        and index.treat == TreatConfig()
        and (index.rank.ties, index.rank.group) == ("min", None)
        and (index.tiers.method, index.tiers.goodness) == ("fisher_jenks", None)
        and all(getattr(node, key) is None for node in nodes for key in _OVERRIDES)
        and all(node.code in parents for node in index.nodes if node.absent is None)
    )


def _present(index: IndexConfig) -> list[NodeConfig]:
    return [node for node in index.nodes if node.absent is None]


def _described(ranking: str, index: IndexConfig, tables: AtlasTables) -> Index:
    nodes = _present(index)
    fields = {node.code for node in leaves(nodes)} & set(tables.meta)
    return Index(
        id=ranking,
        title=index.title,
        ranking=ranking,
        nodes=[
            IndexNode(
                code=node.code,
                title=node.title,
                unit=node.unit,
                parent=node.parent,
                weight=node.weight,
                direction=node.direction,
                field=node.code if node.code in fields else None,
            )
            for node in nodes
        ],
        normalise=IndexNormalisation(
            method=index.normalise.method,
            low=index.normalise.low,
            high=index.normalise.high,
        ),
        aggregate=IndexAggregation(
            method=index.aggregate.method,
            availability=index.aggregate.availability,
        ),
        tiers=index.tiers.k,
    )


def _column(values: pd.Series) -> Column:
    exact = values.to_numpy(dtype=np.float64)
    rounded = (np.array([float(f"{v:.{digits}g}") for v in exact.tolist()]) for digits in _DIGITS)
    distinct = np.unique(exact).size
    kept = next((short for short in rounded if np.unique(short).size == distinct), exact).tolist()
    return [
        None if np.isnan(value) else int(value) if value.is_integer() else value for value in kept
    ]
