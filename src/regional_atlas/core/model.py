"""What typed files are made of: closed models, two-language texts, checked paths, provenance."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

__all__ = [
    "Box",
    "ExistingFile",
    "Given",
    "Identifier",
    "Model",
    "ProblemsError",
    "Provenance",
    "Text",
    "Unit",
    "UnitScale",
    "YearlyFiles",
    "YearlyFilesOrFile",
    "is_power_of_ten",
]


class Given(str):
    """A value that the user gave on the command line: a path in it may leave the project."""


class ProblemsError(ValueError):
    """Several things that are wrong with one model, for its validator to raise.

    Examples
    --------
    >>> str(ProblemsError(["a is missing", "b stands twice"]))
    'a is missing; b stands twice'
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Model(BaseModel):
    """Frozen, and closed to keys that are not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Text(Model):
    """A text in Chinese and English."""

    zh: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        """Let a plain string stand for both."""
        return {"zh": str(value), "en": str(value)} if isinstance(value, str) else value


def is_power_of_ten(value: float) -> bool:
    """Tell 0.1, 1, 1000 from other numbers.

    Examples
    --------
    >>> [is_power_of_ten(value) for value in (0.1, 1.0, 1000, 2, 0, -10)]
    [True, True, True, False, False, False]
    """
    return value > 0 and Decimal(str(value)).normalize().as_tuple().digits == (1,)


def _power_of_ten(value: float) -> float:
    if not is_power_of_ten(value):
        raise ValueError(f"must be a power of ten (0.1, 1000), found {value:g}")
    return value


PowerOfTen = Annotated[float, AfterValidator(_power_of_ten)]


class UnitScale(Model):
    """What a stored number is multiplied by before it is written in each language.

    A power of ten, so that the same digits stand in both languages.
    """

    zh: PowerOfTen = 1.0
    en: PowerOfTen = 1.0


class Unit(Text):
    """The unit of a number in both languages, and how it is scaled for each.

    A plain string stands for both.
    """

    scale: UnitScale = UnitScale()
    """`{ en = 0.1 }`: 12 亿元 is written 1.2 bn yuan in English."""

    def powers(self) -> dict[str, int]:
        """By language, the power of ten that a stored number is multiplied by."""
        return {
            lang: Decimal(str(scale)).adjusted() for lang, scale in self.scale.model_dump().items()
        }

    def stored(self) -> Text:
        """Name the unit of the numbers as they are stored.

        Examples
        --------
        >>> Unit(zh="亿元", en="bn yuan", scale=UnitScale(en=0.1)).stored()
        Text(zh='亿元', en='0.1 bn yuan')
        """
        return Text(
            zh=_times(self.scale.zh, self.zh),
            en=_times(self.scale.en, self.en),
        )


def _times(scale: float, unit: str) -> str:
    return unit if scale == 1 else f"{Decimal(str(scale)).normalize():,f} {unit}"


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


def _existing(value: Any, info: ValidationInfo) -> Path:
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


def _yearly_or_one(value: Any, info: ValidationInfo) -> Path:
    return _yearly(value, info) if "{year}" in str(value) else _existing(value, info)


ExistingFile = Annotated[Path, BeforeValidator(_existing)]
YearlyFiles = Annotated[Path, BeforeValidator(_yearly)]
YearlyFilesOrFile = Annotated[Path, BeforeValidator(_yearly_or_one)]
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
