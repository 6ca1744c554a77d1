"""Harnesses of everything that is written by hand: conditions, SQL, settings, numbers, dates."""

from __future__ import annotations

import contextlib
import math
import shutil
import struct
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import regional_atlas as ra
from regional_atlas.config.tables import TableConfig
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import InputError

from .harness import file_of, harness, scratch

STARTER = Path(ra.__file__).parent / "starter"
WORDS = (
    " and ", " or ", "not ", " in [", "]", "(", ")", " is missing", " starts ", " == ", "!=", ">=",
    "'a'", "`", "“", "size", "name", "@2020", "industrial.rank", "1e5", ".", "ranked", "，", "＝",
)  # fmt: skip


class Rows:
    """A small table that conditions are asked of."""

    text = pd.DataFrame({"name": ["a", None, "b"], "size": ["1", "2", None]}, dtype="str")

    def texts(self, name: str) -> pd.Series:
        """Give a column as text."""
        return self.text["size" if name == "size" else "name"]

    def values(self, name: str) -> pd.Series:
        """Give a column as numbers."""
        return pd.to_numeric(self.texts(name), errors="coerce")

    def reads(self, name: str, how: str, text: str) -> pd.Series:
        """Compare a column with a text."""
        from regional_atlas.core.conditions import reads

        return reads(self.texts(name), how, text)


@harness(*WORDS)
def where(data: bytes) -> None:
    """The condition of a table."""
    condition = Condition(data.decode("utf-8", "surrogateescape"))
    assert len(condition.mask(Rows())) == 3
    condition.names()


@cache
def atlas() -> Any:
    """Give the starter project, built in memory."""
    return ra.build(ra.read_project(STARTER))


@harness(*WORDS, "population", "output@2022", "river", "tier", "province", "rank < 3")
def question(data: bytes) -> None:
    """The options of `query`, one a line: where, sort, columns, near, per, level."""
    names = ("where", "sort", "columns", "near", "per", "level", "region", "within")
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    asked = {name: line for name, line in zip(names, lines, strict=False) if line}
    if "columns" in asked:
        asked["columns"] = asked["columns"].split(",")  # type: ignore[assignment]
    atlas().query(**asked, radius=100 if "near" in asked else None)


@harness(
    '{"type":"Polygon","coordinates":[[[10,49],[12,49],[12,51],[10,49]]]}',
    "POLYGON((",
    "EMPTY",
    "POINT(1 1)",
    "NaN",
    "GEOMETRYCOLLECTION(",
    "[[[",
    "1e400",
    '"features":[',
)
def within(data: bytes) -> None:
    """A polygon as WKT or GeoJSON on the command line."""
    atlas().query(within=data.decode("utf-8", "surrogateescape"))


@harness(
    "SELECT ",
    " FROM units",
    " WHERE ",
    "'",
    '"',
    "--",
    "/*",
    "*/",
    "(",
    ")",
    ";",
    " JOIN ",
    "WITH a AS (",
    " UNION ",
    "read_csv('a')",
    "COPY ",
    "ST_Point(1,2)",
    "::",
    "E'\\''",
    "$$",
    "INTERVAL '1 day'",
    "0x1F",
    "1_000",
    "CAST(a AS ",
    "UNNEST(",
    "LATERAL ",
    "OVER (",
)
def sql(data: bytes) -> None:
    """A statement before it reaches the engine."""
    from regional_atlas.query.sql.gate import check_statement

    tables = ["units", "rankings", "membership"]
    found = check_statement(data.decode("utf-8", "surrogateescape"), tables)
    assert found.tables <= set(tables)
    assert check_statement(found.text, tables) == found


@cache
def project_folder() -> Path:
    """Give a copy of the starter project to write settings into."""
    folder = scratch() / "project"
    shutil.copytree(STARTER, folder)
    return folder


TOML = (
    "[[", "]]", "= {", "}", "[map]\n", "[plates]\n", 'kind = "', "= nan\n", "= -1\n", "= []\n",
    "= {}\n", "= true\n", "= 1979-05-27\n", '= ""\n', '= "a"\n', '"""', "'''", "= [[1, 2], 3]\n",
    "= 1e400\n",
    'file = "indicators.csv"', "index = ", "year = ", "parents = ", "\\u0000", "digits = 99999\n",
)  # fmt: skip


@harness(*TOML)
def settings(data: bytes) -> None:
    """An `atlas.toml` among the files of the starter project."""
    from regional_atlas.config.project import read_what_holds

    folder = project_folder()
    (folder / "atlas.toml").write_bytes(data)
    with contextlib.suppress(InputError):
        read_what_holds(folder)
    ra.read_project(folder)


@harness(*TOML)
def upgrade(data: bytes) -> None:
    """The same file, to be written in the short form."""
    from regional_atlas.jobs.upgrade import plan_upgrade

    folder = project_folder()
    (folder / "atlas.toml").write_bytes(data)
    plan_upgrade(folder).diff()


@harness("map.", "=", ".", "title=", "[", "{", "map.digits=", "plates=", '"', "nightlights.file=x")
def override(data: bytes) -> None:
    """What `--set` is given."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    ra.read_project(STARTER, overrides=lines)


@harness(
    *TOML,
    '[normalise]\nmethod = "',
    'method = "geometric"',
    "weight = ",
    "parent = ",
    "z_score",
    "[uncertainty]\n",
    "[tiers]\n",
    "k = ",
    "direction = -1\n",
    "goalposts = ",
    "\0",
    ",\n",
    "year = ",
)
def index(data: bytes) -> None:
    """An index file and, behind a NUL, the table that it is computed from."""
    from regional_atlas.config.project import read_index
    from regional_atlas.jobs.score import read_index_data
    from regional_atlas.scoring import score
    from regional_atlas.scoring.audit import audit

    text, _, table = data.partition(b"\0")
    spec = read_index(file_of(text, "index.toml"))
    values, _ = read_index_data(file_of(table, "index.csv"), spec)
    audit(score(values, spec))


@harness(
    "1.234,5",
    "1,205",
    "12.3 b",
    "%",
    "€",
    "- ",
    "…",
    "NA",
    "１２",
    "٣",
    "²",
    "\u2212",
    "1 234",
    "e5",
)
def numbers(data: bytes) -> None:
    """Cells of an indicator, one a line, under every declaration."""
    from regional_atlas.sources.reader.numbers import parse_numbers

    cells = pd.Series(data.decode("utf-8", "surrogateescape").split("\n"), dtype="object")
    for config in (
        TableConfig(),
        TableConfig(decimal=",", thousands="."),
        TableConfig(thousands=" ", percent=True),
        TableConfig(decimal="."),
        TableConfig(flags=["b", "*", "e5"], missing=["-", "…"]),
    ):
        found = parse_numbers(cells, config)
        assert len(found.values) == len(cells)
        assert not np.isinf(found.values).any()


@harness(struct.pack("<d", 1e308), struct.pack("<d", 5e-324), struct.pack("<d", -0.0))
def numerals(data: bytes) -> None:
    """A number, its digits and its power, as every language of the catalogue writes it."""
    from regional_atlas.core import numerals as written

    for at in range(0, len(data) - 9, 10):
        value, digits, power = struct.unpack("<dBb", data[at : at + 10])
        if not abs(value) < 1e300:
            continue
        for lang in ("en", "zh", "fr", "ar", "hi", "es"):
            written.number(value, digits % 8, power % 10, lang=lang)
            written.percent(value, lang=lang)
            written.bound(value, power % 10, lang=lang)
            written.Fixed(value).in_(lang)


@harness(
    "days since ",
    "months since ",
    "360_day",
    "proleptic_gregorian",
    "julian",
    "0000-00-00",
    "+99:99",
    "9999-12-31",
    "24:60:61",
    "\n",
    "noleap",
    "1e300",
    "-1e300",
)
def calendars(data: bytes) -> None:
    """Units, calendar and values of a time axis, one a line."""
    from regional_atlas.sources.calendars import time_axis

    units, calendar, *values = [*data.decode("utf-8", "replace").split("\n"), "", ""]
    axis = time_axis(units, calendar)
    for value in values if axis else ():
        with contextlib.suppress(ValueError):
            number = float(value)
            str(axis.day(number)) if axis else None


@harness("0", "#", "?", ";", '"', "\\", "[Red]", "_", "*", "@", "General", "/", " ", "%", "yyyy")
def cell_formats(data: bytes) -> None:
    """A number, and the number format of a spreadsheet."""
    from regional_atlas.sources.reader.cells import shown
    from regional_atlas.sources.reader.workbooks import _number

    value = struct.unpack("<d", data[:8].ljust(8, b"\0"))[0]
    pattern = data[8:].decode("utf-8", "replace")
    shown(value, pattern)
    if math.isfinite(value):
        _number(value, pattern, False)


@harness("{year}", "{month}", "/", "..", "\0", "[", "*", "NETCDF:", '"', ":", "/vsizip/", "HDF5:")
def names_of_files(data: bytes) -> None:
    """Names of rasters, of variables in them, and patterns with a year."""
    from regional_atlas.core.outputs import dated_files
    from regional_atlas.sources.dated import find_rasters
    from regional_atlas.sources.rasters import is_missing, open_raster, raster_files
    from regional_atlas.sources.variables import black_marble_date, container, variable_of

    name = data.decode("utf-8", "replace")
    container(name)
    variable_of(name)
    with contextlib.suppress(InputError):
        black_marble_date(name)
    dated_files(Path(name))
    is_missing(name)
    raster_files(name)
    with contextlib.suppress(InputError):
        open_raster(name)
    find_rasters(name)
