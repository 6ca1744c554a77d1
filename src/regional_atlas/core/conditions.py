"""Conditions on the rows of a table: a small language, parsed and never executed as code.

A condition compares columns with values::

    NAME != 'New York City'
    `Metropolitan/Micropolitan Statistical Area` == 'Metropolitan Statistical Area'
    not (FIPS ends '000') and population >= 5000
    State in ['AL', 'AK'] or Metro is missing

A name of letters, digits and underscores stands as it is, any other between backticks. Text stands
between single or double quotes; a quote within it is written twice. Text is compared as text, a
number as a number. A missing cell equals nothing: of all comparisons only `!=`, `not in` and
`is missing` hold for it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import pandas as pd

from regional_atlas.core.errors import InputError

__all__ = ["Columns", "Condition"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<quoted>`(?:[^`]|``)+`)
      | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<sign>==|!=|<>|<=|>=|=|<|>|\(|\)|\[|\]|,)
      | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_ORDER: dict[str, Callable[[pd.Series, float], pd.Series]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_EQUAL = {"==": "==", "=": "==", "!=": "!=", "<>": "!="}
_PARTS = ("starts", "ends", "contains")
_WORDS = {"and", "or", "not", "in", "is", "missing", *_PARTS}
_DEEPEST = 50


class Columns(Protocol):
    """What a condition asks of a table."""

    def texts(self, name: str) -> pd.Series:
        """Give a column as text, missing where a cell is empty."""

    def values(self, name: str) -> pd.Series:
        """Give a column as numbers, missing where a cell is empty."""


@dataclass(frozen=True)
class _Not:
    inner: _Node

    def mask(self, table: Columns) -> pd.Series:
        return ~self.inner.mask(table)

    def names(self) -> Iterator[str]:
        yield from self.inner.names()


@dataclass(frozen=True)
class _Both:
    """Two conditions joined by `and` or `or`."""

    word: str
    left: _Node
    right: _Node

    def mask(self, table: Columns) -> pd.Series:
        left, right = self.left.mask(table), self.right.mask(table)
        return left & right if self.word == "and" else left | right

    def names(self) -> Iterator[str]:
        yield from self.left.names()
        yield from self.right.names()


@dataclass(frozen=True)
class _Compare:
    """A column beside one value or several."""

    name: str
    sign: str
    values: tuple[str | float, ...]

    def mask(self, table: Columns) -> pd.Series:
        if self.sign == "missing":
            return table.texts(self.name).isna()
        if self.sign in _PARTS:
            cells = table.texts(self.name).fillna("")
            part = str(self.values[0])
            if self.sign == "contains":
                return cells.str.contains(part, regex=False)
            return cells.str.startswith(part) if self.sign == "starts" else cells.str.endswith(part)
        if self.sign in _ORDER:
            return _ORDER[self.sign](table.values(self.name), float(self.values[0]))
        equal = pd.Series(False, index=table.texts(self.name).index)
        for value in self.values:
            same = table.texts if isinstance(value, str) else table.values
            equal |= same(self.name).eq(value).fillna(False).astype("bool")
        return ~equal if self.sign == "!=" else equal

    def names(self) -> Iterator[str]:
        yield self.name


_Node = _Not | _Both | _Compare


@dataclass(frozen=True)
class Condition:
    """A condition on rows, as it was written.

    Examples
    --------
    >>> class Table:
    ...     def texts(self, name):
    ...         return pd.Series({2: "a", 3: None, 4: "b"}, dtype="str")
    ...     def values(self, name):
    ...         return pd.Series({2: 1.0, 3: 2.0, 4: None})
    >>> Condition("name == 'a' or size >= 2").mask(Table()).tolist()
    [True, True, False]
    >>> Condition("name != 'a'").mask(Table()).tolist()
    [False, True, True]
    >>> Condition("name ==")
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: 'name ==': expected a value after '=='
    """

    text: str

    def __post_init__(self) -> None:
        """Parse at once, so that a condition that exists can be applied."""
        _ = self._root

    @cached_property
    def _root(self) -> _Node:
        return _Parser(self.text).condition()

    def names(self) -> list[str]:
        """List the columns that it compares."""
        return list(dict.fromkeys(self._root.names()))

    def mask(self, table: Columns) -> pd.Series:
        """Say of each row whether the condition holds."""
        return self._root.mask(table)


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0

    def condition(self) -> _Node:
        found = self._any_of()
        if self._at < len(self._tokens):
            raise self._error(f"did not expect {self._peek()!r}; join comparisons by `and` or `or`")
        return found

    def _split(self) -> Iterator[tuple[str, str]]:
        at, text = 0, self._text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._error(f"cannot be read from {text[at:].strip()[:20]!r} on")
            kind = str(match.lastgroup)
            found = match[kind]
            if kind in ("text", "quoted"):
                found = found[1:-1].replace(found[0] * 2, found[0])
            word = found.lower() if kind == "word" else ""
            yield (word, found) if word in _WORDS else (kind, found)
            at = match.end()

    def _error(self, problem: str) -> InputError:
        return InputError(problem, where=repr(self._text))

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else "the end"

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self, *kinds: str, sign: str | None = None) -> str | None:
        """Take the next token if it is one of these."""
        if self._kind() not in kinds or (sign is not None and self._peek() != sign):
            return None
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _any_of(self) -> _Node:
        found = self._all_of()
        while self._take("or") is not None:
            found = _Both("or", found, self._all_of())
        return found

    def _all_of(self) -> _Node:
        found = self._single()
        while self._take("and") is not None:
            found = _Both("and", found, self._single())
        return found

    def _single(self) -> _Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"is nested more than {_DEEPEST} deep")
        try:
            if self._take("not") is not None:
                return _Not(self._single())
            if self._take("sign", sign="(") is not None:
                found = self._any_of()
                if self._take("sign", sign=")") is None:
                    raise self._error(f"expected ')', found {self._peek()!r}")
                return found
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> _Node:
        name = self._take("word", "quoted")
        if name is None:
            raise self._error(
                f"expected the name of a column, found {self._peek()!r}; "
                "a name with blanks or signs stands between backticks"
            )
        if self._take("is") is not None:
            negated = self._take("not") is not None
            if self._take("missing") is None:
                raise self._error(f"expected `missing` after `is`, found {self._peek()!r}")
            return self._negated(_Compare(name, "missing", ()), negated)
        negated = self._take("not") is not None
        if self._take("in") is not None:
            return self._negated(_Compare(name, "==", tuple(self._list())), negated)
        part = self._take(*_PARTS)
        if part is not None:
            return self._negated(_Compare(name, part.lower(), (self._text_value(part),)), negated)
        sign = self._take("sign") if not negated else None
        if sign in _ORDER:
            return _Compare(name, str(sign), (self._number(str(sign)),))
        if sign in _EQUAL:
            return _Compare(name, _EQUAL[str(sign)], (self._value(str(sign)),))
        raise self._error(
            f"expected a comparison after {name!r}, found {sign or self._peek()!r}; allowed: "
            "== != < <= > >=, in [...], starts, ends, contains, is missing"
        )

    @staticmethod
    def _negated(node: _Node, negated: bool) -> _Node:
        return _Not(node) if negated else node

    def _value(self, after: str) -> str | float:
        text = self._take("text")
        if text is not None:
            return text
        number = self._take("number")
        if number is None:
            hint = "" if self._kind() != "word" else "; text stands between quotes"
            raise self._error(f"expected a value after {after!r}{hint}")
        return float(number)

    def _text_value(self, after: str) -> str:
        value = self._value(after)
        if not isinstance(value, str):
            raise self._error(f"expected text between quotes after {after!r}")
        return value

    def _number(self, after: str) -> float:
        value = self._value(after)
        if isinstance(value, str):
            raise self._error(f"expected a number after {after!r}, found {value!r}")
        return value

    def _list(self) -> Iterator[str | float]:
        closing = {"(": ")", "[": "]"}
        opened = self._take("sign")
        if opened not in closing:
            raise self._error("expected a list after `in`, such as ['a', 'b']")
        yield self._value("in")
        while self._take("sign", sign=",") is not None:
            yield self._value(",")
        if self._take("sign", sign=closing[str(opened)]) is None:
            raise self._error(f"expected {closing[str(opened)]!r}, found {self._peek()!r}")
