"""How the map is drawn: projection, view, insets, what is around the units, background tiles."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from regional_atlas.core.model import (
    Box,
    Derived,
    Identifier,
    Model,
    Real,
    Truth,
    Whole,
    existing_file,
)
from regional_atlas.core.texts import Text

__all__ = [
    "PROJECTIONS",
    "ContextConfig",
    "InsetConfig",
    "MapConfig",
    "MapLayout",
    "PageConfig",
    "TilesConfig",
]

PROJECTIONS = (
    "aea", "cea", "eqc", "eqdc", "laea", "lcc", "merc", "poly", "somerc", "stere", "sterea",
    "tmerc", "utm",
)  # fmt: skip
"""Methods of PROJ that the page knows, by their names there."""


def _drawn(projection: str) -> str:
    """Check a projection and write it as the PROJ string that the page can read."""
    import pyproj

    try:
        crs = pyproj.CRS.from_user_input(str(projection))
    except pyproj.exceptions.CRSError as error:
        raise ValueError(f"unknown projection {projection!r}") from error
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ValueError(f"must be a projection in metres, found {crs.name!r}")
    with warnings.catch_warnings(action="ignore"):
        text = projection if "+proj=" in projection else crs.to_proj4()
    method = re.search(r"\+proj=(\w+)", text)
    if method is None or method[1] not in PROJECTIONS:
        raise ValueError(
            f"the page cannot draw {method[1] if method else crs.name!r}; "
            f"allowed: +proj={', '.join(PROJECTIONS)}, or the code of such a projection"
        )
    return text


def _name_of(projection: str) -> str | None:
    """Give the name of a code, or of the method of a PROJ string; None where it is neither."""
    import pyproj

    try:
        crs = pyproj.CRS.from_user_input(str(projection))
    except pyproj.exceptions.CRSError:
        return None
    operation = crs.coordinate_operation
    return crs.name if crs.name != "unknown" else operation.method_name if operation else None


def _view(bounds: Box) -> Box:
    west, south, east, north = bounds
    turn = -360 <= west < east <= 360 and east - west <= 360
    if not (turn and -90 <= south < north <= 90):
        raise ValueError(
            "expected west, south, east, north in degrees (across the antimeridian: longitudes "
            f"beyond 180 or -180), found {list(bounds)}"
        )
    return bounds


_LEAST_ACROSS = 100_000.0
"""Metres below which lines that are good to 3 km look wrong beside the units."""

Projection = Annotated[str, AfterValidator(_drawn)]
View = Annotated[Box, AfterValidator(_view)]


class InsetConfig(Model):
    """A part of the map drawn again in a corner; bounds in degrees (west, south, east, north)."""

    id: Identifier
    """Of the inset."""
    title: Annotated[Text, Derived("the id")]
    """Printed in its corner."""
    bounds: View
    """West, south, east, north in degrees."""
    projection: Projection | None = None
    """In metres: a PROJ string or a code. By default an equal-area one centred on `bounds`."""


class TilesConfig(Model):
    """Background tiles of the page's web mercator mode; without them it makes no network request.

    They are asked for only when a reader switches to that mode and then asks for them.
    """

    url: str
    """Address of a tile, with `{z}`, `{x}`, `{y}`; `{s}` for a subdomain, `{key}` for a key."""
    subdomains: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]] = []
    """What `{s}` stands for; each one's host is named in the page's policy."""
    attribution: Text
    """Whose tiles they are, shown on the map."""
    max_zoom: Annotated[Whole, Field(ge=1, le=22)] = 18
    """Last zoom that the host has."""
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    """Where it is not that of the data, the page says that they do not fit."""
    key_env: str | None = None
    """Environment variable that holds the key at build time; the key is then in the page. Without
    it the reader types a key, which the page forgets when it is closed."""

    @field_validator("url")
    @classmethod
    def _is_template(cls, url: str) -> str:
        if not re.match(r"https?://[^/{}\s\"'<>;,]*(\{s\})?[^/{}\s\"'<>;,]+/[^\s\"'<>]*$", url):
            raise ValueError(f"must be http(s)://host/…, found {url!r}")
        placeholders = set(re.findall(r"\{[^}]*\}", url))
        allowed = {"{z}", "{x}", "{y}", "{s}", "{key}"}
        if foreign := sorted(placeholders - allowed):
            raise ValueError(
                f"allowed are {', '.join(sorted(allowed))}, found {', '.join(foreign)}"
            )
        if absent := sorted({"{z}", "{x}", "{y}"} - placeholders):
            raise ValueError(f"must contain {', '.join(absent)}, found {url!r}")
        return url

    @model_validator(mode="after")
    def _placeholders_have_values(self) -> TilesConfig:
        if ("{s}" in self.url) != bool(self.subdomains):
            raise ValueError("subdomains go with {s} in the url: give both or neither")
        if self.key_env is not None and "{key}" not in self.url:
            raise ValueError("key_env goes with {key} in the url")
        return self

    def hosts(self) -> list[str]:
        """Give scheme and host of every address that tiles may come from.

        Examples
        --------
        >>> url = "https://{s}.example.org/{z}/{x}/{y}.png"
        >>> TilesConfig(url=url, subdomains=["a", "b"], attribution="by").hosts()
        ['https://a.example.org', 'https://b.example.org']
        """
        root = "/".join(self.url.split("/", 3)[:3])
        return [root.replace("{s}", name) for name in self.subdomains] or [root]


def _file_or_truth(value: Any, info: ValidationInfo) -> bool | Path:
    return value if isinstance(value, bool) else existing_file(value, info)


Layer = Annotated[bool | Path, BeforeValidator(_file_or_truth)]


class ContextConfig(Model):
    """What the map shows around and over the units, so that a reader knows where they are.

    Each of land, lakes, rivers and places is `true` (from Natural Earth at 1:50 million, good to
    about 3 km; places from the time zone database), `false`, or a file of your own in its place:
    GeoPackage, GeoJSON, shapefile, …
    """

    land: Layer = True
    """Land around the units, in one quiet tone; polygons in a file. It has no borders: those of
    the units are the map's only ones."""
    lakes: Layer = True
    """Drawn over the units as water; polygons in a file."""
    rivers: Layer = True
    """Drawn over the units; lines in a file."""
    places: Layer = True
    """Cities, named where no province and no ranked unit needs the room; points in a file, with a
    column `name` and, for other languages, `name_en`, `name_zh`, …; the first rows have
    precedence."""
    graticule: Truth = True
    """Meridians and parallels beside the units; not on cylindrical projections, where both are
    straight."""
    source: Text | None = None
    """Who made your own files; on the page."""
    licence: Text | None = None
    """Under what they may be used."""

    @property
    def anything(self) -> bool:
        """Whether there is anything to show."""
        return any((self.land, self.lakes, self.rivers, self.places, self.graticule))

    def files(self) -> list[Path]:
        """List the files of the project's own.

        Examples
        --------
        >>> ContextConfig(land=False).files()
        []
        """
        layers = (self.land, self.lakes, self.rivers, self.places)
        return [layer for layer in layers if isinstance(layer, Path)]


def _all_or_nothing(value: Any) -> Any:
    """Read `true` and `false` as a table in which everything is so."""
    if isinstance(value, bool):
        return dict.fromkeys(ContextConfig.model_fields.keys() - {"source", "licence"}, value)
    if value is not None and not isinstance(value, Mapping | ContextConfig):
        raise ValueError(f"expected true, false or a table, found {value!r}")
    return value


class MapConfig(Model):
    """How the map is drawn."""

    projection: Projection | None = None
    """In metres: a PROJ string or a code. By default an equal-area projection that suits `bounds`,
    or the extent of the units: Albers conic where they spread east to west, cylindrical about the
    equator and for the whole world, else Lambert azimuthal."""
    projection_name: Text | None = None
    """What a reader calls it; its name in PROJ by default."""
    bounds: View | None = None
    """West, south, east, north in degrees of what the map opens with; all units by default."""
    insets: list[InsetConfig] = []
    """Parts of the map that are drawn again in a corner."""
    review_number: str | None = None
    """Printed on the map. Empty, the page says "not reviewed"; left out, nothing."""
    keep_islets: list[View] = []
    """Boxes (west, south, east, north) in which no islet may be dropped."""
    tolerance: Annotated[Real, Field(gt=0, le=1e6)] = 1000.0
    """How much the page's borders are simplified, in metres; units keep their area to 2 %."""
    grid: Annotated[Real, Field(gt=0, le=1e6)] = 40.0
    """The step that their coordinates are rounded to, in metres."""
    tiles: TilesConfig | None = None
    """Background of the web mercator mode."""
    context: Annotated[ContextConfig | None, BeforeValidator(_all_or_nothing)] = None
    """Land around the units, lakes, rivers, cities, graticule. `true`: all of them; `false`: none;
    a table says which. By default all where the map is at least 100 km across."""

    def shown_context(self, across: float) -> ContextConfig | None:
        """Give what a map of this many metres across shows around its units; None: nothing.

        Examples
        --------
        >>> MapConfig().shown_context(50_000.0) is None
        True
        """
        if self.context is None:
            return ContextConfig() if across >= _LEAST_ACROSS else None
        return self.context if self.context.anything else None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, raw: Any) -> Any:
        """Name a projection that is given without a name."""
        given = raw.get("projection") if isinstance(raw, Mapping) else None
        if not isinstance(given, str) or "projection_name" in raw:
            return raw
        name = _name_of(given)
        return raw if name is None else {**raw, "projection_name": name}


class PageConfig(Model):
    """What the page carries."""

    fields: list[Identifier] | None = None
    """Indicators for cards, filters, charts and the table, beside those that plates show; all by
    default. A large atlas names what its readers need, so that the page stays small."""


class MapLayout(MapConfig):
    """How the map is drawn, complete."""

    projection: Projection
    """In metres, as a PROJ string."""
    projection_name: Text
    """What a reader calls it."""
