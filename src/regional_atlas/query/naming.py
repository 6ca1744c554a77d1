"""What a name in a question means: in full, in another spelling, or without its ending."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from difflib import get_close_matches

import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.core.names import bare, folded

__all__ = ["meant"]

_LISTED = 30
"""Names that a message lists at most."""
_HAN = 0x2E80
"""From here on no letter of an alphabet: a name may end before any sign."""


def meant(
    name: str,
    forms: pd.DataFrame,
    what: str,
    *,
    said: Callable[[Hashable], str] | None = None,
) -> list[Hashable]:
    """Find what is called so.

    The first of these that fits anything decides: the id or a name in full; a name whatever its
    case and accents; a name without its ending (苏锡常 for 苏锡常都市圈, York for York, PA).

    Parameters
    ----------
    name : str
    forms : DataFrame
        A row for each thing, its id as the index; every column holds one of its names, the first
        the one that messages give.
    what : str
        What kind of thing it is, for the message.
    said : callable, optional
        Gives what a message says of a thing, by its id; its name and id by default.

    Returns
    -------
    list
        Ids: one, or several that have the very same name.

    Raises
    ------
    InputError
        Nothing is called so, with the nearest names; or several are in another spelling or without
        their endings.

    Examples
    --------
    >>> names = {"name": ["苏锡常都市圈", "York"], "en": ["Suxichang", None]}
    >>> cities = pd.DataFrame(names, ["a", "b"])
    >>> meant("苏锡常", cities, "metro"), meant("york", cities, "metro")
    (['a'], ['b'])
    >>> meant("Yorck", cities, "metro")
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: no metro is called 'Yorck'; did you mean York? allowed: \
苏锡常都市圈, York
    """
    names = {
        each: [str(cell) for cell in cells if pd.notna(cell)] or [str(each)]
        for each, cells in zip(forms.index, forms.itertuples(index=False), strict=True)
    }
    same = [
        each
        for each, called in names.items()
        if each == name or folded(name) in map(folded, called)
    ]
    if same:
        return same
    sought, loose = _loose(name), {each: [*map(_loose, called)] for each, called in names.items()}
    for fits in (str.__eq__, _shortened):
        found = [each for each, called in loose.items() if any(fits(sought, one) for one in called)]
        if len(found) == 1:
            return found
        if found:
            shown = _listed([said(i) if said else f"{names[i][0]} ({i})" for i in found])
            raise InputError(f"{name!r} may be any of {len(found)}; give one in full: {shown}")
    raise InputError(_unknown(name, names, what))


def _loose(name: str) -> str:
    return bare(folded(name, ignore_case=True))


def _shortened(name: str, whole: str) -> bool:
    """Say whether a name begins another and ends where a word of that ends."""
    rest = whole.removeprefix(name)
    if not name or rest in ("", whole):
        return False
    return ord(rest[0]) >= _HAN or not rest[0].isalnum()


def _unknown(name: str, names: Mapping[Hashable, Sequence[str]], what: str) -> str:
    title_of = {_loose(one): called[0] for called in names.values() for one in called}
    close = get_close_matches(_loose(name), title_of, n=3, cutoff=0.6)
    nearest = " or ".join(dict.fromkeys(title_of[one] for one in close))
    message = f"no {what} is called {name!r}"
    if nearest:
        message += f"; did you mean {nearest}?"
    if len(names) > _LISTED:
        return message if nearest else f"{message}; give one of {len(names)} names, or an id"
    allowed = ", ".join(called[0] for called in names.values())
    return f"{message}{'' if nearest else ';'} allowed: {allowed}"


def _listed(names: list[str]) -> str:
    more = [f"… and {len(names) - _LISTED} more"] if len(names) > _LISTED else []
    return ", ".join([*names[:_LISTED], *more])
