"""Kinds of region: member lists or polygons with a rule."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from regional_atlas.config.boundaries import LevelConfig
from regional_atlas.core.model import ExistingFile, Model

__all__ = ["KindConfig", "RegionsConfig"]


_RULE = re.compile(
    r"^(area_share\s*>=\s*(0?\.\d+|1(\.0*)?|0)|largest_share|representative_point|intersects)$"
)


def _rule(value: Any) -> str:
    if not isinstance(value, str) or not _RULE.match(value):
        raise ValueError(
            f"unknown rule {value!r}; allowed: 'area_share >= 0.5' (any share from 0 to 1), "
            "'largest_share', 'representative_point', 'intersects'"
        )
    return value


Rule = Annotated[str, BeforeValidator(_rule)]


class KindConfig(LevelConfig):
    """A kind of region; `polygons` with `rule` where it comes as polygons, not member lists."""

    polygons: ExistingFile | None = None
    """Vector file with the regions, instead of lines in `file` and `members`."""
    layer: str | None = None
    """Of a file with several."""
    key: str = "region_id"
    """Column of the polygons with the region's id."""
    name: str = "name"
    """Column with its name."""
    rule: Rule = "area_share >= 0.5"
    """`area_share >= x`, `largest_share`, `representative_point` or `intersects`."""
    citation: str | None = None
    """Id of the source."""


class RegionsConfig(Model):
    """Region definitions: a table of regions, a table of members, and the kinds."""

    file: ExistingFile | None = None
    """CSV: region_id, name, name_en, kind, precedence (the lowest wins), source."""
    members: ExistingFile | None = None
    """CSV: region_id, parent levels, unit (`*`: all), rule (include, exclude)."""
    kinds: list[KindConfig]
    """The kinds of region there are."""
