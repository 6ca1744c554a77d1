"""What a statement may say: one query over named tables, and nothing that reads or writes more.

The engine runs COPY, reads files and asks hosts as readily as it selects. So no statement reaches
it as it was written: the text is parsed, everything that is not listed in `allowed` is refused, and
the query is written anew from what was parsed. What the engine reads is what was checked, however
the two may differ over comments, quotes or escapes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from regional_atlas.core.errors import InputError
from regional_atlas.query.sql.allowed import CRS_FROM, FUNCTIONS, NODES, TABLE_FUNCTIONS, TYPES

if TYPE_CHECKING:
    from sqlglot import Token
    from sqlglot.expressions import Expr

__all__ = ["Query", "check_statement"]

FIRST_WORDS = {"SELECT", "WITH", "FROM", "("}
TABLE_PARTS = {"this", "alias", "joins"}
WORDS = re.compile(r"[A-Za-z_ ]*")
NAME = re.compile(r"[^\W\d]\w*")
NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?")
GEOMETRY = "geometry"
CRS = re.compile(r"(?:[A-Za-z]+:)?\w+", re.ASCII)


@dataclass(frozen=True)
class Query:
    """A statement that was checked.

    Attributes
    ----------
    text : str
        SQL for the engine, written from what was parsed.
    tables : frozenset of str
        The tables that it reads.
    spatial : bool
        Whether it may show or use their geometry: by name, among all columns, or in a natural join.
    """

    text: str
    tables: frozenset[str]
    spatial: bool


def check_statement(statement: str, tables: Collection[str]) -> Query:
    """Refuse what is not one query over the tables.

    Parameters
    ----------
    statement : str
        SQL.
    tables : collection of str
        Names that the query may read, in lower case.

    Returns
    -------
    Query
        What the engine may run.

    Raises
    ------
    InputError
        Listing everything that is not allowed, and what is.

    Examples
    --------
    >>> check_statement("select Unit from Units -- all", ["units"]).text
    'SELECT "unit" FROM "units"'
    >>> check_statement("COPY units TO 'a.csv'", ["units"])
    Traceback (most recent call last):
    regional_atlas.core.errors.InputError: sql: COPY is not allowed; write one SELECT over...
    """
    allowed = f"write one SELECT over the tables {', '.join(tables)}"
    try:
        query = _read(statement, allowed, tables)
        if _read(query.text, allowed, tables) != query:
            raise _RefusedError("the statement can be read in two ways")
    except _RefusedError as error:
        raise InputError(f"{error}; {allowed}", where="sql") from None
    except RecursionError:
        raise InputError("the statement is nested too deeply", where="sql") from None
    return query


class _RefusedError(Exception):
    """A statement that cannot be parsed as one query."""


def _read(statement: str, allowed: str, tables: Collection[str]) -> Query:
    tree = _parsed(statement)
    problems = _problems(tree, tables)
    if problems:
        raise InputError(*problems[:-1], f"{problems[-1]}; {allowed}", where="sql")
    _write_plainly(tree)
    names = {name for name, known in _sources(tree) if name not in known}
    return Query(_sql(tree), frozenset(names), any(map(_is_spatial, tree.walk())))


def _is_spatial(node: Expr) -> bool:
    from sqlglot import exp

    match node:
        case exp.Identifier():
            return node.name == GEOMETRY
        case exp.Star():
            counted = isinstance(node.parent, exp.Anonymous) and _function(node.parent) == "count"
            return not counted
        case exp.Select():
            return not node.expressions
        case exp.Join():
            return bool(node.method)
    return False


def _parsed(statement: str) -> Expr:
    from sqlglot import ParseError, TokenError, exp

    from regional_atlas.query.sql.dialect import EngineDialect

    dialect = EngineDialect()
    try:
        tokens = dialect.tokenize(statement)
        statements = _split(tokens)
        if not statements:
            raise _RefusedError("the statement is empty")
        unknown = [
            words[0].text.upper()
            for words in statements
            if words[0].text.upper() not in FIRST_WORDS
        ]
        if unknown:
            raise _RefusedError(f"{', '.join(dict.fromkeys(unknown))} is not allowed")
        if len(statements) > 1:
            raise _RefusedError(f"{len(statements)} statements")
        _check_numbers(statements[0])
        (tree,) = dialect.parser().parse(statements[0], statement)
    except TokenError:
        raise _RefusedError("a quotation or comment is not closed") from None
    except ParseError as error:
        found = error.errors[0]
        raise _RefusedError(
            f"line {found['line']}, near {found['highlight']!r}: this is not part of a SELECT"
        ) from None
    if not isinstance(tree, exp.Query):
        raise _RefusedError(f"{statements[0][0].text.upper()} is not allowed here")
    return tree


def _split(tokens: list[Token]) -> list[list[Token]]:
    from sqlglot import TokenType

    statements: list[list[Token]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            statements.append([])
        else:
            statements[-1].append(token)
    return [words for words in statements if words]


def _check_numbers(tokens: list[Token]) -> None:
    """Refuse 0x1F and 1_000, which one reader takes for a number and another for 1 AS _000."""
    from sqlglot import TokenType

    for token, after in pairwise(tokens):
        if token.token_type == TokenType.NUMBER and after.start == token.end + 1:
            text = token.text + after.text
            if re.match(r"\w", after.text):
                raise _RefusedError(f"line {token.line}: {text!r} is not a number")


def _problems(tree: Expr, tables: Collection[str]) -> list[str]:
    found = [problem for node in tree.walk() for problem in _node_problems(node)]
    found += [
        f"there is no table {name!r}"
        for name, known in _sources(tree)
        if name not in tables and name not in known
    ]
    return list(dict.fromkeys(found))


def _node_problems(node: Expr) -> list[str]:
    from sqlglot import exp

    if type(node).__name__ not in NODES:
        return [f"{_shown(node)} is not allowed"]
    if isinstance(node, exp.Anonymous):
        return _call_problems(node)
    free = isinstance(node, exp.Identifier | exp.Literal)
    words = [value for value in node.args.values() if isinstance(value, str) and not free]
    if _has_plain_form(node) and all(WORDS.fullmatch(word) for word in words):
        return []
    what = "the name of a table" if isinstance(node, exp.Table) else "allowed"
    return [f"{_shown(node)} is not {what}"]


def _has_plain_form(node: Expr) -> bool:
    from sqlglot import exp

    match node:
        case exp.Identifier():
            return bool(node.args.get("quoted") or NAME.fullmatch(node.name))
        case exp.Literal():
            return bool(node.is_string or NUMBER.fullmatch(node.name))
        case exp.DataType():
            return isinstance(node.this, exp.DType) and node.this.value in TYPES
        case exp.Interval():
            return isinstance(node.this, exp.Literal)
        case exp.CTE():
            return bool(NAME.fullmatch(node.alias))
        case exp.Dot():
            return isinstance(node.expression, exp.Identifier)
        case exp.Trim():
            return not node.args.get("collation")
        case exp.Lateral():
            return isinstance(node.this, exp.Subquery | exp.Unnest | exp.Anonymous)
        case exp.From() | exp.Join():
            source = exp.Table | exp.Subquery | exp.Values | exp.Unnest | exp.Lateral
            return isinstance(node.this, source)
        case exp.Table():
            others = {key for key, value in node.args.items() if value} - TABLE_PARTS
            return isinstance(node.this, exp.Identifier | exp.Anonymous) and not others
    return True


def _call_problems(node: Expr) -> list[str]:
    from sqlglot import exp

    name = _function(node)
    if name not in FUNCTIONS:
        return [f"the function {name!r} is not allowed"]
    if isinstance(node.parent, exp.Table | exp.Lateral) and name not in TABLE_FUNCTIONS:
        return [f"the function {name!r} is not allowed as a table"]
    first = node.expressions[0] if node.expressions else None
    given = first.expressions if isinstance(first, exp.Distinct) else node.expressions
    return [
        f"{_shown(system)} is not allowed as a coordinate system: write a code like 'EPSG:4326'"
        for system in given[CRS_FROM.get(name, len(given)) :]
        if not (isinstance(system, exp.Literal) and CRS.fullmatch(system.name))
    ]


def _function(node: Expr) -> str:
    """Give the name as the engine takes it: folded to lower case unless it is quoted."""
    return _folded(node.this) if isinstance(node.this, str) else str(node.this.name)


def _folded(name: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def _sources(tree: Expr) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the name of every table, and the CTEs that it may mean there."""
    from sqlglot import exp

    waiting: list[tuple[Expr, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, known = waiting.pop()
        ctes = node.args.get("with_") or exp.With()
        for cte in ctes.expressions:
            before, known = known, known | {_name(cte.args["alias"].this)}
            waiting.append((cte.this, known if ctes.args.get("recursive") else before))
        named = isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier)
        if named and _has_plain_form(node):
            yield _name(node.this), known
        waiting += [(child, known) for child in node.iter_expressions() if child is not ctes]


def _name(identifier: Expr) -> str:
    return identifier.name if identifier.args.get("quoted") else _folded(identifier.name)


def _write_plainly(tree: Expr) -> None:
    """Fold names as the engine does, and quote them."""
    from sqlglot import exp

    for node in tree.walk():
        if isinstance(node, exp.Identifier):
            node.set("this", _name(node))
            node.set("quoted", True)
        elif isinstance(node, exp.Anonymous):
            as_table = isinstance(node.parent, exp.Table | exp.Lateral)
            name = _function(node)
            node.set("this", name if as_table else exp.Identifier(this=name, quoted=True))


def _sql(node: Expr) -> str:
    from sqlglot import ErrorLevel

    from regional_atlas.query.sql.dialect import EngineDialect

    return str(node.sql(EngineDialect, comments=False, unsupported_level=ErrorLevel.IGNORE))


def _shown(node: Expr) -> str:
    text = _sql(node).strip() or node.key.upper()
    return repr(text if len(text) <= 60 else text[:59] + "…")
