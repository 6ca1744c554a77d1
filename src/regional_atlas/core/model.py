"""What typed files are made of: closed models, checked paths, provenance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from regional_atlas.core.texts import Text

__all__ = [
    "Box",
    "Derived",
    "ExistingFile",
    "Given",
    "Identifier",
    "Model",
    "ProblemsError",
    "Provenance",
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
    """Frozen, and closed to keys that are not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Derived:
    """Marks a key that may be left out of a file: what it is taken from, for the reference."""

    source: str


def _resolve(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path):
        raise ValueError(f"expected a path in quotes, found {value!r}")
    root: Path = info.context["root"] if info.context else Path()
    given = isinstance(value, Given)
    path = Path(value).expanduser() if given else root / value
    if not given and not path.resolve().is_relative_to(root.resolve()):
        raise ValueError(
            f"{str(value)!r} leaves the project folder; put the file inside it, "
            "or give the path with --set"
        )
    return path


def existing_file(value: Any, info: ValidationInfo) -> Path:
    """Take a file of the project that exists."""
    path = _resolve(value, info)
    if not path.is_file():
        raise ValueError(f"file not found: {value}")
    return path


def _yearly(value: Any, info: ValidationInfo) -> Path:
    path = _resolve(value, info)
    if "{year}" not in path.name:
        raise ValueError(f"expected '{{year}}' in the file name, found {path.name!r}")
    if not any(path.parent.glob(path.name.replace("{year}", "[0-9][0-9][0-9][0-9]"))):
        raise ValueError(f"no file matches {value}")
    return path


def yearly_files_or_file(value: Any, info: ValidationInfo) -> Path:
    """Take a file, or a file name with `{year}` that some file matches."""
    return _yearly(value, info) if "{year}" in str(value) else existing_file(value, info)


ExistingFile = Annotated[Path, BeforeValidator(existing_file)]
YearlyFiles = Annotated[Path, BeforeValidator(_yearly)]
YearlyFilesOrFile = Annotated[Path, BeforeValidator(yearly_files_or_file)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Box = tuple[float, float, float, float]


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
