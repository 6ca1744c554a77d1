"""Checks of what a caller gives: errors name the argument, what was given and what is allowed."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeGuard

from regional_atlas.core.errors import InputError

__all__ = [
    "a_flag",
    "a_function",
    "a_number",
    "a_path",
    "a_text",
    "a_whole_number",
    "an_instance",
    "is_among",
    "is_number",
    "one_of",
    "shown",
    "some_texts",
    "wrong",
]

_LONGEST = 60
_PLAIN: tuple[type, ...] = (str, bytes, Real, list, tuple, dict, set, os.PathLike)
_LONGEST_NAME = 255
"""Bytes of a name that file systems take."""


def shown(value: Any) -> str:
    """Say what was given: a short value as it is written, else what kind of object it is.

    Examples
    --------
    >>> shown(-1), shown("sum"), shown(None), shown({"a": 1})
    ('-1', "'sum'", 'None', "{'a': 1}")
    >>> import pandas as pd
    >>> shown(pd.DataFrame({"a": [1, 2]})), shown(range), shown([0] * 99)
    ('a DataFrame (2 × 1)', 'the type range', 'a list of 99')
    """
    if isinstance(value, type):
        return f"the type {value.__name__}"
    if value is None or isinstance(value, _PLAIN):
        written = str(value) if isinstance(value, float) else repr(value)
        if len(written) <= _LONGEST and "\n" not in written:
            return written
    kind = type(value).__name__
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"{article} {kind} ({' × '.join(map(str, shape))})"
    if isinstance(value, list | tuple | dict | set | str | bytes):
        return f"{article} {kind} of {len(value)}"
    return f"{article} {kind}"


def wrong(name: str, value: Any, allowed: str) -> InputError:
    """Make the error of an argument.

    Examples
    --------
    >>> print(wrong("top", -1, "a whole number from 1"))
    top: expected a whole number from 1, found -1
    """
    return InputError(f"expected {allowed}, found {shown(value)}", where=name)


def an_instance(name: str, value: Any, kind: type | tuple[type, ...], allowed: str) -> None:
    """Refuse what is not of a type.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.
    """
    if not isinstance(value, kind):
        raise wrong(name, value, allowed)


def a_text(name: str, value: Any, allowed: str = "a text") -> str:
    """Take a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise wrong(name, value, allowed)
    return value


def some_texts(name: str, value: Any, allowed: str = "a list of texts") -> list[str]:
    """Take a list of texts; one text is not a list."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise wrong(name, value, allowed)
    found = list(value)
    for item in found:
        if not isinstance(item, str):
            raise wrong(name, item, f"{allowed}, each a text")
    return found


def a_flag(name: str, value: Any) -> bool:
    """Take True or False."""
    if not isinstance(value, bool):
        raise wrong(name, value, "True or False")
    return value


def is_number(value: Any) -> TypeGuard[float]:
    """Say whether something is a finite number.

    Examples
    --------
    >>> is_number(1), is_number(True), is_number(math.inf), is_number("1")
    (True, False, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def is_among(value: Any, allowed: Iterable[Any]) -> bool:
    """Say whether something is one of some texts or whole numbers.

    Examples
    --------
    >>> is_among(4, (4, 8)), is_among([4], (4, 8)), is_among(True, (1, 2))
    (True, False, False)
    """
    plain = isinstance(value, str | Integral) and not isinstance(value, bool)
    return plain and value in allowed


def a_number(name: str, value: Any, *, least: float | None = None, above: bool = False) -> float:
    """Take a finite number.

    Parameters
    ----------
    name : str
    value : Any
    least : float, optional
        The least that is allowed.
    above : bool
        `least` itself is not allowed.

    Examples
    --------
    >>> a_number("radius", 2, least=0, above=True)
    2.0
    """
    allowed = "a finite number"
    if least is not None:
        allowed = f"a number above {least:g}" if above else f"a number from {least:g}"
    if not is_number(value):
        raise wrong(name, value, allowed)
    if least is not None and (value < least or (above and value == least)):
        raise wrong(name, value, allowed)
    return float(value)


def a_whole_number(name: str, value: Any, *, least: int = 0, most: int | None = None) -> int:
    """Take a whole number from `least` up.

    Examples
    --------
    >>> a_whole_number("k", 4, least=1)
    4
    """
    allowed = f"a whole number from {least}" + ("" if most is None else f" to {most}")
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise wrong(name, value, allowed)
    number = int(value)
    if number < least or (most is not None and number > most):
        raise wrong(name, value, allowed)
    return number


def a_path(name: str, value: Any, allowed: str = "a path") -> Path:
    """Take a path, as text or Path."""
    if not isinstance(value, str | os.PathLike) or not str(value) or "\0" in str(value):
        raise wrong(name, value, allowed)
    path = Path(value)
    if any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in path.parts):
        raise wrong(name, value, allowed)
    return path


def a_function(name: str, value: Any) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise wrong(name, value, "a function")


def one_of(name: str, value: Any, allowed: Iterable[str]) -> str:
    """Take one of some words; a slip is answered with the nearest.

    Examples
    --------
    >>> try:
    ...     one_of("ties", "mim", ["min", "max"])
    ... except InputError as error:
    ...     print(error)
    ties: expected min or max, found 'mim'; do you mean 'min'?
    """
    words = list(allowed)
    if isinstance(value, str) and value in words:
        return value
    listed = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
    near = get_close_matches(value, words, n=1) if isinstance(value, str) else []
    hint = f"; do you mean {near[0]!r}?" if near else ""
    raise InputError(f"expected {listed}, found {shown(value)}{hint}", where=name)
