"""When two names are the same: one Unicode form, blanks folded, case by declaration."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]


def folded(name: str, *, ignore_case: bool = False) -> str:
    r"""Give the form in which names are compared: NFC, each run of blanks one space.

    Parameters
    ----------
    name : str
    ignore_case : bool
        Whether upper and lower case are the same.

    Examples
    --------
    >>> folded("Bi\u0302rch") == folded("B\u00eerch")
    True
    >>> folded(" New\u00a0 York "), folded("STRASSE", ignore_case=True)
    ('New York', 'strasse')
    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return plain.casefold() if ignore_case else plain
