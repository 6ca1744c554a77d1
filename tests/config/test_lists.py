"""Lists of names in CSV files and in `atlas.toml`: which texts are names, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from regional_atlas.config.lists import (
    EndingTable,
    GroupTable,
    TextList,
    TextTable,
    said_at,
    several_named,
)
from regional_atlas.core.model import ProblemsError


class Lists(BaseModel):
    """One of each kind."""

    texts: TextTable = {}
    endings: EndingTable = {}
    groups: GroupTable = {}
    required: TextList = []


def read(folder: Path, key: str, value: Any) -> Any:
    """Read one list; bytes stand in a file."""
    if isinstance(value, bytes):
        (folder / "list.csv").write_bytes(value)
        value = "list.csv"
    return getattr(Lists.model_validate({key: value}, context={"root": folder}), key)


def problems(folder: Path, key: str, value: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        read(folder, key, value)
    (error,) = caught.value.errors()
    reason = error["ctx"]["error"]
    return reason.problems if isinstance(reason, ProblemsError) else [str(reason)]


@pytest.mark.parametrize("unseen", ["", "  ", "\u200b", "\u3000\ufeff", "\u3164", "\u2060"])
def test_texts_without_a_visible_sign_are_no_names(tmp_path: Path, unseen: str) -> None:
    said = f"expected a text with a visible sign, found {unseen!r}"
    assert problems(tmp_path, "texts", {unseen: "1"}) == [f"{unseen!r}: {said}"]
    assert problems(tmp_path, "texts", {"a": unseen}) == [f"'a': {said}"]
    assert problems(tmp_path, "endings", {unseen: "x"}) == [f"{unseen!r}: {said}"]
    assert problems(tmp_path, "groups", {unseen: ["x"]}) == [f"{unseen!r}: {said}"]
    assert problems(tmp_path, "groups", {"a": ["x", unseen]}) == [f"'a': {said}"]
    assert problems(tmp_path, "required", ["x", unseen]) == [f"[1]: {said}"]


@pytest.mark.parametrize("key", ["texts", "groups"])
def test_rows_without_a_visible_sign_are_named_by_line(tmp_path: Path, key: str) -> None:
    table = "a,b\nx,1\n,2\n\n\u200b,3\ny,\u3000\u200b\n".encode()
    where = "expected a value in each of the first two columns, found"
    assert problems(tmp_path, key, table) == [
        f"list.csv, line 3: {where} ['', '2']",
        f"list.csv, line 5: {where} ['\\u200b', '3']",
        f"list.csv, line 6: {where} ['y', '\\u200b']",
    ]
    assert problems(tmp_path, "required", b"a,b\nx,1\n,2\n") == [
        "list.csv, line 3: expected a value in the first column, found ''"
    ]


def test_the_english_of_an_ending_may_be_empty_but_not_invisible(tmp_path: Path) -> None:
    assert read(tmp_path, "endings", {"x": "", "y": "Y"}) == {"x": "", "y": "Y"}
    assert read(tmp_path, "endings", b"a,b\nx,\ny,Y\n") == {"x": "", "y": "Y"}
    assert len(problems(tmp_path, "endings", {"x": "\u200b"})) == 1
    assert len(problems(tmp_path, "endings", "a,b\nx,\u200b\n".encode())) == 1


@pytest.mark.parametrize("key", ["texts", "endings", "groups", "required"])
def test_control_characters_and_line_breaks_are_refused_in_every_list(
    tmp_path: Path, key: str
) -> None:
    table = 'a,b\r\nx\x00,1\r\n"y\nz",2\r\nv,"\x1b[31m"\r\n\r\nw\x0bw,3\r\nu\u2028,4\r\nt,5\r\n'
    assert problems(tmp_path, key, table.encode()) == [
        "list.csv, line 2: holds the character U+0000; remove it",
        "list.csv, line 3: holds the character U+000A, a line break; remove it",
        "list.csv, line 5: holds the character U+001B; remove it",
        "list.csv, line 7: holds the character U+000B; remove it",
        "list.csv, line 8: holds the character U+2028, a line break; remove it",
    ]
    broken = {"required": ["a\nb"], "groups": {"a": ["a\nb"]}}.get(key, {"a": "a\nb"})
    (said,) = problems(tmp_path, key, broken)
    assert said.endswith("holds the character U+000A, a line break; remove it")


def test_a_cell_that_csv_cannot_hold_is_refused(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, "texts", b"a,b\n" + b"x" * 200_000 + b",1\n")
    assert said.startswith("list.csv, line 2: cannot be read as CSV: field larger")
    assert len(problems(tmp_path, "texts", b'a,b\n"x,1\ny,2\n')) == 1
    assert problems(tmp_path, "texts", b"") == [
        "list.csv: expected 2 columns with a heading, found []"
    ]


def test_one_name_in_two_forms_of_unicode_stands_once(tmp_path: Path) -> None:
    assert problems(tmp_path, "texts", {"\u00e9": "1", "e\u0301": "2"}) == [
        "'\u00e9' stands there twice, in two forms of Unicode"
    ]
    assert problems(tmp_path, "texts", "a,b\n\u00e9,1\ne\u0301,2\n".encode()) == [
        "list.csv, line 3: '\u00e9' stands on line 2 already"
    ]


def test_names_that_are_one_are_said_with_both_lines(tmp_path: Path) -> None:
    table = read(tmp_path, "texts", "a,b\r\nAsh,1\r\nASH,1\r\nA\u200bsh,2\r\naSH,3\r\n".encode())
    assert said_at(table, "ASH") == "list.csv, line 3: "
    assert several_named(table) == [
        "list.csv, line 4: 'A\\u200bsh' and 'Ash' on line 2 are one name, for 2 and for 1"
    ]
    assert several_named(table, ignore_case=True)[1:] == [
        "list.csv, line 5: 'aSH' and 'Ash' on line 2 are one name, for 3 and for 1"
    ]
    assert several_named({"a": "1", "A": "1"}, ignore_case=True) == []
