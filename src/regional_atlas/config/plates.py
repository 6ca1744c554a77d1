"""The plates of the atlas: a model for each kind, with the keys that it has."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.model import (
    Derived,
    Identifier,
    Model,
    ProblemsError,
    Truth,
    Value,
    Whole,
    Year,
)
from regional_atlas.core.texts import Text

__all__ = [
    "AreasPlateConfig",
    "BivariatePlateConfig",
    "CategoriesPlateConfig",
    "CategoryConfig",
    "ChangePlateConfig",
    "ChoroplethPlateConfig",
    "ClassesConfig",
    "ClustersPlateConfig",
    "CoveragePlateConfig",
    "FigurePlateConfig",
    "HotspotsPlateConfig",
    "MultiplesPlateConfig",
    "PlateBaseConfig",
    "PlateConfig",
    "RampConfig",
    "RankingPlateConfig",
    "RegionsPlateConfig",
    "TiersPlateConfig",
    "YearsPlateConfig",
]


_MOST_PARTS = 3
_MOST_MAPS = 12
_OF_SEVERAL = ("scatter", "profile")


class _Checked(Model):
    """A model whose parts each list what is wrong with their keys together."""

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        return []

    @model_validator(mode="after")
    def _without_faults(self) -> Self:
        problems = self.faults()
        if problems:
            raise ProblemsError(problems)
        return self


class CategoryConfig(Model):
    """A value of a categorical field: a whole number, what it stands for, and its colour."""

    value: Annotated[Whole, Field(ge=-(2**53), le=2**53)]
    """As it stands in the field."""
    title: Text
    """What it means."""
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    """`#rrggbb`; by default from a set that the colour-blind can tell apart."""


def _out_of_order(categories: list[CategoryConfig]) -> list[str]:
    values = [category.value for category in categories]
    if values == sorted(set(values)):
        return []
    return [f"the values of `categories` ascend without repeats; found {values}"]


class PlateBaseConfig(_Checked):
    """The keys of every plate: what the map colours and the table lists.

    `choropleth`, `years`, `change`, `bivariate`, `categories`, `hotspots` and `multiples` take any
    field: an indicator of the project's own tables becomes a plate without code.
    """

    id: Annotated[Identifier, Derived("what it shows")]
    """Of the plate in links."""
    kind: Annotated[str, Derived("what it shows")]
    """What the plate shows: one of the kinds below. By default `figure`, `clusters`, `hotspots`,
    `choropleth`, `regions` or `ranking`, by the first that is given of `figure`, `set`, `space`,
    `field`, `region_kind` and `ranking`."""
    title: Annotated[Text, Derived("what it shows")]
    """In the list of plates."""
    group: Annotated[Text, Derived("Maps")]
    """The list's heading that it stands under; the `title` of its group in `[[groups]]`."""
    note: Text | None = None
    """A caveat below the finding."""
    citation: str | None = None
    """Source, where it is not that of what the plate shows."""
    chart: str | None = None
    """The chart that the plate opens with, in place of the table."""

    def fields_shown(self) -> list[str]:
        """List the fields that it shows, by code."""
        named = [getattr(self, "field", None), *getattr(self, "fields", ())]
        return [name for name in named if name is not None]


class RampConfig(_Checked):
    """The key of a plate with a ramp of colours."""

    palette: str = "YlGnBu"
    """A colour ramp by name."""


class ClassesConfig(RampConfig):
    """The keys of a plate that has classes of numbers."""

    scheme: Annotated[str, SCHEMES] = "quantile"
    """How breaks are found: docs/method/classes.md has the rule of each."""
    k: Annotated[Whole, Field(ge=2, le=9)] = 6
    """Number of classes."""
    breaks: list[Value] = []
    """Upper bounds of the classes for `manual`; distances from `middle` where there is one."""
    middle: Value | None = None
    """Classes lie evenly around this value, for a diverging palette."""

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        if self.scheme != "manual" or (self.breaks and self.breaks == sorted(set(self.breaks))):
            return super().faults()
        fault = f"scheme 'manual' needs `breaks`, ascending; found {self.breaks}"
        return [*super().faults(), fault]


class RankingPlateConfig(RampConfig, PlateBaseConfig):
    """Units coloured by their rank."""

    kind: Literal["ranking"]
    ranking: str
    """The ranking."""
    chart: Literal["bar", "treemap", "strip"] | None = None


class TiersPlateConfig(RampConfig, PlateBaseConfig):
    """Units coloured by their tier."""

    kind: Literal["tiers"]
    ranking: str
    """A ranking with tiers."""
    chart: Literal["bar", "treemap", "strip"] | None = None


class RegionsPlateConfig(PlateBaseConfig):
    """Regions of one kind, no two neighbours in the same colour."""

    kind: Literal["regions"]
    region_kind: str
    """The kind of region."""
    ranking: str | None = None
    """Units of this ranking are marked on top, and counted by region."""
    chart: Literal["bar", "treemap"] | None = None


class CoveragePlateConfig(ClassesConfig, PlateBaseConfig):
    """Parents coloured by how many of their units are ranked."""

    kind: Literal["coverage"]
    ranking: str
    """The ranking."""
    level: str
    """A parent level."""
    measure: Literal["share", "count"] = "share"
    """What colours a parent: which share of its units is ranked, or how many are."""
    chart: Literal["bar"] | None = None


class AreasPlateConfig(ClassesConfig, PlateBaseConfig):
    """Regions or parents coloured by a field: what it comes to in each, in its last year."""

    kind: Literal["areas"]
    field: str
    """An indicator, also one that regions alone have."""
    level: str | None = None
    """A parent level."""
    region_kind: str | None = None
    """A kind of region, in place of `level`. A unit of several has the colour of its own one."""
    chart: Literal["bar"] | None = None

    @property
    def scope(self) -> str:
        """The level or kind of region."""
        return self.level or self.region_kind or ""

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        if (self.level is None) == (self.region_kind is None):
            return [*super().faults(), "areas are of a `level` or of a `region_kind`; give one"]
        return super().faults()


class ChoroplethPlateConfig(ClassesConfig, PlateBaseConfig):
    """One field in one year."""

    kind: Literal["choropleth"]
    field: str
    """An indicator or computed score."""
    year: Year | None = None
    """Of a field with years; the last one by default."""
    ranking: str | None = None
    """The ranking that the field is the score of. The page finds it by the field."""
    chart: Literal["bar", "histogram", "scatter", "treemap", "strip", "lorenz"] | None = None


class YearsPlateConfig(ClassesConfig, PlateBaseConfig):
    """A field with a slider of years; the classes are the same in all of them."""

    kind: Literal["years"]
    field: str
    """A field with years."""
    year: Year | None = None
    """The year shown first; the last one by default."""
    chart: (
        Literal["bar", "histogram", "scatter", "treemap", "strip", "lorenz", "line", "stacked"]
        | None
    ) = None


class ClustersPlateConfig(PlateBaseConfig):
    """Clusters as circles, the larger the bigger the cluster."""

    kind: Literal["clusters"]
    set: str
    """A set of clusters."""
    chart: Literal["timeline", "bubble"] | None = None


class ChangePlateConfig(ClassesConfig, PlateBaseConfig):
    """The change of a field between two years."""

    kind: Literal["change"]
    field: str
    """A field with years."""
    since: Year | None = None
    """The year that counts as before; the first one by default."""
    until: Year | None = None
    """The year that counts as after; the last one by default."""
    relative: Truth = False
    """In per cent of the value before."""
    middle: Value = 0.0
    """Classes lie evenly around this change, for a diverging palette."""
    chart: Literal["bar", "histogram", "strip"] | None = None


class BivariatePlateConfig(ClassesConfig, PlateBaseConfig):
    """Two fields that cross."""

    kind: Literal["bivariate"]
    fields: list[str]
    """The field across and the field up."""
    year: Year | None = None
    """Of every field with years; the last one by default."""
    k: Annotated[Whole, Field(ge=2, le=9)] = 3
    """Number of classes of each field, 3 at most."""
    chart: Literal["scatter"] | None = None

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        problems = super().faults()
        if len(self.fields) != 2:
            problems.append(f"a bivariate plate has 2 fields, found {len(self.fields)}")
        if self.k > _MOST_PARTS:
            problems.append(f"a bivariate plate has at most k = {_MOST_PARTS}, found {self.k}")
        return problems


class CategoriesPlateConfig(PlateBaseConfig):
    """A field of whole numbers, each of which stands for something."""

    kind: Literal["categories"]
    field: str
    """A field of whole numbers."""
    year: Year | None = None
    """Of a field with years; the last one by default."""
    categories: Annotated[list[CategoryConfig], Field(min_length=1)]
    """Every value that the field may have, ascending."""
    chart: Literal["bar", "treemap"] | None = None

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        return super().faults() + _out_of_order(self.categories)


class HotspotsPlateConfig(PlateBaseConfig):
    """Hot and cold spots: of a field measured in `[[space]]`, or of a field of codes.

    Give `space` or `field`.
    """

    kind: Literal["hotspots"]
    space: str | None = None
    """The id of a field measured in `[[space]]`."""
    statistic: Literal["g_star", "moran"] = "g_star"
    """Of `space`: Gᵢ* (hot and cold spots) or local Moran (LISA)."""
    field: str | None = None
    """A field of codes: 0 not significant, 1 HH, 2 LH, 3 LL, 4 HL, or those of `categories`."""
    year: Year | None = None
    """Of a `field` with years; the last one by default."""
    categories: list[CategoryConfig] = []
    """Every code that the `field` may have, ascending, where they are others."""
    chart: Literal["bar", "treemap"] | None = None

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        given = [key for key in ("space", "field") if getattr(self, key)]
        problems = super().faults() + _out_of_order(self.categories)
        if len(given) != 1:
            problems.append(
                "hot spots are of a `space` or of a `field` of codes: give one of them, found "
                f"{' and '.join(given) or 'none'}"
            )
        return problems


class MultiplesPlateConfig(ClassesConfig, PlateBaseConfig):
    """Small maps side by side: years of a `field`, several `fields`, or dimensions of a `ranking`.

    Give one of the three.
    """

    kind: Literal["multiples"]
    field: str | None = None
    """A field with years: one map for each year."""
    years: list[Year] = []
    """The years of `field`; all by default."""
    fields: list[str] = []
    """2 to 12 fields: one map for each."""
    ranking: str | None = None
    """A computed ranking: one map for each dimension of its index."""
    year: Year | None = None
    """Of those of `fields` that have years; the last one of each by default."""
    classes: Literal["shared", "own"] | None = None
    """Of `fields` and of a `ranking`, which must say it: the same classes on all maps, for fields
    of one unit, or classes of each map's own. Years share theirs."""
    chart: (
        Literal[
            "bar",
            "histogram",
            "scatter",
            "treemap",
            "strip",
            "lorenz",
            "line",
            "stacked",
            "profile",
        ]
        | None
    ) = None
    """The chart that the plate opens with; `scatter` or `profile` for `fields` and a `ranking`."""

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        given = [key for key in ("field", "fields", "ranking") if getattr(self, key)]
        if len(given) == 1:
            return super().faults() + (self._of_years() if self.field else self._of_several())
        fault = (
            "multiples show the years of a `field`, several `fields` or the dimensions of a "
            f"`ranking`: give one of them, found {' and '.join(given) or 'none'}"
        )
        return [*super().faults(), fault]

    def _of_years(self) -> list[str]:
        if self.classes is None:
            return []
        return ["`classes` goes with several fields or dimensions: years share theirs"]

    def _of_several(self) -> list[str]:
        problems = []
        if self.classes is None:
            problems.append(
                "`classes` must be 'shared' or 'own' for maps of several fields or dimensions"
            )
        if self.years:
            problems.append("`years` goes with multiples of one `field`")
        if self.fields and not 2 <= len(set(self.fields)) == len(self.fields) <= _MOST_MAPS:
            problems.append(
                f"multiples have 2 to {_MOST_MAPS} different fields, found {self.fields}"
            )
        if self.chart not in (None, *_OF_SEVERAL):
            problems.append(
                f"chart {self.chart!r} does not fit multiples of several fields; "
                f"allowed: {', '.join(_OF_SEVERAL)}"
            )
        return problems


class FigurePlateConfig(ClassesConfig, PlateBaseConfig):
    """Published figures: bars or stacks of a table, and a map where its keys are areas."""

    kind: Literal["figure"]
    figure: str
    """Which rows of the table of figures."""
    level: str | None = None
    """The parent level that the keys are of."""
    region_kind: str | None = None
    """The kind of region that the keys are of."""
    beside: list[str] = []
    """Keys that are not areas, such as 其他."""
    ranking: str | None = None
    """Units to mark on the map."""
    counted: Text | None = None
    """The title of one more series, counted from `ranking`."""
    chart: Literal["bar", "stacked"] | None = None

    @property
    def scope(self) -> str | None:
        """The level or kind of region that the keys are of."""
        return self.level or self.region_kind

    def faults(self) -> list[str]:
        """List what is wrong, one line each."""
        problems = super().faults()
        if self.level and self.region_kind:
            problems.append("keys of a figure are of a `level` or of a `region_kind`, not of both")
        if self.counted is not None and not (self.ranking and self.scope):
            problems.append("`counted` needs `ranking`, and `level` or `region_kind`")
        return problems


PlateConfig = Annotated[
    RankingPlateConfig
    | TiersPlateConfig
    | RegionsPlateConfig
    | CoveragePlateConfig
    | AreasPlateConfig
    | ChoroplethPlateConfig
    | YearsPlateConfig
    | ClustersPlateConfig
    | ChangePlateConfig
    | BivariatePlateConfig
    | CategoriesPlateConfig
    | HotspotsPlateConfig
    | MultiplesPlateConfig
    | FigurePlateConfig,
    Field(discriminator="kind"),
]
"""A plate of any kind."""
