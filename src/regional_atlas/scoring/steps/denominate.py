"""Denominating: totals made comparable between units of different size."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from regional_atlas.core.errors import AbsentError, raise_if

__all__ = ["denominate"]


def denominate(
    data: pd.DataFrame, sizes: pd.DataFrame, denominators: Mapping[str, str]
) -> pd.DataFrame:
    """Divide indicators by the size of their unit.

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    sizes : DataFrame
        The denominators, on the index of `data`. A size that is missing, 0 or negative leaves the
        indicator missing.
    denominators : mapping of str to str
        Column of `sizes` by indicator; other indicators stay as they are.

    Returns
    -------
    DataFrame

    Raises
    ------
    AbsentError
        When a denominator has no column.

    Examples
    --------
    >>> data = pd.DataFrame({"gdp": [10.0, 20.0, 5.0]})
    >>> sizes = pd.DataFrame({"people": [2.0, 5.0, 0.0]})
    >>> denominate(data, sizes, {"gdp": "people"})["gdp"].tolist()
    [5.0, 4.0, nan]
    """
    raise_if(
        (
            f"indicator {code!r}: denominator {size!r} has no column"
            for code, size in denominators.items()
            if size not in sizes.columns
        ),
        AbsentError,
    )
    divided = {}
    for code, size in denominators.items():
        by = sizes[size].astype("float64")
        divided[code] = data[code] / by.where(by > 0)
    return data.assign(**divided)
