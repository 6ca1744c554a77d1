"""Errors that a user can act on: the command line prints them as one message and exits with 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from regional_atlas.core.signs import in_brief

__all__ = [
    "AbsentError",
    "CheckError",
    "ConfigError",
    "DataError",
    "InputError",
    "MatchError",
    "RasterError",
]


MOST = 20
"""Problems of one input that a message lists; of more it says how many there are."""


class InputError(Exception):
    """The input is wrong; the message says which file, row, column or argument.

    Parameters
    ----------
    *problems : str
        Everything that is wrong with one input, one line each; of a long one the middle is left
        out.
    where : str, optional
        The file or argument that all the problems belong to.

    Examples
    --------
    >>> print(InputError("column 'code' is missing", "row 4: '12a' is not a number", where="a.csv"))
    a.csv: 2 problems
      - column 'code' is missing
      - row 4: '12a' is not a number
    >>> print(InputError("file not found", where="a.csv"))
    a.csv: file not found
    """

    def __init__(self, *problems: str, where: str = "") -> None:
        self.problems = [in_brief(problem) for problem in problems]
        self.where = in_brief(where)
        self.parts: list[InputError] = []
        super().__init__(self._message())

    @property
    def errors(self) -> list[InputError]:
        """The errors that it was made of; itself where it is not of several."""
        return self.parts or [self]

    def rename(self, old: str, new: str) -> None:
        """Speak of a path by another one: where something is made may not be where it will stand.

        Examples
        --------
        >>> error = InputError("cannot write: No space left on device", where=".maps.new/a.csv")
        >>> error.rename(".maps.new", "maps")
        >>> print(error)
        maps/a.csv: cannot write: No space left on device
        """
        for part in self.parts:
            part.rename(old, new)
        self.problems = [problem.replace(old, new) for problem in self.problems]
        self.where = self.where.replace(old, new)
        self.args = (self._message(),)

    def _message(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        if len(self.problems) == 1:
            return prefix + self.problems[0]
        shown = [f"  - {problem}" for problem in self.problems[:MOST]]
        more = len(self.problems) - MOST
        lines = "\n".join([*shown, *([f"  … and {more} more"] if more > 0 else [])])
        return f"{prefix}{len(self.problems)} problems\n{lines}"


class ConfigError(InputError):
    """A project or index file says something that it may not."""


class DataError(InputError):
    """A table or boundary file breaks its contract."""


class AbsentError(DataError):
    """What another section of the project gives is not there.

    It follows where that section is known to be wrong, and is then not said.
    """


class CheckError(DataError):
    """A check of a build is not met, though every table could be made."""


class MatchError(DataError):
    """Names or codes could not be joined to units."""


class RasterError(DataError):
    """A raster cannot be read as it is (no CRS, no such band, wrong size)."""


def raise_if(problems: Iterable[str], kind: type[InputError], where: str = "") -> None:
    """Raise `kind` with all the problems at once, or do nothing when there are none."""
    found = list(problems)
    if found:
        raise kind(*found, where=where)


def together(errors: Sequence[InputError]) -> InputError:
    """Make one error of several, each problem with what it belongs to, none twice.

    Examples
    --------
    >>> print(together([InputError("no column 'x'", where="a.csv"), DataError("unit 1 is empty")]))
    2 problems
      - a.csv: no column 'x'
      - unit 1 is empty
    """
    parts = [part for error in errors for part in error.errors]
    once = [*{(part.where, *part.problems): part for part in parts}.values()]
    return once[0] if len(once) == 1 else _TogetherError(once)


class _TogetherError(InputError):
    """Errors of several inputs: of each, the message lists so many problems at most."""

    def __init__(self, parts: list[InputError]) -> None:
        self._of = parts
        super().__init__(*(line for part in parts for line in _placed(part)))
        self.parts = parts

    def _message(self) -> str:
        lines = []
        for error in self._of:
            found = _placed(error)
            lines += [f"  - {line}" for line in found[:MOST]]
            if len(found) > MOST:
                lines.append(f"  … and {len(found) - MOST} more of {error.where or 'this kind'}")
        return "\n".join([f"{len(self.problems)} problems", *lines])


def _placed(error: InputError) -> list[str]:
    prefix = f"{error.where}: " if error.where else ""
    return [prefix + problem for problem in error.problems]


def problems_of(*checks: Callable[[], object]) -> list[str]:
    """Run every check and list the problems of all that fail, each with what it belongs to.

    Examples
    --------
    >>> def check():
    ...     raise InputError("unknown statistic 'x'", where="stats")
    >>> problems_of(check, lambda: None, check)
    ["stats: unknown statistic 'x'", "stats: unknown statistic 'x'"]
    """
    problems: list[str] = []
    for check in checks:
        try:
            check()
        except InputError as error:
            problems += _placed(error)
    return problems


def results_of(*calls: Callable[[], Any], kind: type[InputError] = InputError) -> list[Any]:
    """Make every call and give what all return, or raise the problems of all that fail at once.

    Examples
    --------
    >>> results_of(lambda: 1, lambda: 2)
    [1, 2]
    """
    found: list[Any] = []
    errors: list[InputError] = []
    for call in calls:
        try:
            found.append(call())
        except InputError as error:
            errors.append(error)
    if len(errors) == 1:
        (only,) = errors
        raise only if isinstance(only, kind) else kind(*only.problems, where=only.where)
    if errors:
        whole = kind(*(line for failed in errors for line in _placed(failed)))
        whole.parts = [part for failed in errors for part in failed.errors]
        raise whole
    return found
