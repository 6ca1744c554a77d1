from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from regional_atlas.core.errors import DataError
from regional_atlas.export import build_layers, codebook, unit_layer


def test_unit_layer_has_every_unit_once_in_order_with_its_geometry(tables, project):
    layer = unit_layer(tables, project)
    assert list(layer.index) == list(tables.units.index)
    assert layer.crs.equals("EPSG:4326")
    assert layer.geometry.geom_equals_exact(tables.units.geometry, 0).all()
    assert list(layer.columns) == [
        *["unit", "level", "unit_type", "province", "province_id", "area_km2"],
        "plain_counties_rank",
        *["industrial_counties_rank", "industrial_counties_tier"],
        *["vitality_rank", "vitality_tier", "vitality_score"],
        *["metro", "metro_all", "basin", "basin_all", "light_sum", "gdp", "geometry"],
    ]


def test_ranks_and_tiers_are_whole_numbers_and_missing_where_not_ranked(tables, project):
    layer = unit_layer(tables, project)
    assert layer["industrial_counties_rank"].dropna().to_dict() == {
        "010001": 2,
        "010003": 1,
        "010009": 2,
    }
    assert layer["industrial_counties_tier"].dtype == "Int32"
    assert layer.loc["010002", "vitality_score"] == 100 - 1 / 7


def test_a_unit_in_two_regions_has_one_exclusively_and_all_by_precedence(tables, project):
    layer = unit_layer(tables, project)
    assert layer.loc["010003", ["metro", "metro_all"]].tolist() == ["东圈", "东圈;西圈"]
    assert layer.loc["010001", ["metro", "metro_all"]].tolist() == ["西圈", "西圈"]
    assert layer.loc["010004", ["metro", "metro_all"]].isna().all()


def test_indicators_are_those_of_their_latest_year(tables, project):
    layer = unit_layer(tables, project)
    # 010001 has a value in 2020 only, and 010009 no row in 2021: neither is filled.
    assert layer["light_sum"].isna().to_list() == [True] + [False] * 7 + [True]
    assert layer.loc["010002", "light_sum"] == 1 / 3
    assert layer["gdp"].dropna().to_dict() == {"010002": 10.5, "010003": 11.0}


def test_english_names_are_there_when_any_unit_has_one(tables, project):
    named = replace(tables, units=tables.units.assign(unit_en=["Dongguan"] + [None] * 8))
    assert unit_layer(named, project)["unit_en"].dropna().to_dict() == {"010001": "Dongguan"}


def test_codebook_describes_every_column(tables, project):
    book = codebook(tables, project).set_index("column")
    assert list(book.index) == ["unit_id", *unit_layer(tables, project).columns.drop("geometry")]
    light = book.loc["light_sum"]
    assert light[["title_zh", "unit_en", "year", "method_en"]].tolist() == [
        *["灯光总量", "radiance", 2021, "summed"]
    ]
    assert pd.isna(light["source"])  # a citation that the project does not have
    assert book.loc["metro", "source"] == "The invented plans"
    assert book.loc["vitality_score", "source"] == "computed from vitality.toml"
    assert book.loc["industrial_counties_rank", "missing_en"] == "not in the ranking"


def test_a_computed_ranking_names_its_index_file_and_its_source(tables, project):
    ranking = project.config.rankings[2].model_copy(update={"citation": "report"})
    rankings = [*project.config.rankings[:2], ranking]
    cited = replace(project, config=project.config.model_copy(update={"rankings": rankings}))
    source = codebook(tables, cited).set_index("column").loc["vitality_rank", "source"]
    assert source == "computed from vitality.toml; The invented report, 2022"


def test_regions_count_each_unit_once_and_all_memberships(tables, project):
    regions = build_layers(tables, project).regions
    assert regions["count"].to_dict() == {"m1": 2, "m2": 2, "b1": 4}
    assert regions["count_all"].to_dict() == {"m1": 3, "m2": 2, "b1": 4}
    assert regions["industrial_counties_count"].to_dict() == {"m1": 1, "m2": 1, "b1": 2}
    assert regions["industrial_counties_count_all"].to_dict() == {"m1": 2, "m2": 1, "b1": 2}


def test_columns_of_one_name_are_refused(tables, project):
    meta = tables.meta["gdp"]
    clash = replace(tables, meta={"Metro": meta, "FID": meta})
    with pytest.raises(DataError, match="'Metro'") as error:
        unit_layer(clash, project)
    assert "'FID'" in str(error.value)


def test_a_project_with_units_alone(tables, project):
    bare = replace(
        tables,
        regions=tables.regions.iloc[:0],
        membership=tables.membership.iloc[:0],
        rankings=tables.rankings.iloc[:0],
        scores={},
        indicators=tables.indicators.iloc[:0],
        meta={"gdp": tables.meta["gdp"]},
        nightlights=None,
        clusters=tables.clusters.iloc[:0],
        lines=gpd.GeoSeries([], crs="EPSG:4326"),
    )
    config = project.config.model_copy(update={"rankings": [], "regions": None})
    layers = build_layers(bare, replace(project, config=config))
    assert layers.tables == {}
    assert layers.units["gdp"].isna().all()
    assert pd.isna(layers.codebook.set_index("column").loc["gdp", "year"])


def test_tables_of_counts_and_space_go_along_where_there_are_any(tables, project):
    counts = pd.DataFrame({"ranking": ["vitality"], "region_id": ["m"], "low": [1], "high": [3]})
    layers = build_layers(replace(tables, region_counts=counts), project)
    pd.testing.assert_frame_equal(layers.tables["region_counts"], counts)
    assert "space" not in layers.tables
