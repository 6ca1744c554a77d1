"""Tables: every fault with its line and column; nothing lost, nothing guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regional_atlas.config import ClustersConfig, IndicatorTable, KindConfig, RegionsConfig
from regional_atlas.config.indicators import RowRule
from regional_atlas.config.tables import TableConfig, TableSource
from regional_atlas.core.errors import DataError
from regional_atlas.sources import regions, tables
from regional_atlas.sources.reader import read_table
from regional_atlas.sources.scores import read_scores


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rankings_are_checked_line_by_line(tmp_path: Path) -> None:
    path = write(tmp_path, "rank,unit_id\n1,001\n2.5,002\nx,003\n3,001\n")
    with pytest.raises(DataError) as caught:
        tables.read_ranking(path)
    assert caught.value.problems == [
        "line 4, column 'rank': 'x' is not a number",
        "line 3: rank '2.5' is not a whole number from 1",
        "line 4: rank 'x' is not a whole number from 1",
        "line 5: '001' stands in line 2 already",
    ]
    with pytest.raises(DataError, match="needs a column 'unit_id' or 'unit'"):
        tables.read_ranking(write(tmp_path, "rank,name\n1,a\n"))


def test_units_of_one_name_in_two_provinces_are_no_repeat(tmp_path: Path) -> None:
    path = write(tmp_path, "rank,province,unit\n1,A,鼓楼区\n2,B,鼓楼区\n")
    assert tables.read_ranking(path).rows["rank"].tolist() == [1, 2]


def test_clusters_become_one_row_per_unit(tmp_path: Path) -> None:
    path = write(tmp_path, "cluster,units,size\n五金,永康市;缙云县；武义县,10\n电气,乐清市,\n")
    config = ClustersConfig.model_validate(
        {"id": "c", "title": "C", "file": str(path), "size": "size"}, context={"root": tmp_path}
    )
    table = tables.read_clusters(config).rows
    assert table["unit"].tolist() == ["永康市", "缙云县", "武义县", "乐清市"]
    assert table["cluster_id"].tolist() == ["c-1", "c-1", "c-1", "c-2"]
    assert table["size"].isna().tolist() == [False, False, False, True]
    assert table["group"].isna().all()


def indicator_table(tmp_path: Path, path: Path, **changes: Any) -> IndicatorTable:
    column = {"column": "gdp", "code": "gdp", "title": "GDP", "unit": "yuan", "scale": 10.0}
    values = {"file": path.name, "year": 2020, "source": "s", "columns": [column]} | changes
    return IndicatorTable.model_validate(values, context={"root": tmp_path})


def test_indicators_are_scaled_and_renamed(tmp_path: Path) -> None:
    path = write(tmp_path, "adcode,gdp\n001,1\n002,\n")
    read = tables.read_indicators(indicator_table(tmp_path, path, rename={"adcode": "unit_id"}))
    assert read.identity["unit_id"].tolist() == ["001", "002"]
    assert list(read.values) == [2020]
    assert read.values[2020]["gdp"].iloc[0] == 10.0
    assert read.values[2020]["gdp"].isna().iloc[1]


def test_a_table_with_a_duplicate_code_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "unit_id,gdp\n001,1\n001,oops\n")
    with pytest.raises(DataError) as caught:
        tables.read_indicators(indicator_table(tmp_path, path))
    assert caught.value.problems == [
        "line 3, column 'gdp': 'oops' is not a number",
        "line 3: '001' stands in line 2 already",
    ]
    with pytest.raises(DataError, match="`rename` or `key` can give it one"):
        tables.read_indicators(indicator_table(tmp_path, write(tmp_path, "code,gdp\n1,2\n")))


def test_zonal_tables_are_parquet(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        tables.read_zonal(write(tmp_path, "no", "x.parquet"))


def region_config(tmp_path: Path) -> RegionsConfig:
    values = {"file": "regions.csv", "kinds": [{"id": "metro", "title": "M"}]}
    return RegionsConfig.model_validate(values, context={"root": tmp_path})


def test_regions_and_members_are_checked(tmp_path: Path) -> None:
    write(
        tmp_path,
        "region_id,name,kind,precedence\na,A,metro,1\na,B,metro,x\nc,C,delta,3\n",
        "regions.csv",
    )
    with pytest.raises(DataError) as caught:
        regions.read_regions(region_config(tmp_path))
    assert caught.value.problems == [
        "line 3, column 'precedence': 'x' is not a number",
        "line 4: kind 'delta' is not declared; allowed: metro",
        "region_id 'a' stands more than once",
    ]
    write(tmp_path, "region_id,name,kind,precedence\na,A,metro,1\nb,B,metro,2\n", "regions.csv")
    listed = regions.read_regions(region_config(tmp_path))
    path = write(tmp_path, "region_id,unit,rule\na,*,include\nz,*,include\n")
    members = TableSource.model_construct(file=path)
    _, problems = regions.read_members(members, listed)
    assert problems == [
        "line 3: region 'z' is not in the table of regions",
        "region 'b' has no member line",
    ]


def test_region_polygons_need_columns_and_crs(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    frame = gpd.GeoDataFrame(
        {"region_id": ["a", "a"], "name": ["A", "B"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        crs="EPSG:3857",
    )
    path = tmp_path / "metros.gpkg"
    frame.to_file(path)
    kind = KindConfig.model_validate(
        {"id": "metro", "title": "M", "polygons": path.name}, context={"root": tmp_path}
    )
    with pytest.raises(DataError, match=r"column 'region_id': '.*' stands more than once"):
        regions.read_region_polygons(kind, 5)
    frame.assign(region_id=["a", "b"]).to_file(path)
    read = regions.read_region_polygons(kind, 5)
    assert read["precedence"].tolist() == [5, 6]
    assert read.crs == "EPSG:4326"
    frame.drop(columns="name").to_file(path)
    with pytest.raises(DataError, match="column 'name' is missing"):
        regions.read_region_polygons(kind, 5)


RAGGED = "name,gdp,firms\nunit,km²,\n云 县,1,2,,\nB,,3,4\nC1,5,6\n"


def ragged(tmp_path: Path, *repairs: dict[str, Any]) -> IndicatorTable:
    columns = [
        {"column": "gdp", "code": "gdp", "title": "GDP", "unit": "x"},
        {"column": ["gdp", "firms"], "code": "both", "title": "Both", "unit": "x", "scale": 10},
    ]
    return indicator_table(
        tmp_path, write(tmp_path, RAGGED), rename={"name": "unit"}, skip_rows=[2],
        squeeze_names=True, repairs=list(repairs), columns=columns,
    )  # fmt: skip


def test_declared_repairs_put_single_lines_right(tmp_path: Path) -> None:
    repairs = [{"line": 4, "drop": 2}, {"line": 5, "column": "name", "was": "C1", "value": "C"}]
    read = tables.read_indicators(ragged(tmp_path, *repairs))
    assert read.identity["unit"].to_dict() == {3: "云县", 4: "B", 5: "C"}
    assert read.values[2020]["gdp"].tolist() == [1, 3, 5]
    assert read.values[2020]["both"].tolist() == [30, 70, 110]


@pytest.mark.parametrize(
    ("repair", "says"),
    [
        (None, "line 4: 4 cells under 3 headings"),
        ({"line": 4, "drop": 1}, "repair of line 4: cell 1 holds 'B'"),
        ({"line": 4, "drop": 9}, "repair of line 4: there is no cell 9"),
        ({"line": 7, "drop": 1}, "repair of line 7: there is no cell 1"),
    ],
)
def test_repairs_that_find_something_else(tmp_path: Path, repair: Any, says: str) -> None:
    with pytest.raises(DataError, match=says):
        tables.read_indicators(ragged(tmp_path, *([repair] if repair else [])))


def test_replaced_cells_must_read_as_expected(tmp_path: Path) -> None:
    shifted = {"line": 4, "drop": 2}
    wrong = {"line": 5, "column": "name", "was": "C2", "value": "C"}
    with pytest.raises(DataError, match="repair of line 5: 'name' is 'C1', not 'C2'"):
        tables.read_indicators(ragged(tmp_path, shifted, wrong))
    with pytest.raises(ValueError, match="give either `drop`, or `column`, `was` and `value`"):
        ragged(tmp_path, {"line": 4, "drop": 2, "column": "name"})


def test_totals_are_told_by_rules(tmp_path: Path) -> None:
    path = write(tmp_path, "code,name\n1100,P\n1101,All\n,All\n")
    rows = read_table(path, config=TableConfig(rename={"code": "unit_id"}))
    rules = [
        {"column": "code", "ends": "00"},
        {"column": "unit_id", "ends": "00"},
        {"column": "name", "equals": ["All"]},
    ]
    found = [tables.total_rows(rows, [RowRule.model_validate(rule)]).tolist() for rule in rules]
    assert found == [[True, False, False], [True, False, False], [False, True, True]]
    with pytest.raises(DataError, match="totals: column 'kind' is missing; found: unit_id, name"):
        tables.total_rows(rows, [RowRule(column="kind")])


def test_changes_are_checked(tmp_path: Path) -> None:
    head = "date,kind,from_code,from_name,to_code,to_name\n"

    def read_changes(text: str) -> pd.DataFrame:
        return tables.read_changes(TableSource.model_construct(file=write(tmp_path, head + text)))

    read = read_changes("2020-07,rename,,Old,01,New\n,merge,9,,1,\n")
    assert read["date"].isna().tolist() == [False, True]
    with pytest.raises(DataError) as caught:
        read_changes("1.7.2020,moved,,Old,01,New\n2020,merge,,,1,\n")
    said = str(caught.value)
    assert "line 2: kind 'moved' is none of rename, recode, merge, split" in said
    assert "line 2: date '1.7.2020' is none; write YYYY, YYYY-MM or YYYY-MM-DD" in said
    assert "line 3: a change needs `to_code`, and `from_code` or `from_name`" in said


def test_kept_scores_are_numbers_by_unit(tmp_path: Path) -> None:
    text = "unit_id,unit,economy,index,rank,tier,coverage\n01,A,5,5,1,1,1\n02,B,,,,,0.4\n"
    scores = read_scores(write(tmp_path, text))
    assert scores["rank"].tolist() == [1, pd.NA]
    assert scores.columns.tolist() == ["economy", "index", "rank", "tier", "coverage"]
    with pytest.raises(DataError, match="'01' stands in line 2 already"):
        read_scores(write(tmp_path, text.replace("02,B", "01,B")))


def test_lists_of_other_publishers_are_renamed_and_cut(tmp_path: Path) -> None:
    path = write(tmp_path, "list,place,code\nx,1,01\ny,1,02\nx,2,03\n")
    config = TableConfig(rename={"place": "rank", "code": "unit_id"})
    read = tables.read_ranking(path, config, only={"list": "x"}).rows
    assert read[["rank", "unit_id"]].to_numpy().tolist() == [[1, "01"], [2, "03"]]


WIDE = "fips,GDP_2012,GDP_2013,pop_2012,pop_2013,GDP_total\n01,1,2,10,20,9\n02,3,,30,40,9\n"


def wide(tmp_path: Path, *columns: tuple[Any, str], **changes: Any) -> IndicatorTable:
    declared = [
        {"column": column, "code": code, "title": code, "unit": "x"} for column, code in columns
    ]
    path = write(tmp_path, WIDE)
    return indicator_table(tmp_path, path, rename={"fips": "unit_id"}, columns=declared, **changes)


def test_columns_of_years_are_found_by_a_pattern(tmp_path: Path) -> None:
    config = wide(tmp_path, ("GDP_{year}", "gdp"), (["pop_{year}", "GDP_{year}"], "both"))
    read = tables.read_indicators(config)
    assert list(read.values) == [2012, 2013]
    assert read.values[2012]["gdp"].tolist() == [1, 3]
    assert read.values[2012]["both"].tolist() == [11, 33]
    assert read.values[2013]["gdp"].fillna(-1).tolist() == [2, -1]
    one = tables.read_indicators(wide(tmp_path, ("GDP_{year}", "gdp"), years=[2013]))
    assert list(one.values) == [2013]
    mixed = wide(tmp_path, ("GDP_{year}", "gdp"), ("GDP_total", "all"), year=2012)
    found = tables.read_indicators(mixed).values
    assert [list(values.columns) for values in found.values()] == [["gdp", "all"], ["gdp"]]


@pytest.mark.parametrize(
    ("columns", "changes", "says"),
    [
        ([("inc_{year}", "i")], {}, "no column matches 'inc_{year}'; found: unit_id, GDP_2012"),
        ([("GDP_{year}", "g")], {"years": [2012, 2019]}, "no column matches 'GDP_{year}' in 2019"),
    ],
)  # fmt: skip
def test_patterns_that_nothing_matches(
    columns: Any, changes: Any, says: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        tables.read_indicators(wide(tmp_path, *columns, **changes))
    assert says in str(caught.value)


def test_a_year_is_needed_where_no_heading_has_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"`year` is missing, the year of a; or write \{year\}"):
        wide(tmp_path, ("GDP_total", "a"), ("GDP_{year}", "b"), year=None)
    with pytest.raises(ValueError, match=r"`years` is for columns whose heading has \{year\}"):
        wide(tmp_path, ("GDP_total", "a"), years=[2012])


def test_the_flags_of_a_table_go_with_its_values(tmp_path: Path) -> None:
    path = write(tmp_path, "unit_id,gdp,e\n01,5 b,1\n02,: u,2 p\n03,7,3\n")
    columns = [
        {"column": "gdp", "code": "gdp", "title": "G", "unit": "x"},
        {"column": ["gdp", "e"], "code": "sum", "title": "S", "unit": "x"},
    ]
    read = tables.read_indicators(
        indicator_table(tmp_path, path, columns=columns, flags=["b", "u", "p"], missing=[":"])
    )
    assert read.values[2020]["gdp"].fillna(-1).tolist() == [5, -1, 7]
    assert read.flags[2020]["gdp"].fillna("").tolist() == ["b", "u", ""]
    assert read.flags[2020]["sum"].fillna("").tolist() == ["b", "u p", ""]


DELINEATION = {
    "file": "list.csv", "header_row": 2, "footer_rows": 1, "key": ["st", "co"], "key_width": [2, 3],
    "region_id": "CBSA", "name": "Title", "where": "Kind == 'Metro'",
}  # fmt: skip


def delineation(tmp_path: Path, rows: str, **changes: Any) -> KindConfig:
    head = "List 1,,,,\nCBSA,Title,Kind,st,co\n"
    write(tmp_path, head + rows + "Note: as of 2020,,,,\n", "list.csv")
    values = {"id": "metro", "title": "M", "table": DELINEATION | changes}
    return KindConfig.model_validate(values, context={"root": tmp_path})


def test_a_delineation_gives_regions_and_their_units(tmp_path: Path) -> None:
    kind = delineation(
        tmp_path, "100,A,Metro,1,1\n100,A,Metro,01,003\n200,B,Metro,2,5\n300,C,Micro,3,1\n"
    )
    found, read, problems, probability = regions.read_delineation(kind, 7)
    assert probability is None
    rows = read.rows
    assert problems == []
    assert found["name"].to_dict() == {"100": "A", "200": "B"}
    assert found["precedence"].tolist() == [7, 8]
    assert found["kind"].tolist() == ["metro", "metro"]
    assert rows["unit_id"].to_dict() == {3: "01001", 4: "01003", 5: "02005"}


def test_a_delineation_is_checked(tmp_path: Path) -> None:
    rows = "100,A,Metro,1,1\n100,B,Metro,1,3\n200,,Metro,2,5\n100,A,Metro,1,1\n"
    assert regions.read_delineation(delineation(tmp_path, rows), 1).problems == [
        "line 5: Title is empty",
        "line 4: region 100 is called 'B', and 'A' before",
        "line 6: '100 01001' appears twice",
    ]
    with pytest.raises(ValueError, match="give either `table` or `polygons`"):
        KindConfig.model_validate(
            {"id": "m", "title": "M", "table": DELINEATION, "polygons": "list.csv"},
            context={"root": tmp_path},
        )


def test_a_table_may_be_a_name_or_declarations(tmp_path: Path) -> None:
    write(tmp_path, "region_id;name;kind;precedence\na;A;metro;1,0\n", "regions.csv")
    values = {
        "file": {"file": "regions.csv", "delimiter": ";", "decimal": ","},
        "kinds": [{"id": "metro", "title": "M"}],
    }
    config = RegionsConfig.model_validate(values, context={"root": tmp_path})
    assert regions.read_regions(config)["precedence"].tolist() == [1.0]
