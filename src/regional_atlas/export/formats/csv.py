"""Units as CSV for spreadsheets."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.export import tables
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_csv"]


def write_csv(layers: Layers, path: Path) -> None:
    """Write the units without their geometry, in UTF-8 with a byte-order mark.

    Texts that begin like a formula get an apostrophe in front. Excel drops leading zeros of codes
    when it opens a CSV: import it with those columns as text, or take the XLSX.
    """
    tables.write_csv(layers.units.drop(columns="geometry"), path, excel=True, raw=layers.raw)


FORMAT = Format(
    title="CSV for spreadsheets",
    file="units.csv",
    write=write_csv,
)
