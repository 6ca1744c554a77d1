"""The footer of Parquet files: as pyarrow reads it where it is sound, refused where it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError
from regional_atlas.sources import parquet_footer
from regional_atlas.sources.parquet_footer import Chunk, chunks_of

CORPUS = Path(__file__).parents[1] / "fuzz/corpus/parquet"


def by_pyarrow(path: Path) -> list[Chunk]:
    declared = pq.read_metadata(path)
    groups = map(declared.row_group, range(declared.num_row_groups))
    return [
        Chunk(
            chunk.path_in_schema,
            chunk.num_values,
            chunk.total_uncompressed_size,
            chunk.physical_type == "BYTE_ARRAY",
            any("DICTIONARY" in each for each in chunk.encodings),
        )
        for group in groups
        for chunk in map(group.column, range(group.num_columns))
    ]


@given(
    rows=st.integers(0, 50),
    group=st.integers(1, 20),
    dictionary=st.booleans(),
    name=st.text(st.characters(codec="utf-8", exclude_characters=".\0"), min_size=1, max_size=9),
    compression=st.sampled_from(["none", "snappy", "zstd"]),
)
def test_a_sound_footer_reads_as_pyarrow_reads_it(
    tmp_path_factory: pytest.TempPathFactory,
    rows: int,
    group: int,
    dictionary: bool,
    name: str,
    compression: str,
) -> None:
    path = tmp_path_factory.getbasetemp() / "sound.parquet"
    table = pa.table(
        {
            name: [f"text {row % 3}" for row in range(rows)],
            f"{name}2": np.arange(rows, dtype="float64"),
            f"{name}3": pa.array([[row, None] for row in range(rows)], pa.list_(pa.int32())),
            f"{name}4": pa.array([row % 2 == 0 for row in range(rows)], pa.bool_()),
        }
    )
    pq.write_table(
        table, path, row_group_size=group, use_dictionary=dictionary, compression=compression
    )
    assert chunks_of(path) == by_pyarrow(path)


def test_a_damaged_chunk_ends_no_process(tmp_path: Path) -> None:
    """A bit of the first chunk's type is flipped: pyarrow's accessor aborts on the file."""
    from regional_atlas.sources.opening import check_parquet

    path = tmp_path / "damaged.parquet"
    path.write_bytes((CORPUS / "damaged_chunk").read_bytes()[1:])
    asked = (
        "import sys, pyarrow.parquet as pq; pq.read_metadata(sys.argv[1]).row_group(0).column(1)"
    )
    ended = subprocess.run([sys.executable, "-c", asked, path], capture_output=True, check=False)
    assert ended.returncode != 0
    check_parquet(path, "tables")


@pytest.mark.parametrize("kept", [0, 3, 8, 40, 200])
def test_a_cut_file_is_damaged(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.parquet"
    path.write_bytes((CORPUS / "seed.parquet").read_bytes()[1:][-kept:] if kept else b"")
    with pytest.raises(ValueError, match="damaged"):
        chunks_of(path)


def test_a_huge_footer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_footer, "MOST_FOOTER", 100)
    path = tmp_path / "huge.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(DataError, match="write it with larger row groups"):
        chunks_of(path)
