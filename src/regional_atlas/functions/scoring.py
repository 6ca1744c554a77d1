"""A composite index of whatever says it: a file, a dict, or one built in Python."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config.index import IndexConfig, leaves
from regional_atlas.config.project import index_from, read_index
from regional_atlas.core.arguments import a_path, an_instance, shown, wrong
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.provenance import with_provenance
from regional_atlas.scoring import index as inner

__all__ = ["score"]


def score(frame: pd.DataFrame, index: Any) -> inner.IndexResult:
    """Compute a composite index: scores, ranks, tiers and every table between.

    Parameters
    ----------
    frame : DataFrame
        One row a unit, on any index without repeats; or an index of unit and `year`, which is
        ranked within each year. A column for each indicator under its code, for each denominator
        and group that the index names. Missing values are filled only where the index says so.
    index : path, dict or IndexConfig
        An index file (docs/reference/index-toml.md), the same as a dict, or one built in Python.

    Returns
    -------
    IndexResult
        `scores`: a column for each node by its code, `index`, `rank`, `tier`; `weights`,
        `normalised`, `raw`, `data_shares` and the other tables, on the index of `frame`.

    Raises
    ------
    ConfigError
        The index says something that it may not.
    DataError
        Columns are missing or hold something other than numbers.
    InputError
        A wrong argument, or a method that does not take the values.

    Examples
    --------
    >>> data = pd.DataFrame({"gdp": [1.0, 3.0, 2.0], "dust": [5.0, 1.0, 3.0]}, index=list("xyz"))
    >>> index = {"id": "demo", "title": "Demo", "tiers": {"k": 2}, "nodes": [
    ...     {"code": "gdp", "title": "GDP"}, {"code": "dust", "title": "Dust", "direction": -1}]}
    >>> score(data, index).scores["rank"].to_dict()
    {'x': 3, 'y': 1, 'z': 2}
    """
    an_instance("frame", frame, pd.DataFrame, "a DataFrame with a column for each indicator")
    spec = _index(index)
    twice = frame.columns[frame.columns.duplicated()].unique()
    problems = [f"column {name!r} stands more than once" for name in twice]
    labels = frame.index[frame.index.duplicated()].unique()
    problems += [f"{label!r} stands more than once in the index" for label in labels]
    if not len(frame):
        problems.append("has no rows")
    wanted = {node.code for node in leaves(spec.nodes) if node.absent is None}
    wanted |= {node.denominator for node in leaves(spec.nodes) if node.denominator is not None}
    for name in frame.columns:
        if name in wanted and name not in twice:
            odd = [v for v in frame[name].dropna() if not isinstance(v, int | float | np.number)]
            if odd:
                problems.append(f"column {name!r} holds {shown(odd[0])}, which is not a number")
            elif np.isinf(frame[name].astype("float64")).any():
                problems.append(f"column {name!r} holds infinite values")
    lacking = {node.denominator for node in leaves(spec.nodes)} - {None, *frame.columns}
    problems += [f"denominator {name!r} has no column" for name in sorted(map(str, lacking))]
    raise_if(problems, DataError, "frame")
    found = inner.score(frame, spec)
    for name, table in found.tables.items():
        with_provenance(table, f"{name} of an index", source=f"index {spec.id!r}")
    return found


def _index(value: Any) -> IndexConfig:
    if isinstance(value, IndexConfig):
        return value
    if isinstance(value, str | os.PathLike):
        return read_index(a_path("index", value))
    if isinstance(value, Mapping):
        return index_from(dict(value), where="index")
    raise wrong("index", value, "the path of an index file, a dict or an IndexConfig")
