"""The engine's SQL for sqlglot: how a query is read, and how it is written for the engine."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import TokenType, exp, generator, parser, tokens
from sqlglot.dialects.dialect import Dialect

__all__ = ["EngineDialect"]

Writer = generator.Generator
WITH_OWN_GRAMMAR = ("CAST", "EXTRACT", "OVERLAY", "SUBSTRING", "TRIM", "TRY_CAST")
INFIX = exp.Is | exp.In | exp.Between | exp.SimilarTo | exp.RegexpLike | exp.RegexpILike
TRIMS = {"LEADING": "ltrim", "TRAILING": "rtrim"}


def _call(write: Writer, name: str, *arguments: Any) -> str:
    """Write a plain call; the quoted name has no grammar of its own."""
    given = (argument for argument in arguments if argument is not None)
    return f'"{name}"({", ".join(write.sql(argument) for argument in given)})'


def _interval(write: Writer, node: exp.Interval) -> str:
    """Write `INTERVAL '3' DAY` and `INTERVAL '3 day'` alike."""
    words = f"{node.this.name if node.this else ''} {node.text('unit')}".strip()
    return f"INTERVAL {write.sql(exp.Literal.string(words))}"


def _not(write: Writer, node: exp.Not) -> str:
    """Write NOT where it mostly stands: `x IS NOT NULL`, `x NOT IN (1)`."""
    inner = node.this
    if not isinstance(inner, INFIX):
        return f"NOT {write.sql(inner)}"
    left = write.sql(inner, "this")
    right = write.sql(inner).removeprefix(left).strip()
    if isinstance(inner, exp.Is):
        return f"{left} IS NOT {right.removeprefix('IS ')}"
    return f"{left} !{right}" if right.startswith("~") else f"{left} NOT {right}"


class EngineDialect(Dialect):
    """DataFusion's generic SQL, as far as a query needs it.

    No function is known by name, so that every call is written as it was read; those with a
    grammar of their own, like `EXTRACT(YEAR FROM x)`, become plain calls. No statement is known
    but a query.
    """

    NORMALIZE_FUNCTIONS: bool | str = False
    NULL_ORDERING = "nulls_are_large"
    SUPPORTS_LIMIT_ALL = True
    SUPPORTS_ORDER_BY_ALL = True
    SUPPORTS_USER_DEFINED_TYPES = False

    class Tokenizer(tokens.Tokenizer):
        """Names in double quotes or backticks, text in single quotes, no escapes but doubling."""

        IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = ['"', "`"]
        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **tokens.Tokenizer.KEYWORDS,
            "INT2": TokenType.SMALLINT,
            "INT8": TokenType.BIGINT,
            "FLOAT4": TokenType.FLOAT,
            "FLOAT8": TokenType.DOUBLE,
        }

    class Parser(parser.Parser):
        """Queries only."""

        IS_PREDICATE_PRECEDENCE = parser.IsPredicatePrecedence.LOW
        STATEMENT_PARSERS: ClassVar[dict[Any, Any]] = {}
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            **{name: parser.Parser.FUNCTION_PARSERS[name] for name in WITH_OWN_GRAMMAR},
            "POSITION": lambda read: read._parse_position(haystack_first=True),
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser.Parser.NO_PAREN_FUNCTION_PARSERS[name] for name in ("ANY", "CASE")
        }
        RANGE_PARSERS: ClassVar[dict[Any, Any]] = {
            **parser.Parser.RANGE_PARSERS,
            TokenType.TILDE: parser.binary_range_parser(exp.RegexpLike),
        }

    class Generator(generator.Generator):
        """Writes what the engine reads in one way only."""

        TRANSFORMS: ClassVar[dict[type[exp.Expr], Any]] = {
            **generator.Generator.TRANSFORMS,
            exp.Array: lambda write, node: f"[{write.expressions(node, flat=True)}]",
            exp.CurrentDate: lambda write, _: _call(write, "current_date"),
            exp.CurrentTime: lambda write, _: _call(write, "current_time"),
            exp.CurrentTimestamp: lambda write, _: _call(write, "current_timestamp"),
            exp.Extract: lambda write, node: _call(
                write, "date_part", exp.Literal.string(node.name.lower()), node.expression
            ),
            exp.Interval: _interval,
            exp.Not: _not,
            exp.Overlay: lambda write, node: _call(write, "overlay", *node.args.values()),
            exp.RegexpILike: lambda write, node: write.binary(node, "~*"),
            exp.RegexpLike: lambda write, node: write.binary(node, "~"),
            exp.StrPosition: lambda write, node: _call(
                write, "position", node.this, node.args.get("substr")
            ),
            exp.Substring: lambda write, node: _call(
                write, "substr", node.this, node.args.get("start"), node.args.get("length")
            ),
            exp.Trim: lambda write, node: _call(
                write, TRIMS.get(node.args.get("position"), "btrim"), node.this, node.expression
            ),
        }
