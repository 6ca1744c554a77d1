"""Texts in Chinese and English: pairs, lists of names, numbers, plurals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from regional_atlas.core.model import Text
from regional_atlas.page.format import Language, Powers, Unit

if TYPE_CHECKING:
    from regional_atlas.core.model import Unit as UnitConfig

__all__ = [
    "NO_UNIT",
    "coefficient",
    "english_list",
    "in_language",
    "number",
    "of_unit",
    "pair",
    "percent",
    "plural",
    "quantity",
    "sentence",
    "spaced",
]

NO_UNIT = Unit(zh="", en="")
"""Of a bare number."""

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def pair(zh: str, en: str) -> Text:
    """Make a text.

    Examples
    --------
    >>> pair("省级", "province")
    Text(zh='省级', en='province')
    """
    return Text(zh=zh, en=en)


def in_language(text: Text, lang: Language) -> str:
    """Give a text in one language.

    Examples
    --------
    >>> in_language(pair("省级", "province"), "en")
    'province'
    """
    return text.zh if lang == "zh" else text.en


def of_unit(unit: UnitConfig) -> Unit:
    """Give a unit of the project file as the page reads it: with powers of ten where it has any.

    Examples
    --------
    >>> from regional_atlas.core.model import Unit
    >>> of_unit(Unit(zh="人", en="people"))
    Unit(zh='人', en='people', power=None)
    >>> of_unit(Unit(zh="万人", en="people", scale={"en": 10000})).power
    Powers(zh=0, en=4)
    """
    powers = Powers(**unit.powers())
    return Unit(zh=unit.zh, en=unit.en, power=None if powers == Powers(zh=0, en=0) else powers)


def english_list(names: Sequence[str]) -> str:
    """Join names the English way.

    Examples
    --------
    >>> english_list(["a"]), english_list(["a", "b"]), english_list(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def plural(word: str, count: int) -> str:
    """Give an English noun the ending that a count asks for.

    Examples
    --------
    >>> plural("province", 1), plural("province", 3), plural("county", 0), plural("census tract", 2)
    ('province', 'provinces', 'counties', 'census tracts')
    """
    if count == 1:
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def number(value: float, digits: int = 0, power: int = 0) -> str:
    """Write a number with thousands separators, and at least two significant digits below one.

    `power` is the power of ten that it is multiplied by: the digits after the point shrink or grow
    with it. Halves are rounded away from zero. `exact` of the page's script writes the same.

    Examples
    --------
    >>> number(12345.6), number(3.14159, 2), number(0.01234, 1), number(0.0, 1), number(-2.0, 1)
    ('12,346', '3.14', '0.012', '0.0', '−2.0')
    >>> number(4276.84, 1), number(4276.84, 1, power=-1), number(45.27, 1, power=4)
    ('4,276.8', '427.68', '453,000')
    """
    if 0 < abs(value) < 1:
        while digits < 6 and abs(value) < 10.0 ** (1 - digits):
            digits += 1
    shown = _EXACT.scaleb(_rounded(value, digits), power)
    text = f"{shown:,.{max(0, digits - power)}f}".replace("-", "−")
    # A whole number needs no zeros that only its unit adds.
    return text.rstrip("0").rstrip(".") if digits == 0 and "." in text else text


def _rounded(value: float, digits: int) -> Decimal:
    """Round halves away from zero; nothing is left of the sign of a zero."""
    return _EXACT.plus(_EXACT.quantize(Decimal(repr(float(value))), Decimal(1).scaleb(-digits)))


def coefficient(value: float) -> str:
    """Write a correlation or an index of one with two digits.

    Examples
    --------
    >>> coefficient(0.684), coefficient(-0.126)
    ('0.68', '−0.13')
    """
    return f"{value:.2f}".replace("-", "−")


def quantity(values: Sequence[float], digits: int, unit: Unit) -> Text:
    """Write a value, or the ends of a range, with its unit.

    Examples
    --------
    >>> bn = Unit(zh="亿元", en="bn yuan", power=Powers(zh=0, en=-1))
    >>> quantity([4276.84], 1, bn)
    Text(zh='4,276.8 亿元', en='427.68 bn yuan')
    >>> quantity([2.04, 7.0], 1, Unit(zh="%", en="%")), quantity([3, 3], 0, NO_UNIT)
    (Text(zh='2.0–7.0%', en='2.0–7.0%'), Text(zh='3', en='3'))
    """
    powers = unit.power or Powers(zh=0, en=0)

    def written(name: str, power: int) -> str:
        ends = "–".join(dict.fromkeys(number(value, digits, power) for value in values))
        gap = "" if unit.en.startswith("%") or not name else " "
        return f"{ends}{gap}{name}"

    return pair(written(unit.zh, powers.zh), written(unit.en, powers.en))


def percent(share: float) -> str:
    """Write a share as a percentage, with one digit where it is not whole.

    Examples
    --------
    >>> percent(0.575), percent(0.5), percent(0.0004), percent(1.0)
    ('57.5%', '50%', '0.04%', '100%')
    """
    digits = 1 if abs(share) >= 0.001 or share == 0 else 2
    return f"{_rounded(100 * share, digits):,f}".removesuffix(".0").replace("-", "−") + "%"


def spaced(text: str) -> str:
    """Add a space where Chinese text follows a figure or a Latin letter.

    Examples
    --------
    >>> spaced("5%"), spaced("3 亿元")
    ('5% ', '3 亿元')
    """
    return text + " " if text[-1:].isascii() or text[-1:] in "⁻¹²³" else text


def sentence(clauses: Sequence[Text | None]) -> Text:
    """Join clauses to one sentence in each language, leaving out those that are None.

    Examples
    --------
    >>> sentence([pair("甲居首", "A leads"), None, pair("乙次之", "B follows")])
    Text(zh='甲居首；乙次之。', en='A leads; B follows.')
    >>> sentence([None])
    Text(zh='', en='')
    """
    held = [clause for clause in clauses if clause is not None]
    if not held:
        return pair("", "")
    english = "; ".join(clause.en for clause in held)
    return pair(
        "；".join(clause.zh for clause in held) + "。",
        english[0].upper() + english[1:] + ".",
    )
