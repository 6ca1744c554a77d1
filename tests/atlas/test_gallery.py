"""Building every project of a folder, and the page that lists them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import regional_atlas as ra
from regional_atlas.cli.base import app
from regional_atlas.errors import InputError
from regional_atlas.pipeline.gallery import find_projects, write_gallery

STARTER = Path(ra.__file__).parent / "starter"


def test_all_builds_every_project_and_a_page_of_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(STARTER, tmp_path / "geo" / name)
        file = tmp_path / "geo" / name / "atlas.toml"
        text = re.sub(r'(?m)^id = "[^"]+"', f'id = "{name}"', file.read_text("utf-8"), count=1)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "geo" / "notes").mkdir()
    import regional_atlas.cli  # noqa: F401

    out = tmp_path / "maps"
    result = CliRunner().invoke(app, ["build", "--all", str(tmp_path / "geo"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert (out / "one" / "index.html").is_file()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', page) == ["one/index.html", "two/index.html"]
    assert "<script" not in page


def test_titles_are_text(tmp_path: Path) -> None:
    project = ra.read_project(STARTER)
    title = project.config.title.model_copy(update={"en": "<b>&{x}"})
    config = project.config.model_copy(update={"title": title})
    page = write_gallery([type(project)(project.root, config, {})], tmp_path)
    assert "&lt;b&gt;&amp;{x}" in page.read_text(encoding="utf-8")


def test_a_folder_without_projects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no project found"):
        find_projects(tmp_path)
