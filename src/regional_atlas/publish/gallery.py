"""The page that lists several atlases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from regional_atlas.atlas import Atlas
from regional_atlas.core.catalogues import locale_of
from regional_atlas.core.errors import InputError
from regional_atlas.core.outputs import OutputFile
from regional_atlas.core.texts import Message, Said
from regional_atlas.export.tables import write_text

__all__ = ["GalleryEntry", "find_projects", "gallery_entry", "gallery_output", "write_gallery"]

_MARK = '<meta name="generator" content="regional-atlas gallery">'
_MARKS = (_MARK, "<title>地图集 · Atlases</title>")
"""What tells a page of this module from others; the second, one that an earlier version wrote."""

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
{mark}
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  max-width: 60rem; margin: 3rem auto; padding: 0 1rem; }}
ul {{ padding: 0; display: grid; gap: 2rem;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }}
li {{ list-style: none; }}
a {{ font-size: 1.25rem; line-height: 1.3; display: block; }}
img {{ display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; }}
p {{ margin: 0.25rem 0; }}
.facts {{ font-size: 0.875rem; font-variant-numeric: tabular-nums; opacity: 0.75; }}
</style>
</head>
<body>
<h1>{heading}</h1>
<ul>
{items}
</ul>
</body>
</html>
"""

_ITEM = """<li>
<a href="{id}/index.html">{picture}{title}</a>
{subtitle}
<p class="facts">{facts}</p>
</li>"""


@dataclass(frozen=True)
class GalleryEntry:
    """What the page says of one atlas.

    Attributes
    ----------
    id : str
        Of the project; the folder beside the page that its atlas is in.
    languages : list of str
        Those that the atlas offers.
    title, subtitle, facts : Said
        Names, and what the atlas holds.
    picture : str or None
        A data URI.
    """

    id: str
    languages: list[str]
    title: Said
    subtitle: Said
    facts: Said
    picture: str | None


def gallery_entry(atlas: Atlas) -> GalleryEntry:
    """Say of an atlas what the page lists: its titles, a small map, how much it holds."""
    from regional_atlas.page.thumbnail import atlas_facts, thumbnail

    config = atlas.project.config
    names = ("page_spec", "page_store", "page_shapes")
    spec, store, shapes = (atlas.graph.get(name) for name in names)
    return GalleryEntry(
        id=atlas.project.id,
        languages=config.offered(),
        title=config.title,
        subtitle=config.subtitle,
        facts=atlas_facts(spec, store),
        picture=thumbnail(spec, store, shapes),
    )


def find_projects(folder: Path) -> list[Path]:
    """List the atlas projects in a folder, by name.

    Raises
    ------
    InputError
        When there is none.
    """
    found = sorted(file.parent for file in folder.glob("*/atlas.toml"))
    if not found:
        raise InputError(f"no project found: no folder in {folder} holds an atlas.toml")
    return found


def gallery_output(out: Path) -> OutputFile:
    """Describe the page that `write_gallery` writes, for `check_outputs`."""
    return OutputFile("--out", out / "index.html", _wrote_gallery)


def _wrote_gallery(path: Path) -> bool:
    with open(path, "rb") as file:
        head = file.read(1000)
    return any(mark.encode() in head for mark in _MARKS)


def write_gallery(entries: Iterable[GalleryEntry], out: Path) -> Path:
    """Write the page that leads to each project's atlas.

    Parameters
    ----------
    entries : iterable of GalleryEntry
        Each built into the folder of its id in `out`.
    out : Path
        The folder; the page is its `index.html`.

    Returns
    -------
    Path
        The page: no script, nothing loaded.
    """
    entries = list(entries)
    offered = list(dict.fromkeys(lang for entry in entries for lang in entry.languages))
    heading = Message("gallery-title")
    page = _PAGE.format(
        lang=offered[0],
        direction=locale_of(offered[0]).text_direction,
        mark=_MARK,
        title=escape(" · ".join(dict.fromkeys(heading.in_(lang) for lang in offered))),
        heading=_in_each(heading, offered, offered[0], " · "),
        items="\n".join(_item(entry, offered[0]) for entry in entries),
    )
    return write_text(page, out / "index.html")


def _item(entry: GalleryEntry, first: str) -> str:
    paragraphs = (_in_each(entry.subtitle, [lang], first, "", "p") for lang in entry.languages)
    return _ITEM.format(
        id=escape(entry.id),
        picture=f'<img src="{entry.picture}" alt="">' if entry.picture else "",
        title=_in_each(entry.title, entry.languages, first, "<br>"),
        subtitle="\n".join(paragraphs),
        facts=_in_each(entry.facts, entry.languages, first, "<br>"),
    )


def _in_each(
    said: Said, languages: Sequence[str], first: str, between: str, element: str = "span"
) -> str:
    """Write a text in each language; those that are not the page's are marked with theirs."""
    return between.join(
        f"<{element}{'' if lang == first else _marked(lang)}>{escape(said.in_(lang))}</{element}>"
        for lang in languages
    )


def _marked(lang: str) -> str:
    return f' lang="{lang}" dir="{locale_of(lang).text_direction}"'
