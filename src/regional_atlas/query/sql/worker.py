"""The process that runs a checked query: it opens no file and no connection, and can be ended.

The engine cannot be interrupted within a process, and ends the process when memory is short. So
a query runs apart: `python -m regional_atlas.query.sql.worker` reads the query (a line of JSON) and
the tables (Arrow streams) from stdin and writes the answer to stdout.
"""

from __future__ import annotations

import json
import os
import sys

__all__ = ["MEMORY_GB", "REFUSED"]

MEMORY_GB = 4
"""What the tables, the query and its answer may take together."""
REFUSED = 9
"""Exit code for a query that the engine cannot run; stderr says why."""


def main() -> int:
    """Answer the query on stdin."""
    import pyarrow as pa
    import sedonadb

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.buffer.readline())
    tables = {name: sys.stdin.buffer.read(size) for name, size in asked["tables"].items()}
    context = sedonadb.connect()
    context.options.memory_limit = f"{MEMORY_GB - 1}gb"
    for name, table in tables.items():
        context.create_data_frame(pa.ipc.open_stream(table).read_all()).to_view(name)
    # The first transformation opens PROJ's database, which stays open.
    context.sql("SELECT ST_Transform(ST_Point(0, 0, 'EPSG:4326'), 'EPSG:3857')").execute()
    confine()
    try:
        answer = pa.RecordBatchReader.from_stream(context.sql(asked["query"])).read_all()
    except (sedonadb._lib.SedonaError, pa.ArrowException, OSError, MemoryError) as error:
        sys.stderr.write(str(error))
        return REFUSED
    with out, pa.ipc.new_stream(out, answer.schema) as stream:
        stream.write_table(answer)
    return 0


def confine() -> None:
    """Take from the process what a query does not need: files, connections, endless memory.

    What is open stays open. A system without such limits (Windows) has the check of the statement
    as its only bound.
    """
    try:
        import resource
    except ImportError:
        return
    for limit, value in (
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_DATA, MEMORY_GB << 30),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    raise SystemExit(main())
