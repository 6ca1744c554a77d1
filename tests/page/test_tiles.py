"""Declared background tiles: what may stand in atlas.toml, and what of it is in the page."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from regional_atlas.config import TilesConfig
from regional_atlas.config.project import read_project
from regional_atlas.core.errors import ConfigError
from regional_atlas.page import build_map

from .conftest import write_project
from .test_policy import policy

pytestmark = pytest.mark.usefixtures("plain_assets")

HEAD = 'attribution = "nobody"\n'


def project_with(folder, tiles):
    write_project(folder)
    file = folder / "atlas.toml"
    text = file.read_text(encoding="utf-8") + f"\n[map.tiles]\n{HEAD}{tiles}\n"
    file.write_text(text, encoding="utf-8")
    return read_project(folder)


@pytest.mark.parametrize(
    ("tiles", "says"),
    [
        ('url = "https://a.org/{z}/{x}.png"', r"must contain {y}"),
        ('url = "https://a.org/{z}/{x}/{y}/{token}"', r"found {token}"),
        ('url = "file:///{z}/{x}/{y}"', r"must be http\(s\)://host"),
        ('url = "https://a.org\'; script-src *;/{z}/{x}/{y}"', r"must be http\(s\)://host"),
        ('url = "https://{key}.org/{z}/{x}/{y}"', r"must be http\(s\)://host"),
        ('url = "https://{s}.a.org/{z}/{x}/{y}"', r"give both or neither"),
        ('url = "https://a.org/{z}/{x}/{y}"\nkey_env = "K"', r"key_env goes with {key}"),
    ],
)
def test_templates_that_cannot_be_used(tmp_path, tiles, says):
    with pytest.raises(ConfigError, match=says):
        project_with(tmp_path, tiles)


def test_the_policy_names_every_host_for_pictures_alone(tmp_path, tables, topology):
    project = project_with(
        tmp_path, 'url = "https://{s}.a.org/{z}/{x}/{y}?k={key}"\nsubdomains = ["t0", "t1"]'
    )
    found = policy(build_map(project, tables, topology).get_root().render())
    assert found["img-src"] == ["data:", "blob:", "https://t0.a.org", "https://t1.a.org"]
    assert found["connect-src"] == ["'none'"]
    assert not any("a.org" in source for source in found["script-src"] + found["style-src"])


@pytest.mark.parametrize(("value", "key"), [("abc", "abc"), (None, None)])
def test_a_key_from_the_environment(tmp_path, tables, topology, monkeypatch, value, key):
    project = project_with(
        tmp_path, 'url = "https://a.org/{z}/{x}/{y}?k={key}"\nkey_env = "MY_KEY"'
    )
    if value:
        monkeypatch.setenv("MY_KEY", value)
    else:
        monkeypatch.delenv("MY_KEY", raising=False)
    page = build_map(project, tables, topology).get_root().render()
    assert f'"key":{json.dumps(key)}' in page


@pytest.mark.parametrize(("datum", "fits"), [("cgcs2000", True), ("gcj02", False), ("bd09", False)])
def test_whether_tiles_fit(tmp_path, tables, topology, datum, fits):
    project = project_with(tmp_path, f'url = "https://a.org/{{z}}/{{x}}/{{y}}"\ndatum = "{datum}"')
    page = build_map(project, tables, topology).get_root().render()
    assert f'"datum":"{datum}","fits":{str(fits).lower()}' in page


def test_the_documented_tiles_can_be_used():
    book = (Path(__file__).resolve().parents[2] / "docs/how-to/README.md").read_text("utf-8")
    block = book.split("[map.tiles]\n")[1].split("```")[0]
    tiles = TilesConfig.model_validate(tomllib.loads(block))
    assert tiles.hosts() == [f"https://t{i}.tianditu.gov.cn" for i in range(8)]
    assert (tiles.datum, "{key}" in tiles.url, tiles.key_env) == ("cgcs2000", True, None)


def test_no_tiles_by_default(project, tables, topology):
    assert '"tiles":null' in build_map(project, tables, topology).get_root().render()


def test_one_host_without_subdomains():
    tiles = TilesConfig(url="http://localhost:80/{z}/{x}/{y}", attribution="me")
    assert tiles.hosts() == ["http://localhost:80"]
