"""What the store holds, and making room in it: store, store prune, store clear."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from regional_atlas.cli.base import say, store_app
from regional_atlas.cli.messages import put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regional_atlas.tables.store import Entry

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@store_app.callback(epilog="Example: regional-atlas store")
def show_store(context: typer.Context) -> None:
    """Show the computed tables on disk: folder, entries by step, sizes, last use, limit."""
    if context.invoked_subcommand is not None:
        return
    from regional_atlas.tables.store import Store

    store = Store()
    entries = store.entries()
    steps = sorted({entry.step for entry in entries})
    rows = [_row(step, [entry for entry in entries if entry.step == step]) for step in steps]
    rows = [("step", "entries", "size", "last use"), *rows, _row("all", entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"folder  {store.folder}", f"limit   {shown_size(store.limit)}", ""]
    for step, number, size, used in rows:
        columns = [step.ljust(widths[0]), number.rjust(widths[1]), size.rjust(widths[2]), used]
        lines.append("  ".join(columns).rstrip())
    put("\n".join(lines))


def _row(name: str, entries: Sequence[Entry]) -> tuple[str, str, str, str]:
    used = max((entry.used for entry in entries), default=None)
    return (
        name,
        str(len(entries)),
        shown_size(sum(entry.size for entry in entries)),
        "" if used is None else f"{datetime.fromtimestamp(used):%Y-%m-%d %H:%M}",
    )


def shown_size(size: float) -> str:
    """Write a number of bytes for a reader.

    Examples
    --------
    >>> [shown_size(size) for size in (0, 999, 1500, 67_531_050, 5 * 10**9)]
    ['0 B', '999 B', '1.5 kB', '67.5 MB', '5.0 GB']
    """
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def read_size(text: str) -> int:
    """Read a number of bytes.

    Examples
    --------
    >>> [read_size(text) for text in ("2GB", "1.5 mb", "300", "0")]
    [2000000000, 1500000, 300, 0]
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)", text.strip())
    if found is None or found[2].upper() not in _UNITS:
        raise typer.BadParameter(f"found {text!r}; give bytes, kB, MB, GB or TB, such as 2GB")
    return round(float(found[1]) * _UNITS[found[2].upper()])


@store_app.command("prune", example="store prune --max-size 2GB")
def prune_store(
    max_size: Annotated[
        Any,
        typer.Option(
            parser=read_size, metavar="SIZE", help="Such as 2GB; the store's limit by default."
        ),
    ] = None,
) -> None:
    """Remove the least recently used entries until the rest takes no more than a size."""
    from regional_atlas.tables.store import Store

    store = Store()
    _say_removed(store.prune(store.limit if max_size is None else max_size))


@store_app.command("clear", example="store clear")
def clear_store() -> None:
    """Remove every entry. Other files in the folder stay."""
    from regional_atlas.tables.store import Store

    _say_removed(Store().prune(0))


def _say_removed(entries: Sequence[Entry]) -> None:
    entry = "entry" if len(entries) == 1 else "entries"
    size = shown_size(sum(entry.size for entry in entries))
    say(f"removed {len(entries)} {entry}, {size}")
