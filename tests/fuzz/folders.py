"""Harnesses of what the package wrote itself and reads again."""

from __future__ import annotations

import contextlib
import io
import zipfile
from functools import cache
from pathlib import Path

import regional_atlas as ra
from regional_atlas.core.errors import InputError
from regional_atlas.core.outputs import heading, json_keys, written_by

from .harness import file_of, harness, scratch
from .languages import atlas


@cache
def built() -> tuple[Path, dict[str, bytes]]:
    """Give a built folder, and what its tables hold."""
    folder = scratch() / "built"
    atlas().save(folder)
    with zipfile.ZipFile(folder / "data/tables.zip") as archive:
        return folder, {name: archive.read(name) for name in archive.namelist()}


def _asked(content: bytes) -> None:
    folder, _ = built()
    (folder / "data/tables.zip").write_bytes(content)
    found = ra.open_atlas(folder)
    for ask in (
        lambda: found.query(top=3),
        lambda: found.query(where="population > 1", columns=["population", "province"]),
        lambda: found.summarise("province"),
        lambda: found.indicators,
    ):
        with contextlib.suppress(InputError):
            ask()


@harness(b"PK\x01\x02", b"value.json")
def tables_zip(data: bytes) -> None:
    """The tables of a built folder: changes of the archive as it is on disk."""
    _asked(data or _whole({}))


def _whole(others: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**built()[1], **others}.items():
            archive.writestr(name, content)
    return out.getvalue()


@harness(
    '{"type":',
    '"record"',
    '"fields"',
    '"kind"',
    "null",
    "[]",
    "{}",
    '"part":"1.npy"',
    "1e999",
    '"str"',
    "__class__",
    '"items":[[1,2]]',
    "NaN",
    '"settings"',
    "AtlasConfig",
)
def tables_part(data: bytes) -> None:
    """One document among these tables: the first byte says which, the rest is patched into it."""
    documents = sorted(name for name in built()[1] if name.endswith(".json"))
    name = documents[data[0] % len(documents)] if data else documents[0]
    held = built()[1][name]
    at = int.from_bytes(data[1:4], "big") % (len(held) + 1)
    cut = data[4] if len(data) > 4 else 0
    _asked(_whole({name: held[:at] + data[5:] + held[at + cut :]}))


@harness('{"checks":', "[" * 2000, "null", "a,b\n", '"')
def marks(data: bytes) -> None:
    """Files by which a command knows what it wrote."""
    path = file_of(data, "marked/report.json")
    json_keys(path)
    written_by(path.parent)
    heading(file_of(data, "marked/a.csv"))
    heading(file_of(data, "marked/a.parquet"))


@harness("en", "zh", "{", "}", '":', "[", "1e999", "\x1f\x8b")
def packed(data: bytes) -> None:
    """Texts as the page packs them: written and read again, number for number."""
    from regional_atlas.page.packing import pack, unpack

    values = [None if byte == 7 else (byte - 128) / (1 + byte % 7) for byte in data]
    assert unpack(pack({"a": values, "b": values[::-1]})) == {"a": values, "b": values[::-1]}
