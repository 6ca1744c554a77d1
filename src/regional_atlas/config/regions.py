"""Kinds of region: member lists or polygons with a rule."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from regional_atlas.config.boundaries import LevelConfig
from regional_atlas.model import ExistingFile, Model

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
    """A kind of region; `polygons` with `rule` where it comes as polygons, not member lists.

    `option` names the command-line option of `query` and the word of `summarise --by`.
    """

    polygons: ExistingFile | None = None
    layer: str | None = None
    key: str = "region_id"
    name: str = "name"
    rule: Rule = "area_share >= 0.5"
    citation: str | None = None


class RegionsConfig(Model):
    """Region definitions: a table of regions, a table of members, and the kinds."""

    file: ExistingFile | None = None
    members: ExistingFile | None = None
    kinds: list[KindConfig]
