"""Writes the reference pages that follow from the code.

Command line, atlas.toml, index files, statistics and SQL.

python docs/make_reference.py          write them
python docs/make_reference.py --check  exit with 1 where a page is not what the code says
"""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
import textwrap
import types
import typing
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typer.main
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.cli.base import global_options
from regional_atlas.cli.commands import app
from regional_atlas.config import project
from regional_atlas.config.file import AtlasFile
from regional_atlas.config.index import IndexConfig
from regional_atlas.config.index.methods import METHODS
from regional_atlas.config.lists import MOST_OF_LIST, InCsv
from regional_atlas.config.tables import TableSource
from regional_atlas.core import attributes, local_files, polygons, unpacking, wkb
from regional_atlas.core.conditions import Condition
from regional_atlas.core.formats import FORMATS as FILE_FORMATS
from regional_atlas.core.model import Derived, Model
from regional_atlas.core.registry import Registry
from regional_atlas.core.texts import Text, Unit
from regional_atlas.export import FORMATS
from regional_atlas.query.sql import VIEWS
from regional_atlas.query.sql.allowed import FUNCTIONS, TYPES
from regional_atlas.query.sql.worker import MEMORY_GB
from regional_atlas.sources import rasters
from regional_atlas.sources.provider import PROVIDERS
from regional_atlas.zonal import STATISTICS

REGISTRIES = [SCHEMES, *METHODS.values()]
FOLDER = Path(__file__).parent / "reference"


def command_line() -> str:
    """Describe every command with its options."""
    group = typer.main.get_command(app)
    lines = ["# Command line", "", "Written by `make docs` from the code.", ""]
    lines += ["Results go to stdout, messages and progress to stderr. Exit codes: 0 done, 1 the"]
    lines += ["input is wrong (one message), 2 usage, 3 internal. `regional-atlas --version` shows"]
    lines += ["the version, `--help` the options of a command, `regional-atlas doctor` what works."]
    lines += [
        "",
        "Every command takes these, before or after its name: `--quiet` (`-q`): no progress",
    ]
    lines += ["and no notes; `--verbose` (`-v`): damaged and removed entries of the"]
    lines += ["[store](store.md) too; `--json`: messages as JSON lines with `level` (`note`,"]
    lines += [
        "`warning`, `error`), `message` and `where`. Ctrl-C ends a command with 130, a request"
    ]
    lines += [
        "to terminate with 143; run the same command again: what was stored is not made again.",
        "",
    ]
    lines += ["Inputs are never outputs: a command that would write onto a file that it reads, or"]
    lines += ["that the project's `atlas.toml` names, or into a folder that holds one, says so and"]
    lines += ["writes nothing; links and side files (`.dbf`, `.aux.xml`) count. A command replaces"]
    lines += ["what an earlier run of it wrote, known by `report.json`, `datapackage.json` or"]
    lines += ["`recipe.json` in a folder, by heading or content of a single file. Files of others"]
    lines += ["need `--overwrite`. A file is complete before it takes its name, and a folder"]
    lines += ["changes as a whole: see [when something fails](failures.md).", ""]
    lines += [
        "CSV opens safely in a spreadsheet: a text that begins with `=`, `+`, `-`, `@`, a tab"
    ]
    lines += ["or a line break has an apostrophe in front, unless `--raw` is given; see"]
    lines += [
        "[table files](table-files.md). A terminal gets control characters and changes of the"
    ]
    lines += ["direction of writing as escapes; files and pipes get results as they are.", ""]
    lines += ["Which files are read, where they may lie and how large they may be:"]
    lines += ["[formats and bounds](formats.md).", ""]
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        if not inner or command.invoke_without_command:
            lines += _command(name, command)
        for sub, item in sorted(inner.items()):
            lines += _command(f"{name} {sub}", item)
    return "\n".join(lines)


def _command(name: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shown = " ".join(p.metavar or p.name.upper() for p in arguments)
    lines = [f"## `regional-atlas {name}{' ' + shown if shown else ''}`", "", command.help, ""]
    if command.epilog:
        lines += [f"`{command.epilog.removeprefix('Example: ')}`", ""]
    shared = {"help", *(param.name for param in global_options())}
    rows = [
        f"| `{'`, `'.join([*p.opts, *p.secondary_opts])}{' ' + p.metavar if p.metavar else ''}` "
        f"| {p.help or ''}{' (required)' if p.required else ''} |"
        for p in command.params
        if p.param_type_name == "option" and p.name not in shared
    ]
    return [*lines, "| option | |", "|---|---|", *rows, ""] if rows else lines


def models(root: type[BaseModel], title: str, lead: str) -> str:
    """Describe a configuration model and every model below it."""
    lines = [f"# {title}", "", "Written by `make docs` from the code.", "", lead, ""]
    seen: list[type[BaseModel]] = []
    queue = [root]
    while queue:
        model = queue.pop(0)
        if model in seen:
            continue
        seen += [base for base in _shared(model) if base not in seen]
        seen.append(model)
        queue += [
            inner for field in model.model_fields.values() for inner in _inside(field.annotation)
        ]
    for model in seen:
        lines += [f"## {'The file' if model is root else _heading(model)}", ""]
        lines += [(model.__doc__ or "").strip().replace("\n    ", "\n"), ""]
        own = {name: field for name, field in model.model_fields.items() if _own(model, name)}
        if own:
            lines += ["| key | | type | default |", "|---|---|---|---|"]
            lines += [_row(model, name) for name in own]
            lines.append("")
        if shared := _shared(model):
            links = " and ".join(f"[{_heading(base)}](#{_anchor(base)})" for base in shared)
            lines += [f"{'Also' if own else 'It has'} the keys of {links}.", ""]
    return "\n".join(lines)


def methods() -> str:
    """List the methods of every step, and the export formats and boundary providers."""
    lines = ["# Methods", "", "Written by `make docs` from the code.", ""]
    lines += ["What index files and options may name. Other packages may add export formats and"]
    lines += [
        "boundary providers by entry points of the groups `regional_atlas.export.formats` and"
    ]
    lines += ["`regional_atlas.sources.providers`.", ""]
    for registry in REGISTRIES:
        lines += [f"## {registry.kind[0].upper()}{registry.kind[1:]}", ""]
        lines += ["| name | title | formula | takes | keys |", "|---|---|---|---|---|"]
        for method in registry.values():
            keys = ", ".join(f"`{key}`" for key in method.parameters)
            formula = method.formula
            said = formula if isinstance(formula, str) else formula.in_("en")
            cells = [
                f"`{method.name}`",
                method.title.in_("en"),
                said.replace("|", "\\|"),
                method.takes,
                keys,
            ]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    lines += ["## Export format", "", "| name | title | file |", "|---|---|---|"]
    lines += [f"| `{name}` | {item.title} | `{item.file}` |" for name, item in FORMATS.items()]
    lines += ["", "## Boundary provider", "", "| name | package |", "|---|---|"]
    lines += [f"| `{name}` | {item.title} |" for name, item in PROVIDERS.items()]
    return "\n".join(lines)


def _shared(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Give the models whose keys a kind of plate takes over."""
    bases = [base for base in reversed(model.__bases__) if issubclass(base, BaseModel)]
    return [base for base in bases if base.model_fields and _kind(model)]


def _kind(model: type[BaseModel]) -> str | None:
    """Give the kind that a model is of, where it is one of several."""
    kind = model.model_fields.get("kind")
    names = typing.get_args(kind.annotation) if kind else ()
    return names[0] if len(names) == 1 else None


def _own(model: type[BaseModel], name: str) -> bool:
    """Whether a key is to be described with a model: it is the model's own, and not its kind."""
    if _kind(model) is None:
        return True
    return name in model.__annotations__ and name != "kind"


def _heading(model: type[BaseModel]) -> str:
    kind = _kind(model)
    return f"Plate of kind `{kind}`" if kind else f"`{model.__name__.removesuffix('Config')}`"


def _anchor(model: type[BaseModel]) -> str:
    return _heading(model).lower().replace("`", "").replace(" ", "-")


def _row(model: type[BaseModel], name: str) -> str:
    field = model.model_fields[name]
    given = not field.is_required()
    default = _default(field.get_default(call_default_factory=True)) if given else "required"
    derived = [item.source for item in field.metadata if isinstance(item, Derived)]
    default = derived[0] if derived else default
    said = (_descriptions(base).get(name) for base in model.__mro__ if issubclass(base, Model))
    description = " ".join(next(filter(None, said), "").split())
    kind = _type(field.annotation) + _range(field.metadata) + _file(field.metadata)
    return f"| `{name}` | {description} | {kind} | {default} |"


@cache
def _descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Read the strings below a model's own keys, which would take long in every run."""
    parsed = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(parsed, ast.ClassDef)
    return {
        key.target.id: below.value.value
        for key, below in itertools.pairwise(parsed.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
    }


def _inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _inside(part)]


def _type(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{value!r}`".replace("'", '"') for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(part) for part in arguments if part is not types.NoneType)
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is tuple:
        return f"{len(arguments)} × {_type(arguments[0])}"
    if origin is dict:
        return f"table of {_type(arguments[1])}"
    if hasattr(annotation, "__metadata__"):
        named = [item for item in annotation.__metadata__ if isinstance(item, Registry)]
        if named:
            return f"[a name](methods.md#{_heading_anchor(named[0].kind)})"
        given = annotation.__metadata__
        return _type(arguments[0]) + _range(given) + _file(given)
    if annotation is TableSource:
        return f"path, or table of [TableSource](#{_anchor(annotation)})"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = _kind(annotation) or annotation.__name__.removesuffix("Config")
        return f"[{name}](#{_anchor(annotation)})"
    names = {
        str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path",
        date: "date",
        Text: 'text (`"…"` or `{ en = "…", fr = "…" }`)',
        Condition: "[condition](table-files.md#conditions)",
        Unit: 'unit (`"…"` or `{ zh = "…", en = "…", scale = { en = 0.1 } }`)',
    }  # fmt: skip
    return names.get(annotation, str(annotation))


def _range(metadata: Iterable[Any]) -> str:
    """Say which numbers are allowed, or how many items; the narrower where there are two."""
    limits: dict[str, float] = {}
    for item in metadata:
        for each in getattr(item, "metadata", [item]):
            for name in ("ge", "gt", "le", "lt", "max_length"):
                if (limit := getattr(each, name, None)) is not None:
                    limits[name] = limit
    said = []
    for name, before in (("ge", "from"), ("gt", "above"), ("le", "to"), ("lt", "below")):
        hidden = name in ("ge", "le") and abs(limits.get(name, 0)) >= EVERY
        if name in limits and not hidden:
            said.append(f"{before} {_limit(limits[name])}")
    if "max_length" in limits:
        said.append(f"of at most {limits['max_length']:.0f}")
    return f" {' '.join(said)}" if said else ""


EVERY = 1e30
"""What measurements may be is said once, on the page of formats and bounds."""


def _limit(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _file(metadata: Iterable[Any]) -> str:
    """Say what a CSV file in the place of a list holds, where there may be one."""
    columns = [item.columns for item in metadata if isinstance(item, InCsv)]
    return f"; or a CSV file: {columns[0]}" if columns else ""


def _heading_anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _default(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""


SQL = """
`regional-atlas sql PROJECT "SELECT …"` and `Atlas.sql("SELECT …")` answer one `SELECT`, or
`WITH … SELECT`, over the views below, with the spatial functions of Apache Sedona. They need the
extra `sql`. `regional-atlas sql PROJECT --tables` lists the views with the columns that a project
adds, and how many rows each has.

```sh
regional-atlas sql geo/china-2022 "SELECT p.name, count(*) AS n, sum(u.area_km2) AS km2
  FROM units u JOIN parents p ON p.level = 'province' AND p.id = u.province_id
  WHERE ST_Y(ST_Centroid(u.geometry)) > 30 GROUP BY p.name ORDER BY n DESC LIMIT 5"
```

## What is allowed

Joins, subqueries, `WITH` (also `RECURSIVE`), `UNION`, `INTERSECT`, `EXCEPT`, window functions,
`QUALIFY`, `FILTER`, `GROUPING SETS`, `LATERAL`, `VALUES`, and the tables `UNNEST(…)`,
`generate_series(…)` and `range(…)`. Names without quotes are in lower case; write others in double
quotes: `"Name"`. A coordinate system is a code, such as `'EPSG:3857'` or `3857`.

Everything else is refused before the engine sees it, with exit code 1: statements that write,
define, set or explain (`COPY`, `CREATE`, `SET`, `EXPLAIN`, …), more than one statement, files and
addresses as tables, functions that read, parameters. The statement is parsed, checked against lists
of what is allowed, and written anew for the engine from what was parsed.

The query runs in a process of its own. It is ended after `--timeout` seconds (60 by default), or
when it takes more than {memory} GB of memory. On Linux and macOS that process can open no file and
no connection.

Columns in an answer need different names: `SELECT a.unit AS one, b.unit AS other`. CSV, JSON and
text leave out the column `geometry` and show other geometry as WKT; GeoJSON uses `geometry`, or
else the first column with geometry.

## Views

Columns that a project adds come on top: the parents of `units` (`<level>`, `<level>_id`), and in
`scores` a column for each node of the index files and, with draws, `rank_low`, `rank_high`,
`p_top<N>`, `p_ahead`, `p_tier_<k>` and `p_tier`. All views exist in every project; some have no
rows.
"""


def sql() -> str:
    """Describe what SQL may read and say."""
    lines = ["# SQL", "", "Written by `make docs` from the code."]
    lines += SQL.format(memory=MEMORY_GB).rstrip().splitlines()
    lines += ["", "| view | one row per |", "|---|---|"]
    lines += [f"| `{name}` | {view.rows} |" for name, view in VIEWS.items()]
    for name, view in VIEWS.items():
        lines += ["", f"### `{name}`", "", "| column | type | |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {kind} | {meaning.replace('<', '&lt;')} |"
            for column, (kind, meaning) in view.columns.items()
        ]
    lines += ["", "## Types and functions", "", "Types for `CAST`: " + _listed(TYPES) + ".", ""]
    lines += ["Functions: " + _listed(FUNCTIONS) + "."]
    return "\n".join(lines)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def statistics() -> str:
    """Describe every zonal statistic."""
    rows = [
        f"| `{each.usage}` | {each.title.in_('en')} | {each.formula.in_('en')} "
        f"| {each.unit or '–'} | {_needs(each)} | {each.example} |"
        for each in STATISTICS.values()
    ]
    return STATISTICS_PAGE.format(rows="\n".join(rows))


def _needs(each: Any) -> str:
    return ", ".join([*(f"`{name}`" for name in each.needs), *(["cells"] if each.of_cells else [])])


STATISTICS_PAGE = """# Statistics

Written by `make docs` from the code (`regional_atlas.zonal.STATISTICS`).

What `zonal_statistics`, `regional-atlas zonal --stats` and `statistic` of a project's `[rasters]`
give; `regional-atlas zonal --stats help` lists them on the terminal. v is the decoded value of a
cell, c its coverage fraction (the exact share of the cell that the zone covers), w its weight; over
the valid cells that the zone touches. *value* is the unit of the raster's values. Statistics that
need *cells* take a second pass over the raster; the others are sums of one. `cell_count` and
`valid_share` are always given. An argument becomes part of the column's name (`quantile_25`,
`class_share_41_42`); `frac` and `weighted_frac` fill a column for each value (`frac_41`, at most
1,000).

Examples: cells 1 2 3 / 4 5 6 / 7 8 9, zone from the middle of the first to that of the last cell.

| name | | formula | unit | needs | example |
|---|---|---|---|---|---|
{rows}

Cleaning adds columns of itself:

| column | | formula | unit | needs | example |
|---|---|---|---|---|---|
| `taken_<rule>` | Cells that a rule took | Σ c of its cells | cells | the rule | upper 8: 0.25 |
| `saturated_count` | Saturated cells | Σ c where v ≥ limit | cells | the rule | limit 8: 0.75 |
| `saturated_share` | Their share | that / count | share | the rule | limit 8: 0.1875 |

Areas of cells, weights and what the numbers were checked against: [method](../method/zonal.md).
"""

SHORT_FORM = """
A file says a thing once, and nothing that follows from something else. The least there is:

```toml
[boundaries]
file = "counties.gpkg"
key = "GEOID"
name = "NAME"
source = "National mapping agency"

[indicators.income]
file = "income_2022.csv"
source = "National statistics"
rename = { GEOID = "unit_id" }
columns = [{ column = "income" }]

[[plates]]
field = "income"
```

**Defaults.** Everything but the sources has one; the tables below say which.

**Plates in groups.** `[[groups]]` gives its plates a heading, and every key that they share. A
plate takes over what its kind can have and it does not say itself. Short plates fit in one line
each: `plates = [{ field = "light_mean" }, …]`.

```toml
[[groups]]
title = "Night lights"
citation = "nightlights"
palette = "inferno"

[[groups.plates]]
field = "light_mean"

[[groups.plates]]
field = "light_growth"
palette = "RdBu"
```

**Names for what repeats.** Any `unit` may be `"people"`, any `among` may be `["counties"]`; a
unit that is not named here is itself. `check` and `build` point out a unit that is nearly a name
from here.

```toml
[measurement_units]
people = { zh = "万人", en = "people", scale = { en = 10_000 } }

[unit_type_sets]
counties = ["县级市", "县"]
```

**Lists in files.** A long list of names may be a CSV file with a heading, beside `atlas.toml`;
its name stands in the place of the list: `pinyin = "pinyin.csv"`. The types below say which lists
may, and what their columns are.

Files without any of this are read as before. `regional-atlas upgrade PROJECT` rewrites them;
comments, order and meaning stay. `--dry-run` shows the difference.

Unknown keys are errors. Paths count from the project's folder and stay inside it
([formats and bounds](formats.md)); a path given with `--set KEY=VALUE` counts from the working
directory and may lie anywhere, and `--allow-outside` lets the file's own lie anywhere.
""".strip()

FORMATS_PAGE = """# Formats and bounds

Written by `make docs` from the code (`regional_atlas.core.formats`).

## Formats

These formats are read, and no other. A file is known by its content; its ending counts only for
CSV, `.dbf` and early GeoPackages. Convert anything else first, `ogr2ogr units.gpkg units.gml` for
one. What is written: [GIS files](export.md).

| format | endings | read as | driver of GDAL |
|---|---|---|---|
{formats}

- **Rasters in archives.** `/vsizip/lights.zip/a.tif`, `zip://lights.zip!a.tif` and
  `/vsigzip/a.tif.gz` are read from the command line and from Python, as are
  `NETCDF:rain.nc:tp` and `HDF5:"a.h5"://group/tp`.
- **Virtual files** (VRT) name files and nothing else. One with SQL, options, code, entities of its
  own, or a source that is a folder, is refused, and so is one in an archive. Sources with
  `relativeToVRT="1"` count from the VRT's folder, others from the working directory.
- **No code in data.** Nothing that is read is run: no pickles, no expressions in Python, no
  extensions of SQLite, no pixel functions in Python.

## Where files may lie

- **The project's own files** lie in its folder: those that `atlas.toml`, index files and lists in
  CSV name, the files beside them (`.dbf`, `.prj`, `.aux.xml`), every year of a name with
  `{{year}}`, and the sources of virtual files, also of those that these name. Links are followed
  before they are looked at; a hard link is a file like any other.
- **`--allow-outside`** (`allow_outside=True` in Python) lets them lie anywhere on this computer.
  Use it for projects that you trust: a project could show what a file of yours holds.
- **What you give** on the command line, by `--set` too, may lie anywhere on this computer.
- **The network** is used by `regional-atlas fetch` alone. Addresses, cloud storage (`/vsicurl/`,
  `/vsis3/`, …), services (`WFS:`, `WMS:`) and databases (`PG:`, `MySQL:`) are refused wherever they
  stand. GDAL's options and drivers for them are off besides.

## How much is read

What is larger is refused, with a message, before it is read: within seconds and 1.5 GB of memory.

| what | at most |
|---|---|
{bounds}

Every number in `atlas.toml` and index files is finite and has a range, which the pages of
[atlas.toml](atlas-toml.md) and [index files](index-toml.md) give; where none stands, a
measurement from -1e30 to 1e30. `true` is no number, and 1 is not `true`.

## Not defended

- Links inside of HDF5 and NetCDF files, which the library of HDF5 follows by
  itself. Open such files only from sources that you trust.
- Views of a GeoPackage are run: one without an end is read without an end.
- A raster of few bytes may declare many cells that all have one value; each is measured.
"""

BOUNDS = {
    "a TOML file": f"{project.MOST_TOML // 2**20} MB",
    "keys and items in it, and dots": f"{project.MOST_VALUES:,}",
    "tables and lists in it, in one another": f"{project.MOST_NESTED}",
    "a list of names in CSV (`pinyin`, `aliases`, …)": f"{MOST_OF_LIST // 2**20} MB",
    "a text file of cells": f"{unpacking.MOST_TEXT // 2**20} MB; a line 16 MB, "
    "a cell 131,072 signs",
    "cells of a table, of a shapefile's or FlatGeobuf's attributes": f"{unpacking.MOST_CELLS:,}",
    "cells and rows of a table with typed columns (Parquet, attributes of GIS files)": "together "
    f"{unpacking.UNSUSPICIOUS_CELLS:,}; or {unpacking.MOST_CELLS_A_BYTE} for each byte of the file",
    "columns of a workbook": "16,384",
    "cells of a workbook's sheet, the empty ones before the last of each row included": ""
    f"{unpacking.MOST_SHEET_CELLS:,}",
    "XML of a workbook's sheet": f"{unpacking.MOST_XML // 2**20} MB, "
    f"{unpacking.MOST_TAGS:,} tags (some {unpacking.MOST_TAGS // 4:,} cells)",
    "KML": f"{unpacking.MOST_XML // 2**20} MB, {unpacking.MOST_KML_TAGS:,} tags",
    "JSON": f"{unpacking.MOST_JSON // 2**20:,} MB, {attributes.MOST_STRINGS:,} keys and texts",
    "attributes of GeoJSON and KML": f"{attributes.MOST_NAMES:,} names; "
    f"{attributes.MOST_OF_LAYER:,} features times names",
    "columns of Parquet, written out": f"{unpacking.MOST_WRITTEN_OUT // 2**20:,} MB",
    "files of an archive": f"{unpacking.MOST_MEMBERS:,}, {unpacking.MOST_UNPACKED // 2**20:,} MB "
    f"unpacked; one beyond 8 MB grows {unpacking.MOST_RATIO} times",
    "edges of a polygon that lie across one another": f"{polygons.MOST_PAIRS:,} pairs",
    "geometries in one another": f"{wkb.MOST_NESTED} in GeoParquet, 50 brackets in `--within`",
    "a virtual file (VRT)": f"{local_files.MOST_OF_VRT // 2**20} MB, "
    f"{local_files.MOST_TAGS_OF_VRT:,} tags, {local_files.MOST_NESTED:,} files in one another",
    "cells of a raster": f"{rasters.MOST_CELLS_OF_SIDE:,} in a row or column, "
    f"{rasters.MOST_CELLS:,} in all, {rasters.MOST_BLOCK_BYTES // 2**20} MB a block",
}


def formats() -> str:
    """List what is read, from where, and how much of it."""
    rows = [
        f"| {each.title} | {_listed_as(each.endings)} | {', '.join(each.holds)} "
        f"| {', '.join(each.drivers) or '–'} |"
        for each in FILE_FORMATS
    ]
    bounds = [f"| {what} | {most} |" for what, most in BOUNDS.items()]
    return FORMATS_PAGE.format(formats="\n".join(rows), bounds="\n".join(bounds))


def _listed_as(endings: Iterable[str]) -> str:
    return ", ".join(f"`{ending}`" for ending in endings)


PAGES = {
    "formats.md": formats,
    "sql.md": sql,
    "command-line.md": command_line,
    "atlas-toml.md": lambda: models(
        AtlasFile, "atlas.toml", SHORT_FORM,
    ),
    "methods.md": methods,
    "index-toml.md": lambda: models(
        IndexConfig, "Index files", "The tree of a composite index and the method of each step.",
    ),
    "statistics.md": statistics,
}  # fmt: skip


def main() -> int:
    """Write or check the pages."""
    stale = []
    for name, page in PAGES.items():
        path = FOLDER / name
        text = page().rstrip("\n") + "\n"
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"out of date, run `make docs`: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
