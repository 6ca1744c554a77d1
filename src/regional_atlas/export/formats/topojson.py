"""Units and lines as TopoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers
from regional_atlas.export.tables import write_text

__all__ = ["FORMAT", "write_topojson"]

STEP = 1e-6


def write_topojson(layers: Layers, path: Path) -> None:
    """Write the page's simplified topology with the units' columns as properties, in WGS 84.

    Shared borders are stored once. Coordinates are whole multiples of 1e-6 degrees (about 10 cm).

    Parameters
    ----------
    layers : Layers
        Where the columns and the topology come from.
    path : Path
        Replaced when the new file is complete.

    Raises
    ------
    DataError
        When the topology's units are not those of the layers.
    """
    topology = layers.topology
    assert topology is not None
    geometries = topology["objects"]["units"]["geometries"]
    ids = pd.Index([geometry["id"] for geometry in geometries])
    odd = layers.units.index.symmetric_difference(ids)
    raise_if((f"unit {code} is not in both" for code in odd), DataError, "topology and units")
    properties = dict(zip(layers.units.index, _properties(layers), strict=True))
    units = {
        **topology["objects"]["units"],
        "geometries": [
            {**geometry, "properties": properties[geometry["id"]]} for geometry in geometries
        ],
    }
    written = {
        "type": "Topology",
        **_to_wgs84(topology, layers.project.layout.projection),
        "objects": {**topology["objects"], "units": units},
    }
    text = json.dumps(written, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_text(text + "\n", path)


def _properties(layers: Layers) -> list[dict[str, Any]]:
    table = layers.units.drop(columns="geometry").reset_index().astype("object")
    records: list[dict[str, Any]] = table.where(table.notna(), None).to_dict("records")
    return records


def _to_wgs84(topology: dict[str, Any], projection: str) -> dict[str, Any]:
    arcs = [np.asarray(arc, dtype=np.float64) for arc in topology["arcs"]]
    if "transform" in topology:
        scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
        arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]
    points = np.concatenate(arcs)
    transformer = pyproj.Transformer.from_crs(projection, "EPSG:4326", always_xy=True)
    lonlat = np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    low, high = lonlat.min(axis=0).round(6), lonlat.max(axis=0).round(6)
    steps = np.rint((lonlat - low) / STEP).astype(np.int64)
    ends = np.cumsum([len(arc) for arc in arcs])[:-1]
    return {
        "bbox": [*low.tolist(), *high.tolist()],
        "transform": {"scale": [STEP, STEP], "translate": low.tolist()},
        "arcs": [_deltas(arc) for arc in np.split(steps, ends)],
    }


def _deltas(arc: NDArray[np.int64]) -> list[list[int]]:
    deltas: list[list[int]] = np.diff(arc, axis=0, prepend=np.array([[0, 0]])).tolist()
    return deltas


FORMAT = Format(
    title="TopoJSON",
    file="units.topojson",
    write=write_topojson,
    needs_topology=True,
)
