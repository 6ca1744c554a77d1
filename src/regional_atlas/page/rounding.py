"""Rounding of what a page holds."""

from __future__ import annotations

import math

from regional_atlas.core.numerals import rounded

__all__ = ["SIGNIFICANT", "round_significant"]

SIGNIFICANT = 6
"""Digits of a value."""


def round_significant(
    value: float, digits: int = SIGNIFICANT, decimals: int | None = None, shown: int | None = None
) -> float | None:
    """Round to significant digits, and to decimals; a value that is not a number becomes None.

    Whole numbers lose their point, so that they take less room.

    Parameters
    ----------
    value : float
    digits : int
        Significant ones.
    decimals : int, optional
        The most that are kept.
    shown : int, optional
        The decimals that a reader is shown: these are kept whatever `digits` says, so that no
        number on the page ends in zeros that it does not have.

    Examples
    --------
    >>> round_significant(1109355.26), round_significant(1109355.26, shown=0)
    (1109360, 1109355)
    >>> round_significant(1234.56789), round_significant(0.000123456789), round_significant(5.0)
    (1234.57, 0.000123457, 5)
    >>> round_significant(0.0123456, decimals=3)
    0.012
    >>> round_significant(float("nan")) is None
    True
    """
    if not math.isfinite(value):
        return None
    kept = float(f"{value:.{digits}g}")
    if decimals is not None:
        kept = round(kept, decimals)
    if shown is not None and _as_shown(kept, shown) != (seen := _as_shown(value, shown)):
        kept = math.copysign(seen / 10.0**shown, value)
    return int(kept) if kept.is_integer() and abs(kept) < 2**53 else kept


def _as_shown(value: float, decimals: int) -> int:
    """Give the digits that a page shows of a number, without its point; halves go up."""
    scaled = abs(value) * 10.0**decimals
    if abs(scaled % 1 - 0.5) > _NEAR * scaled:
        return math.floor(scaled + 0.5)
    return int(rounded(abs(value), decimals).scaleb(decimals))


_NEAR = 2.0**-50
"""So near to a half, as a share of the number, binary digits do not tell up from down."""
