from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from regional_atlas.core.errors import ConfigError
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.format import plain
from regional_atlas.page.overlay import light_pictures
from regional_atlas.tables.assemble import check_place

from .conftest import BOTH, PLATES, PROJECTION, UNITS, write_project


def spec_of(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    store = build_store(project, tables, shapes)
    rasters = light_pictures(project, tables, shapes)
    return plain(build_spec(project, tables, store, shapes, rasters), BOTH)


@pytest.fixture
def spec(project, tables, topology):
    return spec_of(project, tables, topology)


@pytest.fixture
def plates(spec):
    return {plate["id"]: plate for plate in spec["plates"]}


def test_it_is_plain_data_and_the_same_each_time(project, tables, topology, spec):
    text = json.dumps(spec, allow_nan=False)
    assert json.loads(text) == spec
    assert json.dumps(spec_of(project, tables, topology), allow_nan=False) == text


def test_the_frame(spec):
    assert spec["format"] == 4
    assert spec["title"] == {"zh": "方格国", "en": "Squareland"}
    assert spec["projection"]["proj4"] == PROJECTION
    assert spec["review_number"] is None
    assert [level["id"] for level in spec["levels"]] == ["half", "province"]
    assert spec["unit_level"]["title"]["en"] == "square"
    left, lower, right, upper = spec["view"]
    assert 100_000 < right - left < 120_000
    assert 160_000 < upper - lower < 170_000


def test_kinds_rankings_clusters(spec):
    assert spec["kinds"][0]["regions"] == [
        {"id": "r1", "title": {"zh": "一圈", "en": "Ring One"}, "precedence": 1, "source": "plan"},
        {"id": "r2", "title": {"zh": "二圈", "en": "二圈"}, "precedence": 2, "source": None},
    ]
    best, shine = spec["rankings"]
    assert best["tiers"] == [
        {"tier": 1, "first": 1, "last": 1},
        {"tier": 2, "first": 2, "last": 4},
    ]
    assert (best["n"], best["kind"], best["among"], best["score"]) == (4, "published", [0], None)
    assert (shine["n"], shine["kind"], shine["among"], shine["score"]) == (
        8,
        "computed",
        None,
        "shine",
    )
    assert shine["tiers"][1] == {"tier": 2, "first": 4, "last": 8}
    assert spec["clusters"][0]["items"] == [
        {
            "id": "w1",
            "title": {"zh": "磨坊", "en": "Mill"},
            "group": "old",
            "size": 5.0,
            "units": [0, 1],
        },
        {
            "id": "w2",
            "title": {"zh": "Forge", "en": "Forge"},
            "group": None,
            "size": None,
            "units": [1],
        },
    ]


def test_fields_say_what_they_are(spec):
    fields = {field["id"]: field for field in spec["fields"]}
    assert "unused" not in fields
    assert fields["light_mean"]["years"] == [2019, 2020, 2021]
    assert fields["light_mean"]["missing"] == {"zh": "无数据", "en": "no data"}
    assert fields["population"]["years"] is None
    assert fields["population"]["citation"] == "census"
    assert fields["shine"]["method"] == {
        "zh": "标准化：百分位秩；合成：加权算术平均；权重：平均 37.5%、占比 37.5%、人口（−） 25%；"
        "可用权重低于 60% 的不计",
        "en": "normalised by percentile rank, aggregated by weighted arithmetic mean; weights: "
        "Mean 37.5%, Share 37.5%, Population (−) 25%; none where less than 60% of the weight is "
        "available",
    }


def test_citations_hold_the_sources_of_everything(spec):
    assert [citation["id"] for citation in spec["citations"]] == [
        "league",
        "boundaries",
        "nightlights",
        "census",
    ]
    assert spec["citations"][1]["licence"] == {"zh": "CC0", "en": "CC0"}
    assert spec["citations"][1]["title"] == {"zh": "边界", "en": "Boundaries"}


def test_the_report(spec):
    report = spec["report"]
    assert report["version"] == "0.0"
    assert report["joins"][0]["matched"] == 4
    assert report["checks"][0]["ok"] is True
    assert report["omissions"][0]["what"]["en"] == "a"


def test_every_plate_is_complete(spec):
    keys = {"id", "kind", "group", "title", "finding", "note", "citation", "chart"}
    for plate in spec["plates"]:
        assert keys <= set(plate)
        assert plate["finding"]["zh"].endswith("。")
        assert plate["finding"]["en"].endswith(".")


def test_coverage_counts_units_that_could_be_ranked(plates):
    coverage = plates["coverage"]
    assert coverage["rows"] == [
        {"parent": 0, "count": 0, "of": 0, "share": None, "best": None},
        {"parent": 1, "count": 4, "of": 6, "share": 0.666667, "best": 1},
    ]
    assert coverage["classes"]["breaks"] == [0.25, 0.5, 0.666667]
    assert coverage["classes"]["counts"] == [0, 0, 1]


def test_regions_that_share_a_unit_have_other_colours(plates):
    assert len(set(plates["regions"]["colors"])) == 2
    assert plates["regions-alone"]["ranking"] is None


def test_years_pool_their_breaks_and_carry_the_raster(spec, plates):
    lights, lit = plates["lights"], plates["lit"]
    assert (lights["year"], lights["raster"], lights["level_shifts"]) == (
        2021,
        "light_mean",
        [2020],
    )
    assert lights["classes"]["breaks"][-1] == 60
    assert lights["note"] == {"zh": "传感器更换", "en": "another sensor"}
    assert "2019–2021" in lights["breaks_note"]["en"]
    assert (lit["year"], lit["raster"], lit["note"]["en"]) == (2020, None, "by hand")
    assert lit["breaks_note"]["en"] == "classes are the same in every year"
    assert [raster["year"] for raster in spec["rasters"]] == [2019, 2021]
    assert plates["light-2020"]["year"] == 2020
    assert plates["population"]["year"] is None


def test_plates_cite_what_they_show(plates):
    assert plates["ranking"]["citation"] == "league"
    assert plates["population"]["citation"] == "census"
    assert plates["clusters"]["citation"] is None
    assert plates["regions-alone"]["citation"] is None


def test_no_blocks_no_rasters(project, tables, topology):
    spec = spec_of(project, replace(tables, blocks=[]), topology)
    assert spec["rasters"] == []
    assert {plate.get("raster") for plate in spec["plates"]} == {None}


@pytest.mark.parametrize(
    ("plate", "message"),
    [
        ('id = "x"\nkind = "choropleth"\nfield = "nope"', "no field 'nope'; allowed: light_sum, "),
        ('id = "x"\nkind = "years"\nfield = "population"', "has one year only"),
        ('id = "x"\nkind = "years"\nfield = "light_mean"\nyear = 1999', "has no year 1999"),
        ('id = "x"\nkind = "tiers"\nranking = "shine"', "ranking 'shine' has no tiers"),
        (
            'id = "x"\nkind = "choropleth"\nfield = "nope"\npalette = "Nope"',
            r"2 problems\n.*: no palette 'Nope'; .*\n.*: no field 'nope'",
        ),
    ],
)
def test_plates_that_name_what_is_not_there(tmp_path, tables, topology, plate, message):
    project = write_project(tmp_path, f"[[plates]]\n{plate}")
    untiered = tables.rankings.assign(tier=np.nan)
    with pytest.raises(ConfigError, match=message):
        spec_of(project, replace(tables, rankings=untiered), topology)


def test_a_view_of_nothing_is_refused(tmp_path, tables, topology):
    project = write_project(tmp_path, PLATES)
    layout = project.config.map.model_copy(update={"bounds": (0.0, 0.0, 1.0, 1.0)})
    away = replace(project, config=project.config.model_copy(update={"map": layout}))
    with pytest.raises(ConfigError, match="no unit lies within"):
        spec_of(away, tables, topology)


def test_a_project_without_regions_types_lights_or_citations(project, tables, topology):
    config = project.config.model_copy(
        update={
            "regions": None,
            "nightlights": None,
            "citations": {},
            "clusters": [],
            "plates": [],
            "boundaries": project.config.boundaries.model_copy(update={"unit_type": None}),
        }
    )
    spec = spec_of(replace(project, config=config), tables, topology)
    assert spec["kinds"] == spec["unit_types"] == spec["clusters"] == []
    assert [citation["id"] for citation in spec["citations"]] == ["boundaries", "census"]


def test_an_inset_has_a_projection_centred_on_it(spec):
    (inset,) = spec["insets"]
    assert "+lat_0=49.5 +lon_0=9.5" in inset["proj4"]
    west, south, east, north = inset["bounds"]
    assert west == pytest.approx(-east, abs=1)
    # Half a degree at 49.25° N, where it is widest, and along the meridian.
    assert east - west == pytest.approx(36_420, rel=0.01)
    assert north - south == pytest.approx(55_620, rel=0.01)
    assert inset["units"] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("bounds", "named"),
    [("[30.0, 49.25, 31.0, 49.75]", True), ("[-350.75, 49.25, -350.25, 49.75]", False)],
)
def test_an_inset_without_a_unit_is_refused(project, tables, topology, bounds, named):
    with_inset = project.config.map.insets[0].model_copy(update={"bounds": json.loads(bounds)})
    layout = project.config.map.model_copy(update={"insets": [with_inset]})
    config = project.config.model_copy(update={"map": layout})
    changed = replace(project, config=config)
    if not named:
        check_place(changed, tables.units)
        assert spec_of(changed, tables, topology)["insets"][0]["units"] == [0, 1, 3, 4]
        return
    with pytest.raises(
        ConfigError, match=r"map.insets 'corner': no unit lies within \[30.0, 49.25"
    ):
        check_place(changed, tables.units)
