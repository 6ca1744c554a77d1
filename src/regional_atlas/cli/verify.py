"""The command verify: a published atlas against its own report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regional_atlas.cli.base import app, say
from regional_atlas.cli.messages import put


@app.command(example="verify maps/china-2022")
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that a build wrote.")],
) -> None:
    """Check that every file of a published atlas is as its build wrote it, the page included.

    Files are compared with the sizes and checksums (SHA-256) in `report.json`.
    """
    from regional_atlas.publish.record import verify as verified

    found = verified(folder)
    if found.others:
        shown = ", ".join(found.others[:5]) + (", …" if found.others[5:] else "")
        say(f"{len(found.others)} files there are not of the build: {shown}")
    put(f"{folder}: all {found.files} files are as regional_atlas {found.version} wrote them")
