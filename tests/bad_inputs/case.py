"""A case of bad input: how the starter project is changed, the command, and what comes of it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import regional_atlas as ra
from regional_atlas import cli

STARTER = Path(ra.__file__).parent / "starter"
CHECK = ("check", ".")


@dataclass(frozen=True)
class Change:
    """What is done to the files of a folder, and how the table shows it."""

    make: Callable[[Path], object]
    shown: str = ""


@dataclass(frozen=True)
class Case:
    """One bad input.

    Attributes
    ----------
    group : str
        Heading that it stands under.
    wrong : str
        What is wrong, in a few words; of one group, no two are the same.
    change : Change
        Of the folder that the command runs in, a copy of the starter project.
    command : sequence of str
        Arguments of `regional-atlas`.
    """

    group: str
    wrong: str
    change: Change
    command: Sequence[str] = CHECK

    @property
    def id(self) -> str:
        return re.sub(r"\W+", "-", f"{self.group} {self.wrong}").strip("-").lower()

    @property
    def of_project(self) -> bool:
        return self.command is CHECK

    @property
    def begins(self) -> str:
        """The row of the table up to the message."""
        shown = self.change.shown
        if not self.of_project:
            shown = "\n".join(filter(None, (shown, " ".join(map(_quoted, self.command)))))
        return f"| {self.wrong} | {code(shown)} | "

    def row(self, message: str) -> str:
        """The row of the table in docs/reference/messages.md."""
        return f"{self.begins}{code(message)} |"


def _quoted(argument: str) -> str:
    return argument if re.fullmatch(r"[\w./:,=+-]+", argument) else shlex.quote(argument)


def code(text: str) -> str:
    """Write lines as code in a cell of a table."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "<br>".join(_span(line) for line in lines)


def _span(line: str) -> str:
    shown = line.strip().replace("|", "\\|").replace("\t", "⇥").replace("\0", "␀")
    shown = shown if len(shown) <= 600 else f"{shown[:600]} …"
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


@dataclass(frozen=True)
class Outcome:
    """What a command said and did."""

    exit_code: int
    stdout: str
    message: str


def run(folder: Path, *arguments: str) -> Outcome:
    """Run the command line in a folder, in this process; paths in it are left to their names."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        contextlib.chdir(folder),
        patch.object(sys, "argv", ["regional-atlas", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
    said = err.getvalue().replace(f"{folder}{os.sep}", "").strip()
    return Outcome(code, out.getvalue(), re.sub(r".*?^error: ", "", said, flags=re.DOTALL | re.M))


def prepared(case: Case, folder: Path) -> Path:
    """Copy the starter project and make the case's change."""
    shutil.copytree(STARTER, folder, copy_function=shutil.copyfile)
    case.change.make(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder with what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def nothing() -> Change:
    """Leave the project as it is: the command is wrong."""
    return Change(lambda _: None)


def edit(name: str, old: str, new: str, shown: str | None = None) -> Change:
    """Replace a text that a file holds."""

    def make(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return Change(make, new if shown is None else shown)


def toml(old: str, new: str, shown: str | None = None) -> Change:
    """Replace a text of `atlas.toml`."""
    return edit("atlas.toml", old, new, shown)


def section(text: str, *files: Change) -> Change:
    """Add a section to `atlas.toml`, after files have been changed."""

    def make(folder: Path) -> None:
        for file in files:
            file.make(folder)
        with (folder / "atlas.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return Change(make, text)


def put(name: str, content: str | bytes, shown: str | None = None) -> Change:
    """Write a file."""

    def make(folder: Path) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    if shown is None:
        shown = content if isinstance(content, str) else ""
    return Change(make, shown)


def lacks(name: str) -> Change:
    """Take a file away."""
    return Change(lambda folder: (folder / name).unlink())


def both(*changes: Change, shown: str | None = None) -> Change:
    """Make several changes."""

    def make(folder: Path) -> None:
        for change in changes:
            change.make(folder)

    said = "\n".join(filter(None, (change.shown for change in changes)))
    return Change(make, said if shown is None else shown)


def cases(
    group: str,
    command: Sequence[str],
    *rows: tuple[str, Change] | tuple[str, Change, Sequence[str]],
) -> Iterator[Case]:
    """Make cases under one heading; a row's own command counts before that of all."""
    for wrong, change, *own in rows:
        yield Case(group, wrong, change, own[0] if own else command)
