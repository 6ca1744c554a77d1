"""The page that lists several atlases."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from regional_atlas.errors import InputError
from regional_atlas.export.tables import write_text
from regional_atlas.project import Project

__all__ = ["find_projects", "write_gallery"]

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>地图集 · Atlases</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }}
li {{ margin: 1.5rem 0; list-style: none; }}
ul {{ padding: 0; }}
a {{ font-size: 1.25rem; }}
p {{ margin: 0.25rem 0; }}
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
<a href="{id}/index.html">{zh}<br><span lang="en">{en}</span></a>
<p>{zh_more}</p>
<p lang="en">{en_more}</p>
</li>"""


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


def write_gallery(projects: Iterable[Project], out: Path) -> Path:
    """Write the page that leads to each project's atlas.

    Parameters
    ----------
    projects : iterable of Project
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
            id=escape(project.id),
            zh=escape(project.config.title.zh),
            en=escape(project.config.title.en),
            zh_more=escape(project.config.subtitle.zh),
            en_more=escape(project.config.subtitle.en),
        )
        for project in projects
    )
    return write_text(_PAGE.format(items=items), out / "index.html")
