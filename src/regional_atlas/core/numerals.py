"""How a language writes numbers: the one definition that the build and the page share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from regional_atlas.core.catalogues import locale_of, written

__all__ = [
    "Bound",
    "Count",
    "Fixed",
    "Numerals",
    "Percent",
    "Year",
    "bound",
    "number",
    "numerals",
    "percent",
]

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Numerals:
    """Signs and names with which a language writes numbers.

    Attributes
    ----------
    decimal, group : str
        Between whole and part, and between thousands.
    least_group : int
        Digits that the first group must have: 2 where 1234 stays 1234.
    percent : str
        What follows the number of a percentage, its space included.
    digits : str
        The ten digits.
    unit_gap : str
        Between a number and its unit.
    scales : sequence of (float, str)
        Names of large numbers, the largest first, with the space before them.
    """

    decimal: str
    group: str
    least_group: int
    percent: str
    digits: str
    unit_gap: str
    scales: tuple[tuple[float, str], ...]


@cache
def numerals(lang: str) -> Numerals:
    r"""Look up how a language writes numbers (CLDR, through Babel).

    Examples
    --------
    >>> found = numerals("fr")
    >>> found.decimal, found.group, found.percent
    (',', '\u202f', '\u202f%')
    >>> numerals("zh").scales[0]
    (1000000000000.0, '万亿')
    """
    locale = locale_of(lang)
    system = locale.default_numbering_system
    zero = _ZEROS.get(system)
    signs = locale.number_symbols["latn" if zero is None else system]
    named = written("number-scales", lang, lambda _: {})
    scales = [entry.strip().split("=") for entry in named.split(";")]
    pattern = locale.percent_formats[None].pattern
    space = pattern.removesuffix("%").removeprefix("%")[-1:]
    percent = re.sub(r"[\u200e\u200f\u061c]", "", str(signs["percentSign"]))
    return Numerals(
        decimal=str(signs["decimal"]),
        group=str(signs["group"]),
        least_group=2 if locale.language in _TWO else 1,
        percent=("\u202f" if space.isspace() else "") + percent,
        digits="".join(chr((zero or ord("0")) + digit) for digit in range(10)),
        unit_gap=written("unit-gap", lang, lambda _: {}),
        scales=tuple((float(size), name.replace("_", "\u00a0")) for size, name in scales),
    )


_ZEROS = {"arab": 0x660, "arabext": 0x6F0, "beng": 0x9E6, "deva": 0x966, "mymr": 0x1040}
"""Zeros of the digits that some languages use by default; every other uses Latin ones."""

_TWO = {"es", "pl", "pt", "bg", "it", "ca", "hu", "et", "lv"}
"""Languages that group from five digits on (CLDR's minimumGroupingDigits, which Babel lacks)."""


def number(value: float, digits: int = 0, power: int = 0, *, lang: str) -> str:
    r"""Write a number with grouped thousands, and at least two significant digits below one.

    `power` is the power of ten that it is multiplied by: the digits after the point shrink or grow
    with it. Halves are rounded away from zero. `exact` of the page's script writes the same.

    Examples
    --------
    >>> [number(*given, lang="en") for given in ((12345.6,), (3.14159, 2), (0.01234, 1), (-2.0, 1))]
    ['12,346', '3.14', '0.012', '−2.0']
    >>> number(4276.84, 1, lang="en"), number(4276.84, 1, power=-1, lang="en")
    ('4,276.8', '427.68')
    >>> number(45.27, 1, power=4, lang="en")
    '453,000'
    >>> number(4276.84, 1, lang="fr")
    '4\u202f276,8'
    """
    if 0 < abs(value) < 1:
        while digits < 6 and abs(value) < 10.0 ** (1 - digits):
            digits += 1
    shown = _EXACT.scaleb(rounded(value, digits), power)
    text = f"{shown:,.{max(0, digits - power)}f}"
    # A whole number needs no zeros that only its unit adds.
    text = text.rstrip("0").rstrip(".") if digits == 0 and "." in text else text
    return _signed(text, numerals(lang))


def percent(share: float, *, lang: str) -> str:
    r"""Write a share as a percentage, with one digit where it is not whole.

    Examples
    --------
    >>> [percent(share, lang="en") for share in (0.575, 0.5, 0.0004, 1.0)]
    ['57.5%', '50%', '0.04%', '100%']
    >>> percent(0.575, lang="fr")
    '57,5\u202f%'
    """
    digits = 1 if abs(share) >= 0.001 or share == 0 else 2
    signs = numerals(lang)
    return _signed(f"{rounded(100 * share, digits):,f}".removesuffix(".0"), signs) + signs.percent


def rounded(value: float, digits: int) -> Decimal:
    """Round a number as it is written, halves away from zero; a zero has no sign.

    Examples
    --------
    >>> rounded(0.125, 2), rounded(-0.04, 1), rounded(562949953421.5334, 3)
    (Decimal('0.13'), Decimal('0.0'), Decimal('562949953421.533'))
    """
    return _EXACT.plus(_EXACT.quantize(Decimal(repr(float(value))), Decimal(1).scaleb(-digits)))


def _signed(text: str, signs: Numerals) -> str:
    """Write an English number with the signs and digits of a language."""
    whole, point, part = text.replace("-", "−").partition(".")
    if len(whole.lstrip("−").split(",")[0]) < signs.least_group and whole.count(",") == 1:
        whole = whole.replace(",", "")
    said = whole.replace(",", signs.group) + (signs.decimal + part if point else "")
    return _in_digits(said, signs)


def _in_digits(text: str, signs: Numerals) -> str:
    return text.translate(dict(zip(range(48, 58), signs.digits, strict=True)))


def bound(value: float, power: int = 0, *, lang: str) -> str:
    """Write a number that was given: all its digits, no zeros after the point.

    Examples
    --------
    >>> bound(-2.50, lang="en"), bound(100000.0, lang="en"), bound(0.5, 4, lang="zh")
    ('−2.5', '100,000', '5,000')
    """
    given = Decimal(repr(float(value))).scaleb(power).normalize()
    return _signed(f"{given:,f}", numerals(lang))


@dataclass(frozen=True)
class Bound:
    """A number that was given, to be written in a language.

    Attributes
    ----------
    value : float
    powers : callable, optional
        Gives the power of ten that it is multiplied by in a language.
    sign : str
        Before the number.
    """

    value: float
    powers: Callable[[str], int] | None = None
    sign: str = ""

    def in_(self, lang: str) -> str:
        """Write the number."""
        return self.sign + bound(self.value, self.powers(lang) if self.powers else 0, lang=lang)


@dataclass(frozen=True)
class Year:
    """A year, or the first and last of a run, to be written in a language: never grouped."""

    value: int
    until: int | None = None

    def in_(self, lang: str) -> str:
        """Write the year or the years."""
        years = [self.value] if self.until in (None, self.value) else [self.value, self.until]
        return _in_digits("–".join(map(str, years)), numerals(lang))


@dataclass(frozen=True)
class Fixed:
    """A correlation or a probability, to be written with a number of digits.

    Examples
    --------
    >>> Fixed(0.684).in_("en"), Fixed(-0.126).in_("fr")
    ('0.68', '−0,13')
    """

    value: float
    digits: int = 2

    def in_(self, lang: str) -> str:
        """Write the number."""
        return _signed(f"{rounded(self.value, self.digits):,f}", numerals(lang))


@dataclass(frozen=True)
class Count:
    """A whole number, or one with digits, to be written in a language."""

    value: float
    digits: int = 0

    def in_(self, lang: str) -> str:
        """Write the number."""
        return number(self.value, self.digits, lang=lang)


@dataclass(frozen=True)
class Percent:
    """A share, to be written as a percentage."""

    share: float

    def in_(self, lang: str) -> str:
        """Write the percentage."""
        return percent(self.share, lang=lang)

    @classmethod
    def of_part(cls, share: float) -> Percent:
        """Take a share below 1, which is not to be written as 100%.

        Examples
        --------
        >>> Percent.of_part(0.9999).in_("en"), Percent.of_part(0.25).in_("en")
        ('99.9%', '25%')
        """
        return cls(min(share, 0.999))
