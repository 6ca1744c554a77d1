"""What typed files are made of: closed models, checked paths, provenance."""

from __future__ import annotations

import os
import re
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

from regional_atlas.core.texts import Text

__all__ = [
    "Box",
    "Derived",
    "Digits",
    "ExistingFile",
    "Factor",
    "Given",
    "Identifier",
    "Model",
    "ProblemsError",
    "Provenance",
    "Year",
    "YearlyFiles",
    "YearlyFilesOrFile",
    "existing_file",
    "referred_files",
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


def _resolve(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path):
        raise ValueError(f"expected a path in quotes, found {value!r}")
    root: Path = info.context["root"] if info.context else Path()
    given = isinstance(value, Given)
    path = Path(value).expanduser() if given else root / value
    if not given and not _inside(path, root):
        raise ValueError(
            f"{str(value)!r} leaves the project folder; put the file inside it, "
            "or give the path with --set"
        )
    return path


def existing_file(value: Any, info: ValidationInfo) -> Path:
    """Take a file of the project that exists, and that reads no file outside it."""
    path = _resolve(value, info)
    if not os.path.isfile(path):  # a name may be too long to ask about
        raise ValueError(f"file not found: {value}")
    if not isinstance(value, Given):
        root: Path = info.context["root"] if info.context else Path()
        for other in referred_files(path):
            if _ADDRESS.match(other) or not _inside(path.parent / other, root):
                raise ValueError(
                    f"{str(value)!r} reads {other!r}, which leaves the project folder; put that "
                    "file inside it, or give the path with --set"
                )
    return path


_SOURCE = re.compile(
    rb"<(?:SrcDataSource|SourceFilename|SourceDataset|SrcVRT)\b[^>]*>\s*([^<]*?)\s*<", re.IGNORECASE
)


_ADDRESS = re.compile(r"\w{2,}:")
"""Of a database or a service, which GDAL reads as it does a file."""


def referred_files(path: Path) -> list[str]:
    """List the sources of a virtual data set (VRT), whatever it is called; none of other files."""
    with path.open("rb") as file:
        head = file.read(1000)
        if b"<OGRVRT" not in head and b"<VRTDataset" not in head:
            return []
        return [name.decode("utf-8", "replace") for name in _SOURCE.findall(head + file.read())]


def _inside(path: Path, root: Path) -> bool:
    """Say whether a path is below a folder."""
    return path.resolve().is_relative_to(root.resolve())


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


def _not_zero(value: float) -> float:
    if value == 0:
        raise ValueError("numbers times 0 are all 0; allowed: any other number")
    return value


ExistingFile = Annotated[Path, BeforeValidator(existing_file)]
YearlyFiles = Annotated[Path, BeforeValidator(_yearly)]
YearlyFilesOrFile = Annotated[Path, BeforeValidator(yearly_files_or_file)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Digits = Annotated[int, Field(ge=0, le=15)]
"""Decimals of a number: a double has no more."""
Factor = Annotated[float, AfterValidator(_not_zero)]
"""What numbers are multiplied by: not 0."""
Year = Annotated[int, Field(ge=1, le=9999)]
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
