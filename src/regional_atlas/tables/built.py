"""The tables that a build keeps in its folder, so that the folder alone can be asked.

`data/tables.zip` holds what the data files for people leave out: every table as it is, with its
types, and the settings that questions look at. It is data and never code (see `storable`), the same
bytes for the same build. Geometry stands once, in `units.parquet` and `regions.parquet`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from regional_atlas import __version__
from regional_atlas.config import AtlasConfig
from regional_atlas.config.index import IndexConfig
from regional_atlas.config.project import Project
from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.folders import refuse_unfinished
from regional_atlas.core.model import Model
from regional_atlas.core.outputs import BUILT_TABLES
from regional_atlas.core.schema import BuildReport
from regional_atlas.tables.graph import RECORDS, Graph, Progress, Step, quiet, report_of
from regional_atlas.tables.steps import STEPS
from regional_atlas.tables.storable import pack, unpack
from regional_atlas.tables.store import Store

__all__ = ["BuiltGraph", "write_built"]

_GEOMETRY = {
    "shapes": ("units.parquet", "unit_id"),
    "region_shapes": ("regions.parquet", "region_id"),
}
_LEFT_OUT = {*_GEOMETRY, "topology", "topology_report"}
_MOST_BYTES = 4 * 2**30
_IN_IT = {name for step in STEPS if step.kept for name in step.gives} - _LEFT_OUT
"""What a build keeps; whatever else is asked for is of the map."""
_WHEN = (1980, 1, 1, 0, 0, 0)
"""Of every part, so that the same tables give the same bytes."""


def write_built(graph: Graph, path: Path) -> None:
    """Write the tables and settings of a build.

    Parameters
    ----------
    graph : Graph
        Of a project.
    path : Path
        The file; an earlier one is replaced when the new one is whole.
    """
    with atomic_path(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in _values(graph):
            for piece, chunks in pack(value, _records()).items():
                head = zipfile.ZipInfo(f"{name}/{piece}", _WHEN)
                head.compress_type = zipfile.ZIP_DEFLATED
                # A large table is one chunk, which is not copied.
                data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
                archive.writestr(head, data, compresslevel=1)


def _values(graph: Graph) -> Iterator[tuple[str, Any]]:
    project = graph.project
    yield "settings", _moved(project.config, lambda path: Path(project.shown(path)))
    yield "indices", project.indices
    yield "report", graph.report()
    for step in STEPS:
        for name in (*step.gives, report_of(step)) if step.kept else ():
            if name not in _LEFT_OUT:
                yield name, graph.get(name)


def _moved(value: Any, placed: Callable[[Path], Path]) -> Any:
    """Give settings with every path in them moved."""
    if isinstance(value, Path):
        return placed(value)
    if isinstance(value, list | tuple):
        return type(value)(_moved(item, placed) for item in value)
    if isinstance(value, dict):
        return {key: _moved(item, placed) for key, item in value.items()}
    if isinstance(value, Model):
        fields = {name: _moved(item, placed) for name, item in value}
        return type(value).model_construct(value.model_fields_set, **fields)
    return value


@cache
def _records() -> tuple[type, ...]:
    """List the records that the file may hold: those of tables, and all settings."""
    found: dict[type, None] = {}
    waiting: list[type] = [AtlasConfig, IndexConfig, *Model.__subclasses__()]
    while waiting:
        each = waiting.pop()
        found[each] = None
        waiting += each.__subclasses__()
    return tuple(dict.fromkeys((*RECORDS, Condition, *found)))


class BuiltGraph(Graph):
    """The tables of a built folder: read from it, or made of what it holds.

    Parameters
    ----------
    folder : Path
        What a build wrote.
    steps : sequence of Step
        Of the project that was built.
    store : Store
        For what is made.
    progress : callable
        See `Progress`.

    Raises
    ------
    DataError
        The folder's tables are damaged, or of a version that kept others; a build was stopped while
        it moved its files in, or another one has replaced them since.
    """

    def __init__(
        self, folder: Path, steps: Sequence[Step], *, store: Store, progress: Progress = quiet
    ) -> None:
        refuse_unfinished(folder, "build")
        self._path = folder / BUILT_TABLES
        self._stamp = _stamp(self._path)
        settings, indices = self._held("settings"), self._held("indices")
        read = [self._path, *(self._path.with_name(file) for file, _ in _GEOMETRY.values())]
        project = Project(folder, settings, indices, {"": read})
        super().__init__(project, steps, store=store, progress=progress)

    def make_all(self) -> None:
        """Make nothing: the build has made everything."""

    def findings(self, *further: str) -> list[InputError]:
        """Say that what was built is not built again."""
        del further
        return [self._not_here("the map")]

    def report(self) -> BuildReport:
        """Give what the build had to say."""
        found: BuildReport = self._held("report")
        return found

    def _given(self, step: Step, name: str) -> Any:
        if name in _GEOMETRY:
            return self._geometry(*_GEOMETRY[name])
        if step.kept:
            return self._held(name)
        self._made |= self._make(step)
        return self._made[name]

    def _make(self, step: Step) -> dict[str, Any]:
        if not step.needs:
            raise self._not_here(step.name)
        return super()._make(step)

    def _geometry(self, file: str, key: str) -> Any:
        import geopandas as gpd

        path = self._path.with_name(file)
        self._same_build()
        try:
            return gpd.read_parquet(path, columns=[key, "geometry"]).set_index(key).geometry
        except (OSError, ValueError) as error:
            raise DataError(f"cannot be read: {error}", where=str(path)) from error

    def _same_build(self) -> None:
        """Refuse tables of another build than the one that was opened."""
        if _stamp(self._path) != self._stamp:
            raise DataError(
                "was built again after it was opened; open it again",
                where=str(self._path.parent.parent),
            )

    def _held(self, name: str) -> Any:
        self._same_build()
        try:
            with zipfile.ZipFile(self._path) as archive:
                named = [i for i in archive.infolist() if i.filename.split("/")[0] == name]
                if sum(item.file_size for item in named) > _MOST_BYTES:
                    raise DataError(f"{name} is larger than 4 GB", where=str(self._path))
                parts = {item.filename.split("/", 1)[1]: archive.read(item) for item in named}
            if parts:
                return unpack(parts, _records())
        except DataError:
            raise
        except Exception as error:
            raise DataError(
                f"{name} is damaged, or was written by another version of regional_atlas than "
                f"{__version__}; build the atlas again ({type(error).__name__}: {error})",
                where=str(self._path),
            ) from error
        raise self._not_here(name)

    def _not_here(self, name: str) -> InputError:
        said = name if name in _IN_IT else "the map"
        return InputError(
            f"a built folder can be asked, but does not hold {said}; give the project's folder "
            "instead",
            where=str(self._path.parent.parent),
        )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
