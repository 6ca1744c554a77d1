"""Spatial SQL over the tables of a build, by SedonaDB inside the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regional_atlas.core.errors import ConfigError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from regional_atlas.core.schema import AtlasTables

__all__ = ["run_sql", "sql_tables"]


def sql_tables(tables: AtlasTables) -> dict[str, pd.DataFrame]:
    """Name the tables that a statement can read, their ids as columns."""
    named = {
        "units": tables.units.reset_index(),
        "regions": tables.regions.reset_index(),
        "membership": tables.membership,
        "rankings": tables.rankings,
        "indicators": tables.indicators,
        "clusters": tables.clusters,
        "region_counts": tables.region_counts,
        "region_values": tables.region_values,
        "space": tables.space,
        "inequality": tables.inequality,
    }
    return named if tables.nightlights is None else named | {"nightlights": tables.nightlights}


def run_sql(tables: AtlasTables, statement: str) -> pd.DataFrame:
    """Run a statement with the spatial functions of Apache Sedona.

    Parameters
    ----------
    tables : AtlasTables
        Registered as `units`, `regions`, `membership`, `rankings`, `indicators`, `clusters` and
        `nightlights`; geometry is WGS 84.
    statement : str
        SQL.

    Returns
    -------
    DataFrame
        A GeoDataFrame where a column is geometry.

    Raises
    ------
    ConfigError
        The extra `sql` is not installed.
    InputError
        The statement is wrong; the message is the engine's, and names the tables.
    """
    try:
        import sedonadb
    except ImportError:
        raise ConfigError(
            "SQL needs the package sedonadb: pip install 'regional-atlas[sql]'"
        ) from None
    named = sql_tables(tables)
    context = sedonadb.connect()
    for name, table in named.items():
        context.create_data_frame(table).to_view(name)
    try:
        result: pd.DataFrame = context.sql(statement).to_pandas()
    except sedonadb._lib.SedonaError as error:
        raise InputError(f"{error} (tables: {', '.join(named)})", where="sql") from None
    return result
