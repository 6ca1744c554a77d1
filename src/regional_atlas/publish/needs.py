"""What a build will need, told from its files before anything is read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError
from regional_atlas.sources.parquet_footer import chunks_of

__all__ = ["Needs", "free_memory", "needs_of", "said_needs"]

_BYTES_A_CELL = {".xlsx": 3, ".ods": 2, ".xls": 14}
"""Of files that are packed, or hold numbers in full; see `_TEXT`."""
_TEXT = 7
"""Bytes of a cell in a text file, its delimiter included."""
_MEMORY, _TIME = 210, 7e-6
"""Bytes, and seconds of a processor, for each cell of the tables of indicators: measured by
`python -m benchmarks.load` with 40 indicators in 10 years of 4,000 to 50,000 units."""
_ALWAYS = (5e8, 12.0)
"""The same for a build without indicators."""
_WORTH_SAYING = 3e9
"""Bytes of memory below which any machine builds an atlas."""


@dataclass(frozen=True)
class Needs:
    """An estimate for a build without anything in the store.

    Attributes
    ----------
    cells : int
        Of the tables of indicators.
    memory : float
        Bytes at the most.
    seconds : float
        Of a processor.
    """

    cells: int
    memory: float
    seconds: float


def needs_of(project: Project) -> Needs:
    """Estimate what a build of a project needs, by the cells of its tables of indicators.

    Parameters
    ----------
    project : Project

    Returns
    -------
    Needs
        Rasters are not counted: they are read block by block.
    """
    cells = sum(
        _cells(path)
        for key, paths in project.files.items()
        if key.startswith("indicators.") and key.endswith(".file")
        for path in paths
    )
    memory, seconds = _ALWAYS
    return Needs(cells, memory + cells * _MEMORY, seconds + cells * _TIME)


def said_needs(needs: Needs, free: float | None) -> str | None:
    """Put large needs into a sentence; None where they are those of any atlas.

    Parameters
    ----------
    needs : Needs
    free : float, optional
        Bytes of memory that are free.

    Examples
    --------
    >>> said_needs(Needs(20_000_000, 4.7e9, 152.0), free=4e9)
    'large: some 20 million cells of indicators; a first build takes about 5 GB of memory and 3 \
minutes of processor time; 4 GB are free: leave out years or columns, or use a larger machine'
    >>> said_needs(Needs(1_000_000, 0.7e9, 19.0), free=4e9)
    """
    if needs.memory < _WORTH_SAYING:
        return None
    said = (
        f"large: some {needs.cells / 1e6:.0f} million cells of indicators; a first build takes "
        f"about {needs.memory / 1e9:.0f} GB of memory and {max(1, needs.seconds / 60):.0f} minutes "
        "of processor time"
    )
    if free is None or free > needs.memory:
        return said
    return (
        f"{said}; {free / 1e9:.0f} GB are free: leave out years or columns, or use a larger machine"
    )


def free_memory() -> float | None:
    """Give the bytes of memory that are free; None where the system does not say."""
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (ValueError, OSError, AttributeError):
        return None


def _cells(path: Path) -> int:
    """Guess the cells of a table, without reading it; of one that is damaged, none."""
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            return sum(chunk.values for chunk in chunks_of(path))
        return path.stat().st_size // _BYTES_A_CELL.get(path.suffix.lower(), _TEXT)
    except (OSError, ValueError, DataError):
        return 0
