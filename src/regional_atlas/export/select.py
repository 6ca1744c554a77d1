"""All units in every format asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.folders import whole_folder
from regional_atlas.core.outputs import OutputFolder, check_outputs
from regional_atlas.core.schema import AtlasTables
from regional_atlas.export.datapackage import write_datapackage
from regional_atlas.export.format import FORMATS
from regional_atlas.export.layers import Layers, build_layers
from regional_atlas.export.tables import write_csv as write_table

__all__ = ["check_formats", "export", "export_output"]


def check_formats(formats: Sequence[str]) -> list[str]:
    """Check names of formats, before anything is built for them.

    Returns
    -------
    list of str
        Each once, without spaces around it.

    Raises
    ------
    InputError
        A format that does not exist, or no format at all.

    Examples
    --------
    >>> check_formats(["gpkg", " csv", "gpkg"])
    ['gpkg', 'csv']
    """
    wanted = list(dict.fromkeys(name.strip() for name in formats))
    known = list(FORMATS)
    allowed = ", ".join(known)
    problems = [
        f"unknown format {name!r}; allowed: {allowed}" for name in wanted if name not in known
    ]
    if not wanted:
        problems.append(f"no format is given; allowed: {allowed}")
    raise_if(problems, InputError, "export")
    return wanted


def export_output(formats: Sequence[str], out: Path) -> OutputFolder:
    """Describe what an export writes and removes, for `check_outputs`."""
    files = [name for item in formats for name in FORMATS[item].touched()]
    return OutputFolder("--out", out, "export", [*files, "codebook.csv", "datapackage.json"])


def export(
    tables: AtlasTables,
    project: Project,
    formats: Sequence[str],
    out: Path,
    *,
    topology: dict[str, Any] | None = None,
    overwrite: bool = False,
    raw: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Path]:
    """Write all units in one layer `units`, in every format asked for.

    Beside them stand `codebook.csv`, which describes the columns, and `datapackage.json`, which
    describes the files of this call.

    Parameters
    ----------
    tables : AtlasTables
        Every table of a build.
    project : Project
        The project they were built from.
    formats : sequence of str
        Keys of `FORMATS`; repeats count once.
    out : Path
        Folder, made when missing. A file in it is replaced when the new one is complete.
    topology : dict, optional
        For the format `topojson`: a TopoJSON in the map's projection with the objects `units` and
        possibly `lines`, as the page embeds it.
    overwrite : bool
        Whether the folder may hold files that no earlier export wrote; inputs it never may.
    raw : bool
        No apostrophe in CSV before a text that begins like a formula.
    progress : callable, optional
        Called with a step's name, the formats done and the formats in all.

    Returns
    -------
    list of Path
        Every file written.

    Raises
    ------
    InputError
        A format that does not exist, no format at all, `topojson` without a topology, or a folder
        that holds inputs or somebody else's files or cannot be written to.
    DataError
        When two columns of the units layer would share a name.

    Examples
    --------
    >>> export(tables, project, ["gpkg", "xlsx"], Path("out"))  # doctest: +SKIP
    [PosixPath('out/units.gpkg'), PosixPath('out/units.xlsx'),
     PosixPath('out/codebook.csv'), PosixPath('out/datapackage.json')]
    """
    wanted = check_formats(formats)
    lacking = [name for name in wanted if FORMATS[name].needs_topology and topology is None]
    raise_if((f"format {name!r} needs a topology" for name in lacking), InputError, "export")
    out = Path(out)
    target = export_output(wanted, out)
    check_outputs([target], project.inputs(), overwrite=overwrite)
    layers = replace(build_layers(tables, project, topology), raw=raw)
    with whole_folder(out, "export", target.files) as new:
        written = _written(layers, wanted, new, progress)
    return [out / path.relative_to(new) for path in written]


def _written(
    layers: Layers,
    wanted: Sequence[str],
    out: Path,
    progress: Callable[[str, int, int], None] | None,
) -> list[Path]:
    written: list[Path] = []
    for done, name in enumerate(wanted):
        if progress is not None:
            progress(f"export {name}", done, len(wanted))
        item = FORMATS[name]
        item.write(layers, out / item.file)
        written += item.files(out)
    if progress is not None:
        progress("export", len(wanted), len(wanted))
    written.append(write_table(layers.codebook, out / "codebook.csv", excel=True, raw=layers.raw))
    package = out / "datapackage.json"
    write_datapackage(layers, written, package)
    return [*written, package]
