"""Running a statement: checked here, answered by SedonaDB in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.query.sql.gate import Query, check_statement
from regional_atlas.query.sql.views import VIEWS, view_tables
from regional_atlas.query.sql.worker import MEMORY_GB, REFUSED

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from regional_atlas.core.schema import AtlasTables

__all__ = ["TIMEOUT", "check_sql", "run_sql"]

TIMEOUT = 60.0


def check_sql(statement: str) -> Query:
    """Refuse a statement that is not one query over the views; it needs no build.

    Parameters
    ----------
    statement : str
        SQL.

    Returns
    -------
    Query

    Raises
    ------
    ConfigError
        The extra `sql` is not installed.
    InputError
        Listing everything that is not allowed, and what is.
    """
    missing = [name for name in ("sedonadb", "sqlglot") if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"SQL needs the package {' and '.join(missing)}: pip install 'regional-atlas[sql]'"
        )
    return check_statement(statement, VIEWS)


def run_sql(tables: AtlasTables, statement: str, *, timeout: float = TIMEOUT) -> pd.DataFrame:
    """Answer one SELECT over the views, with the spatial functions of Apache Sedona.

    Nothing else is run: no statement that writes, defines or sets, no file and no address as a
    table, no function that reads.

    Parameters
    ----------
    tables : AtlasTables
        Read as the views in `VIEWS`; geometry is WGS 84.
    statement : str
        SQL.
    timeout : float
        Seconds after which the query is ended.

    Returns
    -------
    DataFrame
        A GeoDataFrame where a column is geometry.

    Raises
    ------
    ConfigError
        The extra `sql` is not installed.
    InputError
        The statement is not allowed or wrong, takes longer than `timeout` or more memory than
        4 GB.
    """
    query = check_sql(statement)
    read = view_tables(tables, query.tables, spatial=query.spatial)
    return _table(_answer(query.text, read, timeout))


def _answer(query: str, read: Mapping[str, pd.DataFrame], timeout: float) -> pa.Table:
    import pyarrow as pa

    held = {name: _arrow(table) for name, table in read.items()}
    asked = {"query": query, "tables": {name: len(table) for name, table in held.items()}}
    work = b"".join([json.dumps(asked).encode(), b"\n", *held.values()])
    path = os.pathsep.join(folder for folder in sys.path if folder)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "regional_atlas.query.sql.worker"],
            input=work,
            capture_output=True,
            timeout=timeout,
            env={**os.environ, "PYTHONPATH": path, "PROJ_NETWORK": "OFF"},
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"no answer within {timeout:g} seconds; select less or raise the timeout", where="sql"
        ) from None
    if done.returncode == 0:
        return pa.ipc.open_stream(done.stdout).read_all()
    said = done.stderr.decode(errors="replace").strip()
    if "memory allocation" in said:
        raise InputError(f"the query takes more than {MEMORY_GB} GB of memory", where="sql")
    if done.returncode == REFUSED or done.returncode < 0:
        raise InputError(f"{said} (tables: {', '.join(VIEWS)})", where="sql")
    raise RuntimeError(f"the engine ended with {done.returncode}: {said}")


def _arrow(table: pd.DataFrame) -> bytes:
    import pyarrow as pa

    spatial: Any = table if "geometry" in map(str, table.dtypes) else None
    whole = (
        pa.Table.from_pandas(table) if spatial is None else pa.table(spatial.to_arrow(index=False))
    )
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, whole.schema) as stream:
        stream.write_table(whole)
    return bytes(out.getvalue())


def _table(answer: pa.Table) -> pd.DataFrame:
    names = answer.column_names
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        found = ", ".join(map(repr, twice))
        raise InputError(f"several columns are named {found}; rename them with AS", where="sql")
    spatial = [field.name for field in answer.schema if _is_geometry(field)]
    if not spatial:
        plain: pd.DataFrame = answer.to_pandas()
        return plain
    import geopandas as gpd

    geometry = "geometry" if "geometry" in spatial else spatial[0]
    table: pd.DataFrame = gpd.GeoDataFrame.from_arrow(answer, geometry=geometry)
    return table


def _is_geometry(field: Any) -> bool:
    said = (field.metadata or {}).get(b"ARROW:extension:name", b"").decode()
    return str(getattr(field.type, "extension_name", said)).startswith("geoarrow.")
