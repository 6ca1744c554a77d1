"""What typed files are made of: closed models, checked paths, provenance."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from regional_atlas.core.errors import DataError
from regional_atlas.core.local_files import NoFileError, foreign_sources, is_below, local_file
from regional_atlas.core.outputs import dated_files, side_names
from regional_atlas.core.texts import Text
from regional_atlas.core.unpacking import too_large

__all__ = [
    "Box",
    "Count",
    "Derived",
    "Digits",
    "ExistingFile",
    "Factor",
    "Given",
    "Identifier",
    "Model",
    "Position",
    "ProblemsError",
    "Provenance",
    "Real",
    "Seed",
    "Share",
    "Truth",
    "Value",
    "Whole",
    "Year",
    "YearlyFiles",
    "YearlyFilesOrFile",
    "existing_file",
    "yearly_files_or_file",
]


class Given(str):
    """A value that the user gave on the command line: a path in it may leave the project."""


class ProblemsError(ValueError):
    """Several things that are wrong with one model, for its validator to raise.

    Examples
    --------
    >>> str(ProblemsError(["a is missing", "b appears twice"]))
    'a is missing; b appears twice'
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Model(BaseModel):
    """Frozen, closed to keys that are not declared; every number is finite.

    A validator is built when it is first used: a command uses few of the many models.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


@dataclass(frozen=True)
class Derived:
    """Marks a key that may be left out of a file: what it is taken from, for the reference."""

    source: str


_REMEDY = "put the file inside it, or allow files outside with --allow-outside"


def _resolve(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path):
        raise ValueError(f"expected a path in quotes, found {value!r}")
    try:
        local_file(str(value))
    except NoFileError as error:
        raise ValueError(f"{str(value)!r} {error}") from None
    given = isinstance(value, Given)
    path = Path(value).expanduser() if given else _root(info) / value
    if not given and not is_below(path, _root(info)) and not _may_leave(info):
        raise ValueError(f"{str(value)!r} leaves the project folder; {_REMEDY}")
    return path


def _root(info: ValidationInfo) -> Path:
    root: Path = info.context["root"] if info.context else Path()
    return root


def _may_leave(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get("allow_outside"))


def existing_file(value: Any, info: ValidationInfo) -> Path:
    """Take a file of the project that exists, and that reads no file outside it."""
    path = _resolve(value, info)
    if not os.path.isfile(path):  # a name may be too long to ask about
        raise ValueError(f"file not found: {value}")
    _check_parts(path, value, info)
    return path


def _check_parts(path: Path, value: Any, info: ValidationInfo) -> None:
    """Hold that a file, what stands beside it and what it refers to lie in the project."""
    free = isinstance(value, Given) or _may_leave(info)
    root = None if free else _root(info)
    sides = () if root is None else _linked_sides(path, root)
    problems = [
        f"{str(value)!r} is read with {side!r}, a link which leaves the project folder; {_REMEDY}"
        for side in sides
    ]
    try:
        if problem := too_large(path):
            raise ValueError(f"{str(value)!r} {problem}")
        foreign = [*foreign_sources(path, root)]
    except OSError as error:
        raise ValueError(f"{str(value)!r} cannot be read: {error.strerror}") from None
    except DataError as error:
        raise ProblemsError([f"{str(value)!r}: {problem}" for problem in error.problems]) from None
    for other, problem in foreign:
        leaves = problem.startswith("leaves")
        said = f"which {problem}; {_REMEDY}" if leaves else f"which {problem}"
        problems.append(f"{str(value)!r} reads {other!r}, {said}")
    if problems:
        raise ProblemsError(problems)


def _linked_sides(path: Path, root: Path) -> list[str]:
    """List the side files of a file that are links to the outside; GDAL takes names in any case."""
    sides = {*map(str.lower, side_names(path))}
    with os.scandir(path.parent) as entries:
        linked = [entry.name for entry in entries if entry.is_symlink()]
    return sorted(
        name
        for name in linked
        if name.lower() in sides and not is_below(path.with_name(name), root)
    )


def _yearly(value: Any, info: ValidationInfo) -> Path:
    path = _resolve(value, info)
    if "{year}" not in path.name:
        raise ValueError(f"expected '{{year}}' in the file name, found {path.name!r}")
    found = [] if "{month}" in path.name else dated_files(path)
    if not found:
        raise ValueError(f"no file matches {value}")
    for each in found:
        # Each is named as the file names all of them.
        said = type(value)(Path(value).with_name(each.name))
        _resolve(said, info)
        _check_parts(each, said, info)
    return path


def yearly_files_or_file(value: Any, info: ValidationInfo) -> Path:
    """Take a file, or a file name with `{year}` that some file matches."""
    return _yearly(value, info) if "{year}" in str(value) else existing_file(value, info)


def _not_zero(value: float) -> float:
    if value == 0:
        raise ValueError("numbers times 0 are all 0; allowed: any other number")
    return value


ExistingFile = Annotated[Path, BeforeValidator(existing_file)]
YearlyFiles = Annotated[Path, BeforeValidator(_yearly)]
YearlyFilesOrFile = Annotated[Path, BeforeValidator(yearly_files_or_file)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]


def _no_truth(value: Any) -> Any:
    """Refuse `true` where a number belongs: Python takes it for 1."""
    if isinstance(value, bool):
        raise ValueError(f"expected a number, found {str(value).lower()}")
    return value


def _no_number(value: Any) -> Any:
    """Refuse a number where `true` belongs."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {value!r}")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth)]
"""A whole number; with its range in every model."""
Real = Annotated[float, BeforeValidator(_no_truth)]
"""A finite number; with its range in every model."""
Truth = Annotated[bool, BeforeValidator(_no_number)]
Value = Annotated[Real, Field(ge=-1e30, le=1e30)]
"""What an indicator or a cell may be: beyond it, cells are no measurements."""
Share = Annotated[Real, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=0, le=100_000_000)]
Position = Annotated[Whole, Field(ge=1, le=100_000_000)]
"""A rank, a row, a line: counted from 1."""
Seed = Annotated[Whole, Field(ge=0, lt=2**53)]
"""Of random numbers: what JSON holds exactly."""
Digits = Annotated[Whole, Field(ge=0, le=15)]
"""Decimals of a number: a double has no more."""
Factor = Annotated[Value, AfterValidator(_not_zero)]
"""What numbers are multiplied by: not 0."""
Year = Annotated[Whole, Field(ge=1, le=9999)]
Box = tuple[Value, Value, Value, Value]


class Provenance(Model):
    """Where data comes from, as every number shown can say it."""

    source: Text
    """Who made it; on the page and in every codebook."""
    licence: Text | None = None
    """Under what it may be used."""
    vintage: Text | None = None
    """The date or years that it describes."""
    url: str | None = None
    """Where it can be found."""
    title: Text | None = None
    """What a reader calls it."""
