"""What a build measures in space: autocorrelation and hot spots, inequality, mobility of ranks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from regional_atlas.core.model import (
    Derived,
    Identifier,
    Model,
    Real,
    Seed,
    Whole,
    Year,
)

__all__ = ["InequalityConfig", "SpaceConfig"]


class SpaceConfig(Model):
    """A field whose pattern over neighbouring units is measured (docs/method/space.md)."""

    id: Annotated[Identifier, Derived("the field")]
    """Of the result in `space.csv`."""
    field: str
    """An indicator or a computed ranking."""
    year: Year | None = None
    """Of the values; the last one by default."""
    since: Year | None = None
    """An earlier year, to say how far ranks moved from it to `year`."""
    permutations: Annotated[Whole, Field(ge=99, le=999_999)] = 9999
    """Random arrangements for each unit and for the whole."""
    seed: Seed = 0
    """Of the arrangements."""
    fdr: Annotated[Real, Field(gt=0, lt=1)] = 0.05
    """False-discovery rate of the classes."""

    @model_validator(mode="after")
    def _earlier(self) -> SpaceConfig:
        if self.since is not None and self.year is not None and self.since >= self.year:
            raise ValueError(f"`since` ({self.since}) must lie before `year` ({self.year})")
        return self


class InequalityConfig(Model):
    """A field whose inequality is split into what lies between and within groups of units."""

    id: Annotated[Identifier, Derived("the field")]
    """Of the result in `inequality.csv`."""
    field: str
    """An indicator or a computed ranking, 0 or more: a value per head or per area, no total."""
    years: list[Year] = []
    """The last one by default."""
    weight: str | None = None
    """What a unit counts by: `area_km2` or an indicator (a population); all alike by default."""
    by: list[str] = []
    """Parent levels and region kinds; all of them by default."""
