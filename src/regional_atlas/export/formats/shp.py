"""Units as a shapefile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export._ogr import write_layer
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers
from regional_atlas.export.tables import write_csv

__all__ = ["FORMAT", "short_names", "write_shp"]

LONGEST_NAME = 10
LONGEST_TEXT = 254
# Made by other programs from an earlier file of the same name; wrong beside a new one.
STALE = (".qix", ".sbn", ".sbx", ".idm", ".ind", ".ain", ".aih", ".shp.xml", ".qpj")


def write_shp(layers: Layers, path: Path) -> None:
    """Write the units layer as a shapefile: `.shp`, `.shx`, `.dbf`, `.prj`, `.cpg` and a codebook.

    Field names are ASCII of at most 10 characters; `<stem>_fields.csv` says which column each one
    is. Text is UTF-8, cut at 254 bytes on a character's border; the codebook counts the cut values.

    Parameters
    ----------
    layers : Layers
        What to write.
    path : Path
        The `.shp`. It is replaced last: an interrupted replacement leaves no `.shp` rather than one
        beside another's attributes.
    """
    units = layers.units.reset_index()
    fields = short_names([name for name in units.columns if name != "geometry"])
    cut = dict.fromkeys(fields, 0)
    for name in fields:
        if pd.api.types.is_string_dtype(units[name].dtype):
            shortened = units[name].map(_cut_text, na_action="ignore").astype("str")
            cut[name] = int((shortened.notna() & (shortened != units[name])).sum())
            units[name] = shortened
    with atomic_path(path) as temporary:
        write_layer(
            units.rename(columns=fields),
            temporary,
            "ESRI Shapefile",
            layer=path.stem,
            ENCODING="UTF-8",
            DBF_DATE_LAST_UPDATE="1980-01-01",
        )
        columns = layers.codebook["column"]
        codebook = layers.codebook.assign(values_cut=columns.map(cut))
        codebook.insert(0, "field", columns.map(fields))
        beside = temporary.with_name(f"{path.stem}_fields.csv")
        write_csv(codebook, beside, excel=True, raw=layers.raw)
    for suffix in STALE:
        path.with_suffix(suffix).unlink(missing_ok=True)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Shorten names to unique ASCII of at most 10 characters: the longest words lose letters first.

    Examples
    --------
    >>> short_names(["unit_id", "industrial_counties_rank", "industrial_counties_rate"])
    {'unit_id': 'unit_id', 'industrial_counties_rank': 'indcourank',
     'industrial_counties_rate': 'indcourate'}
    >>> short_names(["light_mean_a", "light_mean_ä"])
    {'light_mean_a': 'lightmeana', 'light_mean_ä': 'light_mean'}
    """
    short: dict[str, str] = {}
    for name in names:
        candidate = base = _shorten(name)
        number = 1
        while candidate.lower() in (taken.lower() for taken in short.values()):
            number += 1
            candidate = f"{base[: LONGEST_NAME - len(str(number))]}{number}"
        short[name] = candidate
    return short


def _shorten(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "field"
    if len(plain) <= LONGEST_NAME:
        return plain
    words = [word for word in plain.split("_") if word]
    while sum(map(len, words)) > LONGEST_NAME:
        longest = max(range(len(words)), key=lambda i: len(words[i]))
        words[longest] = words[longest][:-1]
    return "".join(words)


def _cut_text(text: str) -> str:
    return text.encode("utf-8")[:LONGEST_TEXT].decode("utf-8", errors="ignore")


FORMAT = Format(
    title="Shapefile",
    file="units.shp",
    write=write_shp,
    parts=(".shp", ".shx", ".dbf", ".prj", ".cpg", "_fields.csv"),
    stale=STALE,
)
