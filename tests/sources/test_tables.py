"""Tables: every fault with its line and column; nothing lost, nothing guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regional_atlas.config import ClustersConfig, IndicatorTable, KindConfig, RegionsConfig
from regional_atlas.config.indicators import RowRule
from regional_atlas.core.errors import DataError
from regional_atlas.sources import regions, tables, text_tables
from regional_atlas.sources.scores import read_scores


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_text_stays_text_and_empty_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffcode, name \n00123, 昆山市 \n0456,  \n")
    table = text_tables.read_text_table(path, ["code"])
    assert table["code"].tolist() == ["00123", "0456"]
    assert table["name"].iloc[0] == "昆山市"
    assert table["name"].isna().tolist() == [False, True]


def test_lines_can_be_skipped_and_xlsx_read(tmp_path: Path) -> None:
    path = write(tmp_path, "code,value\nunit,km²\n\n001,5\n")
    read = text_tables.read_text_table(path, skip_rows=[2])
    assert read["code"].to_dict() == {4: "001"}
    book = tmp_path / "book.xlsx"
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame({"a": ["x"]}).to_excel(writer, sheet_name="one", index=False)
        pd.DataFrame({"code": ["007"]}).to_excel(writer, sheet_name="two", index=False)
    assert text_tables.read_text_table(book, sheet="two")["code"].to_dict() == {2: "007"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "column 'code' is missing; found: a, b"),
        ("code,b\n1,2,3,4\n5,6,,\n", "line 2: 4 cells under 2 headings"),
        ("code,code\n1,2\n", "heading 'code' appears twice"),
        ('code,b\n"1,2\n', "cannot be read as a table"),
        ("", "cannot be read as a table: it is empty"),
    ],
)
def test_unreadable_tables(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DataError, match=says) as caught:
        text_tables.read_text_table(path, ["code"])
    assert str(path) in str(caught.value)


def test_numbers_name_the_cells_that_are_none() -> None:
    table = pd.DataFrame({"v": ["1,200", None, "-", "3.5"]}, dtype="str")
    values, problems = text_tables.numbers(table, "v")
    assert values.iloc[[0, 3]].tolist() == [1200.0, 3.5]
    assert values.isna().tolist() == [False, True, True, False]
    assert problems == ["line 2, column 'v': '-' is not a number"]


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e400", "3,14", "1,23,456", "12,00.5"])
def test_what_is_no_number_is_not_guessed(cell: str) -> None:
    values, problems = text_tables.numbers(pd.DataFrame({"v": [cell, "-1,234,567.5"]}), "v")
    assert problems == [f"line 0, column 'v': {cell!r} is not a number"]
    assert values.isna().tolist() == [True, False]
    assert values.iloc[1] == -1_234_567.5


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
    assert tables.read_ranking(path)["rank"].tolist() == [1, 2]


def test_clusters_become_one_row_per_unit(tmp_path: Path) -> None:
    path = write(tmp_path, "cluster,units,size\n五金,永康市;缙云县；武义县,10\n电气,乐清市,\n")
    config = ClustersConfig.model_validate(
        {"id": "c", "title": "C", "file": str(path), "size": "size"}, context={"root": tmp_path}
    )
    table = tables.read_clusters(config)
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
    assert read["unit_id"].tolist() == ["001", "002"]
    assert read["gdp"].iloc[0] == 10.0
    assert read["gdp"].isna().iloc[1]


def test_a_table_with_a_duplicate_code_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "unit_id,gdp\n001,1\n001,oops\n")
    with pytest.raises(DataError) as caught:
        tables.read_indicators(indicator_table(tmp_path, path))
    assert caught.value.problems == [
        "line 3, column 'gdp': 'oops' is not a number",
        "line 3: '001' stands in line 2 already",
    ]
    with pytest.raises(DataError, match="`rename` can give it one"):
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
    members = write(tmp_path, "region_id,unit,rule\na,*,include\nz,*,include\n")
    with pytest.raises(DataError) as caught:
        regions.read_members(members, listed)
    assert caught.value.problems == [
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
    with pytest.raises(DataError, match="column 'region_id' has repeated values"):
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
    assert read["unit"].to_dict() == {3: "云县", 4: "B", 5: "C"}
    assert read["gdp"].tolist() == [1, 3, 5]
    assert read["both"].tolist() == [30, 70, 110]


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


def test_totals_are_told_by_rules() -> None:
    rows = pd.DataFrame({"code": ["1100", "1101", None], "name": ["P", "All", "All"]}, dtype="str")
    rules = [{"column": "code", "ends": "00"}, {"column": "name", "equals": ["All"]}]
    found = [tables.total_rows(rows, [RowRule.model_validate(rule)]).tolist() for rule in rules]
    assert found == [[True, False, False], [False, True, True]]


def test_changes_are_checked(tmp_path: Path) -> None:
    head = "date,kind,from_code,from_name,to_code,to_name\n"
    read = tables.read_changes(write(tmp_path, head + "2020-07,rename,,Old,01,New\n,merge,9,,1,\n"))
    assert read["date"].isna().tolist() == [False, True]
    with pytest.raises(DataError) as caught:
        tables.read_changes(write(tmp_path, head + "1.7.2020,moved,,Old,01,New\n2020,merge,,,1,\n"))
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
    read = tables.read_ranking(
        path, rename={"place": "rank", "code": "unit_id"}, only={"list": "x"}
    )
    assert read[["rank", "unit_id"]].to_numpy().tolist() == [[1, "01"], [2, "03"]]
