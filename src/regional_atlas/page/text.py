"""Texts in Chinese and English: pairs, lists of names, numbers, plurals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regional_atlas.core import numerals
from regional_atlas.core.texts import Said, Unit

__all__ = [
    "Pair",
    "coefficient",
    "english_list",
    "number",
    "of_text",
    "of_unit",
    "pair",
    "percent",
    "plural",
    "quantity",
    "sentence",
    "spaced",
]

Pair = dict[str, str]
"""A text as the page reads it: `{"zh": …, "en": …}`."""


def pair(zh: str, en: str) -> Pair:
    """Make a pair.

    Examples
    --------
    >>> pair("省级", "province")
    {'zh': '省级', 'en': 'province'}
    """
    return {"zh": zh, "en": en}


def of_text(text: Said) -> Pair:
    """Turn a text of the project file into a pair."""
    return pair(text.in_("zh"), text.in_("en"))


def of_unit(unit: Unit) -> dict[str, Any]:
    """Turn a unit into a pair, with the powers of ten of its languages where there are any.

    Examples
    --------
    >>> of_unit(Unit(zh="人", en="people"))
    {'zh': '人', 'en': 'people'}
    >>> of_unit(Unit(zh="万人", en="people", scale={"en": 10000}))
    {'zh': '万人', 'en': 'people', 'power': {'zh': 0, 'en': 4}}
    """
    text, powers = of_text(unit), {lang: unit.power(lang) for lang in ("zh", "en")}
    return {**text, "power": powers} if any(powers.values()) else {**text}


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
    """Write a number as Chinese and English both do; see `core.numerals.number`."""
    return numerals.number(value, digits, power, lang="en")


def coefficient(value: float) -> str:
    """Write a correlation or an index of one with two digits.

    Examples
    --------
    >>> coefficient(0.684), coefficient(-0.126)
    ('0.68', '−0.13')
    """
    return f"{value:.2f}".replace("-", "−")


def quantity(values: Sequence[float], digits: int, unit: dict[str, Any]) -> Pair:
    """Write a value, or the ends of a range, with its unit as `of_unit` gives it.

    Examples
    --------
    >>> quantity([4276.84], 1, {"zh": "亿元", "en": "bn yuan", "power": {"zh": 0, "en": -1}})
    {'zh': '4,276.8 亿元', 'en': '427.68 bn yuan'}
    >>> quantity([2.04, 7.0], 1, {"zh": "%", "en": "%"}), quantity([3, 3], 0, {"zh": "", "en": ""})
    ({'zh': '2.0–7.0%', 'en': '2.0–7.0%'}, {'zh': '3', 'en': '3'})
    """
    written = {}
    for lang in ("zh", "en"):
        power = unit["power"][lang] if "power" in unit else 0
        ends = "–".join(dict.fromkeys(number(value, digits, power) for value in values))
        gap = "" if unit["en"].startswith("%") or not unit[lang] else " "
        written[lang] = f"{ends}{gap}{unit[lang]}"
    return pair(written["zh"], written["en"])


def percent(share: float) -> str:
    """Write a share as Chinese and English both do; see `core.numerals.percent`."""
    return numerals.percent(share, lang="en")


def spaced(text: str) -> str:
    """Add a space where Chinese text follows a figure or a Latin letter.

    Examples
    --------
    >>> spaced("5%"), spaced("3 亿元")
    ('5% ', '3 亿元')
    """
    return text + " " if text[-1:].isascii() or text[-1:] in "⁻¹²³" else text


def sentence(clauses: Sequence[Pair | None]) -> Pair:
    """Join clauses to one sentence in each language, leaving out those that are None.

    Examples
    --------
    >>> sentence([pair("甲居首", "A leads"), None, pair("乙次之", "B follows")])
    {'zh': '甲居首；乙次之。', 'en': 'A leads; B follows.'}
    >>> sentence([None])
    {'zh': '', 'en': ''}
    """
    held = [clause for clause in clauses if clause is not None]
    if not held:
        return pair("", "")
    english = "; ".join(clause["en"] for clause in held)
    return pair(
        "；".join(clause["zh"] for clause in held) + "。",
        english[0].upper() + english[1:] + ".",
    )
