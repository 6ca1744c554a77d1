"""Rewriting a project file into the short form, checked before anything is written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from regional_atlas.config.project import Project, project_file, project_of_text, read_project
from regional_atlas.config.upgrade import Upgraded, upgraded
from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import ConfigError

__all__ = ["Upgrade", "plan_upgrade"]


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade of a project would write.

    Attributes
    ----------
    file : Path
        The project file.
    before : str
        What it says now.
    after : Upgraded
        What it would say, with the files beside it.
    """

    file: Path
    before: str
    after: Upgraded

    def diff(self) -> str:
        """Show every line that would change, new files included."""
        name = self.file.name
        lines = _difference(self.before, self.after.text, f"a/{name}", f"b/{name}")
        for beside, text in self.after.beside.items():
            lines += _difference("", text, "/dev/null", f"b/{beside}")
        return "".join(lines)

    def write(self) -> list[Path]:
        """Write the files, the project file last, each whole or not at all."""
        written = []
        texts = {self.file.parent / name: text for name, text in self.after.beside.items()}
        if self.after.changes:
            texts[self.file] = self.after.text
        for path, text in texts.items():
            with atomic_path(path) as temporary:
                temporary.write_text(text, encoding="utf-8", newline="")
            written.append(path)
        return written


def plan_upgrade(path: Path, *, allow_outside: bool = False) -> Upgrade:
    """Read a project, rewrite its file in memory, and check that it reads to the same project.

    Parameters
    ----------
    path : Path
        The project's folder, or its `atlas.toml`.
    allow_outside : bool
        As `read_project` takes it.

    Returns
    -------
    Upgrade

    Raises
    ------
    ConfigError
        Where the project cannot be read, or the new file would say something else.
    """
    project = read_project(path, allow_outside=allow_outside)
    file = project_file(path)
    before = file.read_bytes().decode("utf-8")

    def taken(name: str, text: str) -> bool:
        there = file.parent / name
        return there.exists() and not (there.is_file() and there.read_bytes() == text.encode())

    try:
        after = upgraded(before, taken)
    except ConfigError as error:
        raise ConfigError(*error.problems, where=str(file)) from error
    if not after.changes:
        return Upgrade(file, before, after)
    read = project_of_text(after.text, file, after.beside, allow_outside=allow_outside)
    if not _same(read, project):
        raise ConfigError(
            "the short form would say something else; nothing is written. Please report this file",
            where=str(file),
        )
    return Upgrade(file, before, after)


def _same(one: Project, other: Project) -> bool:
    return one.config == other.config and one.indices == other.indices


def _difference(before: str, after: str, old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, new
    )
    return [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    ]
