"""Rounding of what a page holds."""

from __future__ import annotations

import math

__all__ = ["SIGNIFICANT", "round_significant"]

SIGNIFICANT = 6
"""Digits of a value."""


def round_significant(
    value: float, digits: int = SIGNIFICANT, decimals: int | None = None
) -> float | None:
    """Round to significant digits, and to decimals; a value that is not a number becomes None.

    Whole numbers lose their point, so that they take less room.

    Examples
    --------
    >>> round_significant(1234.56789), round_significant(0.000123456789), round_significant(5.0)
    (1234.57, 0.000123457, 5)
    >>> round_significant(0.0123456, decimals=3)
    0.012
    >>> round_significant(float("nan")) is None
    True
    """
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits}g}")
    if decimals is not None:
        rounded = round(rounded, decimals)
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded
