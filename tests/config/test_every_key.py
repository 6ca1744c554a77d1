"""Every key of `atlas.toml` and of index files, with every wrong type: read or refused by name."""

from __future__ import annotations

import copy
import datetime
import itertools
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import regional_atlas as ra
from regional_atlas.config import project
from regional_atlas.config.file import AtlasFile
from regional_atlas.config.index import IndexConfig
from regional_atlas.core.errors import ConfigError

STARTER = Path(ra.__file__).parent / "starter"
Place = tuple[int | str, ...]

VALUES: dict[str, Any] = {
    "true": True,
    "zero": 0,
    "negative": -1,
    "big": 2**62,
    "fraction": 1.5,
    "nan": float("nan"),
    "infinite": float("-inf"),
    "huge": 1e300,
    "empty text": "",
    "text": "x",
    "long text": "x" * 3000,
    "NUL": "a\0b",
    "path": "../../etc/passwd",
    "empty list": [],
    "list": [1, "x", True],
    "list of lists": [[], [[]]],
    "list of tables": [{}, {"id": 1}],
    "empty table": {},
    "table": {"a": 1, "": "x"},
    "date": datetime.date(2020, 1, 1),
    "time": datetime.time(1, 2, 3),
}
DEEPEST = 8
DANGLING = ["no such", "is not a node", "which is not a level"]
"""Said where a right value is not the one that others name."""


def models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in models_of(part)]


def holder(annotation: Any) -> Place:
    """Say what lies between a key and the model in it: an item of a list, a key of a table."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    own: Place = {list: (0,), dict: ("new",)}.get(origin, ()) if models_of(annotation) else ()
    below = next((part for part in inner if models_of(part)), None)
    return own + (holder(below) if below is not None else ())


def places(model: type[BaseModel], at: Place = ()) -> Iterator[tuple[Place, dict[Place, Any]]]:
    """Give every key below a model, with what must stand beside it: the kind of a plate."""
    for name, field in model.model_fields.items():
        yield (*at, name), {}
        for inner in models_of(field.annotation):
            place = (*at, name, *holder(field.annotation))
            kind = inner.model_fields.get("kind")
            named = typing.get_args(kind.annotation) if kind else ()
            beside = {(*place, "kind"): named[0]} if len(named) == 1 else {}
            if len(place) < DEEPEST:
                yield from ((deep, {**beside, **more}) for deep, more in places(inner, place))


def put(raw: dict[str, Any], place: Place, value: Any) -> None:
    """Set a value where it belongs, with the tables and lists above it."""
    table: Any = raw
    for key, below in itertools.pairwise(place):
        empty: Any = [] if isinstance(below, int) else {}
        if isinstance(key, int):
            table += [{}] * (key + 1 - len(table))
            table[key] = table[key] or empty
        elif not isinstance(table.get(key), type(empty)):
            table[key] = empty
        table = table[key]
    if isinstance(place[-1], int):
        table += [value] * (place[-1] + 1 - len(table))
    table[place[-1]] = value


ATLAS = [*dict.fromkeys((place, tuple(more.items())) for place, more in places(AtlasFile))]
INDEX = [*dict.fromkeys((place, tuple(more.items())) for place, more in places(IndexConfig))]


def test_the_keys_are_many() -> None:
    named = {place[-1] for place, _ in ATLAS}
    assert len(ATLAS) > 400
    assert {"tolerance", "grid", "digits", "year", "tiers", "bad_bits", "max_zoom"} <= named
    assert {"draws", "neighbours", "matrix", "low"} <= {place[-1] for place, _ in INDEX}


def read_atlas(raw: dict[str, Any]) -> None:
    list(project._out_of_bounds(raw))
    project._project(raw, STARTER / "atlas.toml", (), (), {})


def read_index(raw: dict[str, Any]) -> None:
    project.index_from(raw, where="index.toml")


FILES = [
    ("atlas.toml", ATLAS, read_atlas),
    ("index.toml", INDEX, read_index),
]


def outcomes(
    name: str, keys: list[Any], read: Any, values: dict[str, Any], step: int
) -> Iterator[tuple[Place, str, str]]:
    """Give what each key with each value leads to: its place, the value, the message."""
    raw = tomllib.loads((STARTER / name).read_text("utf-8"))
    pairs = [(place, more, value) for place, more in keys for value in values]
    for place, more, value in pairs[::step]:
        changed = copy.deepcopy(raw)
        put(changed, place, copy.deepcopy(values[value]))
        for beside, given in more:
            if len(beside) <= len(place) and place[: len(beside)] != beside:
                put(changed, beside, given)
        try:
            read(changed)
        except ConfigError as error:
            yield place, value, "\n".join(error.problems)
        else:
            yield place, value, ""


def check(name: str, keys: list[Any], read: Any, step: int) -> None:
    refused, tried = 0, 0
    for place, value, said in outcomes(name, keys, read, VALUES, step):
        tried += 1
        refused += bool(said)
        # The key, a table that holds it, or what refers to it stands in the message.
        words = [str(key) for key in place if isinstance(key, str)] + DANGLING
        assert not said or any(word in said for word in words), (place, value, said)
        assert max(map(len, said.splitlines()), default=0) < 4000, (place, value)
        assert "Traceback" not in said
    assert refused > tried / 2


@pytest.mark.parametrize(("name", "keys", "read"), FILES, ids=[each[0] for each in FILES])
def test_some_keys_with_wrong_types(name: str, keys: list[Any], read: Any) -> None:
    check(name, keys, read, 23)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "keys", "read"), FILES, ids=[each[0] for each in FILES])
def test_every_key_with_every_wrong_type(name: str, keys: list[Any], read: Any) -> None:
    check(name, keys, read, 1)


NUMBERS = {"true": True, "nan": float("nan"), "inf": float("inf"), "text": "four", "list": [[]]}


def numeric(annotation: Any) -> bool:
    """Say whether a key takes numbers and neither text nor tables nor truth values."""
    if typing.get_origin(annotation) in (list, tuple, dict):
        return False
    parts = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        return numeric(parts[0])
    if not parts:
        return annotation in (int, float)
    return all(part is type(None) or numeric(part) for part in parts)


def numbers(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, Any]]:
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        if numeric(field.annotation):
            yield f"{model.__name__}.{name}", (model, name)
        for inner in models_of(field.annotation):
            yield from numbers(inner, seen)


SEEN: set[type[BaseModel]] = set()
NUMERIC = {name: found for root in (AtlasFile, IndexConfig) for name, found in numbers(root, SEEN)}


def test_there_are_numbers_of_every_section() -> None:
    assert len(NUMERIC) > 60


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("value", NUMBERS.values(), ids=NUMBERS)
def test_a_number_is_a_finite_number(name: str, value: Any) -> None:
    model, key = NUMERIC[name]
    with pytest.raises(ValueError, match=rf"\n{key}\b"):
        model.model_validate({key: value})


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_has_a_range(name: str, sign: int) -> None:
    """Both ends are declared in the model, where the reference finds them."""
    model, key = NUMERIC[name]
    wrong = sign * (1e31 if "1e+30" in str(model.model_fields[key]) else 10**18)
    with pytest.raises(ValueError, match=rf"\n{key}\b"):
        model.model_validate({key: wrong})
