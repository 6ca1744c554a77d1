"""Writing a build: the page, the data files, the report."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regional_atlas.cache import Cache
from regional_atlas.export.tables import write_csv, write_geoparquet, write_json
from regional_atlas.outputs import OutputFolder, check_outputs, marked_folder
from regional_atlas.schema import ZONAL_COLUMNS, AtlasTables

if TYPE_CHECKING:
    from regional_atlas.pipeline.result import Atlas
    from regional_atlas.pipeline.tables import Progress

__all__ = ["build_output", "data_files", "report_document", "save_atlas"]

_FILES = [
    "index.html",
    "report.json",
    *(
        f"data/{name}"
        for name in (
            "units.parquet", "regions.parquet", "membership.csv", "rankings.csv", "scores.csv",
            "indicators.csv", "clusters.csv", "region_counts.csv", "space.csv", "inequality.csv",
            "nightlights.csv",
        )
    ),
]  # fmt: skip
"""Everything that a build may write."""


def build_output(out: Path, cache: Cache, name: str = "--out") -> OutputFolder:
    """Describe what a build writes, for `check_outputs`."""
    return OutputFolder(name, out, "build", _FILES, cache.folder)


def save_atlas(
    atlas: Atlas, out: Path, progress: Progress, *, overwrite: bool = False
) -> list[Path]:
    """Write `index.html`, `data/` and `report.json` into a folder."""
    check_outputs([build_output(out, atlas.cache)], atlas.project.inputs(), overwrite=overwrite)
    with marked_folder(out, "build"):
        return _written(atlas, out, progress)


def _written(atlas: Atlas, out: Path, progress: Progress) -> list[Path]:
    from regional_atlas.atlas import save_page

    folder = out / "data"
    progress("page geometry", 0, 1)
    _ = atlas.topology
    progress("page geometry", 1, 1)
    files = data_files(atlas.tables)
    written = []
    for done, (name, table) in enumerate(files.items()):
        progress("data files", done, len(files))
        path = folder / name
        (write_geoparquet if name.endswith(".parquet") else write_csv)(table, path)
        written.append(path)
    progress("data files", len(files), len(files))
    progress("page", 0, 1)
    save_page(atlas.map(), out / "index.html")
    write_json(report_document(atlas.tables), out / "report.json")
    progress("page", 1, 1)
    return [*written, out / "report.json", out / "index.html"]


def data_files(tables: AtlasTables) -> dict[str, pd.DataFrame]:
    """Name every data file of a build and the table it holds.

    Counts of regions, space and inequality stand there where the project measures them.
    """
    names = tables.units["unit"]
    membership = tables.membership.assign(
        unit=tables.membership["unit_id"].map(names),
        region=tables.membership["region_id"].map(tables.regions["name"]),
    )
    files = {
        "units.parquet": tables.units.reset_index(),
        "regions.parquet": tables.regions.reset_index(),
        "membership.csv": membership[
            [
                "unit_id",
                "unit",
                "kind",
                "region_id",
                "region",
                "share_of_unit",
                "exclusive",
                "rule",
                "share_of_region",
            ]
        ],
        "rankings.csv": tables.rankings,
        "scores.csv": _scores(tables),
        "indicators.csv": tables.indicators,
        "clusters.csv": tables.clusters,
    }
    measured = {
        "region_counts.csv": tables.region_counts,
        "space.csv": tables.space,
        "inequality.csv": tables.inequality,
    }
    files |= {name: table for name, table in measured.items() if len(table)}
    if tables.nightlights is not None:
        lights = tables.nightlights.assign(unit=tables.nightlights["unit_id"].map(names))
        first, *rest = ZONAL_COLUMNS
        files["nightlights.csv"] = lights[[first, "unit", *rest]]
    return files


def report_document(tables: AtlasTables) -> dict[str, Any]:
    """Turn a build's report and its summaries into plain data for `report.json`.

    Of the counts of regions, those that are 0 in every draw are left out.
    """

    def plain(value: Any) -> Any:
        if hasattr(value, "model_dump"):
            return value.model_dump()
        if isinstance(value, pd.DataFrame):
            return json.loads(value.to_json(orient="records", double_precision=10))
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    counts = tables.region_counts
    document: dict[str, Any] = plain(asdict(tables.report))
    return document | {
        "region_counts": plain(counts[(counts["count"] > 0) | (counts["expected"] > 0)]),
        "space": plain(tables.space_summary),
        "inequality": plain(tables.inequality[tables.inequality["part"] != "group"]),
    }


def _scores(tables: AtlasTables) -> pd.DataFrame:
    first = ["ranking", "unit_id", "unit"]
    last = ["index", "rank", "tier"]
    tables_of = {
        name: scores.rename_axis("unit_id").reset_index() for name, scores in tables.scores.items()
    }
    nodes: dict[str, None] = {}
    intervals: dict[str, None] = {}
    for table in tables_of.values():
        names = list(table.columns)
        nodes |= dict.fromkeys(names[1 : names.index("index")])
        intervals |= dict.fromkeys(names[names.index("tier") + 1 :])
    found = [
        table.assign(ranking=name, unit=table["unit_id"].map(tables.units["unit"]))
        for name, table in tables_of.items()
    ]
    columns = [*first, *nodes, *last, *intervals]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
