"""Spatial SQL over the tables of a build: one checked query, run by SedonaDB in its own process.

The names resolve when they are asked for: the process that runs a query loads none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regional_atlas.query.sql.run import check_sql, run_sql
    from regional_atlas.query.sql.views import VIEWS, describe_views

__all__ = ["VIEWS", "check_sql", "describe_views", "run_sql"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "run" if name.endswith("_sql") else "views"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
