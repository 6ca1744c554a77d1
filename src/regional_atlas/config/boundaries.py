"""Where units come from, their levels, types and parents."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from regional_atlas.model import ExistingFile, Identifier, Model, Provenance, Text

__all__ = [
    "BoundariesConfig",
    "Completeness",
    "LevelConfig",
    "ParentConfig",
    "TypeRule",
    "UnitType",
    "UnitTypes",
]


class LevelConfig(Model):
    """A level's id and what a reader calls it."""

    id: Identifier
    title: Text


class ParentConfig(LevelConfig):
    """A parent level: from columns of the boundaries, or by grouping another level.

    `strip` lists endings that a short name goes without; `aliases` maps other names to the full
    one; `itself` lists words that stand for "the unit is its own parent".
    """

    key: str | None = None
    name: str | None = None
    name_en: dict[str, str] = {}
    of: str | None = None
    groups: dict[str, list[str]] = {}
    strip: list[str] = []
    aliases: dict[str, str] = {}
    itself: list[str] = []

    @model_validator(mode="after")
    def _one_source(self) -> ParentConfig:
        if (self.key is None) == (not self.groups):
            raise ValueError(
                "a parent level has either `key` (a column) or `groups` (with `of`), not both"
            )
        if self.groups and self.of is None:
            raise ValueError("`groups` needs `of`: the level that it groups")
        return self


class TypeRule(Model):
    """A rule on a name's ending and an id's beginning; the first that holds decides."""

    type: str
    ends: str = ""
    id_starts: str = ""


class UnitType(Model):
    """A unit type and how many units of it the boundaries must have."""

    id: str
    title: Text
    expected: int | None = None


class UnitTypes(Model):
    """How a unit's type is found: a column, or rules on the name's ending with exceptions by id."""

    column: str | None = None
    rules: list[TypeRule] = []
    exceptions: dict[str, str] = {}
    types: list[UnitType]

    @model_validator(mode="after")
    def _declared(self) -> UnitTypes:
        known = {kind.id for kind in self.types}
        used = [rule.type for rule in self.rules] + list(self.exceptions.values())
        unknown = sorted(set(used) - known)
        if unknown:
            raise ValueError(f"types without a line in `types`: {', '.join(unknown)}")
        return self


class Completeness(Model):
    """What the boundaries must contain; a breach is an error."""

    units: int | None = None
    required: list[str] = []
    area_km2: float | None = None
    area_tolerance: float = 0.01


class BoundariesConfig(Provenance):
    """Where the units come from: an installed provider or a file, its key, names and datum."""

    provider: Literal["cnmaps"] | None = None
    file: ExistingFile | None = None
    layer: str | None = None
    lines: ExistingFile | None = None
    level: LevelConfig
    key: str
    name: str
    name_en: str | None = None
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    parents: list[ParentConfig] = []
    unit_type: UnitTypes | None = None
    complete: Completeness = Completeness()
    notes: Text | None = None

    @model_validator(mode="after")
    def _one_source(self) -> BoundariesConfig:
        if (self.provider is None) == (self.file is None):
            raise ValueError("give either `provider` or `file`")
        return self
