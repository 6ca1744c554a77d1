"""Rewrites an `atlas.toml` into the short form; comments and order stay.

Plates go into groups that say once what all their plates say; measurement units and lists of unit
types that repeat get a name; long lists of names go into CSV files.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, InlineTable, Item, Key, Table

from regional_atlas.config.short_form import code_of
from regional_atlas.core.errors import ConfigError

__all__ = ["LONG", "Upgraded", "upgraded"]

LONG = 10
"""Entries from which a list of names goes into a file of its own."""

Body = list[tuple[Key | None, Item]]


@dataclass
class Upgraded:
    """A project file in the short form.

    Attributes
    ----------
    text : str
        The file.
    beside : dict of str to str
        New CSV files: name to text.
    changes : list of str
        What was changed, one line each; empty where nothing is to do.
    """

    text: str
    beside: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)


def upgraded(text: str, taken: Callable[[str, str], bool] = lambda _name, _text: False) -> Upgraded:
    """Rewrite a project file into the short form.

    Parameters
    ----------
    text : str
        A file that can be read.
    taken : callable
        Whether a file of this name and another text than this stands beside it.

    Returns
    -------
    Upgraded
        Reads to the same project. Upgrading it again changes nothing.

    Raises
    ------
    ConfigError
        Where comments and order cannot be kept.

    Examples
    --------
    >>> old = '''[[plates]]  # the first
    ... group = "Income"
    ... field = "mean"
    ... palette = "Blues"
    ...
    ... [[plates]]
    ... group = "Income"
    ... field = "median"
    ... palette = "Blues"
    ... '''
    >>> print(upgraded(old).text.strip())
    [[groups]]
    title = "Income"
    palette = "Blues"
    <BLANKLINE>
    [[groups.plates]]  # the first
    field = "mean"
    <BLANKLINE>
    [[groups.plates]]
    field = "median"
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    try:
        document = tomlkit.parse(plain)
    except TOMLKitError as error:
        raise ConfigError(f"cannot be taken apart: {error}") from error
    if document.as_string() != plain:
        raise ConfigError(
            "a list of tables stands in several places ([[plates]], another table, [[plates]]), so "
            "that comments would move; bring its tables together"
        )
    done = Upgraded(text)
    declared: Body = []
    declared += _name_units(document, done)
    declared += _name_sets(document, done)
    _move_lists(document, done, taken)
    _group_plates(document, done)
    if declared:
        at = _after_keys(document.body)
        document.body[at:at] = declared
    if done.changes:
        done.text = document.as_string().replace("\n", newline)
    return done


# ── what repeats gets a name ───────────────────────────────────────────────────────────────────


def _name_units(document: Container, done: Upgraded) -> Body:
    places = [
        (table, key)
        for path, table in _tables(document)
        for key in _unit_keys(path)
        if isinstance(table.get(key), InlineTable)
    ]
    plain = {
        str(table[key])
        for path, table in _tables(document)
        for key in _unit_keys(path)
        if isinstance(table.get(key), str)
    }

    def name(unit: dict[str, Any]) -> str | None:
        texts = [unit.get("en"), *(text for tag, text in unit.items() if tag != "scale")]
        return next((code for text in texts if text and (code := code_of(text))), "unit")

    return _declare(document, "measurement_units", places, name, plain, done)


def _unit_keys(path: tuple[str, ...]) -> list[str]:
    match path:
        case ("clusters",):
            return ["size_unit"]
        case ("nightlights",) | ("indicators", _, "columns" | "derived"):
            return ["unit"]
        case ("rasters", _) | ("rasters", _, "statistic"):
            return ["unit"]
    return []


def _name_sets(document: Container, done: Upgraded) -> Body:
    tables = list(_tables(document))
    if not any(path == ("boundaries", "unit_type") for path, _ in tables):
        return []
    places = []
    for path, table in tables:
        if path in (("rankings",), ("compare", "agreement")):
            places += [(table, "among")]
        if path == ("compare", "measures", "groups"):
            places += [(table, key) for key in table]
    places = [
        (table, key)
        for table, key in places
        if isinstance(table.get(key), Array) and len(table[key]) > 1
    ]
    used = {str(item) for table, key in places for item in table[key]}

    def name(_: list[str]) -> str:
        return "types"

    return _declare(document, "unit_type_sets", places, name, used, done)


def _declare(
    document: Container,
    key: str,
    places: list[tuple[Any, str]],
    name: Callable[[Any], str | None],
    used: set[str],
    done: Upgraded,
) -> Body:
    """Give what stands in several places a name, and give the table of the names.

    A file that has such a table already is left alone.
    """
    if key in document:
        return []
    by_value: dict[str, list[tuple[Any, str]]] = {}
    for table, inner in places:
        by_value.setdefault(json.dumps(table[inner].unwrap(), ensure_ascii=False), []).append(
            (table, inner)
        )
    named = tomlkit.table()
    for value, holders in by_value.items():
        if len(holders) < 2:
            continue
        wanted = name(json.loads(value)) or key
        chosen = _free(wanted, {*used, *named})
        first, inner = holders[0]
        named.add(chosen, _copy(first[inner]))
        for table, inner in holders:
            table[inner] = chosen if isinstance(table[inner], InlineTable) else [chosen]
        done.changes.append(f"{key}.{chosen}: stands for {value} in {len(holders)} places")
    if not named:
        return []
    return [(None, tomlkit.nl()), (tomlkit.key(key), named)]


def _free(wanted: str, taken: Iterable[str]) -> str:
    names = set(taken)
    numbered = (f"{wanted}_{i}" for i in range(2, len(names) + 3))
    return next(name for name in (wanted, *numbered) if name not in names)


# ── long lists of names go into files ──────────────────────────────────────────────────────────


def _move_lists(document: Container, done: Upgraded, taken: Callable[[str, str], bool]) -> None:
    parents = iter(
        str(table.get("id", "parent"))
        for path, table in _tables(document)
        if path == ("boundaries", "parents")
    )
    for path, table in list(_tables(document)):
        level = next(parents) if path == ("boundaries", "parents") else ""
        body = _body(table)
        for key, item in list(body):
            moved = _as_csv(path, key.key, item) if key is not None else None
            if moved is None or not _without_comments(item):
                continue
            assert key is not None
            name = _file_name(key.key, level)
            names = (
                _free(name, [*done.beside]) + ".csv",
                *(f"{name}_{i}.csv" for i in range(2, 99)),
            )
            file = next(n for n in names if n not in done.beside and not taken(n, moved))
            _replace(body, key, file)
            done.beside[file] = moved
            done.changes.append(f"{'.'.join([*path, key.key])}: moved to {file}")


def _file_name(key: str, level: str) -> str:
    names = {
        "types": "unit_types",
        "exceptions": "unit_type_exceptions",
        "required": "required_units",
    }
    return f"{level}_{key}" if level else names.get(key, key)


def _as_csv(path: tuple[str, ...], key: str, item: Item) -> str | None:
    """Write a list of names as CSV; None where it is none, is short, or cannot be written so."""
    columns, value = _COLUMNS.get((*path, key)), item.unwrap()
    if columns is None:
        return None
    rows: list[list[Any]] = []
    match value:
        case dict() if key == "groups" and all(value.values()):
            rows = [[group, member] for group, held in value.items() for member in held]
        case dict() if key != "groups":
            rows = [list(pair) for pair in value.items()]
        case list() if key == "types":
            flat = [dict(_flat(row)) for row in value]
            columns = list(dict.fromkeys(name for row in flat for name in row))
            rows = [[row.get(name, "") for name in columns] for row in flat]
        case list():
            rows = [[one] for one in value]
    cells = [str(cell) for row in rows for cell in row]
    if len(rows) < LONG or any(cell != " ".join(cell.split()) for cell in cells):
        return None
    if key != "types" and not all(cells):
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


_COLUMNS: dict[tuple[str, ...], list[str]] = {
    ("pinyin",): ["name", "pinyin"],
    ("endings_en",): ["ending", "english"],
    ("boundaries", "names_en"): ["unit_id", "name_en"],
    ("boundaries", "aliases"): ["alias", "unit_id"],
    ("boundaries", "parents", "name_en"): ["name", "name_en"],
    ("boundaries", "parents", "aliases"): ["alias", "name"],
    ("boundaries", "parents", "groups"): ["group", "name"],
    ("boundaries", "unit_type", "types"): [],
    ("boundaries", "unit_type", "exceptions"): ["unit_id", "type"],
    ("boundaries", "complete", "required"): ["unit_id"],
}
"""The lists of names that may be files, with their headings."""


def _flat(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _replace(body: Body, key: Key, file: str) -> None:
    """Put a file's name in the place of a list; what follows a table's last key stays."""
    at = next(i for i, (held, _) in enumerate(body) if held is key)
    item = body[at][1]
    entry: Body = [(tomlkit.key(key.key), tomlkit.item(file))]
    if not isinstance(item, Table | AoT):
        body[at : at + 1] = entry
        return
    first = at
    while first and isinstance(body[first - 1][1], Comment):
        first -= 1
    said = body[first:at]
    body[first : at + 1] = _trailing(item)
    own = _after_keys(body)
    body[own:own] = said + entry


def _trailing(item: Item) -> Body:
    """Give the blank lines and comments at the end of a table: they belong to what follows."""
    body = _last_body(item)
    end = len(body)
    while end and body[end - 1][0] is None:
        end -= 1
    return body[end:]


def _last_body(item: Item) -> Body:
    body: Body = _body(item.body[-1] if isinstance(item, AoT) else item)
    inner = body[-1][1] if body else None
    return _last_body(inner) if isinstance(inner, Table | AoT) else body


def _without_comments(item: Item) -> bool:
    """Whether nothing but the lines behind it would be lost with an item."""
    if item.trivia.comment:
        return False
    if isinstance(item, Array):
        return "#" not in item.as_string() or not _has_comment(item)
    if isinstance(item, AoT):
        return all(_without_comments(table) for table in item.body)
    if isinstance(item, Table):
        body = _body(item)
        trailing = len(_trailing(item)) if body and body[-1][0] is None else 0
        kept = body[: len(body) - trailing]
        return all(not isinstance(i, Comment) and _without_comments(i) for _, i in kept)
    return True


def _has_comment(array: Array) -> bool:
    plain = tomlkit.array()
    plain.extend(array.unwrap())
    return array.as_string().count("#") > plain.as_string().count("#")


# ── plates go into groups ──────────────────────────────────────────────────────────────────────


def _group_plates(document: Container, done: Upgraded) -> None:
    body = document.body
    found = [
        (i, item) for i, (key, item) in enumerate(body) if key is not None and key.key == "plates"
    ]
    at, listed = found[0] if found else (0, None)
    if not isinstance(listed, AoT) or "groups" in document:
        return
    plates = list(listed.body)
    if not plates or not all("group" in plate for plate in plates):
        return
    groups = tomlkit.aot()
    shared = 0
    for _, run in groupby(plates, key=lambda plate: json.dumps(plate["group"].unwrap())):
        held = list(run)
        group = tomlkit.table()
        group.add("title", _copy(held[0]["group"]))
        for key in _said_by_all(held):
            group.add(key, _copy(held[0][key]))
            shared += 1
            for plate in held:
                plate.remove(key)
        group.add(tomlkit.nl())
        inner = tomlkit.aot()
        for plate in held:
            _remove_group(plate)
            _append(inner, plate)
        group.append("plates", inner)
        _append(groups, group)
    body[at] = (tomlkit.key("groups"), groups)
    done.changes.append(
        f"plates: {len(plates)} under {len(groups)} groups, which say {shared} keys once"
    )


def _remove_group(plate: Table) -> None:
    """Take out the group; comments behind it stay, where it is a table of its own."""
    body = _body(plate)
    at = next(i for i, (key, _) in enumerate(body) if key is not None and key.key == "group")
    item = body[at][1]
    trailing = _trailing(item) if isinstance(item, Table) else []
    plate.remove("group")
    body.extend(trailing)


def _said_by_all(plates: list[Table]) -> list[str]:
    if len(plates) < 2:
        return []
    return [
        key
        for key, value in plates[0].items()
        if key not in ("id", "title", "group")
        and all(
            key in plate
            and not isinstance(plate[key], Table | AoT)
            and not plate[key].trivia.comment
            and plate[key].unwrap() == value.unwrap()
            for plate in plates
        )
    ]


def _copy(item: Item) -> Item:
    """Copy a value, a table as an inline one."""
    if isinstance(item, Table):
        inline = tomlkit.inline_table()
        inline.update(item.unwrap())
        return inline
    copied: Item = tomlkit.parse(f"v = {item.as_string().strip()}\n").body[0][1]
    return copied


def _append(tables: AoT, table: Table) -> None:
    """Append a table without the blank line that comes with it: those of the file are enough."""
    indent = table.trivia.indent
    tables.append(table)
    table.trivia.indent = indent


# ── walking ────────────────────────────────────────────────────────────────────────────────────


def _tables(item: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give every table with its path, in the order of the file; those of a list have its path."""
    if isinstance(item, AoT):
        for table in item.body:
            yield from _tables(table, path)
    elif isinstance(item, Array):
        for value in item:
            yield from _tables(value, path)
    elif isinstance(item, Container | Table | InlineTable):
        yield path, item
        for key, value in list(_body(item)):
            if key is not None:
                yield from _tables(value, (*path, key.key))


def _body(table: Any) -> Body:
    body: Body = table.body if isinstance(table, Container) else table.value.body
    return body


def _after_keys(body: Body) -> int:
    """Find the place behind a table's own keys, before its comments on what follows."""
    own = [
        i
        for i, (key, item) in enumerate(body)
        if key is not None and not isinstance(item, Table | AoT)
    ]
    tables = [i for i, (_, item) in enumerate(body) if isinstance(item, Table | AoT)]
    return own[-1] + 1 if own else min([*tables[:1], 0])
