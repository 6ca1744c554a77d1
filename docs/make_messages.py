"""Writes docs/reference/messages.md: every bad input of the tests, with its message.

python docs/make_messages.py

The tests hold the page to what the program says (tests/bad_inputs).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.bad_inputs.case import Case
from tests.bad_inputs.corpus import PAGE, Workshop, outcome, page


def main() -> None:
    """Run every case and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder).resolve()).prime()

        def row(case: Case) -> str:
            found = outcome(case, workshop.prepare(case))
            if found.exit_code != 1:
                print(f"{case.id}: exit code {found.exit_code}", file=sys.stderr)
            return case.row(found.message)

        PAGE.write_text(page(row), encoding="utf-8")


if __name__ == "__main__":
    main()
