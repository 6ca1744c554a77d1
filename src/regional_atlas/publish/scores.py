"""A computed ranking as files to keep."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.atlas import build
from regional_atlas.config.project import Project
from regional_atlas.core.outputs import OutputFile, check_outputs, heading
from regional_atlas.core.schema import REGION_COUNT_COLUMNS
from regional_atlas.export.tables import write_csv
from regional_atlas.publish.outputs import check_own_outputs
from regional_atlas.tables.committed import counts_table, scores_table
from regional_atlas.tables.graph import Progress
from regional_atlas.tables.rankings import index_data

__all__ = ["make_scores"]


def make_scores(
    project: Project,
    ranking: str,
    out: Path,
    counts: Path | None,
    progress: Progress,
    *,
    overwrite: bool = False,
    raw: bool = False,
) -> list[Path]:
    """Build a project and write a computed ranking, and its counts of regions; return the files.

    The files that the project keeps for this ranking may be written again, unless they are what
    the build took the scores from.
    """
    config = project.ranking(ranking)
    at = project.config.rankings.index(config)
    makes = {"--out": f"rankings[{at}].scores", "--counts": f"rankings[{at}].counts"}
    outputs = [OutputFile("--out", out, _wrote_scores)]
    outputs += [] if counts is None else [OutputFile("--counts", counts, _wrote_counts)]
    check_own_outputs(project, outputs, makes, overwrite=overwrite)
    atlas = build(project, progress=progress)
    files = {out: scores_table(project, atlas.tables, ranking)}
    if counts is not None:
        files[counts] = counts_table(project, atlas.tables, ranking)
    if index_data(config, project.indices[ranking], atlas.units, atlas.indicators)[1]:
        check_outputs(outputs, project.inputs(), overwrite=overwrite)
    for path, table in files.items():
        write_csv(table, path, raw=raw)
    return list(files)


def _wrote_scores(path: Path) -> bool:
    return heading(path) >= {"unit_id", "unit", "index", "rank", "coverage"}


def _wrote_counts(path: Path) -> bool:
    return heading(path) >= set(REGION_COUNT_COLUMNS) - {"ranking"}
