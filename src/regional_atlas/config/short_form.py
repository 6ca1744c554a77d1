"""The short form of `atlas.toml`: what a file may leave out or say once, written out in full.

Everything after reading sees the full form alone: one flat list of plates, every key that has a
default by rule filled in, sets of unit types written out.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from regional_atlas.config.plates import PlateConfig
from regional_atlas.core.catalogues import catalogue_languages, message_ids
from regional_atlas.core.model import Given
from regional_atlas.core.outputs import dated_files
from regional_atlas.core.texts import Message, Text, Unit

if TYPE_CHECKING:
    from regional_atlas.config import AtlasConfig

__all__ = ["PLATE_KINDS", "InFull", "code_of", "in_full", "light_years"]

PLATE_KINDS: dict[str, type[BaseModel]] = {
    typing.get_args(model.model_fields["kind"].annotation)[0]: model
    for model in typing.get_args(typing.get_args(PlateConfig)[0])
}
"""The models of plates by kind."""

_SUBJECTS = (
    ("figure", "figure"), ("set", "clusters"), ("space", "hotspots"), ("field", "choropleth"),
    ("region_kind", "regions"), ("ranking", "ranking"),
)  # fmt: skip
"""Keys that say what a plate shows, and the kind that a plate with such a key has by default."""

_LIGHTS = ("light_sum", "light_mean", "light_lit_share", "light_density", "light_growth")
"""Indicators of night lights, whose titles are messages of the same name."""

_UNIT: TypeAdapter[Unit] = TypeAdapter(Unit)

_OF_GROUP = {"title", "plates"}
_OF_PLATE = {"id", "title", "group"}
"""Keys of a plate that a group cannot give."""


@dataclass
class InFull:
    """A project file in full.

    Attributes
    ----------
    raw : dict
        What the file says, in full.
    units : dict
        Its measurement units by name.
    sets : dict
        Its sets of unit types by name.
    problems : list of str
        What is wrong with the short form itself.
    """

    raw: dict[str, Any]
    units: dict[str, Unit] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _places: list[str] = field(default_factory=list)
    _inherited: list[dict[str, str]] = field(default_factory=list)

    def set_problems(self, config: AtlasConfig) -> list[str]:
        """List what is wrong with the sets of unit types, and with what names them."""
        declared = config.boundaries.unit_type
        compare = config.compare
        named = {f"unit_type_sets.{name}": types for name, types in self.sets.items()}
        named |= {f"rankings[{i}].among": row.among for i, row in enumerate(config.rankings)}
        for i, row in enumerate(compare.agreement if compare else []):
            named[f"compare.agreement[{i}].among"] = row.among
        for i, measure in enumerate(compare.measures if compare else []):
            for name, types in measure.groups.items():
                named[f"compare.measures[{i}].groups.{name}"] = types
        if declared is None:
            return [
                f"{place}: the boundaries have no `unit_type`"
                for place, types in named.items()
                if types
            ]
        known = [kind.id for kind in declared.types]
        problems = [
            f"unit_type_sets.{name}: a unit type has this name; choose another"
            for name in self.sets
            if name in known
        ]
        for place, types in named.items():
            allowed = known if place.startswith("unit_type_sets") else [*known, *self.sets]
            problems += [
                f"{place}: no such unit type {name!r}; allowed: {', '.join(allowed)}"
                for name in types
                if name not in known
            ]
        return problems

    def in_file(self, problem: str) -> str:
        """Say where the file has what a problem of the full form names.

        Examples
        --------
        >>> group = {"title": "Lights", "k": 99, "plates": [{"field": "light_mean"}]}
        >>> full = in_full({"groups": [group]}, Path("."))
        >>> full.in_file("plates[0].k: too many"), full.in_file("plates[0].field: no such field")
        ('groups[0].k: too many', 'groups[0].plates[0].field: no such field')
        """
        found = re.match(r"plates\[(\d+)\](?:\.(\w+))?", problem)
        if found is None or int(found[1]) >= len(self._places):
            return problem
        at, key = int(found[1]), found[2]
        place = self._inherited[at].get(key, f"{self._places[at]}.{key}" if key else "")
        return (place or self._places[at]) + problem[found.end() :]


def in_full(
    raw: Mapping[str, Any], root: Path, years: Mapping[str, int] = MappingProxyType({})
) -> InFull:
    """Write a project file out in full.

    Parameters
    ----------
    raw : mapping
        As the file says it.
    root : Path
        The project's folder: its name is the default id, and it holds the files that name years.
    years : mapping of str to int
        `year` and `base_year` of night lights, where the files that `raw` names are of one year.

    Returns
    -------
    InFull
        What has the wrong shape stays as it is, for the models to refuse.
    """
    full = InFull({key: deepcopy(value) for key, value in raw.items() if key not in _SHARED})
    full.units = _units(raw, full.problems)
    full.sets = _sets(raw, full.problems)
    _fill_names(full.raw, root)
    _fill_years(full.raw, root, years)
    _write_out_sets(full)
    _write_out_groups(raw, full)
    for plate in _tables(full.raw.get("plates")):
        _fill_plate(plate, full.raw)
    return full


_SHARED = ("groups", "measurement_units", "unit_type_sets")


def spoken(name: str) -> str:
    """Make a title of an id or a file name.

    Examples
    --------
    >>> spoken("gdp_per_head"), spoken("us-income")
    ('Gdp per head', 'Us income')
    """
    words = re.sub(r"[_\-\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def code_of(heading: str) -> str | None:
    """Make a code of a heading or a file name; None where it has no Latin letter to start with.

    Examples
    --------
    >>> code_of("GDP (bn $)"), code_of("2022 income"), code_of("人口")
    ('gdp_bn', 'income', None)
    """
    code = re.sub(r"[^a-z0-9]+", "_", heading.lower())
    return re.sub(r"^[^a-z]+", "", code).strip("_") or None


# ── defaults that follow from what else the file says ──────────────────────────────────────────


def _fill_names(raw: dict[str, Any], root: Path) -> None:
    """Fill in ids, codes and titles."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", root.name).strip("-_")
    _default(raw, "id", re.sub(r"^[^A-Za-z]+", "", name) or None)
    _default(raw, "title", _spoken(raw.get("id")))
    boundaries = _mapping(raw, "boundaries")
    _default(boundaries, "level", {"id": "unit", "title": _message("level-unit")})
    for level in (
        *_tables(boundaries.get("parents")),
        _mapping(boundaries, "level"),
        *_tables(_mapping(raw, "regions").get("kinds")),
    ):
        _default(level, "title", _words(level.get("id")))
    for kind in _tables(_mapping(boundaries, "unit_type").get("types")):
        _default(kind, "title", kind.get("id"))
    for inset in _tables(_mapping(raw, "map").get("insets")):
        _default(inset, "title", _spoken(inset.get("id")))
    for table in _inner(raw, "indicators").values():
        for column in _tables(table.get("columns")):
            heading = column.get("column")
            _default(column, "code", code_of(heading) if isinstance(heading, str) else None)
            _default(column, "title", _spoken(heading) or _spoken(column.get("code")))
        for ratio in _tables(table.get("derived")):
            _default(ratio, "title", _spoken(ratio.get("code")))
    for row in [*_tables(raw.get("rankings")), *_tables(raw.get("clusters"))]:
        file = row.get("file") or row.get("index")
        _default(row, "id", code_of(Path(file).stem) if isinstance(file, str) else None)
        _default(row, "title", _spoken(row.get("id")))
    for row in [*_tables(raw.get("space")), *_tables(raw.get("inequality"))]:
        _default(row, "id", row.get("field"))
    for name, table in _inner(_mapping(raw, "compare"), "lists").items():
        _default(table, "title", spoken(name))


def _fill_years(raw: dict[str, Any], root: Path, years: Mapping[str, int]) -> None:
    """Fill in the years that file names hold."""
    for table in _inner(raw, "indicators").values():
        file = table.get("file")
        stem = Path(file).stem if isinstance(file, str) else ""
        named = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", stem)
        _default(table, "year", int(named[0]) if len(named) == 1 else None)
    for key, year in {**years, **light_years(raw, root)}.items():
        _default(_mapping(raw, "nightlights"), key, year)


def light_years(raw: Mapping[str, Any], root: Path) -> dict[str, int]:
    """Give the last and the first year of the rasters of night lights; none of less than two."""
    pattern = _mapping(raw, "nightlights").get("files")
    if not isinstance(pattern, str) or "{year}" not in Path(pattern).name:
        return {}
    path = Path(pattern).expanduser() if isinstance(pattern, Given) else root / pattern
    before, after = (re.escape(part) for part in path.name.split("{year}", 1))
    found = (re.fullmatch(rf"{before}(\d{{4}}){after}", file.name) for file in dated_files(path))
    years = sorted(int(match[1]) for match in found if match)
    return {"year": years[-1], "base_year": years[0]} if len(years) > 1 else {}


def _fill_plate(plate: dict[str, Any], raw: Mapping[str, Any]) -> None:
    _default(plate, "kind", inferred_kind(plate))
    _default(plate, "id", _plate_id(plate))
    _default(plate, "title", plate_title(plate, raw))
    _default(plate, "group", _message("plates-group"))


def inferred_kind(plate: Mapping[str, Any]) -> str | None:
    """Tell the kind of a plate that does not say it: that of the first key that says what it shows.

    Examples
    --------
    >>> inferred_kind({"field": "income"}), inferred_kind({"ranking": "top"}), inferred_kind({})
    ('choropleth', 'ranking', None)
    """
    return next((kind for key, kind in _SUBJECTS if key in plate), None)


def _plate_id(plate: Mapping[str, Any]) -> str | None:
    subject = next((plate[key] for key, _ in _SUBJECTS if key in plate), None)
    if plate.get("kind") == "figure" and subject is not None:
        return f"figure-{subject}"
    return subject if isinstance(subject, str) else None


def plate_title(plate: Mapping[str, Any], raw: Mapping[str, Any]) -> Any:
    """Give a plate the title of what it shows; None where it shows nothing that the file names.

    Parameters
    ----------
    plate : mapping
        Of the full form.
    raw : mapping
        The project in full.
    """
    if plate.get("kind") == "figure":
        return _message("figure-title", number=str(plate.get("figure", "")))
    fields = plate.get("fields")
    names = fields if isinstance(fields, list) else []
    if not names:
        names = [plate[key] for key, _ in _SUBJECTS if isinstance(plate.get(key), str)][:1]
    titles = [_title_of(name, raw) for name in names]
    if len(titles) == 1:
        return titles[0]
    texts = [
        Text(title)
        for title in titles
        if isinstance(title, str)
        or (isinstance(title, Mapping) and all(isinstance(said, str) for said in title.values()))
    ]
    tags = list(dict.fromkeys(tag for text in texts for tag in text))
    return {tag: " · ".join(text.in_(tag) for text in texts) for tag in tags} or None


def _title_of(name: Any, raw: Mapping[str, Any]) -> Any:
    if name in _LIGHTS:
        return _message(str(name).replace("_", "-"))
    measured = [row.get("field") for row in _tables(raw.get("space")) if row.get("id") == name]
    if measured and measured[0] != name:
        return _title_of(measured[0], raw)
    rows = [
        *_tables(raw.get("rankings")),
        *_tables(raw.get("clusters")),
        *_tables(_mapping(raw, "regions").get("kinds")),
        *({"title": None, **table, "id": id_} for id_, table in _inner(raw, "rasters").items()),
        *(
            row
            for table in _inner(raw, "indicators").values()
            for row in [*_tables(table.get("columns")), *_tables(table.get("derived"))]
        ),
    ]
    found = (row.get("title") for row in rows if name in (row.get("id"), row.get("code")))
    return next(found, None) or _spoken(name)


def _message(name: str, **arguments: str) -> dict[str, str]:
    known = [lang for lang in catalogue_languages() if name in message_ids(lang)]
    return {lang: Message(name, arguments).in_(lang) for lang in known}


# ── what is said once ──────────────────────────────────────────────────────────────────────────


def _units(raw: Mapping[str, Any], problems: list[str]) -> dict[str, Unit]:
    units = {}
    for name, given in _table(raw, "measurement_units", problems).items():
        try:
            units[name] = _UNIT.validate_python(given)
        except ValidationError as error:
            message = error.errors()[0]["msg"].removeprefix("Value error, ")
            problems.append(f"measurement_units.{name}: {message}")
            units[name] = Unit()
    return units


def _sets(raw: Mapping[str, Any], problems: list[str]) -> dict[str, list[str]]:
    sets = {}
    for name, types in _table(raw, "unit_type_sets", problems).items():
        if isinstance(types, list) and types and all(isinstance(item, str) for item in types):
            sets[name] = types
        else:
            problems.append(
                f"unit_type_sets.{name}: expected a list of unit types, found {types!r}"
            )
    return sets


def _write_out_sets(full: InFull) -> None:
    """Put the types in the place of their set's name."""
    compare = _mapping(full.raw, "compare")
    ranked = [*_tables(full.raw.get("rankings")), *_tables(compare.get("agreement"))]
    lists = [(row, "among") for row in ranked]
    for measure in _tables(compare.get("measures")):
        groups = _mapping(measure, "groups")
        lists += [(groups, name) for name in groups]
    for row, key in lists:
        if isinstance(row.get(key), list):
            row[key] = [one for item in row[key] for one in full.sets.get(str(item), [item])]


def _write_out_groups(raw: Mapping[str, Any], full: InFull) -> None:
    """Put the plates of groups behind the others, each with what it inherits."""
    alone = full.raw.get("plates", [])
    if not isinstance(alone, list):
        return
    flat = [dict(plate) if isinstance(plate, dict) else plate for plate in alone]
    full._places = [f"plates[{i}]" for i in range(len(flat))]
    full._inherited = [{} for _ in flat]
    groups = raw.get("groups", [])
    if not isinstance(groups, list):
        full.problems.append(f"groups: expected [[groups]], found {groups!r}")
        groups = []
    for g, group in enumerate(groups):
        place = f"groups[{g}]"
        if not isinstance(group, dict):
            full.problems.append(f"{place}: expected a table, found {group!r}")
            continue
        full.problems += _group_problems(group, place)
        plates = group.get("plates", [])
        for i, plate in enumerate(plates if isinstance(plates, list) else []):
            own = dict(plate) if isinstance(plate, dict) else plate
            inherited = _inherited(group, own) if isinstance(own, dict) else {}
            if isinstance(own, dict):
                if "group" in own:
                    full.problems.append(
                        f"{place}.plates[{i}].group: is the `title` of the group; leave it out"
                    )
                own = {**own, **inherited, "group": group.get("title", "")}
            flat.append(own)
            full._places.append(f"{place}.plates[{i}]")
            full._inherited.append(
                {**{key: f"{place}.{key}" for key in inherited}, "group": f"{place}.title"}
            )
    if flat:
        full.raw["plates"] = flat


def _inherited(group: Mapping[str, Any], plate: Mapping[str, Any]) -> dict[str, Any]:
    """List what a plate takes from its group: what its kind can have and it does not say."""
    given = {key: value for key, value in group.items() if key not in _OF_GROUP | _OF_PLATE}
    kind = plate.get("kind", given.get("kind", inferred_kind({**given, **plate})))
    model = PLATE_KINDS.get(kind) if isinstance(kind, str) else None
    allowed = {"kind", *(model.model_fields if model else ())}
    return {key: value for key, value in given.items() if key in allowed and key not in plate}


def _group_problems(group: Mapping[str, Any], place: str) -> Iterator[str]:
    shared = {key for model in PLATE_KINDS.values() for key in model.model_fields} - _OF_PLATE
    for key in ("title", "plates"):
        if key not in group:
            yield f"{place}.{key}: is missing"
    plates = group.get("plates", [])
    if not isinstance(plates, list) or ("plates" in group and not plates):
        yield f"{place}.plates: expected a list of plates, found {plates!r}"
        return
    for key in group:
        if key in _OF_GROUP:
            continue
        if key not in shared:
            allowed = ", ".join(["title", "plates", *sorted(shared)])
            yield f"{place}.{key}: unknown key; allowed: {allowed}"
        elif not any(
            isinstance(plate, dict) and (key in plate or key in _inherited(group, plate))
            for plate in plates
        ):
            yield f"{place}.{key}: no plate of this group can have it; leave it out"


# ── reading what may have any shape ────────────────────────────────────────────────────────────


def _default(table: dict[str, Any], key: str, value: Any) -> None:
    if key not in table and value is not None:
        table[key] = value


def _words(name: Any) -> str | None:
    return re.sub(r"[_-]+", " ", name) if isinstance(name, str) else None


def _spoken(name: Any) -> str | None:
    return spoken(name) if isinstance(name, str) else None


def _table(raw: Mapping[str, Any], key: str, problems: list[str]) -> dict[str, Any]:
    value = raw.get(key, {})
    if isinstance(value, dict):
        return value
    problems.append(f"{key}: expected a table, found {value!r}")
    return {}


def _mapping(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _tables(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _inner(raw: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    inner = _mapping(raw, key)
    return {name: table for name, table in inner.items() if isinstance(table, dict)}
