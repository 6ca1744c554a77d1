"""Which files a file is read with: those beside it, and those that it refers to."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from regional_atlas.core.errors import DataError
from regional_atlas.core.local_files import NoFileError, local_file, sources_of
from regional_atlas.core.outputs import side_names

__all__ = ["parts_of"]

_INDEX_OF_JOURNAL = "-shm"
"""What SQLite writes anew whenever somebody reads."""


def parts_of(path: Path) -> list[Path]:
    """List every file whose contents count when a file is read.

    Parameters
    ----------
    path : Path
        A table, a vector file or a raster.

    Returns
    -------
    list of Path
        The file; what stands beside it (the parts of a shapefile, world files, `.aux.xml`, `.prj`,
        the journal of a GeoPackage); the sources of a virtual data set (VRT), with theirs.

    Examples
    --------
    >>> [part.name for part in parts_of(Path(__file__))]
    ['parts.py']
    """
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found[each] = None
        found |= dict.fromkeys(_beside(each))
        waiting += _sources(each)
    return list(found)


def _beside(path: Path) -> Iterator[Path]:
    """Give the side files; one without contents says nothing, and comes and goes with readers."""
    there = {*os.listdir(path.parent)}
    for name in side_names(path):
        if name in there and not name.endswith(_INDEX_OF_JOURNAL):
            side = path.with_name(name)
            if side.is_file() and side.stat().st_size:
                yield side
    if path.suffix.lower() == ".shp":
        yield from sorted(path.parent.glob(f"{glob.escape(path.stem)}.*"))


def _sources(path: Path) -> list[Path]:
    """List the sources of a virtual file; of one that cannot be read, none: its reader says so."""
    named: list[Path | None] = []
    with suppress(DataError):
        for source in sources_of(path):
            with suppress(NoFileError):
                named.append(local_file(source.name))
    if not named:
        return []
    from regional_atlas.sources.rasters import raster_files

    # What GDAL itself opens, an archive for one, beside what the document names.
    return [source for source in (*named, *raster_files(path)) if source and os.path.isfile(source)]
