"""Pairwise comparisons of the children of a node, as the index file states them."""

from __future__ import annotations

from fractions import Fraction

from pydantic import model_validator

from regional_atlas.core.model import (
    Model,
    Value,
)
from regional_atlas.core.texts import Text

__all__ = ["ComparisonConfig"]


class ComparisonConfig(Model):
    """A comparison matrix of the children of `node` (AHP), by one expert.

    The cell in row i and column j says how many times item i outweighs item j: a number, a
    fraction in quotes ("1/3"), or "" where nobody judged. One of two mirrored cells is enough.
    Several matrices for one node, with different `expert`s, are combined.
    """

    node: str = "index"
    """Code of the node whose children are compared."""
    expert: str = ""
    """Who judged."""
    items: list[str]
    """Codes of the children, in the order of the matrix."""
    matrix: list[list[Value | str]]
    """One row for each item."""
    note: Text | None = None
    """What the judgements rest on."""

    def values(self) -> list[list[float]]:
        """Return the matrix as numbers, mirrored cells filled, NaN where nobody judged."""
        size = len(self.items)
        given = [[_number(cell) for cell in row] for row in self.matrix]
        for i in range(size):
            for j in range(size):
                mirrored = given[j][i]
                if given[i][j] is None and mirrored is not None:
                    given[i][j] = Fraction(1) / mirrored
        return [[float("nan") if cell is None else float(cell) for cell in row] for row in given]

    @model_validator(mode="after")
    def _matrix(self) -> ComparisonConfig:
        size = len(self.items)
        problems = [
            f"item {item!r} appears twice" for item in self.items if self.items.count(item) > 1
        ]
        if len(self.matrix) != size or any(len(row) != size for row in self.matrix):
            found = " + ".join(str(len(row)) for row in self.matrix)
            problems.append(f"{size} items need {size} rows of {size} cells, found {found}")
        if not problems:
            problems = self._cells()
        if problems:
            raise ValueError(
                "; ".join(f"comparisons of {self.node!r}: {p}" for p in dict.fromkeys(problems))
            )
        return self

    def _cells(self) -> list[str]:
        problems = []
        cells: dict[tuple[int, int], Fraction | None] = {}
        for i, row in enumerate(self.matrix):
            for j, cell in enumerate(row):
                try:
                    cells[i, j] = _number(cell)
                except (ValueError, ZeroDivisionError):
                    cells[i, j] = None
                    problems.append(f"{self._pair(i, j)}: {cell!r} is not a number or fraction")
        for (i, j), value in cells.items():
            mirrored = cells[j, i]
            if value is not None and value <= 0:
                problems.append(f"{self._pair(i, j)}: {float(value):g} is not above 0")
            elif i == j and value not in (None, 1):
                problems.append(f"{self._pair(i, j)}: an item compared with itself is 1")
            elif i < j and value and mirrored and abs(float(value * mirrored) - 1) > 0.05:
                problems.append(
                    f"{self._pair(i, j)}: {self.matrix[i][j]} and {self.matrix[j][i]} "
                    "do not mirror each other"
                )
        return problems

    def _pair(self, i: int, j: int) -> str:
        return f"{self.items[i]} against {self.items[j]}"


def _number(cell: float | str) -> Fraction | None:
    if isinstance(cell, str):
        given = cell.replace(" ", "")
        if len(given) > _LONGEST or "e" in given.lower():  # "1e999999999" would fill the memory
            raise ValueError(f"{cell!r} is too long")
        return Fraction(given) if given else None
    return Fraction(cell)


_LONGEST = 40
"""Signs of a fraction."""
