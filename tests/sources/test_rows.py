"""Rows as arrays: what is put in comes out, whatever a cell is and however long a row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.sources.reader import rows as module
from regional_atlas.sources.reader.cells import Cell, Cells, Fault, Number, holds
from regional_atlas.sources.reader.rows import ColumnMajor, RowMajor, Rows, RowsBuilder

TEXTS = st.text(st.characters(categories=("L", "N", "Zs", "Cc", "Cs")), max_size=4)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.builds(Number, st.floats(allow_nan=False), TEXTS, st.booleans()),
    st.builds(Fault, TEXTS),
)
TABLES = st.lists(st.lists(CELLS, max_size=5), max_size=8)


def column(rows: list[list[Cell]], at: int) -> list[Cell]:
    return [cells[at] if at < len(cells) else None for cells in rows]


@given(TABLES, st.integers(1, 6))
def test_what_is_put_in_comes_out(table: list[list[Cell]], block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_BLOCK", block)
        rows = RowMajor.of(enumerate(table, start=3))
    assert rows.numbers.tolist() == [*range(3, 3 + len(table))]
    assert rows.widths().tolist() == [len(cells) for cells in table]
    assert [rows.row(at) for at in range(len(rows))] == table
    assert all(rows.column(at).tolist() == column(table, at) for at in range(6))


@given(TABLES, st.data())
def test_rows_are_kept_and_changed(table: list[list[Cell]], data: st.DataObject) -> None:
    rows = RowMajor.of(enumerate(table))
    which = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    kept = [cells for cells, held in zip(table, which, strict=True) if held]
    found = rows.kept(np.array(which, np.bool_))
    new = {at: ["new", *cells] for at, cells in enumerate(kept) if at % 2}
    changed = found.changed(new)
    assert [found.row(at) for at in range(len(found))] == kept
    assert [changed.row(at) for at in range(len(kept))] == [
        new.get(at, cells) for at, cells in enumerate(kept)
    ]


@given(TABLES)
def test_the_first_cell_that_holds_anything(table: list[list[Cell]]) -> None:
    first = [next(filter(holds, cells), None) for cells in table]
    assert RowMajor.of(enumerate(table)).first_held() == first


def test_typed_columns_give_the_same_rows() -> None:
    columns: list[list[Cell]] = [["a", None], [Number(1.0, "1"), Number(2.0, "2")]]
    rows: Rows = ColumnMajor(np.array([2, 3]), [Cells.of(cells) for cells in columns])
    assert [rows.row(at) for at in range(2)] == [[*cells] for cells in zip(*columns, strict=True)]
    assert rows.changed({1: []}).row(1) == []
    assert rows.without([2]).numbers.tolist() == [3]


def test_repeated_rows_share_their_cells() -> None:
    builder = RowsBuilder()
    builder.add(5, ["a", "b"], times=1000)
    rows = builder.rows()
    assert len(rows) == 1000
    assert len(rows.cells) == 2
    assert rows.row(999) == ["a", "b"]
