"""What a name in a question means: in full, in another spelling, in Pinyin, without its ending."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import accumulate

import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.core.names import folded, loosened
from regional_atlas.core.pinyin import pinyin_names

__all__ = ["Names", "Readings", "meant", "nearest"]

Readings = Mapping[str, str] | None
"""How Chinese names are read where the dictionary is wrong; None: names have no Pinyin."""

_LISTED = 30
"""Names that a message lists at most."""
_LIKE = 0.6
"""Share of letters that two words have in common where one may be meant."""
_LIKE_BEGUN = 0.65
"""The same of a name and the beginning of another: South is not North Corridor."""
_NEAREST = 3
"""Names that a message asks for at most."""
_HAN = 0x2E80
"""From here on no letter of an alphabet: a name may end before any sign."""


@dataclass(frozen=True, repr=False)
class Names:
    """What things are called, laid out once for every name that is looked up.

    Attributes
    ----------
    forms : DataFrame
        A row for each thing, its id as the index; every column holds one of its names, the first
        the one that messages give.
    aliases : mapping of str to id
        Further names.
    """

    forms: pd.DataFrame
    aliases: Mapping[str, Hashable] = field(default_factory=dict)

    @cached_property
    def called(self) -> dict[Hashable, list[str]]:
        """The names of each thing; its id where it has none."""
        cells = [self.forms[name].tolist() for name in self.forms]
        found: dict[Hashable, list[str]] = {
            each: [str(cell) for cell in row if pd.notna(cell)] or [str(each)]
            for each, row in zip(self.forms.index.tolist(), zip(*cells, strict=True), strict=True)
        }
        for name, each in self.aliases.items():
            found[each].append(name)
        return found

    @cached_property
    def in_full(self) -> dict[str, list[Hashable]]:
        """The things by name in full."""
        found: dict[str, dict[Hashable, None]] = {}
        for each, names in self.called.items():
            for form in map(folded, names):
                found.setdefault(form, {})[each] = None
        return {form: [*things] for form, things in found.items()}

    @cached_property
    def loose(self) -> dict[Hashable, list[str]]:
        """The names whatever their case, accents, hyphens and apostrophes."""
        return {each: [*map(loosened, names)] for each, names in self.called.items()}


def meant(
    name: str,
    forms: pd.DataFrame | Names,
    what: str,
    *,
    said: Callable[[Hashable], str] | None = None,
    readings: Readings = None,
) -> list[Hashable]:
    """Find what is called so.

    The first of these that fits anything decides: the id or a name in full; a name whatever its
    case, accents, hyphens and apostrophes; a name without its ending (苏锡常 for 苏锡常都市圈, York
    for York, PA); a Chinese name in Pinyin, with its ending or without.

    Parameters
    ----------
    name : str
    forms : DataFrame or Names
        What there is; `Names` where it is asked about more than once.
    what : str
        What kind of thing it is, for the message.
    said : callable, optional
        Gives what a message says of a thing, by its id; its name and id by default.
    readings : mapping of str to str, optional
        How Chinese names are read; see `core.pinyin.pinyin_names`. Without it no name has Pinyin.

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
    known = forms if isinstance(forms, Names) else Names(forms)
    names = known.called
    same = dict.fromkeys(known.in_full.get(folded(name), []))
    if name in names:
        same[name] = None
    if same:
        return [each for each in names if each in same] if len(same) > 1 else [*same]
    sought, loose = loosened(name), known.loose
    stages = [(sought, loose, str.__eq__), (sought, loose, _shortened)]
    if readings is not None and sought.isascii() and sought:
        whole, begun = _pinyin(names, readings)
        stages += [(_letters(sought), spelt, str.__eq__) for spelt in (whole, begun)]
    for asked, read, fits in stages:
        found = [each for each, called in read.items() if any(fits(asked, one) for one in called)]
        if len(found) == 1:
            return found
        if found:
            shown = _listed([said(i) if said else f"{names[i][0]} ({i})" for i in found])
            raise InputError(f"{name!r} may be any of {len(found)}; give one in full: {shown}")
    raise InputError(_unknown(name, names, what, readings))


def nearest(name: str, known: Iterable[str]) -> str:
    """Ask whether one of the names most like this is meant, at most three; empty without any.

    Examples
    --------
    >>> nearest("industral", ["industrial", "rank", "unit"])
    'did you mean industrial?'
    """
    return _asked([loosened(name)], ((loosened(each), each) for each in known))


def _asked(sought: Iterable[str], forms: Iterable[tuple[str, str]], like: float = _LIKE) -> str:
    """Ask for the titles whose forms are most like what is sought, in any of its readings."""
    titles: dict[str, list[str]] = {}
    for form, title in forms:
        titles.setdefault(form, []).append(title)
    asked = filter(None, sought)
    close = [each for one in asked for each in get_close_matches(one, titles, _NEAREST, like)]
    found = [*dict.fromkeys(title for each in close for title in titles[each])][:_NEAREST]
    return f"did you mean {' or '.join(found)}?" if found else ""


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name))


def _pinyin(
    names: Mapping[Hashable, Sequence[str]], readings: Mapping[str, str]
) -> tuple[dict[Hashable, list[str]], dict[Hashable, list[str]]]:
    """Read names in Pinyin, in letters alone: with the ending and without, and any beginning."""
    read = pinyin_names([called[0] for called in names.values()], readings) or []
    parts = {each: said for each, said in zip(names, read, strict=False) if said is not None}
    whole = {each: [_letters(said[0]), _letters("".join(said))] for each, said in parts.items()}
    begun = {
        each: [*map(_letters, accumulate(said[0].split()))][:-1] for each, said in parts.items()
    }
    return whole, begun


def _shortened(name: str, whole: str) -> bool:
    """Say whether a name begins another and ends where a word of that ends."""
    rest = whole.removeprefix(name)
    if not name or rest in ("", whole):
        return False
    return ord(rest[0]) >= _HAN or not rest[0].isalnum()


def _unknown(
    name: str, names: Mapping[Hashable, Sequence[str]], what: str, readings: Readings
) -> str:
    sought = [loosened(name)]
    wholes = [(loosened(one), called[0]) for called in names.values() for one in called]
    # Who leaves out an ending and mistypes the rest means a name that begins almost so.
    forms = wholes + [(one[: len(sought[0])], title) for one, title in wholes]
    if readings is not None:
        read = pinyin_names([name], readings) or [None]
        sought += [_letters("".join(said)) for said in read if said is not None]
        for spelt in _pinyin(names, readings):
            forms += [(one, names[each][0]) for each, ones in spelt.items() for one in ones]
    close = _asked(sought, forms, _LIKE_BEGUN)
    message = f"no {what} is called {name!r}"
    if close:
        message += f"; {close}"
    if len(names) > _LISTED:
        return message if close else f"{message}; give one of {len(names)} names, or an id"
    allowed = ", ".join(called[0] for called in names.values())
    return f"{message}{'' if close else ';'} allowed: {allowed}"


def _listed(names: list[str]) -> str:
    more = [f"… and {len(names) - _LISTED} more"] if len(names) > _LISTED else []
    return ", ".join([*names[:_LISTED], *more])
