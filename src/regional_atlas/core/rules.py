"""Parameters of a method from text: `name=value`, and several values of one to run through."""

from __future__ import annotations

import dataclasses
import itertools
import math
import tomllib
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar, get_type_hints

from regional_atlas.core.arguments import one_of
from regional_atlas.core.errors import InputError, raise_if, results_of

__all__ = ["named_in", "rules_with", "varied_rules"]

Rules = TypeVar("Rules")

MOST_RUNS = 10_000
"""Runs that are begun without a doubt that a list is longer than was meant."""


def rules_with(rules: Rules, settings: Sequence[str]) -> Rules:
    """Change parameters of a method.

    Parameters
    ----------
    rules : dataclass instance
        Its fields are the parameters.
    settings : sequence of str
        Each `name=value`; a value is written as in TOML, and a text may go without quotes.

    Returns
    -------
    dataclass instance

    Raises
    ------
    InputError
        Every unknown name and every value that is not of the parameter's kind.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Circle:
    ...     radius: float = 1.0
    >>> rules_with(Circle(), ["radius=2.5"])
    Circle(radius=2.5)
    """
    changes = {name: value for name, (value,) in _read("--set", rules, settings, "").items()}
    return _changed(rules, changes)


def varied_rules(rules: Rules, lists: Sequence[str]) -> list[Rules]:
    """Give the rules of every combination of values.

    Parameters
    ----------
    rules : dataclass instance
    lists : sequence of str
        Each `name=value,value,…`.

    Returns
    -------
    list of dataclass instances
        The first name varies slowest.

    Raises
    ------
    InputError
        As `rules_with`; or more combinations than `MOST_RUNS`.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Circle:
    ...     radius: float = 1.0
    ...     sides: int = 4
    >>> [(each.radius, each.sides) for each in varied_rules(Circle(), ["radius=1,2", "sides=4,8"])]
    [(1.0, 4), (1.0, 8), (2.0, 4), (2.0, 8)]
    """
    values = _read("--vary", rules, lists, ",")
    runs = math.prod(map(len, values.values()))
    if runs > MOST_RUNS:
        raise InputError(f"{runs} combinations; at most {MOST_RUNS} are run", where="--vary")
    return [
        _changed(rules, dict(zip(values, chosen, strict=True)))
        for chosen in itertools.product(*values.values())
    ]


def named_in(settings: Iterable[str]) -> list[str]:
    """List the parameters that settings name, whether or not a method has them.

    Examples
    --------
    >>> named_in(["gap-km2 = 15", "threshold=20,30"])
    ['gap_km2', 'threshold']
    """
    return [each.partition("=")[0].strip().replace("-", "_") for each in settings]


def _changed(rules: Rules, changes: dict[str, Any]) -> Rules:
    return dataclasses.replace(rules, **changes)  # type: ignore[type-var]


def _read(option: str, rules: Any, settings: Sequence[str], sign: str) -> dict[str, list[Any]]:
    """Read each setting's name and its values, which the sign parts; all problems at once."""
    named = results_of(*(partial(_parts, option, rules, setting) for setting in settings))
    names = [name for name, _ in named]
    twice = (f"{option}: {name} is given twice" for name in {*names} if names.count(name) > 1)
    raise_if(sorted(twice), InputError)
    values = results_of(
        *(
            partial(_value, option, rules, name, part.strip())
            for name, text in named
            for part in (text.split(sign) if sign else [text])
        )
    )
    counts = (len(text.split(sign)) if sign else 1 for _, text in named)
    left = iter(values)
    return {name: list(itertools.islice(left, n)) for name, n in zip(names, counts, strict=True)}


def _parts(option: str, rules: Any, setting: str) -> tuple[str, str]:
    (name,) = named_in([setting])
    _, sign, text = setting.partition("=")
    if not sign or not text.strip():
        raise InputError(f"expected name=value, found {setting!r}", where=option)
    names = [field.name for field in dataclasses.fields(rules)]
    return one_of(option, name, names), text.strip()


def _value(option: str, rules: Any, name: str, text: str) -> Any:
    """Read a value as TOML, or else as the text that it is, whichever the parameter takes."""
    from pydantic import TypeAdapter, ValidationError

    kind = TypeAdapter(get_type_hints(type(rules))[name])
    try:
        read = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        read = {}
    said: list[str] = []
    for value in [*([read["value"]] if read.keys() == {"value"} else []), text]:
        try:
            return kind.validate_python(value)
        except ValidationError as error:
            said += [each["msg"] for each in error.errors()]
    raise InputError(f"{name}: found {text!r}: {'; '.join(dict.fromkeys(said))}", where=option)
