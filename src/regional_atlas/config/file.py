"""What an `atlas.toml` may say: the keys of a project, and those that say once what repeats."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from regional_atlas.config import AtlasConfig
from regional_atlas.config.plates import PlateConfig
from regional_atlas.core.model import Model
from regional_atlas.core.texts import Text, Unit

__all__ = ["AtlasFile", "PlateGroup"]


class PlateGroup(Model):
    """Plates that stand under one heading, and what they share.

    Every other key of a plate but `id` may stand here too (`citation`, `kind`, `ranking`,
    `palette`, …): it holds for each plate of the group whose kind has that key, unless the plate
    says otherwise.
    """

    title: Text
    """The heading in the list of plates."""
    plates: Annotated[list[PlateConfig], Field(min_length=1)]
    """The plates, in order."""


class AtlasFile(AtlasConfig):
    """Everything that `atlas.toml` may say.

    A key with a default may be left out. `[[plates]]` alone and plates in `[[groups]]` may both be
    given; those alone come first.
    """

    measurement_units: dict[str, Unit] = {}
    """Units of numbers by name. Wherever a unit stands, such a name stands for it."""
    unit_type_sets: dict[str, list[str]] = {}
    """Lists of unit types by name. Such a name stands for its types in `among` and in the groups of
    `compare.measures`."""
    groups: list[PlateGroup] = []
    """Plates under headings, with what they share."""
