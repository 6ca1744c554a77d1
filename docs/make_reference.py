"""Writes the reference pages that follow from the code: command line, atlas.toml, index files.

python docs/make_reference.py          write them
python docs/make_reference.py --check  exit with 1 where a page is not what the code says
"""

from __future__ import annotations

import sys
import types
import typing
from pathlib import Path
from typing import Any, Literal

import typer.main
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from regional_atlas.cli import app
from regional_atlas.config import AtlasConfig
from regional_atlas.config.index import IndexConfig
from regional_atlas.core.texts import Text, Unit

FOLDER = Path(__file__).parent / "reference"


def command_line() -> str:
    """Describe every command with its options."""
    group = typer.main.get_command(app)
    lines = ["# Command line", "", "Written by `make docs` from the code.", ""]
    lines += ["Results go to stdout, messages and progress to stderr. Exit codes: 0 done, 1 the"]
    lines += ["input is wrong (one message), 2 usage, 3 internal. `regional-atlas --version` shows"]
    lines += ["the version, `--help` the options of a command.", ""]
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        for title, item in (
            [(f"{name} {sub}", item) for sub, item in sorted(inner.items())]
            if inner
            else [(name, command)]
        ):
            lines += _command(title, item)
    return "\n".join(lines)


def _command(name: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shown = " ".join(p.metavar or p.name.upper() for p in arguments)
    lines = [f"## `regional-atlas {name}{' ' + shown if shown else ''}`", "", command.help, ""]
    rows = [
        f"| `{'`, `'.join([*p.opts, *p.secondary_opts])}{' ' + p.metavar if p.metavar else ''}` "
        f"| {p.help or ''}{' (required)' if p.required else ''} |"
        for p in command.params
        if p.param_type_name == "option" and p.name != "help"
    ]
    return [*lines, "| option | |", "|---|---|", *rows, ""] if rows else lines


def models(root: type[BaseModel], title: str, lead: str) -> str:
    """Describe a configuration model and every model below it."""
    lines = [f"# {title}", "", "Written by `make docs` from the code.", "", lead, ""]
    seen: list[type[BaseModel]] = []
    queue = [root]
    while queue:
        model = queue.pop(0)
        if model in seen:
            continue
        seen.append(model)
        queue += [
            inner for field in model.model_fields.values() for inner in _inside(field.annotation)
        ]
    for model in seen:
        heading = "The file" if model is root else f"`{model.__name__.removesuffix('Config')}`"
        lines += [f"## {heading}", "", (model.__doc__ or "").strip().replace("\n    ", "\n"), ""]
        lines += ["| key | | type | default |", "|---|---|---|---|"]
        for name, field in model.model_fields.items():
            default = (
                "required"
                if field.is_required()
                else _default(field.get_default(call_default_factory=True))
            )
            lines.append(
                f"| `{name}` | {field.description or ''} | {_type(field.annotation)} | {default} |"
            )
        lines.append("")
    return "\n".join(lines)


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _inside(part)]


def _type(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{value!r}`".replace("'", '"') for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(part) for part in arguments if part is not types.NoneType)
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is tuple:
        return f"{len(arguments)} × {_type(arguments[0])}"
    if origin is dict:
        return f"table of {_type(arguments[1])}"
    if hasattr(annotation, "__metadata__"):
        return _type(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = annotation.__name__.removesuffix("Config")
        return f"[{name}](#{name.lower()})"
    names = {
        str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path",
        Text: 'text (`"…"` or `{ en = "…", fr = "…" }`)',
        Unit: 'unit (`"…"` or `{ zh = "…", en = "…", scale = { en = 0.1 } }`)',
    }  # fmt: skip
    return names.get(annotation, str(annotation))


def _default(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""


PAGES = {
    "command-line.md": command_line,
    "atlas-toml.md": lambda: models(
        AtlasConfig, "atlas.toml",
        "Unknown keys are errors. Paths count from the project's folder and stay inside it; a\n"
        "path given with `--set KEY=VALUE` counts from the working directory and may lie anywhere.",
    ),
    "index-toml.md": lambda: models(
        IndexConfig, "Index files", "The tree of a composite index and the method of each step.",
    ),
}  # fmt: skip


def main() -> int:
    """Write or check the pages."""
    stale = []
    for name, page in PAGES.items():
        path = FOLDER / name
        text = page().rstrip("\n") + "\n"
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"out of date, run `make docs`: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
