"""Screening: units with too little data are kept in the table, without values."""

from __future__ import annotations

import pandas as pd

__all__ = ["data_availability", "screen"]


def data_availability(
    data: pd.DataFrame, *, availability: float = 0.0, nonzero: float = 0.0
) -> pd.DataFrame:
    """Count what each unit has of the data that other units have.

    An indicator that no unit has a value for does not count: `available` is the unit's number of
    values over the number of indicators with any value, `nonzero` the share of its values that are
    not 0 (missing where it has none).

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    availability, nonzero : float
        The least shares; `included` says whether the unit reaches both.

    Returns
    -------
    DataFrame
        `values`, `available`, `nonzero`, `included`, on the index of `data`.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, None], "b": [0.0, 2.0], "c": [None, None]})
    >>> data_availability(data, availability=0.6)["included"].tolist()
    [True, False]
    """
    present = data.notna()
    values = present.sum(axis=1)
    held = int(present.any().sum())
    available = values / max(held, 1)
    filled = (present & (data != 0)).sum(axis=1) / values.where(values > 0)
    included = (available >= availability - 1e-12) & (filled.fillna(0) >= nonzero - 1e-12)
    return pd.DataFrame(
        {"values": values, "available": available, "nonzero": filled, "included": included}
    )


def screen(data: pd.DataFrame, *, availability: float = 0.0, nonzero: float = 0.0) -> pd.DataFrame:
    """Blank out the units with too little data (COINr's `Screen`, no row lost).

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    availability, nonzero : float
        As in `data_availability`.

    Returns
    -------
    DataFrame
        `data`, every value of an excluded unit missing.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, None], "b": [0.0, 2.0]})
    >>> screen(data, availability=0.6)["b"].tolist()
    [0.0, nan]
    """
    included = data_availability(data, availability=availability, nonzero=nonzero)["included"]
    return data.where(included, axis=0)
