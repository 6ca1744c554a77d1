"""Texts in Chinese and English: pairs, lists of names, numbers, plurals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from regional_atlas.core import numerals, texts
from regional_atlas.core.texts import Said
from regional_atlas.page.format import Language, Powers, Text, Unit

__all__ = [
    "NO_UNIT",
    "coefficient",
    "english_list",
    "in_language",
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

NO_UNIT = Unit(zh="", en="")
"""Of a bare number."""


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


@overload
def of_text(text: Said) -> Text: ...


@overload
def of_text(text: None) -> None: ...


def of_text(text: Said | None) -> Text | None:
    """Write what a project or a catalogue says in the languages of the page.

    Examples
    --------
    >>> of_text(texts.Text("km²")), of_text(None)
    (Text(zh='km²', en='km²'), None)
    """
    return None if text is None else pair(text.in_("zh"), text.in_("en"))


@overload
def of_unit(unit: texts.Unit) -> Unit: ...


@overload
def of_unit(unit: None) -> None: ...


def of_unit(unit: texts.Unit | None) -> Unit | None:
    """Give a unit of the project file as the page reads it: with powers of ten where it has any.

    Examples
    --------
    >>> of_unit(texts.Unit(zh="人", en="people"))
    Unit(zh='人', en='people', power=None)
    >>> of_unit(texts.Unit(zh="万人", en="people", scale={"en": 10000})).power
    Powers(zh=0, en=4)
    """
    if unit is None:
        return None
    powers = Powers(zh=unit.power("zh"), en=unit.power("en"))
    scaled = powers != Powers(zh=0, en=0)
    return Unit(zh=unit.in_("zh"), en=unit.in_("en"), power=powers if scaled else None)


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
