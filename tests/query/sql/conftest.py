"""The engine inside this process, for what the gate lets through."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def engine(example: Any) -> Any:
    """Run SQL over the starter project's views, with no gate before it; gives an Arrow table."""
    sedonadb = pytest.importorskip("sedonadb")
    import pyarrow as pa

    from regional_atlas.query.sql.views import view_tables

    context = sedonadb.connect()
    for name, table in view_tables(example.tables).items():
        context.create_data_frame(table).to_view(name)

    def run(text: str) -> pa.Table:
        return pa.RecordBatchReader.from_stream(context.sql(text)).read_all()

    return run
