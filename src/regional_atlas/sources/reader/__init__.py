"""The one reader of tables: text files, workbooks, Parquet, attribute tables of GIS files."""

from regional_atlas.sources.reader.table import Table, read_table

__all__ = ["Table", "read_table"]
