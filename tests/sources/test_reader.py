"""One reader for every table: the same content reads the same, or the message says what to do."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.schema import TableReading
from regional_atlas.sources.reader import Table, read_table

_spec = importlib.util.spec_from_file_location("formats", Path(__file__).parent / "formats.py")
assert _spec is not None
assert _spec.loader is not None
formats = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(formats)
KINDS = list(formats.WRITERS)
SHEETS = ["csv", "tsv", "xlsx", "xls", "ods"]


def written(folder: Path, kind: str, rows: Any) -> Path:
    path = folder / f"table.{kind}"
    formats.WRITERS[kind](path, rows)
    return path


def text_file(folder: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, *required: str, **declared: Any) -> Table:
    return read_table(path, required, TableConfig.model_validate(declared))


def problems(path: Path, *required: str, **declared: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(path, *required, **declared)
    assert str(path) in str(caught.value)
    return caught.value.problems


CODES = [
    ["code", "name", "value", "count", "ok"],
    ["00101", "NA", 12.5, 3, True],
    ["NA", "None", None, 4, False],
    ["1E5", "nan", -0.25, 5, True],
    ["None", "Ardèche 北京 — Ñ", 1e-7, 6, None],
    ["nan", "=1+1", 123456789.125, 7, True],
    ["TRUE", "#N/A", 0.1, 8, False],
    ["00000", "a,b;c\t'd'", 5.0, 9, True],
]


@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_text_in_every_format(kind: str, tmp_path: Path) -> None:
    table = read(written(tmp_path, kind, CODES), "code", decimal=".")
    assert table.text.columns.tolist() == CODES[0]
    for at, name in enumerate(["code", "name"]):
        assert table.texts(name).tolist() == [row[at] for row in CODES[1:]]
    values, bad = table.numbers("value")
    assert not bad
    assert values.fillna(-1).tolist() == [-1 if row[2] is None else row[2] for row in CODES[1:]]
    assert table.texts("value").fillna("").tolist() == [formats.shown(row[2]) for row in CODES[1:]]
    assert table.texts("count").tolist() == ["3", "4", "5", "6", "7", "8", "9"]
    assert table.texts("ok").fillna("").tolist() == [formats.shown(row[4]) for row in CODES[1:]]
    # Rows are counted as in a spreadsheet, the headings as row 1, in every format.
    assert table.text.index.tolist() == list(range(2, 9))


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=8,
) | st.sampled_from(["NA", "None", "nan", "1E5", "007", "1,205", "TRUE", "=A1", "-", "#REF!"])
# Spreadsheets keep fifteen digits.
floats = st.floats(-1e300, 1e300, allow_subnormal=False).map(
    lambda value: float(f"{value:.15g}") + 0.0
)
rows_of = st.lists(
    st.tuples(
        words,
        words | st.none(),
        floats | st.none(),
        st.integers(-(2**40), 2**40),
        st.booleans() | st.none(),
        st.dates(date(1901, 1, 1), date(2200, 12, 31)) | st.none(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of)
def test_the_same_table_reads_the_same_in_every_format(rows: Any, tmp_path: Path) -> None:
    table = [("code", "name", "value", "count", "ok", "day"), *rows]
    found = {}
    for kind in KINDS:
        one = read(written(tmp_path, kind, table), decimal=".")
        values, bad = one.numbers("value")
        assert not bad
        found[kind] = one.text.reset_index(drop=True).assign(read=values.to_numpy())
    for kind in KINDS[1:]:
        pd.testing.assert_frame_equal(found[kind], found["csv"], check_exact=True)


percents = st.integers(-(10**6), 10**6).map(formats.Percent)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.lists(percents | st.none(), min_size=1, max_size=6))
def test_cells_shown_in_per_cent_read_the_same(shares: Any, tmp_path: Path) -> None:
    table = [("code", "share"), *((str(at), share) for at, share in enumerate(shares))]
    expected = [float("nan") if share is None else share.hundredths / 100 for share in shares]
    for kind in SHEETS:
        values, bad = read(written(tmp_path, kind, table), percent=True, decimal=".").numbers(
            "share"
        )
        assert not bad
        assert values.tolist() == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("kind", SHEETS)
def test_blank_rows_and_empty_columns_are_ignored(kind: str, tmp_path: Path) -> None:
    rows = [
        ["code", None, "v", None, None],
        ["1", None, 5, None, None],
        [None] * 5,
        ["2", None, 6, None, None],
    ]
    table = read(written(tmp_path, kind, rows), "code", "v")
    assert table.text["code"].to_dict() == {2: "1", 4: "2"}
    assert table.text.columns.tolist() == ["code", "v"]


@pytest.mark.parametrize("kind", SHEETS)
def test_doubled_headings_and_cells_under_none_are_refused(kind: str, tmp_path: Path) -> None:
    rows = [["a", "b ", "b", None, "c"], ["1", "2", "3", None, "4"], ["1", "2", "3", "x", "4"]]
    word = "line" if kind in ("csv", "tsv") else "row"
    assert problems(written(tmp_path, kind, rows)) == [
        "heading 'b' appears twice",
        f"{word} 3: 'x' in column D stands under no heading",
    ]


@pytest.mark.parametrize("kind", SHEETS)
def test_titles_above_and_notes_below_are_declared_or_said(kind: str, tmp_path: Path) -> None:
    rows = [
        ["Population of the provinces", None, None],
        [None, None, None],
        ["code", "name", "v"],
        ["unit", None, "persons"],
        ["01", "A", 5],
        ["02", "B", None],
        ["Source: the Bureau", None, None],
        ["* provisional", None, None],
    ]
    path = written(tmp_path, kind, rows)
    word = "line" if kind in ("csv", "tsv") else "row"
    assert problems(path) == [
        f"{word} 1 holds one cell and {word} 3 holds 3; if the headings are in {word} 3, declare "
        "header_row = 3"
    ]
    assert problems(path, header_row=3) == [
        f"{word} 7: 'Source: the Bureau' looks like a note below the table; "
        "declare footer_rows = 2, or footer_starts"
    ]
    for notes in ({"footer_rows": 2}, {"footer_starts": ["Source"]}, {"skip_rows": [4, 7, 8]}):
        declared = {"header_row": 3, "skip_rows": [4]} | notes
        table = read(path, "code", **declared)
        assert table.texts("code").to_dict() == {5: "01", 6: "02"}
        assert table.reading.header_row == 3
        assert table.reading.left_out == 4
    assert problems(path, header_row=2) == [f"header_row = 2: {word} 2 is empty"]


def test_a_last_row_without_values_is_no_note(tmp_path: Path) -> None:
    table = read(text_file(tmp_path, "code,v,w\n01,1,2\n02,,\n"), "code")
    assert table.texts("code").tolist() == ["01", "02"]


# ── workbooks ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_number_formats_decide_the_text_of_codes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"book.{kind}"
    values = [("00000", 1001), ("000-00", 1001), ('"A"000', 7), ("#,##0", 1205), ("0.0%", 0.123)]
    if kind == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for at, (pattern, value) in enumerate(values, start=1):
            book.active.cell(1, at, f"c{at}")
            book.active.cell(2, at, value).number_format = pattern
        book.save(path)
    else:
        import xlwt

        old = xlwt.Workbook()
        sheet = old.add_sheet("s")
        for at, (pattern, value) in enumerate(values):
            sheet.write(0, at, f"c{at + 1}")
            sheet.write(1, at, value, xlwt.easyxf(num_format_str=pattern))
        old.save(str(path))
    table = read(path)
    assert table.text.iloc[0].tolist() == ["01001", "010-01", "A007", "1205", "0.123"]
    assert table.values("c4").tolist() == [1205.0]
    assert table.values("c5").tolist() == [0.123]
    assert "shown in per cent" in table.reading.notes[0]
    assert read(path, percent=True).values("c5").tolist() == [12.3]


def book_of(path: Path, cells: dict[str, Any], merged: str | None = None) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


def test_error_cells_and_formulas_without_a_value_are_named(tmp_path: Path) -> None:
    cells = {"A1": "code", "B1": "v", "C1": "w", "A2": "01", "B2": "=1/0", "C2": "#N/A", "A3": "02"}
    path = book_of(tmp_path / "book.xlsx", cells)
    assert problems(path, "code", "v", "w") == [
        "row 2, column 'v' (B2): a formula without a stored value; open the file in a spreadsheet "
        "program and save it",
        "row 2, column 'w' (C2): the error #N/A",
    ]
    # What nobody asks for may be faulty.
    assert read(path, "code").texts("code").tolist() == ["01", "02"]
    formula = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>v</text:p>'
        "</table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell table:formula="of:=1/0" office:value-type="string">'
        "<text:p>#DIV/0!</text:p></table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell table:formula="of:=1"/></table:table-row>'
    )
    ods = tmp_path / "book.ods"
    formats.write_ods(ods, [], formula)
    said = problems(ods, "v")
    assert said[0] == "row 2, column 'v' (A2): the error #DIV/0!"
    assert said[1].startswith("row 3, column 'v' (A3): a formula without a stored value")


def test_merged_cells_and_other_sheets_are_said(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "b.xlsx", {"A1": "p", "B1": "v", "A2": "x", "B2": 1, "B3": 2}, "A2:A3"
    )
    notes = read(path).reading.notes
    assert notes == ["merged cells: A2:A3; only the first of each holds a value"]
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.create_sheet("Two")["A1"] = "q"
    book.save(path)
    assert "sheet 'Sheet' is read, the first of 2: Sheet, Two" in read(path).reading.notes
    assert read(path, sheet="Two").text.columns.tolist() == ["q"]
    assert problems(path, sheet="Three") == ["no sheet 'Three'; allowed: Sheet, Two"]


def test_dates_are_iso_dates(tmp_path: Path) -> None:
    from datetime import date, datetime

    cells = {"A1": "d", "A2": date(2020, 2, 29), "A3": datetime(2020, 1, 1, 12, 30)}
    table = read(book_of(tmp_path / "b.xlsx", cells))
    assert table.texts("d").tolist() == ["2020-02-29", "2020-01-01 12:30:00"]


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls", "t.ods"])
def test_a_workbook_that_is_none_is_said(name: str, tmp_path: Path) -> None:
    said = problems(text_file(tmp_path, "a,b\n1,2\n", name))
    assert "is no workbook; if it is text, name it .csv" in said[0]


def test_damaged_and_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    import zipfile

    path = book_of(tmp_path / "b.xlsx", {"A1": "a", "A2": 1})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for change, says in [
        (lambda xml: bomb + xml, "document type of its own"),
        (lambda xml: xml[: len(xml) // 2], "damaged"),
        (lambda xml: xml.replace(b"<v>1</v>", b"<v>x</v>"), "damaged"),
        (lambda xml: xml.replace(b'r="A2"', b'r="ZZZZ2"'), "there is no cell"),
    ]:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, change(content) if name == sheet else content)
        assert says in problems(path)[0]
    path.write_bytes(b"PK\x03\x04" + b"\0" * 50)
    assert "cannot be read as a table" in problems(path)[0]
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 50)
    assert "cannot be read as a table" in problems(path)[0]


# ── text files ──────────────────────────────────────────────────────────────────────────────────

EUROPE = "code;libellé;population\n00101;Ardèche;120,5\n00102;Saône;1.234,5\n"


@pytest.mark.parametrize(
    ("encoding", "declares"),
    [
        ("latin-1", 'declare encoding = "cp1252", delimiter = ";", decimal = ","'),
        ("utf-16", 'declare encoding = "utf-16", delimiter = ";", decimal = ","'),
        ("utf-8", 'declare delimiter = ";", decimal = ","'),
        ("utf-8-sig", 'declare delimiter = ";", decimal = ","'),
    ],
)
def test_one_message_says_what_to_declare(encoding: str, declares: str, tmp_path: Path) -> None:
    path = text_file(tmp_path, EUROPE, encoding=encoding)
    (said,) = problems(path, "population")
    assert declares in said
    declared = {"encoding": encoding, "delimiter": ";", "decimal": ",", "thousands": "."}
    table = read(path, "population", **declared)
    assert table.values("population").tolist() == [120.5, 1234.5]
    assert table.texts("libellé").tolist() == ["Ardèche", "Saône"]


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [
        ("unit_id,x\n北京,1\n上海,2\n", "gbk", "gb18030"),
        ("unit_id,x\nMünchen,1\nKöln,2\n", "latin-1", "cp1252"),
        ("unit_id,x\nŽilina – “x”,1\n", "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_proposed(text: str, encoding: str, guess: str, tmp_path: Path) -> None:
    path = text_file(tmp_path, text, encoding=encoding)
    (said,) = problems(path)
    assert f'declare encoding = "{guess}"' in said
    assert text.splitlines()[1].split(",")[0] in said
    assert read(path, encoding=encoding).texts("unit_id").tolist() == [
        line.split(",")[0] for line in text.splitlines()[1:]
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "iso-8859-1", "iso-8859-15"])
def test_control_signs_show_that_latin_1_is_cp1252(encoding: str, tmp_path: Path) -> None:
    path = text_file(tmp_path, "unit_id,x\n“é” – €,1\n", encoding="cp1252")
    (said,) = problems(path, encoding=encoding)
    assert "line 2 holds the control sign 0x93, as iso8859" in said
    assert "read as cp1252 it is '“é” – €,1'" in said
    assert 'declare encoding = "cp1252"' in said
    plain = text_file(tmp_path, "unit_id,x\né,1\n", encoding=encoding)
    assert read(plain, encoding=encoding).texts("unit_id").tolist() == ["é"]


def test_wrong_declarations_are_said(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a,b\né,1\n")
    assert 'declare encoding = "utf-8"' in problems(path, encoding="latin-1")[0]
    assert 'declare delimiter = ","' in problems(path, delimiter=";")[0]
    for key, value, says in [
        ("encoding", "klingon", "unknown encoding 'klingon'"),
        ("decimal", "a", "cannot be 'a'"),
        ("where", "a ==", "expected a value after '=='"),
        ("delimiter", "", "at least 1 character"),
    ]:
        with pytest.raises(ValueError, match=says):
            TableConfig.model_validate({key: value})
    with pytest.raises(ValueError, match="are both ','"):
        TableConfig(decimal=",", thousands=",")
    with pytest.raises(ValueError, match="2 numbers for one column"):
        TableConfig(key_width=[2, 3])


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    path = text_file(tmp_path, 'code,v\n"0\n1",1\n\n02,x\n')
    _, bad = read(path).numbers("v")
    assert bad == ["line 5, column 'v': 'x' is not a number"]
    assert "in what begins in line 2" in problems(text_file(tmp_path, 'a,b\n"1,2\n3,4\n'))[0]


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────


def numbers(*cells: str, **declared: Any) -> tuple[list[float], list[str]]:
    from regional_atlas.sources.reader.numbers import parse_numbers

    parsed = parse_numbers(pd.Series(cells, dtype="str"), TableConfig.model_validate(declared))
    return parsed.values.tolist(), list(parsed.faults.values())


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("1,205", "1205 or 1.205"),
        ("0,350", "350 or 0.350"),
        ("1.234", "1234 or 1.234"),
        ("-12.000", "-12000 or -12.000"),
    ],
)
def test_what_can_be_read_two_ways_is_refused(cell: str, means: str) -> None:
    _, bad = numbers(cell, "7", "100")
    assert bad == [f"{cell!r} can mean {means}; declare decimal and thousands for this table"]
    whole, part = means.split(" or ")
    sign = "," if "," in cell else "."
    assert numbers(cell, decimal=sign)[0] == [float(part)]
    if not cell.startswith("0"):
        other = "." if sign == "," else ","
        assert numbers(cell, decimal=other, thousands=sign)[0] == [float(whole)]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234,567", "1,205"], [1234567, 1205]),
        (["1,205.5", "1,205"], [1205.5, 1205]),
        (["12.5", "1.234"], [12.5, 1.234]),
        (["0.350", "1.234"], [0.35, 1.234]),
        (["1e3", "-.5", "+7", "5."], [1000, -0.5, 7, 5]),
        (["\u22125", "6"], [-5, 6]),
    ],
)
def test_a_column_may_show_its_dialect(cells: list[str], values: list[float]) -> None:
    assert numbers(*cells) == (values, [])


def test_a_recognised_dialect_is_reported(tmp_path: Path) -> None:
    readings: list[TableReading] = []
    path = text_file(tmp_path, 'v\n"1,234,567"\n"1,205"\n')
    read_table(path, ["v"], None, readings).values("v")
    assert readings[0].notes == [
        "column 'v': a comma parts thousands, as '1,234,567' shows (line 2)"
    ]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("120,5", 'declare decimal = ","'),
        ("1.234.567", 'declare decimal = "," and thousands = "."'),
        ("1 234", 'declare thousands = " "'),
        ("12.5%", "declare percent = true"),
        ("…", 'declare missing = ["…"]'),
        ("n.a.", 'declare missing = ["n.a."]'),
        ("$61", "declare strip"),
        ("12.3 b", "declare flags"),
    ],
)
def test_what_is_no_number_says_what_to_declare(cell: str, hint: str) -> None:
    ((said),) = numbers(cell, "7")[1]
    assert f"{cell!r} is not a number" in said
    assert hint in said


@pytest.mark.parametrize("cell", ["inf", "1e400", "1,23,456", "12,00.5", "1_000", "٣", "0x1"])
def test_what_is_no_number_is_not_guessed(cell: str) -> None:
    values, bad = numbers(cell, "-1,234,567.5")
    assert bad == [f"{cell!r} is not a number"]
    assert values[1] == -1_234_567.5


def test_declared_marks_are_read() -> None:
    found = numbers("1 205,5", "12,3 b", ": u", "-", "5 %", "7e", decimal=",", thousands=" ",
                    flags=["b", "u", "e"], missing=["-", ":"], percent=True)  # fmt: skip
    assert [None if value != value else value for value in found[0]] == [
        1205.5, 12.3, None, None, 5, 7,
    ]  # fmt: skip
    assert found[1] == []


def test_flags_are_kept(tmp_path: Path) -> None:
    path = text_file(tmp_path, "v\n12.3 b\n: u\n4\n")
    table = read(path, flags=["b", "u"], missing=[":"])
    assert table.flags("v").fillna("").tolist() == ["b", "u", ""]


@pytest.mark.parametrize("declared", [{"decimal": ","}, {"thousands": ","}])
@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_a_declared_dialect_reads_back_what_it_writes(declared: Any, value: Any) -> None:
    text = f"{value:.2f}".replace(".", ",") if "decimal" in declared else f"{value:,.2f}"
    assert numbers(text, **declared) == ([float(value)], [])


def test_marks_of_programs_for_a_missing_value_are_read_and_said(tmp_path: Path) -> None:
    path = text_file(tmp_path, "code,v\nNA,1\n02,NA\n03,nan\n04,NA\n")
    table = read(path, "code", "v")
    values, bad = table.numbers("v")
    assert bad == []
    assert values.fillna(-1).tolist() == [1, -1, -1, -1]
    assert table.texts("code").tolist() == ["NA", "02", "03", "04"]
    assert table.reading.notes == [
        "column 'v': 'NA' is read as a missing value (line 3)",
        "column 'v': 'nan' is read as a missing value (line 4)",
    ]
    assert read(path, missing=["NA"]).texts("code").isna().tolist() == [True, False, False, False]


def test_many_faults_of_a_kind_are_counted(tmp_path: Path) -> None:
    path = text_file(tmp_path, "v\n" + "x\n" * 50)
    _, bad = read(path).numbers("v")
    assert len(bad) == 21
    assert bad[-1] == "… and 30 more of this kind"


# ── keys and conditions ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "parquet", "gpkg"])
def test_numbers_as_keys_are_padded_by_declaration_or_refused(kind: str, tmp_path: Path) -> None:
    path = written(tmp_path, kind, [["unit_id", "v"], [101, 1], [10204, 2]])
    (said,) = problems(path)
    assert "column 'unit_id' holds numbers of 3 to 5 digits, such as 101 in row" in said
    assert "declare key_width = 5" in said
    assert read(path, key_width=5).texts("unit_id").tolist() == ["00101", "10204"]
    whole = written(tmp_path, kind, [["unit_id", "v"], [100101.0, 1], [100102.0, 2]])
    assert read(whole).texts("unit_id").tolist() == ["100101", "100102"]
    odd = written(tmp_path, kind, [["unit_id", "v"], [1.5, 1], [2.0, 2]])
    assert "the number 1.5 is not a code" in problems(odd)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_may_be_made_of_columns(kind: str, tmp_path: Path) -> None:
    rows = [["state", "county", "v"], ["1", 1, 5], ["46", 13, 6]]
    path = written(tmp_path, kind, rows)
    table = read(path, "unit_id", key=["state", "county"], key_width=[2, 3])
    assert table.texts("unit_id").tolist() == ["01001", "46013"]
    (said,) = problems(path, key=["state", "kounty"])
    assert said == "column 'kounty' is missing; found: state, county, v"


def test_parts_of_a_key_that_may_be_put_together_in_two_ways_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "csv", [["a", "b", "v"], ["1", "23", 5], ["12", "3", 6]])
    said = problems(path, "unit_id", key=["a", "b"])
    assert [text.split(",")[0] for text in said] == ["column 'a'", "column 'b'"]
    assert "holds digits of 1 to 2 places, such as 1 in line 2" in said[0]
    table = read(path, "unit_id", key=["a", "b"], key_width=[2, 2])
    assert table.texts("unit_id").tolist() == ["0123", "1203"]


def test_rows_that_differ_in_blanks_alone_repeat(tmp_path: Path) -> None:
    rows = [["unit", "v"], ["New Ash", 1], ["New\u00a0 Ash", 2], ["New As\u200bh", 3]]
    table = read(written(tmp_path, "csv", rows))
    assert [text.partition(":")[0] for text in table.repeats(["unit"])] == ["line 3", "line 4"]


def test_signs_that_xlsx_stores_by_their_numbers_are_written_out(tmp_path: Path) -> None:
    rows = [["unit", "v"], ["New_x000D_ Ash_x005F_x", 1], ["_xylem_", 2]]
    table = read(written(tmp_path, "xlsx", rows))
    assert table.text["unit"].tolist() == ["New\r Ash_x", "_xylem_"]


def test_places_that_a_format_leaves_blank_are_no_part_of_a_code(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["unit_id"])
    book.active.append([7])
    book.active["A2"].number_format = "???"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").text["unit_id"].tolist() == ["7"]


@pytest.mark.parametrize(
    ("encoding", "guess", "name"),
    [("utf-8", "utf-8", "Île"), ("cp1252", "cp1252", "Köln"), ("gbk", "gb18030", "重庆")],
)
def test_a_dbf_says_its_encoding_or_is_refused(
    encoding: str, guess: str, name: str, tmp_path: Path
) -> None:
    import geopandas as gpd
    import shapely

    path = tmp_path / "a.shp"
    frame = gpd.GeoDataFrame({"unit": [name]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    frame.to_file(path, encoding=encoding)
    dbf = path.with_suffix(".dbf")
    assert read(dbf).text["unit"].tolist() == [name]
    path.with_suffix(".cpg").unlink()
    raw = bytearray(dbf.read_bytes())
    raw[29] = 0
    dbf.write_bytes(raw)
    if guess == "utf-8":
        assert read(dbf).text["unit"].tolist() == [name]
        return
    (said,) = problems(dbf)
    assert said == (
        f"its encoding is not stated; read as {guess} it holds {name!r}; "
        f'declare encoding = "{guess}" for this table'
    )
    assert read(dbf, encoding=guess).text["unit"].tolist() == [name]


def test_headings_count_as_in_the_file_or_as_renamed(tmp_path: Path) -> None:
    path = text_file(tmp_path, "\ufeff Code ,GDP  2020\n'01',5\n'02',\n")
    table = read(path, "GDP 2020", rename={"Code": "unit_id"}, strip="'")
    assert table.texts("Code").tolist() == table.texts("unit_id").tolist() == ["01", "02"]
    assert problems(path, rename={"Kode": "unit_id"}) == [
        "column 'Kode' is missing; found: Code, GDP 2020"
    ]
    assert "gives 'Code' to two columns" in problems(path, rename={"GDP 2020": "Code"})[0]


def test_names_are_in_one_unicode_form(tmp_path: Path) -> None:
    path = text_file(tmp_path, "unite\u0301,v\nBi\u0302rch,1\n")
    assert read(path, "unit\u00e9").texts("unit\u00e9").tolist() == ["B\u00eerch"]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("not (FIPS ends '000')", [3, 4, 5]),
        ("State == 'AL' and not FIPS ends '000'", [3, 4]),
        ("State in ['AK', \"HI\"]", [5]),
        ("State not in ['AK'] and `Pop (2010)` >= 200", [2, 3]),
        ("`Pop (2010)` is missing", [5]),
        ("`Pop (2010)` is not missing and FIPS contains '01'", [2, 3, 4]),
        ("State <> 'AL'", [5]),
        ("FIPS starts '01' and (`Pop (2010)` < 200 or `Pop (2010)` = 1000)", [2, 4]),
    ],
)
def test_rows_are_kept_by_a_condition(where: str, kept: list[int], tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "FIPS,State,Pop (2010)\n01000,AL,1000\n01001,AL,200\n01003,AL,100\n02001,AK,\n"
    )
    table = read(path, where=where)
    assert table.text.index.tolist() == kept
    assert table.reading.rows == len(kept)
    assert table.reading.left_out == 4 - len(kept)


def test_conditions_say_what_is_wrong(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a,b\nx,y\n")
    assert problems(path, where="c == 'x'") == ["column 'c' is missing; found: a, b"]
    assert problems(path, where="a > 5") == ["line 2, column 'a': 'x' is not a number"]
    assert problems(path, where="a == 'z'") == ["where = \"a == 'z'\" keeps none of 1 rows"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected the name of a column, found 'the end'"),
        ("a", "expected a comparison after 'a', found 'the end'"),
        ("a == b", "text stands between quotes"),
        ("a == 'x' b == 'y'", "did not expect 'b'; join comparisons by `and` or `or`"),
        ("a < 'x'", "expected a number after '<', found 'x'"),
        ("a in 'x'", "expected a list after `in`"),
        ("a in ['x'", "expected ']', found 'the end'"),
        ("(a == 1", "expected ')', found 'the end'"),
        ("a is empty", "expected `missing` after `is`"),
        ("a.b == 1", "cannot be read from '.b == 1' on"),
        ("__import__('os')", "expected a comparison after '__import__'"),
        ("(" * 5000 + "a == 1", "is nested more than 50 deep"),
        ("not " * 5000 + "a == 1", "is nested more than 50 deep"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Condition(text)
    assert says in str(caught.value)


def test_quotes_are_doubled_within_text() -> None:
    assert Condition("`a``b` == 'it''s'").names() == ["a`b"]
