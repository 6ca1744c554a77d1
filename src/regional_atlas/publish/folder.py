"""Writing a build: the page, the data files, the report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regional_atlas.core.folders import whole_folder
from regional_atlas.core.outputs import BUILT_TABLES, OutputFolder, check_outputs
from regional_atlas.core.schema import ZONAL_COLUMNS, AtlasTables
from regional_atlas.core.texts import Said
from regional_atlas.export.tables import write_csv, write_geoparquet, write_json
from regional_atlas.publish.record import REPORT, record
from regional_atlas.tables.built import write_built
from regional_atlas.tables.committed import stacked_scores
from regional_atlas.tables.store import Store

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas
    from regional_atlas.page.page import AtlasMap
    from regional_atlas.tables.graph import Progress

__all__ = ["build_output", "data_files", "report_document", "save_atlas"]

_FILES = [
    "index.html",
    REPORT,
    *(
        f"data/{name}"
        for name in (
            "units.parquet", "regions.parquet", "membership.csv", "rankings.csv", "scores.csv",
            "indicators.csv", "clusters.csv", "region_counts.csv", "region_values.csv", "space.csv",
            "membership_attributes.csv",
            "inequality.csv", "nightlights.csv", "rasters.csv", BUILT_TABLES.name,
        )
    ),
]  # fmt: skip
"""Everything that a build may write."""


def build_output(out: Path, store: Store, name: str = "--out") -> OutputFolder:
    """Describe what a build writes, for `check_outputs`."""
    return OutputFolder(name, out, "build", _FILES, store.folder)


def save_atlas(
    atlas: Atlas, out: Path, progress: Progress, *, overwrite: bool = False, raw: bool = False
) -> list[Path]:
    """Write `index.html`, `data/`, `report.json` into a folder: all at once, or nothing."""
    check_outputs([build_output(out, atlas.store)], atlas.project.inputs(), overwrite=overwrite)
    progress("page geometry", 0, 1)
    page = atlas.verified_map()
    progress("page geometry", 1, 1)
    with whole_folder(out, "build", _FILES) as new:
        written = _written(atlas, page, new, progress, raw=raw)
    return [out / path.relative_to(new) for path in written]


def _written(
    atlas: Atlas, page: AtlasMap, out: Path, progress: Progress, *, raw: bool
) -> list[Path]:
    from regional_atlas.page import save_page

    folder = out / "data"
    files = data_files(atlas.tables)
    written = []
    for done, (name, table) in enumerate(files.items()):
        progress("data files", done, len(files))
        path = folder / name
        if name.endswith(".parquet"):
            write_geoparquet(table, path)
        else:
            write_csv(table, path, raw=raw)
        written.append(path)
    write_built(atlas.graph, out / BUILT_TABLES)
    progress("data files", len(files), len(files))
    progress("page", 0, 1)
    written += [out / BUILT_TABLES, save_page(page, out / "index.html")]
    report = report_document(atlas.tables, atlas.project.config.offered())
    write_json(report | record(atlas.project, out, written), out / REPORT)
    progress("page", 1, 1)
    return [*written, out / REPORT]


def data_files(tables: AtlasTables) -> dict[str, pd.DataFrame]:
    """Name every data file of a build and the table it holds.

    Values and counts of regions, space and inequality stand there where the project has any.
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
        "scores.csv": stacked_scores(tables),
        "indicators.csv": tables.indicators,
        "clusters.csv": tables.clusters,
    }
    measured = {
        "region_counts.csv": tables.region_counts,
        "region_values.csv": tables.region_values,
        "membership_attributes.csv": tables.membership_attributes,
        "space.csv": tables.space,
        "inequality.csv": tables.inequality,
    }
    files |= {name: table for name, table in measured.items() if len(table)}
    if len(tables.rasters):
        rasters = tables.rasters.assign(unit=tables.rasters["unit_id"].map(names))
        rasters.insert(4, "unit", rasters.pop("unit"))
        files["rasters.csv"] = rasters
    if tables.nightlights is not None:
        lights = tables.nightlights.assign(unit=tables.nightlights["unit_id"].map(names))
        first, *rest = ZONAL_COLUMNS
        files["nightlights.csv"] = lights[[first, "unit", *rest]]
    return files


def report_document(tables: AtlasTables, languages: Sequence[str]) -> dict[str, Any]:
    """Turn a build's report and its summaries into plain data for `report.json`.

    Texts are written in each of the languages. Of the counts of regions, those that are 0 in every
    draw are left out.
    """

    def plain(value: Any) -> Any:
        if isinstance(value, Said):
            return {lang: value.in_(lang) for lang in languages}
        if isinstance(value, pd.DataFrame):
            return json.loads(value.to_json(orient="records", double_precision=10))
        if is_dataclass(value):
            return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    counts = tables.region_counts
    document: dict[str, Any] = plain(tables.report)
    return document | {
        "region_counts": plain(counts[(counts["count"] > 0) | (counts["expected"] > 0)]),
        "space": plain(tables.space_summary),
        "inequality": plain(tables.inequality[tables.inequality["part"] != "group"]),
    }
