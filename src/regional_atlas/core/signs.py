"""Which signs of a text may go where: to a terminal, into a file, into a message."""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "control",
    "for_xml",
    "in_brief",
    "line_break",
    "storable",
    "unseen",
    "unstorable",
    "visible",
    "visible_json",
]


def visible(text: str, kept: str = "") -> str:
    r"""Write signs that steer a terminal, or turn the direction of writing, as escapes.

    Parameters
    ----------
    text : str
    kept : str
        Of these signs, those that stay, such as a line feed.

    Examples
    --------
    >>> print(visible("a\x1b[2J\u202eb"))
    a\x1b[2J\u202eb
    """
    return _STEERING.sub(
        lambda found: found[0] if found[0] in kept else ascii(found[0])[1:-1], text
    )


_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible_json(text: str) -> str:
    r"""Write what steers a terminal in a JSON document as JSON's own escapes: the same data.

    Examples
    --------
    >>> print(visible_json('["\u202eb"]'))
    ["\u202eb"]
    """
    return _STEERING.sub(
        lambda found: found[0] if found[0] in "\n\t" else f"\\u{ord(found[0]):04x}", text
    )


def storable(text: str) -> str:
    r"""Put U+FFFD in the place of what no file of text holds: NUL, halves of surrogate pairs.

    Examples
    --------
    >>> storable("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    True
    """
    return _NOT_STORABLE.sub("\ufffd", text)


_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def for_xml(text: str) -> str:
    r"""Put U+FFFD in the place of what no XML file may hold, however it is written.

    Examples
    --------
    >>> for_xml("a\x0b\uffffb\n") == "a\ufffd\ufffdb\n"
    True
    """
    return _NOT_IN_XML.sub("\ufffd", text)


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unstorable(text: str) -> str | None:
    r"""Name the first sign that no file of text holds, if there is one.

    Examples
    --------
    >>> unstorable("a\x00"), unstorable("a\x1b")
    ('the character U+0000', None)
    """
    return _named(_NOT_STORABLE.search(text))


def control(text: str) -> str | None:
    r"""Name the first control character, or half of a surrogate pair, but for those of lines.

    Examples
    --------
    >>> control("a\tb\r\n"), control("a\x1b[2J")
    (None, 'the character U+001B')
    """
    return _named(_CONTROL.search(text))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def line_break(text: str) -> str | None:
    r"""Name the first sign that ends a line, if there is one.

    Examples
    --------
    >>> line_break("a b"), line_break("a\u2028b")
    (None, 'the character U+2028')
    """
    return _named(_BREAK.search(text))


_BREAK = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


def unseen(text: str) -> bool:
    r"""Say whether a text shows nothing: it is empty, or of blanks and signs without ink alone.

    Examples
    --------
    >>> [unseen(text) for text in ("", " \u00a0", "\u200b\ufeff", "\u3164", "-", "\u533a")]
    [True, True, True, True, False, False]
    """
    return all(unicodedata.category(sign) in _NO_INK or sign in _BLANK_LETTERS for sign in text)


_NO_INK = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"}
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Fillers of Hangul and the empty pattern of Braille."""


def _named(found: re.Match[str] | None) -> str | None:
    return found and f"the character U+{ord(found[0]):04X}"


LONGEST = 2_000
"""Signs of a text that a message quotes."""


def in_brief(text: str) -> str:
    """Leave out the middle of a text that is too long for a message.

    Examples
    --------
    >>> in_brief("short"), len(in_brief("long " * 10_000))
    ('short', 2000)
    """
    if len(text) <= LONGEST:
        return text
    note = f" … {len(text):,} signs in all … "
    behind = LONGEST // 4
    return text[: LONGEST - behind - len(note)] + note + text[-behind:]
