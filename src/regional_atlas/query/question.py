"""What is asked: the parts of a question, each checked for what it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

import pandas as pd

from regional_atlas.core.conditions import Condition
from regional_atlas.core.signs import unstorable
from regional_atlas.query.areas import Asked
from regional_atlas.query.places import Box, Point

__all__ = ["FieldCondition", "Question", "sorted_by"]


class FieldCondition(Condition):
    """A condition of a question, over fields; see `core.conditions`."""

    flags = frozenset({"ranked"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about units.

    Attributes
    ----------
    ranking : str, optional
        The project's first by default.
    where : str, optional
        A condition on fields, such as `"industrial > 60 and lit_share@2020 < 0.2"`: see
        `core.conditions` for the language and `query.fields` for the fields. `ranked` stands by
        itself; a condition that names it asks of units without a rank too.
    region : str, sequence of str, or mapping of str to str or sequence of str, optional
        Areas that units must belong to: by kind (`{"metro": ["杭州", "宁波"]}`), or names
        (`"metro=杭州"`, or `"杭州都市圈"` where one area only is called so). Any of a kind will do;
        of every kind that is named there must be one. `exclusive` says whether the regions
        asked for are the unit's own by precedence.
    kinds : mapping of str to str or sequence of str
        Further areas, by kind.
    not_in : as `region`, optional
        Areas that units must not belong to.
    tier : int, optional
        Of the ranking.
    within : path, str, GeoDataFrame, GeoSeries or shapely geometry, optional
        Units whose representative point lies inside these polygons; see `query.places.polygons`.
    layer, zones_crs : str, optional
        Of a file of polygons.
    bbox : (west, south, east, north), optional
        Units whose representative point lies in the box.
    near : (lon, lat) or str, optional
        With `radius`: units within that distance of a point, or of the centre of a place by name;
        see `query.places.centre`.
    radius : float, optional
        Kilometres on the ellipsoid, measured to the nearest part of the unit.
    neighbours_of : str, optional
        A unit's id or name: the units that share a border with it.
    order : int
        Of neighbours: 2 also lists those of the neighbours.
    per : str, optional
        A kind of area: `top` counts in each.
    rank_within : str, optional
        A kind of area: ranks are counted anew in each.
    top : int, optional
        The first so many, after sorting.
    sort : str or sequence of str, optional
        Fields, the first one first; `-field` sorts downwards. By rank otherwise. Missing values
        come last.
    year : int, optional
        Of the indicators' columns; the latest of each by default.
    columns : str or sequence of str
        The fields of the answer, any that there are; those above by default.
    unranked : bool
        Also the units without a rank, last. Without any ranking in the project, all units.
    """

    ranking: str | None = None
    where: str | None = None
    region: Asked | None = None
    kinds: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    not_in: Asked | None = None
    tier: int | None = None
    within: Any = None
    layer: str | None = None
    zones_crs: str | None = None
    bbox: Box | None = None
    near: Point | str | None = None
    radius: float | None = None
    neighbours_of: str | None = None
    order: int = 1
    per: str | None = None
    rank_within: str | None = None
    top: int | None = None
    sort: str | Sequence[str] | None = None
    year: int | None = None
    columns: str | Sequence[str] = ()
    unranked: bool = False

    def order_of(self) -> list[str]:
        """List the fields to sort by."""
        return self._keys() or ["rank"]

    def column_names(self) -> list[str]:
        """List the fields of the answer; geometry comes by itself."""
        given = self.columns
        names = given.split(",") if isinstance(given, str) else given
        return [name.strip() for name in dict.fromkeys(names) if name.strip() != "geometry"]

    def sort_fields(self) -> list[str]:
        """List the fields that are named to sort by."""
        return [key.strip().removeprefix("-") for key in self._keys()]

    def _keys(self) -> list[str]:
        if self.sort is None:
            return []
        given = self.sort
        return [key for key in given.split(",") if key] if isinstance(given, str) else [*given]

    def named_fields(self) -> list[str]:
        """List the fields that decide the answer, in the condition and the order."""
        conditioned = FieldCondition(self.where).names() if self.where is not None else ()
        return [name for name in (*conditioned, *self.sort_fields()) if name != "ranked"]

    def problems(self) -> list[str]:
        """Say what is out of its range, or does not go with the rest."""
        near, radius = self.near, self.radius
        problems = []
        if near is not None and radius is None:
            problems.append("near needs a radius in km")
        if near is None and radius is not None:
            problems.append("a radius needs near: longitude,latitude or the name of a place")
        if near is not None and not isinstance(near, str):
            lon, lat = near
            if not (abs(lon) <= 180 and abs(lat) <= 90):
                problems.append(
                    "near: longitude lies within ±180 and latitude within ±90, "
                    f"found {lon:g}, {lat:g}"
                )
        if radius is not None and not 0 <= radius < math.inf:
            problems.append(f"radius: expected km from 0, found {radius:g}")
        return problems

    def kind_problems(self) -> list[str]:
        """Say what is not of its kind at all: these come before anything is looked up."""
        problems = []
        texts = ("ranking", "where", "layer", "zones_crs", "neighbours_of", "per", "rank_within")
        for name in texts:
            given = getattr(self, name)
            if given is not None and not isinstance(given, str):
                problems.append(f"{name}: expected text, found {given!r}")
        for name, least in (("top", 1), ("order", 1), ("tier", 1), ("year", None)):
            given = getattr(self, name)
            whole = isinstance(given, Integral) and not isinstance(given, bool)
            if given is not None and not (whole and (least is None or given >= least)):
                from_ = "" if least is None else f" from {least}"
                problems.append(f"{name}: expected a whole number{from_}, found {given!r}")
        for name in ("region", "not_in", "kinds"):
            problems += _names_problems(name, getattr(self, name))
        for name in ("sort", "columns"):
            given = getattr(self, name)
            if given is not None and not _texts(given):
                problems.append(f"{name}: expected a field or a list of fields, found {given!r}")
        problems += _unstorable(vars(self))
        if self.near is not None and not isinstance(self.near, str):
            problems += _numbers_problems("near", self.near, "longitude, latitude")
        if self.bbox is not None:
            problems += _numbers_problems("bbox", self.bbox, "west, south, east, north")
        if self.radius is not None and not _number(self.radius):
            problems.append(f"radius: expected km, found {self.radius!r}")
        return problems


def _unstorable(given: Mapping[str, Any]) -> list[str]:
    """Name the texts with a sign that no table holds."""
    return [
        f"{name}: {text!r} holds {sign}; remove it"
        for name, held in given.items()
        for text in _said(held)
        if (sign := unstorable(text)) is not None
    ]


def _said(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, list | tuple | Mapping):
        for item in given.values() if isinstance(given, Mapping) else given:
            yield from _said(item)


def _numbers_problems(name: str, given: Any, parts: str) -> list[str]:
    """Say whether something is so many numbers."""
    try:
        held = list(given)
    except TypeError:
        held = []
    if len(held) == parts.count(",") + 1 and all(map(_number, held)):
        return []
    place = " or the name of a place" if name == "near" else ""
    return [f"{name}: expected ({parts}){place}, found {given!r}"]


def _names_problems(name: str, given: Any) -> list[str]:
    """Say whether something is names of regions, or a mapping of kinds to them."""
    if given is None or _texts(given):
        return []
    if not isinstance(given, Mapping):
        return [f"{name}: expected names, or a mapping of kinds to names, found {given!r}"]
    return [
        f"{kind if name == 'kinds' else name}: expected a name or a list of names, found {names!r}"
        for kind, names in given.items()
        if not _texts(names)
    ]


def _texts(given: Any) -> bool:
    if isinstance(given, str):
        return True
    listed = isinstance(given, Iterable) and not isinstance(given, Mapping | bytes)
    return listed and all(isinstance(each, str) for each in given)


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def sorted_by(
    table: pd.DataFrame,
    names: Sequence[str],
    further: Callable[[str], pd.Series] | None = None,
) -> pd.DataFrame:
    """Sort a table by fields, `-field` downwards, missing values last, equal rows by index.

    Parameters
    ----------
    table : DataFrame
    names : sequence of str
        The first one sorts first.
    further : callable, optional
        Gives a field that is not a column, by name.
    """
    if table.index.name == "unit_id":
        table = table.sort_index(kind="stable")
    for name in reversed(names):
        key = name.strip()
        column = key.removeprefix("-")
        values = (
            table[column]
            if further is None or column in table.columns
            else further(column).reindex(table.index)
        )
        order = values.reset_index(drop=True).sort_values(
            ascending=not key.startswith("-"), kind="stable"
        )
        table = table.iloc[order.index]
    return table
