"""The page's own words: what it says in each language that it offers."""

from __future__ import annotations

from collections.abc import Sequence

from regional_atlas.core.catalogues import ENGLISH, locale_of, message_sources
from regional_atlas.core.numerals import numerals
from regional_atlas.page.format import Language

__all__ = ["PREFIX", "page_languages"]

PREFIX = "page-"
"""What the ids of messages begin with that the page's script writes."""


def page_languages(tags: Sequence[str]) -> list[Language]:
    """Give what the page says in each language.

    Parameters
    ----------
    tags : sequence of str
        BCP 47.

    Returns
    -------
    list of Language
        With every message of the page; the English one where the language has none.

    Examples
    --------
    >>> [(found.tag, found.name, found.direction) for found in page_languages(["fr", "ar"])]
    [('fr', 'français', 'ltr'), ('ar', 'العربية', 'rtl')]
    """
    return [
        Language(
            tag=tag,
            name=locale_of(tag).get_display_name() or tag,
            direction="rtl" if locale_of(tag).text_direction == "rtl" else "ltr",
            numerals=numerals(tag),
            messages="\n".join((_words(ENGLISH) | _words(tag)).values()),
        )
        for tag in tags
    ]


def _words(tag: str) -> dict[str, str]:
    """Give the messages that a catalogue has for the page, without comments."""
    return {
        name: source[source.index(name) :]
        for name, source in message_sources(tag).items()
        if name.startswith(PREFIX)
    }
