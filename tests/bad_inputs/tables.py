# ruff: noqa: E501
"""Cases of tables: every reader, joins, and the tables of each section."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.bad_inputs.case import CHECK, Case, Change, both, cases, edit, put, toml

_spec = importlib.util.spec_from_file_location(
    "formats", Path(__file__).parent.parent / "sources/formats.py"
)
assert _spec is not None
assert _spec.loader is not None
formats = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(formats)

CODES = [
    "00101",
    "00102",
    "00203",
    "00204",
    "00105",
    "00106",
    "00207",
    "00208",
    "00109",
    "00110",
    "00211",
    "00212",
]
ROWS: list[list[Any]] = [
    ["code", "population", "output"],
    *([code, 100.0 + at, 1000.0 + at] for at, code in enumerate(CODES)),
]
NAMES = {"csv": "CSV", "tsv": "TSV", "xlsx": "XLSX", "xls": "XLS", "ods": "ODS",
         "parquet": "Parquet", "gpkg": "GeoPackage"}  # fmt: skip


def written(suffix: str, rows: Sequence[Sequence[Any]], declared: str = "") -> Change:
    """Write the project's indicators in a format."""
    named = f'file = "table.{suffix}"\n{declared}'
    file = toml('file = "indicators.csv"', named, declared)
    return both(
        Change(lambda folder: formats.WRITERS[suffix](folder / f"table.{suffix}", rows)), file
    )


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    return [
        [value if (i, j) == (row, column) else cell for j, cell in enumerate(cells)]
        for i, cells in enumerate(ROWS)
    ]


def texts(column: int, row: int, value: str) -> list[list[Any]]:
    """Write a column as text, which a columnar file needs to hold a word among numbers."""
    return [
        [
            cell if j != column or i == 0 else value if i == row else f"{cell:g}"
            for j, cell in enumerate(cells)
        ]
        for i, cells in enumerate(ROWS)
    ]


def reader_cases() -> Iterator[Case]:
    for suffix, name in NAMES.items():
        numeric = [[int(code) if j == 0 and i else cell for j, cell in enumerate(cells)] for i, (cells, code) in enumerate(zip(ROWS, ["0", *CODES], strict=True))]  # fmt: skip
        mixed = [[7 if (i, j) == (3, 0) else cell for j, cell in enumerate(cells)] for i, cells in enumerate(numeric)]  # fmt: skip
        yield from cases(
            f"Tables: {name}",
            CHECK,
            ("a word in a column of numbers", written(suffix, texts(2, 4, "unknown"))),
            ("a number that can be read two ways", written(suffix, texts(2, 4, "1,205"))),
            ("a column that is not there", written(suffix, [["code", "people", "output"], *ROWS[1:]])),
            ("a code that no unit has", written(suffix, changed(2, 0, "00999"))),
            ("codes that lost their zeros", written(suffix, numeric)),
            ("codes of different lengths that are numbers", written(suffix, mixed, 'key = ["code"]')),
            ("a unit in two rows", written(suffix, changed(2, 0, "00101"))),
            ("no rows", written(suffix, ROWS[:1])),
            ("bytes of something else", put(f"indicators.{suffix}", b"\x89PNG\r\n\x1a\n\0\0\0\0", "") if suffix == "csv" else both(put(f"table.{suffix}", b"\x89PNG\r\n\x1a\n\0\0\0\0", ""), toml("indicators.csv", f"table.{suffix}", ""))),
        )  # fmt: skip
        if suffix not in formats.COLUMNAR:
            yield from cases(
                f"Tables: {name}",
                CHECK,
                ("a heading twice", written(suffix, [["code", "population", "population"], *ROWS[1:]])),
                ("a title above the headings", written(suffix, [["Accounts 2022"], *ROWS])),
                ("a note below the table", written(suffix, [*ROWS, ["Source: the statistical office, 2022"]])),
                ("a cell under no heading", written(suffix, [*ROWS[:3], [*ROWS[3], "see note"], *ROWS[4:]])),
                ("an empty file", both(put(f"table.{suffix}", b"", ""), toml("indicators.csv", f"table.{suffix}", ""))),
            )  # fmt: skip
        else:
            yield from cases(
                f"Tables: {name}",
                CHECK,
                ("a row of the headings, where the file has its own", written(suffix, ROWS, "header_row = 2")),
            )  # fmt: skip
        if suffix in ("xlsx", "xls", "ods", "gpkg"):
            yield from cases(
                f"Tables: {name}",
                CHECK,
                ("a sheet that is not there", written(suffix, ROWS, 'sheet = "2022"')),
            )


def declared(text: str, *changes: Change) -> Change:
    return both(*changes, toml("year = 2022\nsource", f"year = 2022\n{text}\nsource", text))


def table_cases() -> Iterator[Case]:
    def line(old: str, new: str) -> Change:
        return edit("indicators.csv", old, new)

    head = "code,population,output\n"
    semicolons = put("indicators.csv", head.replace(",", ";") + "00101;1,5;2,5\n", 'code;population;output\n00101;1,5;2,5')  # fmt: skip
    yield from cases(
        "Tables: what is declared",
        CHECK,
        ("semicolons that are not declared", semicolons),
        ("Latin-1 that is not declared", put("indicators.csv", (head + "00101,1,2\nÎle,1,2\n").encode("latin-1"), "Île, in Latin-1")),
        ("UTF-16 that is declared, and the file is UTF-8", declared('encoding = "utf-16"')),
        ("a heading of `rename` that is not there", toml('rename = { code = "unit_id" }', 'rename = { geoid = "unit_id" }')),
        ("two headings renamed to one", toml('rename = { code = "unit_id" }', 'rename = { code = "unit_id", output = "unit_id" }')),
        ("a key of columns that are not there", toml('rename = { code = "unit_id" }', 'key = ["state", "county"]')),
        ("no column that names units", toml('rename = { code = "unit_id" }\n', "", "without rename")),
        ("a condition that keeps no row", declared("where = \"code = '99'\"")),
        ("a condition on a column that is not there", declared("where = \"state = '01'\"")),
        ("a row of the headings that is empty", declared("header_row = 40")),
        ("a repair of a cell that reads otherwise", declared('repairs = [{ line = 2, column = "output", was = "34", value = "3400" }]')),
        ("a repair of a line that is not there", declared('repairs = [{ line = 99, column = "output", was = "34", value = "3400" }]')),
        ("a repair that takes out a cell with a value", declared("repairs = [{ line = 2, drop = 2 }]")),
        ("a mark for missing values that is not declared", line("00204,90,", "00204,90,n.a.")),
        ("a flag that is not declared", line("00204,90,", "00204,90,12.3 b")),
        ("a per cent sign that is not declared", line("00204,90,", "00204,90,12%")),
        ("a currency sign", line("00204,90,", "00204,90,$12")),
        ("a fraction in the thousands' place", both(declared('thousands = "."'), line("00204,90,", "00204,90,1.25"))),
        ("infinity", line("00204,90,", "00204,90,inf")),
        ("a quotation mark that does not close", line("00101,", '"00101,')),
        ("more cells than headings", line("00102,480,21000", "00102,480,21000,5")),
        ("a key that is empty", line("00102,", ",")),
        ("fewer units than `least_units` asks for", both(declared("least_units = 1.0"), line("00212,260,9900\n", ""))),
        ("no row that finds a unit", put("indicators.csv", head + "A1,1,2\nA2,3,4\n")),
        ("a rule of totals on a column that is not there", declared("totals = [{ column = \"kind\", equals = [\"sum\"] }]")),
        ("wide years of which a part is missing", both(toml('{ column = "output", title', '{ column = ["a_{year}", "b_{year}"], code = "output", title'), put("indicators.csv", "code,population,a_2020,b_2020,a_2021\n00101,1,2,3,4\n"))),
        ("a pattern of years that no heading follows", toml('{ column = "output", title', '{ column = "gdp_{year}", code = "output", title')),
    )  # fmt: skip
    yield from cases(
        "Tables: regions and their members",
        CHECK,
        ("a kind that is not declared", edit("regions.csv", "river,River Cities,River Cities,metro", "river,River Cities,River Cities,port")),
        ("a region without a name", edit("regions.csv", "river,River Cities,River Cities", "river,,")),
        ("a region twice", edit("regions.csv", "river,River", "north,River")),
        ("a precedence that is a word", edit("regions.csv", "metro,2", "metro,second")),
        ("no column `kind`", edit("regions.csv", "name_en,kind", "name_en,sort")),
        ("a region that is not in the table of regions", edit("region_members.csv", "river,Eastmark,*", "lake,Eastmark,*")),
        ("a region without members", edit("regions.csv", "river,River", "lake,Lake,Lake,metro,3,an example\nriver,River")),
        ("a unit that is not there", edit("region_members.csv", "north,Westmark,Alder", "north,Westmark,Aldr")),
        ("a unit of another parent", edit("region_members.csv", "north,Westmark,Alder", "north,Eastmark,Alder")),
        ("a parent that is not there", edit("region_members.csv", "river,Eastmark,*", "river,Southmark,*")),
        ("a rule that there is none of", edit("region_members.csv", "Alder,include", "Alder,perhaps")),
        ("no column `unit`", edit("region_members.csv", "province,unit", "province,place")),
        ("regions, members and a delineation, each with a fault", both(edit("regions.csv", "river,River Cities,River Cities", "river,,"), edit("region_members.csv", "Alder,include", "Aldr,include"), put("metros.csv", "region_id,name,unit_id\nA,One,99999\nA,Two,00102\n"), toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "area"\ntable = { file = "metros.csv" }\n', 'table = { file = "metros.csv" }'))),
        ("an empty line of members", put("region_members.csv", "region_id,province,unit,rule\nnorth,,,include\n")),
        ("a column of the boundaries that is not there", toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "zone"\ncolumn = "zone"\n', 'id = "zone"\ncolumn = "zone"')),
        ("another level's parent that is not there", toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "coast"\nof = "province"\ngroups = { West = ["Southmark"] }\n', 'of = "province"\ngroups = { West = ["Southmark"] }')),
        ("a delineation without its columns", both(put("metros.csv", "metro,county\nA,00101\n"), toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "area"\ntable = { file = "metros.csv" }\n', 'table = { file = "metros.csv" }'))),
        ("a delineation with two names of a region", both(put("metros.csv", "region_id,name,unit_id\nA,One,00101\nA,Two,00102\n"), toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "area"\ntable = { file = "metros.csv" }\n', 'table = { file = "metros.csv" }'))),
        ("a unit twice in a delineation's region", both(put("metros.csv", "region_id,name,unit_id\nA,One,00101\nA,One,00101\n"), toml('id = "metro"\n', 'id = "metro"\n[[regions.kinds]]\nid = "area"\ntable = { file = "metros.csv" }\n', 'table = { file = "metros.csv" }'))),
    )  # fmt: skip
    yield from cases(
        "Tables: rankings and clusters",
        CHECK,
        ("ranks that jump", edit("ranking.csv", "4,Eastmark,Larch", "9,Eastmark,Larch")),
        ("a rank that is a word", edit("ranking.csv", "4,Eastmark,Larch", "fourth,Eastmark,Larch")),
        ("a rank of 0", edit("ranking.csv", "1,Westmark,Birch", "0,Westmark,Birch")),
        ("a rank that is empty", edit("ranking.csv", "2,Eastmark,Cedar", ",Eastmark,Cedar")),
        ("a unit twice", edit("ranking.csv", "4,Eastmark,Larch", "4,Westmark,Birch")),
        ("a unit that is not there", edit("ranking.csv", "4,Eastmark,Larch", "4,Eastmark,Pine")),
        ("a unit of another parent", edit("ranking.csv", "4,Eastmark,Larch", "4,Westmark,Larch")),
        ("fewer rows than its length", edit("ranking.csv", "4,Eastmark,Larch\n", "")),
        ("no column `rank`", edit("ranking.csv", "rank,", "place,")),
        ("no column that names units", edit("ranking.csv", "province,unit", "province,city")),
        ("a cluster with a unit that is not there", edit("clusters.csv", "Birch;Fir", "Birch;Firr")),
        ("a cluster without units", edit("clusters.csv", "Birch;Fir", "")),
        ("a cluster without a name", edit("clusters.csv", "Ceramics", "")),
        ("a size below 0", edit("clusters.csv", "Larch,300", "Larch,-300")),
        ("a size that is a word", edit("clusters.csv", "Larch,300", "Larch,large")),
        ("no column of sizes", toml('size = "output"', 'size = "turnover"')),
        ("a group that is not declared", toml('size = "output"', 'group = "programme"\nsize = "output"', 'group = "programme"')),
    )  # fmt: skip
    changes = "date,kind,from_code,from_name,to_code,to_name,share\n"

    def change(rows: str, more: str = "") -> Change:
        return both(
            put("changes.csv", changes + rows + "\n", rows),
            declared('changes = "changes.csv"\nnames_of = 2019-12-31' + more),
            shown=rows + more,
        )

    yield from cases(
        "Tables: changes of boundaries",
        CHECK,
        ("a kind that there is none of", change("2020,absorb,00101,,00102,,")),
        ("a date that is none", change("2020-13,rename,00101,,00102,,")),
        ("no code to go to", change("2020,rename,00101,,,Alder,")),
        ("neither a code nor a name to come from", change("2020,rename,,,00102,,")),
        ("a share that is a word", change("2020,split,00101,,00102,,half")),
        ("a share beyond 1", change("2020,split,00101,,00102,,1.5")),
        ("shares of a split that do not add up to 1", change("2020,split,00999,,00101,,0.5\n2020,split,00999,,00102,,0.4")),
        ("a transfer without a share", change("2020,transfer,00101,,00102,,")),
        ("a transfer of a unit that only has a name", change("2020,transfer,,Alder,00102,,0.5")),
        ("a target that is not a unit", change("2020,rename,00999,,00998,,")),
        ("a unit that is merged and split on one day", change("2020,merge,00999,,00101,,\n2020,split,00999,,00102,,0.5\n2020,split,00999,,00203,,0.5")),
        ("a row twice", change("2020,merge,00999,,00101,,\n2020,merge,00999,,00101,,")),
        ("weights that there are none of", change("2020,split,00999,,00101,,\n2020,split,00999,,00102,,", '\nallocate = "people"')),
        ("a file without its columns", both(put("changes.csv", "old,new\n1,2\n"), declared('changes = "changes.csv"\nnames_of = 2019-12-31'))),
    )  # fmt: skip
