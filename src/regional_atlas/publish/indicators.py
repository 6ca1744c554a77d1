"""Indicators by unit and values of regions as files to commit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regional_atlas.atlas import open_atlas
from regional_atlas.config.project import read_project
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.outputs import OutputFile, heading
from regional_atlas.core.schema import COMMITTED_COLUMNS, COMMITTED_REGION_COLUMNS
from regional_atlas.export.tables import write_parquet
from regional_atlas.publish.outputs import check_own_outputs
from regional_atlas.tables.committed import indicators_table, region_values_table
from regional_atlas.tables.graph import Progress

__all__ = ["make_indicators"]

_MAKES = {"--out": "committed.indicators", "--regions": "committed.region_values"}
"""The key of what each option writes, whose file it may replace."""


def make_indicators(
    path: Path,
    out: Path,
    regions: Path | None,
    progress: Progress,
    *,
    by: Sequence[str] = (),
    least_members: int = 3,
    overrides: Sequence[str] = (),
    overwrite: bool = False,
    allow_outside: bool = False,
) -> list[Path]:
    """Write what a project's tables of indicators give, to commit; return the files.

    Parameters
    ----------
    path : Path
        The project. What it has committed before is not read, and may be written again.
    out : Path
        Parquet file for the indicators by unit.
    regions : Path, optional
        Parquet file for the values of regions.
    progress : callable
        See `Progress`.
    by : sequence of str
        Parent levels and kinds of region whose values are written; all by default.
    least_members : int
        The fewest members with data of which a total is written.
    overrides : sequence of str
        As `read_project` takes them.
    overwrite : bool
        Whether somebody else's files may be replaced.
    allow_outside : bool
        As `read_project` takes it.

    Raises
    ------
    InputError
        A table of indicators has no file, or there is no such level or kind.
    """
    project = read_project(
        path, overrides=overrides, without=["committed"], allow_outside=allow_outside
    )
    outputs = [OutputFile("--out", out, lambda file: heading(file) >= {*COMMITTED_COLUMNS})]
    if regions is not None:
        ours = {*COMMITTED_REGION_COLUMNS}
        outputs.append(OutputFile("--regions", regions, lambda file: heading(file) >= ours))
    check_own_outputs(project, outputs, _MAKES, overwrite=overwrite)
    known = [*project.levels(), *project.kinds()]
    problems = [
        f"--by: no level or kind of region {kind!r}; allowed: {', '.join(known)}"
        for kind in by
        if kind not in known
    ]
    declared = project.config.indicators
    problems += [
        f"indicators.{name}: no file is given; name one with --set indicators.{name}.file=…"
        for name, table in declared.items()
        if table.file is None
    ]
    problems += [] if declared else ["the project declares no table of indicators"]
    raise_if(problems, InputError)
    tables = open_atlas(project, progress=progress).tables
    files = {out: indicators_table(project, tables)}
    if regions is not None:
        files[regions] = region_values_table(project, tables, by or known, least_members)
    return [write_parquet(table, file) for file, table in files.items()]
