"""Tables of indicators and of night lights."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from regional_atlas.model import ExistingFile, Identifier, Model, Provenance, Text, YearlyFiles

__all__ = ["BlocksConfig", "IndicatorColumn", "IndicatorTable", "NightlightsConfig"]


class IndicatorColumn(Model):
    """One column of an indicator table."""

    column: str
    code: Identifier
    title: Text
    unit: Text
    digits: int = 1
    extensive: bool = True
    scale: float = 1.0


class IndicatorTable(Provenance):
    """A table of indicators, joined by `unit_id` or by name and parents."""

    file: ExistingFile | None = None
    sheet: str | None = None
    year: int
    skip_rows: list[int] = []
    rename: dict[str, str] = {}
    columns: list[IndicatorColumn]


class BlocksConfig(Model):
    """Block means for the overlay and for exercising the raster route on every machine."""

    files: YearlyFiles
    unit_note: Text | None = None


class NightlightsConfig(Provenance):
    """Yearly rasters, or a table computed from them once, and how the cells are read."""

    table: ExistingFile | None = None
    files: YearlyFiles | None = None
    scale: float | None = None
    offset: float | None = None
    nodata: Literal["stored", "none"] | float = "stored"
    crs: str | None = None
    lit_threshold: float
    unit: Text
    blocks: BlocksConfig | None = None
    year: int
    base_year: int
    dark_below: float = 0.0
    level_shifts: list[int] = []
    note: Text | None = None

    @model_validator(mode="after")
    def _some_source(self) -> NightlightsConfig:
        if self.table is None and self.files is None:
            raise ValueError("give `table` or `files`")
        return self
