"""What a table is and where it comes from, in its `attrs`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pandas as pd

from regional_atlas import __version__

__all__ = ["with_provenance"]

Table = TypeVar("Table", bound="pd.DataFrame | pd.Series")

_LISTED = 5


def with_provenance(
    table: Table,
    what: str,
    *,
    source: str | Sequence[str] | None = None,
    year: int | Sequence[int] | None = None,
) -> Table:
    """Say in a table's `attrs` what it is: `what`, `source`, `year` and `version`.

    They are texts, whole numbers and lists of these, so that every format that keeps `attrs` can
    hold them. What is not known is left out. pandas carries `attrs` along; a frame that is put
    together from others keeps them where all are the same.

    Examples
    --------
    >>> found = with_provenance(pd.DataFrame({"a": [1]}), "scores", source="index 'demo'")
    >>> found.head(1).attrs["what"], sorted(found.attrs)
    ('scores', ['source', 'version', 'what'])
    """
    said = {"what": what, "source": _listed(source), "year": _years(year), "version": __version__}
    table.attrs = {**table.attrs, **{key: value for key, value in said.items() if value}}
    return table


def _listed(source: str | Sequence[str] | None) -> str | None:
    if source is None or isinstance(source, str):
        return source
    named = list(dict.fromkeys(source))
    more = [f"and {len(named) - _LISTED} more"] if len(named) > _LISTED else []
    return ", ".join([*named[:_LISTED], *more])


def _years(year: int | Sequence[int] | None) -> int | list[int] | None:
    if year is None or isinstance(year, int):
        return year
    found = sorted({int(each) for each in year})
    return found[0] if len(found) == 1 else found
