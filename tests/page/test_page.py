from __future__ import annotations

import json
import re

import folium
import pytest
from folium.plugins import MarkerCluster

from regional_atlas.core.errors import InputError
from regional_atlas.core.texts import Text
from regional_atlas.page import AtlasMap, build_map, save_page
from regional_atlas.page.format import plain
from regional_atlas.page.geometry import flat_geometry
from regional_atlas.page.packing import unpack
from regional_atlas.page.page import packed_geometry, packed_store

from .conftest import BOTH, HOSTILE, bare_store, write_project

pytestmark = pytest.mark.usefixtures("plain_assets")


@pytest.fixture
def atlas(project, tables, topology):
    return build_map(project, tables, topology)


def block(page: str, name: str) -> str:
    return re.search(rf'<script type="[^"]+" id="{name}">(.*?)</script>', page, re.DOTALL)[1]


def packed(page: str, name: str):
    return unpack(block(page, name))


def test_the_page_holds_the_three_blocks(atlas, topology, tmp_path):
    page = save_page(atlas, tmp_path / "new" / "index.html").read_text(encoding="utf-8")
    spec = json.loads(block(page, "ra-spec"))
    assert spec["id"] == "square-land"
    assert packed(page, "ra-store")["unit"] == list("ABCDEFGHI")
    assert packed(page, "ra-topology") == plain(flat_geometry(topology), BOTH)
    assert "BSD-2-Clause" in block(page, "ra-notice")


def test_it_is_a_folium_map_in_its_own_projection(atlas):
    page = atlas.get_root().render()
    assert isinstance(atlas, folium.Map)
    assert 'RegionalAtlas.registerCrs("Atlas_square_land", "+proj=laea' in page
    assert "crs: L.CRS.Atlas_square_land" in page
    assert "RegionalAtlas.mount(map_regional_atlas," in page
    assert page.index("registerCrs") < page.index("L.map(") < page.index("RegionalAtlas.mount(")
    lat, lon = atlas.location
    assert (lat, lon) == pytest.approx((50.0, 10.0), abs=0.02)


def test_it_links_nothing(atlas):
    page = atlas.get_root().render()
    assert re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"(?!data:)", page) == []
    assert "://" not in page
    assert "jquery" not in page.lower()


def test_saving_twice_gives_the_same_bytes(atlas, project, tables, topology, tmp_path):
    first = save_page(atlas, tmp_path / "a.html").read_bytes()
    assert save_page(atlas, tmp_path / "b.html").read_bytes() == first
    again = build_map(project, tables, topology)
    assert save_page(again, tmp_path / "c.html").read_bytes() == first
    atlas.save(str(tmp_path / "d.html"))
    assert (tmp_path / "d.html").read_bytes() == first


def test_two_maps_with_the_same_additions_are_the_same(project, tables, topology):
    pages = []
    for _ in range(2):
        atlas = build_map(project, tables, topology)
        folium.Marker([50, 10], popup="here", tooltip="there").add_to(atlas)
        folium.CircleMarker([50.2, 10.1]).add_to(atlas)
        pages.append(atlas.get_root().render())
    assert pages[0] == pages[1]


def test_head_says_what_the_page_is(atlas):
    page = atlas.get_root().render()
    assert '<html lang="en" dir="ltr">' in page
    assert "<title>Squareland</title>" in page
    assert '<meta name="description" content="Nine squares · Of the 4 places, all are in' in page
    assert page.count('name="viewport"') == 1
    assert "user-scalable" not in page


def test_a_chinese_page_says_so(tmp_path, tables, topology):
    page = build_map(write_project(tmp_path, "", "zh"), tables, topology).get_root().render()
    assert '<html lang="zh" dir="ltr">' in page
    assert "<title>方格国</title>" in page
    assert '<meta name="description" content="九个方格">' in page


def test_titles_are_escaped(project, tables, topology):
    title = Text({**project.config.title, "en": '</title><script>"x"</script>'})
    config = project.config.model_copy(update={"title": title})
    object.__setattr__(project, "config", config)
    page = build_map(project, tables, topology).get_root().render()
    assert "<title>&lt;/title&gt;&lt;script&gt;&quot;x&quot;&lt;/script&gt;</title>" in page


def test_hostile_names_stay_data(project, hostile_tables, topology):
    page = build_map(project, hostile_tables, topology).get_root().render()
    assert packed(page, "ra-store")["unit"] == HOSTILE
    assert "</script><script>alert" not in page
    assert "<img" not in page
    assert "\u2028" not in page
    assert "<!--" not in page


def test_vendored_text_cannot_end_its_element(atlas):
    page = atlas.get_root().render()
    assert r"// <\/script>" in page
    assert r"content: '<\/style>'" in page


def test_plain_markers_need_no_host(atlas):
    folium.Marker([50, 10], popup="`here` ${x} </script>").add_to(atlas)
    page = atlas.get_root().render()
    assert "://" not in page
    assert "window.$ =" in page
    assert 'iconUrl: "data:image/png;base64,AA"' in page


def test_elements_that_need_a_host_keep_their_links(atlas):
    folium.Marker([50, 10], icon=folium.Icon(color="red")).add_to(atlas)
    MarkerCluster([[50, 10]]).add_to(atlas)
    atlas.get_root().script.add_child(folium.Element("$('#x').hide(); jQuery.now();"))
    page = atlas.get_root().render()
    assert "leaflet.awesome-markers.js" in page
    assert "leaflet.markercluster.js" in page
    assert "jquery-3" in page
    assert "bootstrap.bundle" not in page


def test_a_notebook_shows_it_in_a_frame(atlas):
    shown = atlas._repr_html_()
    assert shown.startswith("<iframe")
    assert "ra-store" in shown
    assert 'height="720px"' in shown


def test_assets_that_are_not_built_are_named(project, tables, topology, plain_assets, tmp_path):
    (plain_assets / "regional_atlas.js").unlink()
    atlas = build_map(project, tables, topology)
    with pytest.raises(InputError, match=r"regional_atlas\.js: .*run `make assets`"):
        save_page(atlas, tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_a_failed_save_leaves_the_old_page(atlas, tmp_path, monkeypatch):
    path = tmp_path / "site" / "index.html"
    save_page(atlas, path)
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("regional_atlas.core.atomic.os.replace", refuse)
    with pytest.raises(InputError, match="disk full"):
        save_page(atlas, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_map_can_be_made_from_the_blocks_alone(atlas, topology):
    assert isinstance(
        AtlasMap(
            atlas.element.spec,
            packed_store(bare_store(), BOTH),
            packed_geometry(topology, BOTH),
        ),
        folium.Map,
    )


def test_what_is_added_to_a_part_stays_in_its_place(atlas):
    root = atlas.get_root()
    for name, index in [("second", None), ("third", None), ("first", 0), ("third", 1)]:
        root.html.add_child(folium.Element(f"<p>{name}</p>"), name=name, index=index)
    first, again = root.render(), root.render()
    assert first == again
    assert re.findall("<p>(.*?)</p>", first) == ["first", "third", "second"]
    assert root.html.get_root() is root
