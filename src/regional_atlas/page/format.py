"""The page format: what the blocks of data in a page hold, as types.

`web/src/format.ts` and the listing in `docs/reference/page-format.md` follow from these classes
(`make format` writes both). Every key is always there; what is missing is `null`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pydantic
from pydantic import BeforeValidator, ConfigDict, InstanceOf, TypeAdapter, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from typing_extensions import TypeAliasType

from regional_atlas.config.index.methods import AGGREGATIONS, NORMALISATIONS
from regional_atlas.core import texts
from regional_atlas.core.numerals import Numerals
from regional_atlas.core.texts import Said

__all__ = [
    "FORMAT",
    "Aggregation",
    "AreaCounts",
    "AreaValues",
    "BivariatePlate",
    "Box",
    "CategoriesPlate",
    "ChangePlate",
    "ChartKind",
    "Check",
    "ChoroplethPlate",
    "Citation",
    "Classes",
    "Cluster",
    "ClusterGroup",
    "ClusterSet",
    "ClustersPlate",
    "Column",
    "Context",
    "Counts",
    "CoveragePlate",
    "CoverageRow",
    "Field",
    "FigurePlate",
    "FigureRow",
    "Flag",
    "Framework",
    "FrameworkNode",
    "Geometry",
    "HotspotsPlate",
    "Index",
    "IndexAggregation",
    "IndexMethods",
    "IndexNode",
    "IndexNormalisation",
    "Inset",
    "Join",
    "Language",
    "Membership",
    "Moran",
    "MultiplesPlate",
    "Named",
    "Names",
    "Normalisation",
    "Numerals",
    "Offered",
    "Omission",
    "Panel",
    "Parents",
    "Paths",
    "Place",
    "Plate",
    "PlateBase",
    "Projection",
    "Ramp",
    "RankColumns",
    "Ranking",
    "RankingPlate",
    "Raster",
    "Region",
    "RegionKind",
    "RegionsPlate",
    "Report",
    "Scheme",
    "Series",
    "Spec",
    "Store",
    "StoryStep",
    "Text",
    "TierRanks",
    "TiersPlate",
    "Tiles",
    "Unit",
    "Whole",
    "YearsPlate",
    "plain",
    "schema",
]

FORMAT: Literal[4] = 4
"""The version of the format: the page's script reads this one and no other."""

Box = TypeAliasType(
    "Box",
    Annotated[
        tuple[float, float, float, float],
        pydantic.Field(description="[xmin, ymin, xmax, ymax] in projected metres."),
    ],
)
Column = TypeAliasType(
    "Column",
    Annotated[
        list[float | None],
        pydantic.Field(description="A value for each unit, parent, region or key, in their order."),
    ],
)
Names = TypeAliasType(
    "Names",
    Annotated[
        list[str | None],
        pydantic.Field(description="A name for each unit, parent or region, in their order."),
    ],
)
ChartKind = TypeAliasType(
    "ChartKind",
    Literal[
        "bar",
        "histogram",
        "scatter",
        "treemap",
        "strip",
        "line",
        "lorenz",
        "profile",
        "stacked",
        "timeline",
        "bubble",
    ],
)
Normalisation = TypeAliasType("Normalisation", Annotated[str, NORMALISATIONS.in_page()])
Aggregation = TypeAliasType("Aggregation", Annotated[str, AGGREGATIONS.in_page()])


class _Part:
    """What every class of the format has: docstrings of attributes that reach the schema."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
        arbitrary_types_allowed=True,
    )


def _text_of(given: object) -> object:
    """Read a text as it is written: one string for each language."""
    if isinstance(given, Said) or not isinstance(given, Mapping):
        return given
    if not given or not all(isinstance(said, str) for said in given.values()):
        raise ValueError("a text is a table of strings, by language")
    return texts.Text(given)


def _unit_of(given: object) -> object:
    """Read a unit as it is written: its name and powers of ten by language."""
    if isinstance(given, Said) or not isinstance(given, Mapping):
        return given
    if set(given) != {"name", "power"}:
        raise ValueError("a unit has `name` and `power`")
    name = _text_of(given["name"])
    assert isinstance(name, texts.Text)
    powers = given["power"] or {}
    return texts.Unit(name, scale={tag: 10.0**power for tag, power in powers.items()})


Text = TypeAliasType(
    "Text",
    Annotated[
        Said,
        BeforeValidator(_text_of),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
        pydantic.Field(description="A text in each language that the page offers, by its tag."),
    ],
)
Unit = TypeAliasType(
    "Unit",
    Annotated[
        InstanceOf[texts.Unit],
        BeforeValidator(_unit_of),
        WithJsonSchema(
            {
                "type": "object",
                "properties": {
                    "name": {"$ref": "#/$defs/Text"},
                    "power": {
                        "anyOf": [
                            {"type": "object", "additionalProperties": {"type": "integer"}},
                            {"type": "null"},
                        ],
                        "description": "By language: a stored number is multiplied by ten to this "
                        "power before it is written with the unit. Null: by nothing.",
                    },
                },
                "required": ["name", "power"],
            }
        ),
        pydantic.Field(description="The unit of a number."),
    ],
)


# ── words ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(_Part):
    """A language that the page offers: what the page itself says in it."""

    tag: str
    """BCP 47."""
    name: str
    """What its speakers call it."""
    direction: Literal["ltr", "rtl"]
    numerals: Numerals
    messages: str
    """The page's words as Fluent text; English ones where the language has none."""


# ── specification ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(_Part):
    """An id and what a reader calls it."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitType(Named):
    """A type of unit, and why its units are not like the others, if they are not."""

    note: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(_Part):
    """Of the map and of every position in the page."""

    proj4: str
    name: Text
    datum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(_Part):
    """Background of the web mercator mode."""

    url: str
    subdomains: list[str]
    attribution: Text
    max_zoom: int
    datum: str
    fits: bool
    """Whether tiles of this datum lie where the data lies."""
    key: str | None
    """From the environment of the build; null: none, or the reader types it."""
    hosts: list[str]
    """Scheme and host of every address that they come from; all are in the policy's img-src."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset(Named):
    """A part of the map that is drawn in a corner, in a projection of its own."""

    proj4: str
    bounds: Box
    """In metres of that projection."""
    units: list[int]
    """Indices of the units that reach into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(_Part):
    """A city that is named on the map."""

    title: Text
    point: tuple[float, float]
    """In projected metres."""
    major: bool
    """Named on maps of any scale, not only on those that are zoomed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Named):
    """An urban agglomeration, a metropolitan area or the like."""

    precedence: int
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionKind(Named):
    """A kind of region, and its regions."""

    regions: list[Region]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRanks(_Part):
    """The ranks that a tier runs from and to."""

    tier: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Named):
    """A ranking of units, published or computed."""

    n: int
    """Units ranked."""
    kind: Literal["published", "computed"]
    tiers: list[TierRanks]
    """Empty: the ranking has no tiers."""
    among: list[int] | None
    """Indices of the unit types that could be ranked; null: all."""
    score: str | None
    """Id of the field that holds the score."""
    dimensions: list[Named] | None
    """First level of the index's tree, where there are scores of it."""
    citation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(_Part):
    """What all units come to."""

    value: float
    partial: bool
    """Some units have no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Named):
    """A numeric column that can be mapped, tabulated and read in a card."""

    unit: Unit
    digits: int
    """After the point."""
    direction: int
    """−1 where less is better."""
    years: list[int] | None
    """Null: one column; else one column for each year."""
    year: int | None
    """Of the one column, where it has one."""
    method: Text
    citation: str | None
    missing: Text | None
    """What a missing value means here."""
    extensive: bool
    """Values add up over units."""
    rule: Text
    """How values of units make that of an area: "sum", "ratio of sums", "does not add up"."""
    whole: Whole | None
    """The value of all units together, in the last year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexNode(_Part):
    """A node of an index whose weights the reader may change."""

    code: str
    title: Text
    unit: Unit | None
    parent: str
    """Code of the node above; "index": the root."""
    weight: float
    direction: Literal[1, -1]
    field: str | None
    """Id of the indicator among the fields, where it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexNormalisation(_Part):
    """How indicators become comparable."""

    method: Normalisation
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAggregation(_Part):
    """How the nodes below make one above."""

    method: Aggregation
    availability: float
    """The least share of the weight that must have data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Named):
    """A computed index whose weights the reader may change."""

    ranking: str
    """Id of the ranking that it makes."""
    nodes: list[IndexNode]
    """In the order of the index file."""
    normalise: IndexNormalisation
    aggregate: IndexAggregation
    tiers: int
    """Classes of the exact Fisher–Jenks partition; 0: no tiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMethods(_Part):
    """What a reader may choose in place of an index's own methods, by name."""

    normalise: list[Named]
    aggregate: list[Named]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterGroup(Named):
    """A group of clusters, such as a programme."""

    since: int | None
    """The year that it began in."""
    source: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Named):
    """A cluster and the units that it lies in."""

    group: str | None
    size: float | None
    units: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSet(Named):
    """A set of clusters."""

    size_unit: Unit | None
    citation: str | None
    groups: list[ClusterGroup]
    items: list[Cluster]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster(_Part):
    """A picture of a field in a year; the same grid for all years of a field."""

    field: str
    year: int
    bounds: Box
    image: str
    """A data URI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Named):
    """Where data comes from."""

    source: Text
    licence: Text | None
    vintage: Text | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(_Part):
    """How rows of a table found their units."""

    name: str
    rows: int
    matched: int
    renamed: list[str]
    ambiguous: list[str]
    unmatched: list[str]
    merged: list[str]
    divided: list[str]
    without_code: list[str]
    excluded: int
    units_without: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(_Part):
    """What the build checked: completeness, coverage, areas, block means."""

    name: Text
    ok: bool
    detail: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission(_Part):
    """What the build left out, and why."""

    what: Text
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(_Part):
    """How the build went."""

    version: str
    """Of regional_atlas."""
    joins: list[Join]
    checks: list[Check]
    omissions: list[Omission]


# ── plates ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes(_Part):
    """Classes of values, low to high, and their colours."""

    scheme: str
    """"quantile", "fisher_jenks", "rank", "tiers", "categories" and so on."""
    scheme_title: Text
    k: int | None
    """Classes asked for, which values can make fewer; null: the scheme takes none."""
    middle: float | None
    """The classes lie evenly around it."""
    breaks: list[float]
    """Upper bounds, inclusive, ascending: a value is in the first class whose bound it does not
    exceed, above the last in the last. Of categories: the value of each, exactly."""
    minimum: float | None
    """The lowest value, for the legend."""
    labels: list[Text] | None
    """One for each class, where numbers are not what a reader wants."""
    palette: str
    colors: list[str]
    """One "#rrggbb" for each class."""
    colors_dark: list[str]
    """The same on a dark page."""
    counts: list[int]
    """Units in each class, in the year shown first; areas for a plate of areas or of coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Named):
    """A way to find classes; docs/method/classes.md has them all."""

    formula: Text
    """How breaks are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp(_Part):
    """Colours by the number of classes, at least up to 9."""

    id: str
    light: list[str]
    """Of 1, 2, 3 classes and so on: "rrggbb" end on end, low to high."""
    dark: list[str]
    """The same on a dark page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(_Part):
    """What a reader may choose in place of a field's own classes."""

    schemes: list[Scheme]
    palettes: list[Ramp]
    """Five, and those of the plates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateBase(Named):
    """A view: what the map colours, what the table lists, what the legend says."""

    group: Text
    finding: Text
    """One sentence, made from the data."""
    note: Text | None
    """A caveat that belongs under the finding."""
    citation: str | None
    chart: ChartKind | None
    """The chart that it opens with; null: the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPlate(PlateBase):
    """Units coloured by rank; those without a rank on paper."""

    kind: Literal["ranking"] = "ranking"
    ranking: str
    classes: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersPlate(PlateBase):
    """Units coloured by tier, 1 darkest."""

    kind: Literal["tiers"] = "tiers"
    ranking: str
    classes: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionsPlate(PlateBase):
    """Regions, no two neighbours alike."""

    kind: Literal["regions"] = "regions"
    region_kind: str
    ranking: str | None
    """Its units are marked on top, and counted."""
    colors: list[int]
    """Palette slot (0–7) of each region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow(_Part):
    """How many units of a parent are ranked."""

    parent: int
    count: int
    of: int
    share: float | None
    best: int | None
    """The best rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePlate(PlateBase):
    """Parents coloured by the share or the number of their units that are ranked.

    A parent without any is on paper, in no class.
    """

    kind: Literal["coverage"] = "coverage"
    ranking: str
    level: str
    measure: Literal["share", "count"]
    classes: Classes
    rows: list[CoverageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasPlate(PlateBase):
    """Regions or parents coloured by what a field comes to in each: the store's `areas`."""

    kind: Literal["areas"] = "areas"
    field: str
    """One that units have, or regions alone."""
    scope: str
    """A parent level or a kind of region."""
    year: int | None
    classes: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoroplethPlate(PlateBase):
    """One field in one year."""

    kind: Literal["choropleth"] = "choropleth"
    field: str
    year: int | None
    classes: Classes
    middle: float | None
    """Colours diverge around it, where it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsPlate(PlateBase):
    """A field with a year slider, classes the same in all years."""

    kind: Literal["years"] = "years"
    field: str
    year: int
    """The one shown first."""
    years: list[int]
    classes: Classes
    raster: str | None
    """Field of the rasters that can be shown with it."""
    breaks_note: Text | None
    level_shifts: list[int]
    """First years of another sensor or method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersPlate(PlateBase):
    """Proportional symbols; the units of a cluster are linked."""

    kind: Literal["clusters"] = "clusters"
    set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlate(PlateBase):
    """The change of a field between two years; where `relative`, in per cent of a value above 0."""

    kind: Literal["change"] = "change"
    field: str
    since: int
    until: int
    relative: bool
    classes: Classes
    middle: float
    """Colours diverge around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BivariatePlate(PlateBase):
    """Two fields that cross: the first across, the second up."""

    kind: Literal["bivariate"] = "bivariate"
    fields: tuple[str, str]
    years: tuple[int | None, int | None]
    classes: tuple[Classes, Classes]
    colors: list[str]
    """Row by row: colors[b * n + a], a the class of the first field and n its classes."""
    colors_dark: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoriesPlate(PlateBase):
    """A field of whole numbers, each of which stands for something."""

    kind: Literal["categories"] = "categories"
    field: str
    year: int | None
    classes: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moran(_Part):
    """Moran's I of all units, and how often chance does as much."""

    moran: float
    expected: float
    p: float
    permutations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotsPlate(PlateBase):
    """Hot and cold spots of a field: Gᵢ*, local Moran, or a field of codes made elsewhere."""

    kind: Literal["hotspots"] = "hotspots"
    field: str
    year: int | None
    classes: Classes
    codes: str | None
    """Key in `spots` of the store; null: the field holds the codes. Gᵢ*: cold −1, not significant
    0, hot 1. Local Moran: 0, HH 1, LH 2, LL 3, HL 4. Both: 9 has no neighbours."""
    moran: Moran | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(_Part):
    """One of several small maps."""

    field: str
    """Id of a field, or "ranking/dimension": a column in `dimensions` of the store."""
    year: int | None
    title: Text
    finding: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiplesPlate(PlateBase):
    """Small maps side by side: the years of one field, or several fields or dimensions."""

    kind: Literal["multiples"] = "multiples"
    field: str | None
    """The field whose `years` the maps show; null: they show `panels`."""
    years: list[int]
    ranking: str | None
    """The ranking whose dimensions the panels are."""
    panels: list[Panel]
    classes: list[Classes]
    """One that all maps share, with the counts of all panels together; or one for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(_Part):
    """A series of published figures."""

    title: Text
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow(_Part):
    """The value of a key in each series."""

    title: Text | None
    """Of a key that is no area."""
    area: int | None
    """Index into the level's parents or the kind's regions."""
    values: Column
    signs: list[str]
    """"<", ">", "≈" or nothing, before each value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePlate(PlateBase):
    """Published figures: a row for each key."""

    kind: Literal["figure"] = "figure"
    scope: str | None
    """The parent level or kind of region whose areas the keys are; null: the map marks the
    ranking's units."""
    ranking: str | None
    series: list[Series]
    shown: int
    """The series that colours the map."""
    rows: list[FigureRow]
    classes: Classes | None


Plate = TypeAliasType(
    "Plate",
    Annotated[
        RankingPlate
        | TiersPlate
        | RegionsPlate
        | CoveragePlate
        | AreasPlate
        | ChoroplethPlate
        | YearsPlate
        | ClustersPlate
        | ChangePlate
        | BivariatePlate
        | CategoriesPlate
        | HotspotsPlate
        | MultiplesPlate
        | FigurePlate,
        pydantic.Field(discriminator="kind"),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep(_Part):
    """A step of the story."""

    title: Text
    text: Text
    """Plain text; an empty line parts paragraphs."""
    link: str
    """What it shows, as the page's link says it."""
    bounds: tuple[float, float, float, float] | None
    """West, south, east, north in degrees of what the map shows; null: its area, else all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec(_Part):
    """Everything about a page that is not a column."""

    format: Literal[4] = FORMAT
    id: str
    languages: list[str]
    """Tags of those that the page offers; it opens in the reader's, else in the first."""
    title: Text
    subtitle: Text
    projection: Projection
    tiles: Tiles | None
    view: Box
    """What the map first shows."""
    insets: list[Inset]
    places: list[Place]
    """Those with precedence first."""
    review_number: str | None
    """Printed; empty: "not reviewed"; null: nothing."""
    levels: list[Named]
    """Parent levels, outermost first."""
    unit_level: Named
    """What a unit is called."""
    unit_types: list[UnitType]
    kinds: list[RegionKind]
    rankings: list[Ranking]
    fields: list[Field]
    area_fields: list[Field]
    """Fields of which parents and regions have values, and no unit has."""
    indices: list[Index]
    """Computed indices whose weights the reader may change."""
    index_methods: IndexMethods
    clusters: list[ClusterSet]
    plates: list[Plate]
    story: list[StoryStep]
    classing: Offered
    rasters: list[Raster]
    citations: list[Citation]
    report: Report


# ── store ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents(_Part):
    """A parent level: its areas, and the one that each unit is in."""

    ids: list[str]
    names: list[str]
    names_en: Names
    short: list[str]
    pinyin: Names | None
    """As `unit_pinyin`."""
    of: list[int]
    """Index of each unit's parent; -1: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(_Part):
    """Units and the regions that they are in: a row for each pair."""

    unit: list[int]
    region: list[int]
    share: list[float]
    """Of the unit."""
    exclusive: list[int]
    """1 or 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankColumns(_Part):
    """Columns of a ranking."""

    rank: Column
    tier: Column
    low: Column | None = None
    """Interval of the rank, from."""
    high: Column | None = None
    """Interval of the rank, to."""
    p_tier: Column | None = None
    """Probability of the tier that is shown."""
    coverage: Column | None = None
    """Share of the weight that the unit has data for; null in it: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCounts(_Part):
    """How many of the first places each area holds, with the interval of the number."""

    count: Column
    low: Column
    high: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(_Part):
    """Who holds the first places of a ranking."""

    top: int
    """How many places these are."""
    areas: dict[str, AreaCounts]
    """By level or kind of region, in the order of its areas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaValues(_Part):
    """The last year's value of a field in each area."""

    value: Column
    data: Column | None
    """Where the value is partial, how many members have data."""
    members: Column | None
    """Where the value is partial, how many members there are, those included that are lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkNode(_Part):
    """A node of an index as its file states it."""

    code: str
    title: Text
    unit: Unit | None
    parent: str
    direction: Literal[1, -1]
    given: float | None
    """Share of the whole index as judged, absent nodes among the others; null: the data weigh."""
    share: float | None
    """Share of the whole in effect: what is absent passes its weight to its siblings."""
    status: Literal["used", "proxy", "absent"]
    reason: Text | None
    """Of a proxy or an absence; null where all below is absent."""
    source: Text | None
    citation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(_Part):
    """The tree of a computed index."""

    ranking: str
    title: Text
    note: Text | None
    nodes: list[FrameworkNode]
    """In the order of the index file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(_Part):
    """Why values of a unit are missing or doubtful."""

    text: Text
    partial: list[int]
    """Years whose value is of a part of the unit alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(_Part):
    """The columns: one value for each unit, in one order everywhere."""

    unit_id: list[str]
    unit: list[str]
    unit_en: Names
    unit_pinyin: Names | None
    """In lower case, syllables parted by spaces; initials are derived."""
    aliases: dict[str, list[str]]
    """By index of a unit: other names, which the search finds."""
    unit_type: list[int]
    """Index into the unit types; -1: none."""
    area_km2: list[float]
    point: list[tuple[float, float]]
    """A point inside the unit, projected metres."""
    parents: dict[str, Parents]
    """By level."""
    membership: dict[str, Membership]
    """By kind of region."""
    region_pinyin: dict[str, Names]
    """By kind, in the order of its regions; kinds without Chinese names are left out."""
    rankings: dict[str, RankColumns]
    indices: dict[str, dict[str, Column]]
    """By index and code: the indicators' raw values, of at least twelve digits."""
    fields: dict[str, Column | dict[str, Column]]
    """By field, and by year where it has years."""
    areas: dict[str, dict[str, AreaValues]]
    """By level or kind of region, and field."""
    counts: dict[str, Counts]
    """By ranking."""
    dimensions: dict[str, dict[str, Column]]
    """By ranking and dimension: scores, whole points."""
    spots: dict[str, Column]
    """By key, such as "light_mean g_star": codes of hot and cold spots."""
    frameworks: list[Framework]
    """The trees of all computed indices."""
    flags: dict[str, dict[str, Flag]]
    """By field and index of a unit."""


# ── geometry ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths(_Part):
    """Rings or lines, one after the other."""

    sizes: list[int]
    """Positions of each."""
    x: list[float]
    """Positions, in steps of the context's `scale`."""
    y: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(_Part):
    """What is drawn around and over the units."""

    scale: float
    """Metres are steps times this."""
    land: Paths
    """Rings, inside by the even-odd rule; they reach under the units that they touch."""
    lakes: Paths
    """Rings, inside by the even-odd rule."""
    rivers: Paths
    graticule: Paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry(_Part):
    """Arcs in projected metres, each border once, and the units that they bound."""

    scale: tuple[float, float]
    """Metres are steps times this, plus `translate`."""
    translate: tuple[float, float]
    arc_sizes: list[int]
    """Positions of each arc."""
    x: list[float]
    """Positions, in steps."""
    y: list[float]
    unit_rings: list[int]
    """Rings of each unit; holes are rings too: a point is inside by the even-odd rule, and rings
    run with their unit on the left."""
    ring_sizes: list[int]
    """Arcs of each ring."""
    refs: list[int]
    """Arcs of the rings; ~a (below 0): arc a backwards."""
    lines: list[int]
    """Arcs drawn as the data source draws them, such as maritime lines."""
    context: Context | None
    """Null: nothing is drawn around the units."""


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


def plain(item: object, languages: Sequence[str]) -> Any:
    """Give what a class of the format holds as JSON data, texts in each of the languages.

    Lists of values are not copied: their items are looked at only where the first is no value.

    Examples
    --------
    >>> series = Series(title=texts.Text(fr="année", en="year"), unit=texts.Unit("km"))
    >>> plain(series, ["fr"])
    {'title': {'fr': 'année'}, 'unit': {'name': {'fr': 'km'}, 'power': None}}
    """
    if isinstance(item, texts.Unit):
        power = {lang: item.power(lang) for lang in languages}
        return {"name": _said(item, languages), "power": power if any(power.values()) else None}
    if isinstance(item, Said):
        return _said(item, languages)
    if dataclasses.is_dataclass(item):
        return {
            key.name: plain(getattr(item, key.name), languages) for key in dataclasses.fields(item)
        }
    if isinstance(item, Mapping):
        return {key: plain(value, languages) for key, value in item.items()}
    if isinstance(item, list | tuple):
        values = isinstance(item, list) and item and isinstance(item[0], _VALUES)
        return item if values else [plain(part, languages) for part in item]
    return item


_VALUES = (str, int, float, type(None))


def _said(text: Said, languages: Sequence[str]) -> dict[str, str]:
    return {lang: text.in_(lang) for lang in languages}


def schema() -> JsonSchemaValue:
    """Give the JSON Schema of the four blocks: `Language`, `Spec`, `Store` and `Geometry`."""
    blocks = (Language, Spec, Store, Geometry, PlateBase)
    _, found = TypeAdapter.json_schemas(
        [(block, "serialization", TypeAdapter(block)) for block in blocks]
    )
    return found
