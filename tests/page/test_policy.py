"""The Content Security Policy of a saved page: what it names, and what it stops."""

from __future__ import annotations

import re

import folium
import pytest
from folium.plugins import HeatMap

from regional_atlas.page import build_map, save_page

from .test_browser import READY, opened


def policy(text: str) -> dict[str, list[str]]:
    (found,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    return {part.split()[0]: part.split()[1:] for part in found.split("; ")}


@pytest.fixture
def atlas(request, project, tables, topology):
    request.getfixturevalue("plain_assets")
    return build_map(project, tables, topology)


def test_a_page_of_its_own_names_no_host(atlas, tmp_path):
    found = policy(save_page(atlas, tmp_path / "x.html").read_text(encoding="utf-8"))
    assert found["default-src"] == found["connect-src"] == ["'none'"]
    assert all(source.startswith("'sha256-") for source in found["script-src"])
    assert found["img-src"] == ["data:", "blob:"]


def test_hosts_of_tiles_and_plugins_are_allowed_and_no_others(atlas, tmp_path):
    folium.TileLayer("https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="me").add_to(atlas)
    folium.TileLayer(
        "http://localhost:8080/{z}/{x}/{y}.png", attr='<a href="https://by.example.com/">by</a>'
    ).add_to(atlas)
    HeatMap([[50.0, 10.0]]).add_to(atlas)
    found = policy(save_page(atlas, tmp_path / "x.html").read_text(encoding="utf-8"))
    hosts = set(found["img-src"]) - {"data:", "blob:"}
    assert {"https://*.tiles.example.org", "http://localhost:8080"} <= hosts
    assert "https://by.example.com" not in hosts
    assert "https://cdn.jsdelivr.net" in found["script-src"]


def test_a_notebook_has_no_policy(atlas):
    assert "Content-Security-Policy" not in atlas._repr_html_()


@pytest.mark.browser
def test_a_script_that_is_put_into_the_page_does_not_run(
    chromium, project, tables, topology, tmp_path
):
    path = save_page(build_map(project, tables, topology), tmp_path / "index.html")
    page, problems = opened(chromium, path)
    page.evaluate(READY)
    assert problems == []
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          const box = document.createElement("div");
          box.innerHTML = "<img src=x onerror='window.ran = true'>";
          document.body.append(box);
          new Image().src = "https://example.org/spy.png";
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert sum("Content Security Policy" in problem for problem in problems) >= 2
    page.close()
