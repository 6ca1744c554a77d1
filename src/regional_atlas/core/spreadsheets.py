"""CSV that spreadsheets open without running any of its texts."""

from __future__ import annotations

import csv
import re
from functools import partial
from typing import Any, Literal

import pandas as pd

from regional_atlas.core.signs import storable

__all__ = ["csv_text", "escaped", "restored"]

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula, or one that was escaped before."""


def escaped(text: str) -> str:
    r"""Put an apostrophe before a text that a spreadsheet would take for a formula.

    A text that has apostrophes before such a sign gets one more, so that `restored` gives every
    text back.

    Examples
    --------
    >>> [escaped(text) for text in ("=1+1", "-", "a=b", "'@x", "'s", "＝1")]
    ["'=1+1", "'-", 'a=b', "''@x", "'s", "'＝1"]
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """Give the text that `escaped` was given.

    Examples
    --------
    >>> [restored(text) for text in ("'=1+1", "''@x", "'s", "=1", "a")]
    ['=1+1', "'@x", "'s", '=1', 'a']
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_text(table: pd.DataFrame, *, float_format: str | None = None, raw: bool = False) -> str:
    r"""Write a table as CSV: `\n` at line ends, a missing value as an empty cell.

    A named index is the first column. Numbers stay numbers: only texts are escaped.

    Parameters
    ----------
    table : DataFrame
        Without geometry.
    float_format : str, optional
        Of floats; in full by default.
    raw : bool
        Leave texts as they are, for programs other than spreadsheets.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"name": ["=1+1", "Ash"], "change": [-1, 2]})))
    name,change
    '=1+1,-1
    Ash,2
    """
    named = any(name is not None for name in table.index.names)
    frame = table.reset_index(allow_duplicates=True) if named else table.copy(deep=False)
    changed = storable if raw else _safe
    broken = False
    for at, dtype in enumerate(frame.dtypes):
        if isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(dtype):
            column = frame.iloc[:, at]
            cells = column if pd.api.types.is_object_dtype(dtype) else column.unique()
            texts = {cell: changed(cell) for cell in cells if isinstance(cell, str)}
            broken = broken or any("\r" in text for text in texts.values())
            if any(text != cell for cell, text in texts.items()):
                plain = column.astype("object").map(partial(_exchanged, texts))
                frame.isetitem(at, plain.to_numpy())
    frame.columns = pd.Index([changed(str(name)) for name in frame.columns])
    broken = broken or any("\r" in name for name in frame.columns)
    # Python's writer does not quote a carriage return, which readers take for the end of a line.
    quoting: Literal[0, 1] = csv.QUOTE_ALL if broken else csv.QUOTE_MINIMAL
    text: str = frame.to_csv(
        index=False, float_format=float_format, lineterminator="\n", quoting=quoting
    )
    return text


def _safe(text: str) -> str:
    return escaped(storable(text))


def _exchanged(texts: dict[str, str], cell: Any) -> Any:
    return texts[cell] if isinstance(cell, str) else cell
