"""Building every project of a folder, and the page that lists them."""

from __future__ import annotations

import base64
import io
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from typer.testing import CliRunner

import regional_atlas as ra
from regional_atlas.cli import app
from regional_atlas.core.errors import InputError
from regional_atlas.core.texts import Text
from regional_atlas.publish.gallery import (
    GalleryEntry,
    find_projects,
    gallery_entry,
    write_gallery,
)

STARTER = Path(ra.__file__).parent / "starter"


def test_all_builds_every_project_and_a_page_of_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(STARTER, tmp_path / "geo" / name)
        file = tmp_path / "geo" / name / "atlas.toml"
        text = re.sub(r'(?m)^id = "[^"]+"', f'id = "{name}"', file.read_text("utf-8"), count=1)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "geo" / "notes").mkdir()

    out = tmp_path / "maps"
    result = CliRunner().invoke(app, ["build", "--all", str(tmp_path / "geo"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert (out / "one" / "index.html").is_file()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', page) == ["one/index.html", "two/index.html"]
    assert "<script" not in page
    assert page.count('<img src="data:image/png;base64,') == 2


def test_titles_are_text(tmp_path: Path) -> None:
    title = Text(zh="甲", en="<b>&{x}")
    entry = GalleryEntry("x", ["zh", "en"], title, title, title, None)
    page = write_gallery([entry], tmp_path).read_text(encoding="utf-8")
    assert page.count("&lt;b&gt;&amp;{x}") == 3
    assert "<img" not in page


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
def test_an_entry_has_a_small_map_and_what_the_atlas_holds(example: Any) -> None:
    entry = gallery_entry(example)
    assert entry.facts.in_("en") == "12 counties · 6 plates · 2018–2022"
    assert entry.facts.in_("zh") == "12 个县 · 6 幅图 · 2018–2022 年"
    assert entry == gallery_entry(example)
    png = base64.b64decode(entry.picture.removeprefix("data:image/png;base64,"))
    with rasterio.open(io.BytesIO(png)) as picture:
        pixels, colours = picture.read(1), picture.colormap(1)
    shown = {colours[level][:3] for level in np.unique(pixels)}
    # The first plate ranks four of the units; the others are paper, and around them is nothing.
    assert (226, 223, 214) in shown
    assert {0, 1} < set(np.unique(pixels).tolist())
    assert (pixels >= 4).mean() > 0.1


def test_a_folder_without_projects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no project found"):
        find_projects(tmp_path)
