"""The rows of a file as arrays: row-major where they differ in length, else column-major."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np

from regional_atlas.core.arrays import Bools, Ints
from regional_atlas.sources.reader.cells import Cell, Cells, holds

__all__ = ["ColumnMajor", "RowMajor", "Rows", "RowsBuilder"]

_BLOCK = 2**18
"""Cells that are kept as objects until they become arrays."""


@dataclass(frozen=True)
class Rows(ABC):
    """Rows of cells.

    Attributes
    ----------
    numbers : array of int
        By row, its number in the file.
    """

    numbers: Ints

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    @abstractmethod
    def widths(self) -> Ints:
        """Give the number of cells of each row."""

    @abstractmethod
    def row(self, at: int) -> list[Cell]:
        """Give the cells of one row."""

    @abstractmethod
    def column(self, at: int) -> Cells:
        """Give the cells of one column: nothing where a row is too short."""

    @abstractmethod
    def kept(self, which: Bools) -> Rows:
        """Keep some rows."""

    def without(self, numbers: Collection[int]) -> Rows:
        """Leave out the rows with some numbers."""
        return self.kept(~np.isin(self.numbers, list(numbers))) if numbers else self

    def changed(self, rows: Mapping[int, Sequence[Cell]]) -> Rows:
        """Give some rows, by position, other cells."""
        every = (rows[at] if at in rows else self.row(at) for at in range(len(self)))
        return RowMajor.of(zip(self.numbers.tolist(), every, strict=True)) if rows else self

    def first_held(self) -> list[Cell]:
        """Give the first cell of each row that holds anything."""
        found: list[Cell] = [None] * len(self)
        open_rows = np.arange(len(self))
        for at in range(int(self.widths().max(initial=0))):
            cells = self.column(at).taken(open_rows).tolist()
            held = np.array([holds(cell) for cell in cells], np.bool_)
            for row, cell in zip(open_rows[held].tolist(), compress(cells, held), strict=True):
                found[row] = cell
            open_rows = open_rows[~held]
            if not len(open_rows):
                break
        return found


@dataclass(frozen=True)
class RowMajor(Rows):
    """Rows that may differ in length, of a text file or a sheet.

    Attributes
    ----------
    cells : Cells
        Of all rows, one row after the other.
    starts, lengths : array of int
        By row, where its cells are.

    Examples
    --------
    >>> rows = RowMajor.of([(1, ["a", "b"]), (3, ["c"])])
    >>> rows.row(1), rows.column(1).tolist()
    (['c'], ['b', None])
    """

    cells: Cells
    starts: Ints
    lengths: Ints

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Sequence[Cell]]]) -> RowMajor:
        """Take rows apart, each with its number."""
        builder = RowsBuilder()
        for number, cells in rows:
            builder.add(number, cells)
        return builder.rows()

    def widths(self) -> Ints:
        """Give the number of cells of each row."""
        return self.lengths

    def row(self, at: int) -> list[Cell]:
        """Give the cells of one row."""
        return self.cells.sliced(int(self.starts[at]), int(self.lengths[at])).tolist()

    def column(self, at: int) -> Cells:
        """Give the cells of one column."""
        return self.cells.taken(self.starts + at, self.lengths > at)

    def kept(self, which: Bools) -> RowMajor:
        """Keep some rows; their cells are not copied."""
        return RowMajor(self.numbers[which], self.cells, self.starts[which], self.lengths[which])

    def changed(self, rows: Mapping[int, Sequence[Cell]]) -> RowMajor:
        """Give some rows other cells, which come after all others."""
        if not rows:
            return self
        new = RowMajor.of(rows.items())
        starts, lengths = self.starts.copy(), self.lengths.copy()
        starts[new.numbers], lengths[new.numbers] = new.starts + len(self.cells), new.lengths
        return RowMajor(self.numbers, Cells.joined([self.cells, new.cells]), starts, lengths)


@dataclass(frozen=True)
class ColumnMajor(Rows):
    """Rows of one length, of a file whose columns have types.

    Attributes
    ----------
    columns : list of Cells
    """

    columns: list[Cells]

    def widths(self) -> Ints:
        """Give the number of cells of each row."""
        return np.full(len(self), len(self.columns))

    def row(self, at: int) -> list[Cell]:
        """Give the cells of one row."""
        return [column.sliced(at, 1).tolist()[0] for column in self.columns]

    def column(self, at: int) -> Cells:
        """Give the cells of one column."""
        return self.columns[at]

    def kept(self, which: Bools) -> ColumnMajor:
        """Keep some rows."""
        places = np.flatnonzero(which)
        return ColumnMajor(self.numbers[places], [cells.taken(places) for cells in self.columns])


@dataclass
class RowsBuilder:
    """Takes rows up one after the other."""

    _numbers: array[int] = field(default_factory=lambda: array("q"))
    _starts: array[int] = field(default_factory=lambda: array("q"))
    _lengths: array[int] = field(default_factory=lambda: array("q"))
    _cells: list[Cell] = field(default_factory=list)
    _blocks: list[Cells] = field(default_factory=list)
    _before: int = 0
    """Cells in the blocks."""

    def add(self, number: int, cells: Sequence[Cell], times: int = 1) -> None:
        """Take up a row, or several with the same cells."""
        self._numbers.extend(range(number, number + times))
        self._starts.extend([self._before + len(self._cells)] * times)
        self._lengths.extend([len(cells)] * times)
        self._cells += cells
        if len(self._cells) >= _BLOCK:
            self._end_block()

    def rows(self) -> RowMajor:
        """Give all rows."""
        self._end_block()
        cells = Cells.joined(self._blocks)
        numbers, starts, lengths = map(_ints, (self._numbers, self._starts, self._lengths))
        return RowMajor(numbers, cells, starts, lengths)

    def _end_block(self) -> None:
        self._blocks.append(Cells.of(self._cells))
        self._before += len(self._cells)
        self._cells = []


def _ints(found: array[int]) -> Ints:
    return np.array(found, np.int64)
