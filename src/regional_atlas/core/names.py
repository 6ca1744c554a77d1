"""When two names or codes are the same: one form of text, and of numbers that are codes."""

from __future__ import annotations

import unicodedata

__all__ = ["bare", "folded", "loosened", "one_width", "plain"]


def folded(name: str, *, ignore_case: bool = False) -> str:
    r"""Give the form in which names are compared: NFC, each run of blanks one space.

    Signs without a width that no spelling needs (zero-width spaces, byte order marks, soft hyphens)
    are left out.

    Parameters
    ----------
    name : str
    ignore_case : bool
        Whether upper and lower case are the same.

    Examples
    --------
    >>> folded("Bi\u0302rch") == folded("B\u00eerch")
    True
    >>> folded("Ash\u200bford\ufeff")
    'Ashford'
    >>> folded(" New\u00a0 York "), folded("STRASSE", ignore_case=True)
    ('New York', 'strasse')
    """
    plain = " ".join(unicodedata.normalize("NFC", name).translate(_UNSEEN).split())
    return plain.casefold() if ignore_case else plain


_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))


def bare(name: str) -> str:
    r"""Give a name without its accents: what some publishers write.

    Only marks above and below letters go; those that make another letter, as of kana, stay.

    Examples
    --------
    >>> bare("S\u00e3o Jo\u00e3o"), bare("\u304c")
    ('Sao Joao', 'が')
    """
    parts = unicodedata.normalize("NFD", name)
    kept = "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", kept)


def loosened(name: str) -> str:
    r"""Give a name whatever its case, width, accents, hyphens and apostrophes.

    Examples
    --------
    >>> loosened("Xi\u2019an"), loosened("SA\u0303O-JO\u00c3O"), loosened("\uff21sh")
    ('xian', 'sao joao', 'ash')
    """
    compatible = one_width(name)
    return " ".join(bare(folded(compatible, ignore_case=True)).translate(_MARKS).split())


_MARKS = str.maketrans({"'": "", "\u2019": "", "-": " "})


def one_width(name: str) -> str:
    """Give a name with full-width and half-width signs as ordinary ones (NFKC).

    Two names that differ so are not the same without a word: what was taken for what is said.

    Examples
    --------
    >>> one_width("Ａ１区"), one_width("ｶﾞﾗ")
    ('A1区', 'ガラ')
    """
    return unicodedata.normalize("NFKC", name)


def plain(value: float) -> str:
    """Write a number in full, whole ones without a point.

    Examples
    --------
    >>> [plain(value) for value in (100101.0, 0.1, -2.50, 1e22, float("inf"))]
    ['100101', '0.1', '-2.5', '1e+22', 'inf']
    """
    whole = abs(value) < 1e15 and value == int(value)
    return str(int(value)) if whole else repr(float(value))
