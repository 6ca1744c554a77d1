"""The plates of the atlas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.core.model import Identifier, Model
from regional_atlas.core.texts import Text

__all__ = ["CategoryConfig", "PlateConfig"]


class CategoryConfig(Model):
    """A value of a categorical field: a whole number, what it stands for, and its colour."""

    value: int
    """As it stands in the field."""
    title: Text
    """What it means."""
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    """`#rrggbb`; by default from a set that the colour-blind can tell apart."""


class PlateConfig(Model):
    """A plate: what the map colours and the table lists.

    `choropleth`, `years`, `change`, `bivariate`, `categories`, `hotspots` and `multiples` take any
    field: an indicator of the project's own tables becomes a plate without code.
    """

    id: Identifier
    """Of the plate in links."""
    kind: Literal[
        "ranking",
        "tiers",
        "regions",
        "coverage",
        "choropleth",
        "years",
        "clusters",
        "change",
        "bivariate",
        "categories",
        "hotspots",
        "multiples",
        "figure",
    ]
    """What the plate shows."""
    title: Text
    """In the list of plates."""
    group: Text
    """The list's heading that it stands under."""
    ranking: str | None = None
    """For `ranking`, `tiers`, `coverage` and `regions`; for `figure`, units to mark on the map; for
    `multiples`, the computed ranking whose index has the dimensions to show, one small map each."""
    region_kind: str | None = None
    """For `regions`; for `figure`, the kind of region that its keys are."""
    level: str | None = None
    """For `coverage`: a parent level; for `figure`, the level that its keys are of."""
    measure: Literal["share", "count"] = "share"
    """For `coverage`: what colours a parent: how many of its units are ranked, or which share."""
    figure: str | None = None
    """For `figure`: which rows of the table of figures."""
    counted: Text | None = None
    """For `figure`: the title of one more series, counted from `ranking`."""
    beside: list[str] = []
    """For `figure`: keys that are no area, such as 其他."""
    chart: (
        Literal[
            "bar",
            "stacked",
            "histogram",
            "scatter",
            "treemap",
            "strip",
            "line",
            "lorenz",
            "timeline",
            "bubble",
            "profile",
        ]
        | None
    ) = None
    """The chart that the plate opens with, in place of the table."""
    field: str | None = None
    """An indicator or computed score."""
    fields: list[str] = []
    """For `bivariate`: the field across, the field up; for `multiples`: one small map each."""
    classes: Literal["shared", "own"] | None = None
    """For `multiples` of `fields` or of a `ranking`, which must say it: the same classes on all
    maps, for fields of one unit, or classes of each map's own."""
    year: int | None = None
    """The year shown first, of `fields` that of every field with years; the last one by default."""
    since: int | None = None
    """For `change`: the year that counts as before; the first one by default."""
    until: int | None = None
    """For `change`: the year that counts as after; the last one by default."""
    relative: bool = False
    """For `change`: in per cent of the value before."""
    years: list[int] = []
    """For `multiples` of a `field`: one small map each; all years by default."""
    space: str | None = None
    """For `hotspots`: a field measured in `[[space]]`, in place of a field of codes 0 to 4."""
    statistic: Literal["g_star", "moran"] = "g_star"
    """For `hotspots` of `space`: Gᵢ* (hot and cold spots) or local Moran (LISA)."""
    set: str | None = None
    """For `clusters`: a set of clusters."""
    categories: list[CategoryConfig] = []
    """For `categories`: every value that the field may have."""
    scheme: Literal["quantile", "fisher_jenks", "equal_interval", "log", "head_tail", "manual"] = (
        "quantile"
    )
    """How breaks are found: docs/method/classes.md has the rule of each."""
    k: Annotated[int, Field(ge=2, le=9)] = 6
    """Number of classes; `bivariate` has 3 of each field, and no more."""
    breaks: list[float] = []
    """Upper bounds of the classes for `manual`; distances from `middle` where there is one."""
    middle: float | None = None
    """Classes lie evenly around this value, for a diverging palette; 0 for `change`."""
    palette: str = "YlGnBu"
    """A colour ramp by name."""
    note: Text | None = None
    """A caveat below the finding."""
    citation: str | None = None
    """Source, where it is not that of the field or ranking."""

    @model_validator(mode="after")
    def _needs(self) -> PlateConfig:
        absent = [key for key in _NEEDS[self.kind] if not getattr(self, key)]
        if self.kind == "hotspots" and self.space is not None:
            absent = ["space alone, without field"] if self.field else []
        if absent:
            raise ValueError(f"a plate of kind {self.kind!r} needs {', '.join(absent)}")
        if self.scheme == "manual" and self.breaks != (sorted(set(self.breaks)) or None):
            raise ValueError(f"scheme 'manual' needs `breaks`, ascending; found {self.breaks}")
        if self.kind == "multiples":
            self._check_multiples()
        elif self.classes is not None:
            raise ValueError("`classes` goes with kind 'multiples'")
        if self.kind == "bivariate" and len(self.fields) != 2:
            raise ValueError(f"a bivariate plate has 2 fields, found {len(self.fields)}")
        values = [category.value for category in self.categories]
        if values != sorted(set(values)):
            raise ValueError(f"the values of `categories` ascend without repeats; found {values}")
        if self.kind == "bivariate" and self.parts > _MOST_PARTS:
            raise ValueError(f"a bivariate plate has at most k = {_MOST_PARTS}, found {self.k}")
        if self.chart is not None and self.chart not in _CHARTS[self.kind]:
            raise ValueError(
                f"chart {self.chart!r} does not fit kind {self.kind!r}; "
                f"allowed: {', '.join(_CHARTS[self.kind]) or 'none'}"
            )
        if self.kind == "figure" and self.level and self.region_kind:
            raise ValueError("keys of a figure are of a `level` or of a `region_kind`, not of both")
        if self.counted is not None and not (self.ranking and (self.level or self.region_kind)):
            raise ValueError("`counted` needs `ranking`, and `level` or `region_kind`")
        return self

    def _check_multiples(self) -> None:
        given = [key for key in ("field", "fields", "ranking") if getattr(self, key)]
        if len(given) != 1:
            raise ValueError(
                "multiples show the years of a `field`, several `fields` or the dimensions of a "
                f"`ranking`: give one of them, found {' and '.join(given) or 'none'}"
            )
        several = given != ["field"]
        if several != (self.classes is not None):
            raise ValueError(
                "`classes` must be 'shared' or 'own' for maps of several fields or dimensions"
                if several
                else "`classes` goes with several fields or dimensions: years share theirs"
            )
        if several and self.years:
            raise ValueError("`years` goes with multiples of one `field`")
        if self.fields and not 2 <= len(set(self.fields)) == len(self.fields) <= _MOST_MAPS:
            raise ValueError(
                f"multiples have 2 to {_MOST_MAPS} different fields, found {self.fields}"
            )
        if several and self.chart not in (None, *_OF_PANELS):
            raise ValueError(
                f"chart {self.chart!r} does not fit multiples of several fields; "
                f"allowed: {', '.join(_OF_PANELS)}"
            )

    @property
    def parts(self) -> int:
        """Classes of each field of a bivariate plate."""
        return self.k if "k" in self.model_fields_set else 3


_MOST_PARTS = 3
_MOST_MAPS = 12
_NEEDS = {
    "ranking": ["ranking"],
    "tiers": ["ranking"],
    "regions": ["region_kind"],
    "coverage": ["ranking", "level"],
    "choropleth": ["field"],
    "years": ["field"],
    "clusters": ["set"],
    "change": ["field"],
    "bivariate": ["fields"],
    "categories": ["field", "categories"],
    "hotspots": ["field"],
    "multiples": [],
    "figure": ["figure"],
}
_OF_PANELS = ["scatter", "profile"]
_OF_A_FIELD = ["bar", "histogram", "scatter", "treemap", "strip", "lorenz"]
_CHARTS: dict[str, list[str]] = {
    "ranking": ["bar", "treemap", "strip"],
    "tiers": ["bar", "treemap", "strip"],
    "regions": ["bar", "treemap"],
    "coverage": ["bar"],
    "choropleth": _OF_A_FIELD,
    "years": [*_OF_A_FIELD, "line", "stacked"],
    "clusters": ["timeline", "bubble"],
    "change": ["bar", "histogram", "strip"],
    "bivariate": ["scatter"],
    "categories": ["bar", "treemap"],
    "hotspots": ["bar", "treemap"],
    "multiples": [*_OF_A_FIELD, "line", "stacked", "profile"],
    "figure": ["bar", "stacked"],
}
