"""How the map is drawn where the project does not say it: a projection that suits the units."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from regional_atlas.config.map import MapConfig, MapLayout
from regional_atlas.core.projections import suited_projection

__all__ = ["map_layout", "suited_projection"]


def map_layout(config: MapConfig, units: gpd.GeoDataFrame) -> MapLayout:
    """Complete what a project says of its map.

    Parameters
    ----------
    config : MapConfig
        What it gives is kept.
    units : GeoDataFrame
        In WGS 84.

    Returns
    -------
    MapLayout
    """
    given = {name: getattr(config, name) for name in config.model_fields_set}
    if config.projection is None:
        projection, name = suited_projection(config.bounds or _extent(units))
        given |= {"projection": projection, "projection_name": config.projection_name or name}
    return MapLayout(**{**given, "context": None})


def _extent(units: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Box the units; across the antimeridian where that is narrower."""
    boxes = shapely.bounds(shapely.get_parts(units.geometry.to_numpy()))
    boxes = boxes[np.argsort(boxes[:, 0])]
    west, east = boxes[:, 0], np.maximum.accumulate(boxes[:, 2])
    gaps = np.append(west[1:] - east[:-1], west[0] + 360 - east[-1])
    at = int(np.argmax(gaps))
    south, north = float(boxes[:, 1].min()), float(boxes[:, 3].max())
    if at == len(gaps) - 1:
        return float(west[0]), south, float(east[-1]), north
    return float(west[at + 1]), south, float(east[at]) + 360, north
