"""Tables without geometry as Parquet."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from regional_atlas.export.tables import atomic_path

__all__ = ["write_parquet"]


def write_parquet(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as Parquet (zstd), whole or not at all; the same table gives the same bytes."""
    with atomic_path(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", compression_level=19)
    return Path(path)
