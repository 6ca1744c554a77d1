"""Texts in Chinese and English: pairs, lists of names, numbers, plurals."""

from __future__ import annotations

from collections.abc import Sequence

from regional_atlas.model import Text

__all__ = [
    "Pair",
    "english_list",
    "number",
    "of_text",
    "pair",
    "percent",
    "plural",
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


def of_text(text: Text) -> Pair:
    """Turn a text of the project file into a pair."""
    return pair(text.zh, text.en)


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


def number(value: float, digits: int = 0) -> str:
    """Write a number with thousands separators, and at least two significant digits below one.

    Examples
    --------
    >>> number(12345.6), number(3.14159, 2), number(0.01234, 1), number(0.0, 1), number(-2.0, 1)
    ('12,346', '3.14', '0.012', '0.0', '-2.0')
    """
    if 0 < abs(value) < 1:
        while digits < 6 and abs(value) < 10.0 ** (1 - digits):
            digits += 1
    return f"{value:,.{digits}f}"


def percent(share: float) -> str:
    """Write a share as a percentage, with one digit where it is not whole.

    Examples
    --------
    >>> percent(0.575), percent(0.5), percent(0.0004), percent(1.0)
    ('57.5%', '50%', '0.04%', '100%')
    """
    digits = 1 if abs(share) >= 0.001 or share == 0 else 2
    return f"{100 * share:,.{digits}f}".removesuffix(".0") + "%"


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
