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

Questions to an atlas use the same language. There a name may also have a point (`industrial.rank`)
or a year (`gdp@2020`), a field may stand on both sides (`gdp@2020 > gdp@2015`), and a flag stands
by itself (`not ranked`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import ClassVar, Protocol

import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.core.signs import unstorable

__all__ = ["Columns", "Condition", "reads"]

_TOKENS = r"""\s*(?:
        (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"|“[^”]*”|‘[^’]*’)
      | (?P<quoted>`(?:[^`]|``)+`)
      | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<sign>==|!=|<>|<=|>=|[=<>()\[\],＝＜＞（），])
      | (?P<word>[^\W\d]\w*{further})
    )"""
_TOKEN = re.compile(_TOKENS.replace("{further}", ""), re.VERBOSE)
_FIELD_TOKEN = re.compile(_TOKENS.replace("{further}", r"(?:\.\w+)*(?:@\d+)?"), re.VERBOSE)
"""Of questions: a name may have a point and a year."""
_ORDER: dict[str, Callable[[pd.Series, float | pd.Series], pd.Series]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_EQUAL = {"==": "==", "=": "==", "!=": "!=", "<>": "!="}
_PARTS = ("starts", "ends", "contains")
_WORDS = {"and", "or", "not", "in", "is", "missing", *_PARTS}
_DEEPEST = 50
_NARROW = str.maketrans("＝＜＞（），", "=<>(),")
"""Signs as a Chinese keyboard writes them."""


class Columns(Protocol):
    """What a condition asks of a table."""

    def texts(self, name: str) -> pd.Series:
        """Give a column as text, missing where a cell is empty."""

    def values(self, name: str) -> pd.Series:
        """Give a column as numbers, missing where a cell is empty."""

    def reads(self, name: str, how: str, text: str) -> pd.Series:
        """Say of each row whether a column is a text, or `starts`, `ends` or `contains` it."""
        return reads(self.texts(name), how, text)


def reads(cells: pd.Series, how: str, text: str) -> pd.Series:
    """Say of each cell whether it is a text (`==`), or `starts`, `ends` or `contains` it."""
    if how == "==":
        return cells.eq(text).fillna(False).astype("bool")
    strings = cells.fillna("").str
    if how == "contains":
        return strings.contains(text, regex=False)
    return strings.startswith(text) if how == "starts" else strings.endswith(text)


@dataclass(frozen=True)
class _Field:
    """A column on the right of a comparison, compared as numbers."""

    name: str


@dataclass(frozen=True)
class _Flag:
    """A column of yes and no that stands by itself."""

    name: str

    def mask(self, table: Columns) -> pd.Series:
        return table.values(self.name) == 1

    def names(self) -> Iterator[str]:
        yield self.name


@dataclass(frozen=True)
class _Not:
    inner: _Node

    def mask(self, table: Columns) -> pd.Series:
        return ~self.inner.mask(table)

    def names(self) -> Iterator[str]:
        yield from self.inner.names()


@dataclass(frozen=True)
class _Joined:
    """Conditions joined by `and` or `or`."""

    word: str
    parts: tuple[_Node, ...]

    def mask(self, table: Columns) -> pd.Series:
        join = operator.and_ if self.word == "and" else operator.or_
        return reduce(join, (part.mask(table) for part in self.parts))

    def names(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True)
class _Compare:
    """A column beside one value or several."""

    name: str
    sign: str
    values: tuple[_Value, ...]

    def mask(self, table: Columns) -> pd.Series:
        if self.sign == "missing":
            return table.texts(self.name).isna()
        if self.sign in _PARTS:
            return table.reads(self.name, self.sign, str(self.values[0]))
        if self.sign in _ORDER:
            (value,) = self.values
            right = table.values(value.name) if isinstance(value, _Field) else float(value)
            return _ORDER[self.sign](table.values(self.name), right)
        equal = reduce(operator.or_, (self._equal(table, value) for value in self.values))
        return ~equal if self.sign == "!=" else equal

    def _equal(self, table: Columns, value: _Value) -> pd.Series:
        if isinstance(value, str):
            return table.reads(self.name, "==", value)
        right = table.values(value.name) if isinstance(value, _Field) else value
        return table.values(self.name).eq(right).fillna(False).astype("bool")

    def names(self) -> Iterator[str]:
        yield self.name
        yield from (value.name for value in self.values if isinstance(value, _Field))


_Value = str | float | _Field
_Node = _Not | _Joined | _Compare | _Flag


@dataclass(frozen=True)
class Condition:
    """A condition on rows, as it was written.

    Attributes
    ----------
    text : str
        The condition.
    flags : frozenset of str
        Of the class: columns of yes and no, which may stand by themselves. Only conditions of
        questions to an atlas have some: there a field may also stand on the right of a comparison,
        and have a point or a year in its name.

    Raises
    ------
    InputError
        The text is not a condition; the message says at which character.

    Examples
    --------
    >>> class Table(Columns):
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
    regional_atlas.core.errors.InputError: 'name ==': character 8: expected a value after '=='
    """

    text: str
    flags: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        """Parse at once, so that a condition that exists can be applied."""
        sign = unstorable(self.text)
        if sign is not None:
            raise InputError(f"holds {sign}; remove it", where=repr(self.text))
        _ = self._root

    @cached_property
    def _root(self) -> _Node:
        return _Parser(self.text, self.flags).condition()

    def names(self) -> list[str]:
        """List the columns that it compares."""
        return list(dict.fromkeys(self._root.names()))

    def mask(self, table: Columns) -> pd.Series:
        """Say of each row whether the condition holds."""
        return self._root.mask(table)


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, flags: frozenset[str]) -> None:
        self._text = text
        self._flags = flags
        self._at = 0
        self._depth = 0
        self._tokens: list[tuple[str, str, int]] = []
        self._tokens.extend(self._split())

    def condition(self) -> _Node:
        found = self._any_of()
        if self._at < len(self._tokens):
            raise self._error(f"did not expect {self._peek()!r}; join comparisons by `and` or `or`")
        return found

    def _split(self) -> Iterator[tuple[str, str, int]]:
        """Give each token's kind, its text, and where it begins."""
        at, text = 0, self._text.rstrip()
        while at < len(text):
            match = (_FIELD_TOKEN if self._flags else _TOKEN).match(text, at)
            if match is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise self._error(f"cannot be read from {text[at:][:20]!r} on", at)
            kind = str(match.lastgroup)
            found = match[kind]
            if kind in ("text", "quoted"):
                found = found[1:-1].replace(found[0] * 2, found[0])
            found = found.translate(_NARROW) if kind == "sign" else found
            word = found.lower() if kind == "word" else ""
            yield word if word in _WORDS else kind, found, match.start(kind)
            at = match.end()

    def _error(self, problem: str, at: int | None = None) -> InputError:
        """Say what is wrong, and at which character: by default that of the next token."""
        if at is None:
            rest = self._tokens[self._at :]
            at = rest[0][2] if rest else len(self._text.rstrip())
        return InputError(f"character {at + 1}: {problem}", where=repr(self._text))

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
        return self._joined("or", self._all_of)

    def _all_of(self) -> _Node:
        return self._joined("and", self._single)

    def _joined(self, word: str, part: Callable[[], _Node]) -> _Node:
        found = [part()]
        while self._take(word) is not None:
            found.append(part())
        return found[0] if len(found) == 1 else _Joined(word, tuple(found))

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
        flag = self._kind() == "word" and self._peek() in self._flags
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
        sign = self._peek() if self._kind() == "sign" and not negated else ""
        if sign in _ORDER or sign in _EQUAL:
            self._take("sign")
            right = self._number(sign) if sign in _ORDER else self._value(sign)
            return _Compare(name, _EQUAL.get(sign, sign), (right,))
        if flag and not negated:
            return _Flag(name)
        raise self._error(
            f"expected a comparison after {name!r}, found {self._peek()!r}; allowed: "
            "== != < <= > >=, in [...], starts, ends, contains, is missing"
        )

    @staticmethod
    def _negated(node: _Node, negated: bool) -> _Node:
        return _Not(node) if negated else node

    def _value(self, after: str) -> _Value:
        text = self._take("text")
        if text is not None:
            return text
        number = self._take("number")
        if number is not None:
            return float(number)
        field = self._take("word", "quoted") if self._flags else None
        if field is None:
            hint = "" if self._kind() != "word" else "; text stands between quotes"
            raise self._error(f"expected a value after {after!r}{hint}")
        return _Field(field)

    def _text_value(self, after: str) -> str:
        if self._kind() != "text":
            raise self._error(f"expected text between quotes after {after!r}")
        return str(self._take("text"))

    def _number(self, after: str) -> float | _Field:
        if self._kind() == "text":
            raise self._error(f"expected a number after {after!r}, found {self._peek()!r}")
        value = self._value(after)
        assert not isinstance(value, str)
        return value

    def _list(self) -> Iterator[_Value]:
        closing = {"(": ")", "[": "]"}
        opened = self._peek() if self._kind() == "sign" else ""
        if opened not in closing:
            raise self._error("expected a list after `in`, such as ['a', 'b']")
        self._take("sign")
        yield self._value("in")
        while self._take("sign", sign=",") is not None:
            yield self._value(",")
        if self._take("sign", sign=closing[opened]) is None:
            raise self._error(f"expected {closing[opened]!r}, found {self._peek()!r}")
