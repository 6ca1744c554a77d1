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
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Said
from regional_atlas.export.tables import write_json
from regional_atlas.publish.files import DATA_FILES, taken_over, write_data_file
from regional_atlas.publish.record import REPORT, record
from regional_atlas.tables.built import write_built
from regional_atlas.tables.store import Store, digest

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas
    from regional_atlas.tables.graph import Progress

__all__ = ["build_output", "report_document", "save_atlas"]

_FILES = [
    "index.html",
    REPORT,
    *(f"data/{file.name}" for file in DATA_FILES),
    f"data/{BUILT_TABLES.name}",
]
"""Everything that a build may write."""

_PAGE = ("regional_atlas.page", "regional_atlas.publish", "regional_atlas.tables")


def build_output(out: Path, store: Store, name: str = "--out") -> OutputFolder:
    """Describe what a build writes, for `check_outputs`."""
    return OutputFolder(name, out, "build", _FILES, store.folder)


def save_atlas(
    atlas: Atlas, out: Path, progress: Progress, *, overwrite: bool = False, raw: bool = False
) -> list[Path]:
    """Write `index.html`, `data/`, `report.json` into a folder: all at once, or nothing.

    What the folder holds of an earlier build, and would come out the same, is taken over.
    """
    check_outputs([build_output(out, atlas.store)], atlas.project.inputs(), overwrite=overwrite)
    progress("page geometry", 0, 1)
    atlas.check()
    progress("page geometry", 1, 1)
    with whole_folder(out, "build", _FILES) as new:
        written = _written(atlas, new, out, progress, raw=raw)
    return [out / path.relative_to(new) for path in written]


def _written(atlas: Atlas, new: Path, out: Path, progress: Progress, *, raw: bool) -> list[Path]:
    folder = new / "data"
    folder.mkdir()
    written = []
    for done, file in enumerate(DATA_FILES):
        progress("data files", done, len(DATA_FILES))
        written.append(write_data_file(file, atlas.graph, folder, out / "data", raw=raw))
    written.append(_built_tables(atlas, new, out))
    progress("data files", len(DATA_FILES), len(DATA_FILES))
    progress("page", 0, 1)
    written.append(_page(atlas, new, out))
    files = [path for path in written if path is not None]
    atlas.graph.require_same_files()
    report = report_document(atlas.tables, atlas.project.config.offered())
    write_json(report | record(atlas.project, new, files), new / REPORT)
    atlas.graph.require_same_files()
    progress("page", 1, 1)
    return [*files, new / REPORT]


def _built_tables(atlas: Atlas, new: Path, out: Path) -> Path:
    path = new / BUILT_TABLES
    key = digest(BUILT_TABLES.name, atlas.graph.key("page_spec"), code=_PAGE)
    taken_over(path, out / BUILT_TABLES, key, atlas.store, lambda: write_built(atlas.graph, path))
    return path


def _page(atlas: Atlas, new: Path, out: Path) -> Path:
    from regional_atlas.page.assets import assets

    def write() -> None:
        from regional_atlas.page import save_page

        save_page(atlas.map(), path)

    path = new / "index.html"
    keys = [atlas.graph.key(name) for name in ("page_spec", "packed_store", "packed_geometry")]
    key = digest("index.html", keys, files=assets(), code=_PAGE)
    taken_over(path, out / "index.html", key, atlas.store, write)
    return path


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
