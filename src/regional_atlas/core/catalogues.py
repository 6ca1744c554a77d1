"""The catalogues of messages: a Fluent file for each language, and what its messages may call.

`messages/<tag>.ftl` holds every sentence of the package in one language. To add a language is to
add a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale
    from fluent.runtime import FluentBundle

__all__ = [
    "ANY",
    "ENGLISH",
    "catalogue_languages",
    "catalogue_of",
    "catalogue_source",
    "fallbacks",
    "lent_messages",
    "locale_of",
    "message_ids",
    "message_sources",
    "written",
]

ENGLISH = "en"
"""The language that stands in for a missing message."""

ANY = "und"
"""The tag of a text that is the same in every language (BCP 47: undetermined)."""


def fallbacks(lang: str) -> list[str]:
    """List the tags to look for, best first.

    Examples
    --------
    >>> fallbacks("zh-Hant-TW"), fallbacks("en")
    (['zh-Hant-TW', 'zh-Hant', 'zh', 'und', 'en'], ['en', 'und'])
    """
    parts = lang.split("-")
    own = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return list(dict.fromkeys([*own, ANY, ENGLISH]))


@cache
def catalogue_languages() -> list[str]:
    """List the languages that have a catalogue."""
    names = (entry.name for entry in files("regional_atlas.messages").iterdir())
    return sorted(name.removesuffix(".ftl") for name in names if name.endswith(".ftl"))


def catalogue_of(lang: str) -> str:
    """Name the catalogue that serves a language: its own, a wider one, English."""
    known = catalogue_languages()
    return next((tag for tag in fallbacks(lang) if tag in known), ENGLISH)


@cache
def catalogue_source(lang: str) -> str:
    """Read the catalogue of a language as Fluent text."""
    path = files("regional_atlas.messages") / f"{catalogue_of(lang)}.ftl"
    return path.read_text(encoding="utf-8")


@cache
def message_sources(lang: str) -> dict[str, str]:
    """Give the Fluent text of every message that the catalogue of a language has, by id."""
    entries = re.split(r"^(?=[a-zA-Z#])", catalogue_source(lang), flags=re.M)
    found = ((re.match(r"[\w-]+(?= *=)", entry), entry.rstrip()) for entry in entries)
    return {name[0]: entry for name, entry in found if name}


def message_ids(lang: str) -> list[str]:
    """List the ids of the messages that the catalogue of a language has."""
    return list(message_sources(lang))


def lent_messages(lang: str) -> list[str]:
    """List the ids of the messages that English lends to a language.

    Examples
    --------
    >>> lent_messages("en"), len(lent_messages("tlh")) == len(message_ids("en"))
    ([], True)
    """
    lends = catalogue_of(lang) == ENGLISH != lang.split("-")[0]
    own = set() if lends else set(message_ids(lang))
    return [name for name in message_ids(ENGLISH) if name not in own]


def locale_of(lang: str) -> Locale:
    """Look up what CLDR says of a language; of the one whose catalogue serves it, at the least."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        return Locale.parse(lang, sep="-")
    except UnknownLocaleError:
        return Locale.parse(catalogue_of(lang), sep="-")


_SIMPLE = re.compile(r"[\w-]+ *= *((?:[^{}\n]|\{ *\$[\w-]+ *\})+)")
_INNER = re.compile(r"\{ *([a-z][\w-]*) *\}")
"""A message that stands in another."""
_GIVEN = re.compile(r"\{ *\$([\w-]+) *\}")
"""What stands in a message of one line as it is given. Such need no Fluent, which takes longer to
import than a question to answer."""


def written(name: str, lang: str, values: Callable[[str], Mapping[str, Any]]) -> str:
    """Write a message in a language; in English where its catalogue has none.

    Parameters
    ----------
    name : str
        Id of the message.
    lang : str
    values : callable
        Gives the arguments in the language that is written, which may be English.

    Raises
    ------
    KeyError
        No such message, or one of its arguments is not given.
    """
    tag = lang if name in message_sources(lang) else ENGLISH
    given = dict(values(tag))
    simple = _SIMPLE.fullmatch(message_sources(tag)[name])
    if simple and all(isinstance(given.get(found), str) for found in _GIVEN.findall(simple[1])):
        return _GIVEN.sub(lambda found: given[found[1]], simple[1])
    bundle = _bundle(tag)
    _read_into(bundle, tag, name)
    pattern = bundle.get_message(name).value
    assert pattern is not None
    said, problems = bundle.format_pattern(pattern, given)
    if problems:
        raise KeyError(f"message {name!r} in {lang}: {problems[0]}")
    return str(said)


@cache
def _bundle(lang: str) -> FluentBundle:
    from fluent.runtime import FluentBundle

    tag = catalogue_of(lang)
    functions: dict[str, Callable[..., Any]] = {
        "LOWER": _lowered,
        "CAPITAL": _capital,
        "INITIAL": lambda text: str(text)[:1].lower(),
        "SPACED": _spaced,
        "NOUN": _noun_writer(tag),
    }
    return FluentBundle([tag], functions=functions, use_isolating=False)


def _read_into(bundle: FluentBundle, lang: str, name: str) -> None:
    """Read one message of a catalogue and those that stand in it: all take half a second."""
    from fluent.runtime import FluentResource

    sources = message_sources(lang)
    if bundle.has_message(name):
        return
    bundle.add_resource(FluentResource(sources[name]))
    for inner in _INNER.findall(sources[name]):
        if inner in sources:
            _read_into(bundle, lang, inner)


def _lowered(title: str) -> str:
    """Write a title within a sentence: without its capital, unless it begins with an acronym."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spaced(text: str) -> str:
    """Add a space where the script of the sentence follows a figure or a Latin letter."""
    return text + " " if text[-1:].isascii() or text[-1:] in "⁻¹²³" else text


def _noun_writer(tag: str) -> Callable[[str, float], str]:
    """Give the function that writes a noun of a project in the number that a count asks for.

    The catalogue says how: `page-nounHead` is a regular expression of the part that changes,
    `page-nounPlural` lists `ending=replacement`, done one after the other. The page's script reads
    the same two messages.
    """
    category = locale_of(tag).plural_form

    def said(name: str) -> str:
        return written(name, tag, lambda _: {}) if name in message_sources(tag) else ""

    def noun(title: str, count: float) -> str:
        if category(count) == "one":
            return title
        found = re.match(said("page-nounHead"), title)
        changed = found[0] if found else title
        rest = title[len(changed) :]
        for rule in filter(None, said("page-nounPlural").split("; ")):
            ending, _, replacement = rule.rpartition("=")
            changed = re.sub(ending, replacement, changed)
        return changed + rest

    return noun
