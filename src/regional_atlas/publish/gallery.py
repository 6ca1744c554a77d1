"""The page that lists several atlases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from regional_atlas.atlas import Atlas
from regional_atlas.core.errors import InputError
from regional_atlas.core.outputs import OutputFile
from regional_atlas.core.texts import Text
from regional_atlas.export.tables import write_text

__all__ = ["GalleryEntry", "find_projects", "gallery_entry", "gallery_output", "write_gallery"]

_TITLE = "<title>地图集 · Atlases</title>"
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
{title}
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
<h1>地图集 · <span lang="en">Atlases</span></h1>
<ul>
{items}
</ul>
</body>
</html>
"""

_ITEM = """<li>
<a href="{id}/index.html">{picture}{zh}<br><span lang="en">{en}</span></a>
<p>{zh_more}</p>
<p lang="en">{en_more}</p>
<p class="facts">{zh_facts}<br><span lang="en">{en_facts}</span></p>
</li>"""


@dataclass(frozen=True)
class GalleryEntry:
    """What the page says of one atlas.

    Attributes
    ----------
    id : str
        Of the project; the folder beside the page that its atlas is in.
    title, subtitle, facts : Text
        Names, and what the atlas holds.
    picture : str or None
        A data URI.
    """

    id: str
    title: Text
    subtitle: Text
    facts: Text
    picture: str | None


def gallery_entry(atlas: Atlas) -> GalleryEntry:
    """Say of an atlas what the page lists: its titles, a small map, how much it holds."""
    from regional_atlas.page import build_spec, build_store, unit_shapes
    from regional_atlas.page.thumbnail import atlas_facts, thumbnail

    config = atlas.project.config
    shapes = unit_shapes(atlas.topology, atlas.tables.units.index)
    store = build_store(atlas.project, atlas.tables, shapes)
    spec = build_spec(atlas.project, atlas.tables, store, shapes)
    return GalleryEntry(
        id=atlas.project.id,
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
        return _TITLE.encode() in file.read(1000)


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
    items = "\n".join(
        _ITEM.format(
            id=escape(entry.id),
            picture=f'<img src="{entry.picture}" alt="">' if entry.picture else "",
            zh=escape(entry.title.in_("zh")),
            en=escape(entry.title.in_("en")),
            zh_more=escape(entry.subtitle.in_("zh")),
            en_more=escape(entry.subtitle.in_("en")),
            zh_facts=escape(entry.facts.in_("zh")),
            en_facts=escape(entry.facts.in_("en")),
        )
        for entry in entries
    )
    return write_text(_PAGE.format(title=_TITLE, items=items), out / "index.html")
