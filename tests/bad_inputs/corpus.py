"""All cases, and the page that lists them: docs/reference/messages.md."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bad_inputs.case import CHECK, Case, Outcome, nothing, prepared, run
from tests.bad_inputs.commands import command_cases, index_cases
from tests.bad_inputs.geography import geography_cases
from tests.bad_inputs.projects import project_cases
from tests.bad_inputs.tables import reader_cases, table_cases

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/messages.md"
CASES = [
    *project_cases(),
    *reader_cases(),
    *table_cases(),
    *geography_cases(),
    *index_cases(),
    *command_cases(),
]

HEAD = """# What bad inputs say

Written by `make docs` from the tests (`tests/bad_inputs`): {count} bad inputs, each with what is
wrong, how it looks, and the message that comes. Each starts from the project that
`regional-atlas new` writes, has one fault, and ends with exit code 1; nothing is written. Where no
command stands, `regional-atlas build` gives the message, and `regional-atlas check` lists it with
all others of the project.
"""


@dataclass(frozen=True)
class Workshop:
    """Where cases run, one after the other.

    The project always lies in one place, so that what no fault touches comes from the store; each
    case has a store of its own, a copy of the starter project's.
    """

    folder: Path

    @property
    def root(self) -> Path:
        """What a case may not change."""
        return self.folder / "root"

    def prime(self) -> Workshop:
        """Fill the store that the cases copy."""
        os.environ["REGIONAL_ATLAS_CACHE"] = str(self.folder / "primed")
        assert run(prepared(Case("", "", nothing()), self.root / "project"), *CHECK).exit_code == 0
        return self

    def prepare(self, case: Case) -> Path:
        """Give the folder of a case."""
        store = self.folder / "store"
        for used in (store, self.root):
            shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(self.folder / "primed", store, copy_function=os.link)
        os.environ["REGIONAL_ATLAS_CACHE"] = str(store)
        return prepared(case, self.root / "project")


def outcome(case: Case, folder: Path) -> Outcome:
    """Run a case in a folder that is prepared for it."""
    if case.of_project:
        return run(folder, "build", ".", "--out", "../out")
    return run(folder, *case.command)


def page(row: Callable[[Case], str]) -> str:
    """Write the page, with the row of each case."""
    lines = [HEAD.format(count=len(CASES))]
    for group, found in itertools.groupby(CASES, key=lambda case: case.group):
        lines += [f"## {group}", "", "| what is wrong | input | message |", "|---|---|---|"]
        lines += [*map(row, found), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
