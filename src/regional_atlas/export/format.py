"""What an export format is. Each module of `formats/` is one; other packages may add more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regional_atlas.core.plugins import Plugins
from regional_atlas.export.layers import Layers

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True)
class Format:
    """An export format.

    Attributes
    ----------
    title : str
        What a reader calls it.
    file : str
        Name of the file that it writes.
    write : callable
        Takes the `Layers` and the path to write to; a file that is there is replaced when the new
        one is complete.
    parts : sequence of str
        Endings of the files that it consists of, where there are several; they follow the stem.
    stale : sequence of str
        Endings of further files that it removes; they follow the stem.
    needs_topology : bool
        Whether `Layers.topology` must be there.
    """

    title: str
    file: str
    write: Callable[[Layers, Path], None]
    parts: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    needs_topology: bool = False

    def files(self, folder: Path) -> list[Path]:
        """List the files that it writes into a folder."""
        path = folder / self.file
        return [path.with_name(path.stem + ending) for ending in self.parts] or [path]

    def touched(self) -> list[str]:
        """Name every file that it writes or removes."""
        stem = Path(self.file).stem
        return [*(path.name for path in self.files(Path())), *(stem + end for end in self.stale)]


FORMATS = Plugins("regional_atlas.export.formats", "FORMAT", Format)
"""Every export format by name."""
