"""How the map is drawn, and the plates of the atlas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.model import Box, Identifier, Model, Text

__all__ = ["InsetConfig", "MapConfig", "PlateConfig"]


class InsetConfig(Model):
    """A part of the map drawn again in a corner; bounds in degrees (west, south, east, north)."""

    id: Identifier
    title: Text
    bounds: Box


class MapConfig(Model):
    """How the map is drawn: an equal-area projection, its first view, its insets.

    `review_number` is printed on the map; empty, the page says "not reviewed"; left out, nothing.
    `tolerance` and `grid` are metres: how much the page's borders are simplified (units keep their
    area to 2 % whatever it says), and the step that their coordinates are rounded to.
    """

    projection: str
    projection_name: Text
    bounds: Box
    insets: list[InsetConfig] = []
    review_number: str | None = None
    keep_islets: list[Box] = []
    tolerance: Annotated[float, Field(gt=0)] = 1000.0
    grid: Annotated[float, Field(gt=0)] = 40.0


class PlateConfig(Model):
    """A plate: what the map colours and the table lists."""

    id: Identifier
    kind: Literal["ranking", "tiers", "regions", "coverage", "choropleth", "years", "clusters"]
    title: Text
    group: Text
    ranking: str | None = None
    region_kind: str | None = None
    level: str | None = None
    field: str | None = None
    year: int | None = None
    set: str | None = None
    scheme: Literal["quantile", "fisher_jenks", "equal_interval", "log", "manual"] = "quantile"
    k: Annotated[int, Field(ge=2, le=9)] = 6
    breaks: list[float] = []
    palette: str = "YlGnBu"
    note: Text | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _needs(self) -> PlateConfig:
        needs = {
            "ranking": ["ranking"],
            "tiers": ["ranking"],
            "regions": ["region_kind"],
            "coverage": ["ranking", "level"],
            "choropleth": ["field"],
            "years": ["field"],
            "clusters": ["set"],
        }[self.kind]
        absent = [key for key in needs if getattr(self, key) is None]
        if absent:
            raise ValueError(f"a plate of kind {self.kind!r} needs {', '.join(absent)}")
        return self
