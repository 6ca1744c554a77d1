/** A Leaflet CRS over any projection in metres, so that the map stays a real map in latitude and longitude. */
import proj4 from "proj4/lib/core";
import Proj from "proj4/lib/Proj";
import aea from "proj4/lib/projections/aea";
import cea from "proj4/lib/projections/cea";
import eqc from "proj4/lib/projections/eqc";
import eqdc from "proj4/lib/projections/eqdc";
import etmerc from "proj4/lib/projections/etmerc";
import laea from "proj4/lib/projections/laea";
import lcc from "proj4/lib/projections/lcc";
import poly from "proj4/lib/projections/poly";
import somerc from "proj4/lib/projections/somerc";
import stere from "proj4/lib/projections/stere";
import sterea from "proj4/lib/projections/sterea";
import utm from "proj4/lib/projections/utm";
import type { Box } from "../format.ts";

// `etmerc` is what PROJ calls tmerc; `merc` is in the core. The list is that of `PROJECTIONS` in config/map.py.
for (const projection of [aea, cea, eqc, eqdc, etmerc, laea, lcc, poly, somerc, stere, sterea, utm])
  Proj.projections.add(projection);

/** Metres per pixel at zoom 0, as web maps have at the equator, so that zoom levels mean what users expect. */
const BASE_RESOLUTION = 156543.03392804097;

export interface Projection {
  forward: (lon: number, lat: number) => [number, number];
  inverse: (x: number, y: number) => [number, number];
}

export function projectionOf(definition: string): Projection {
  // proj4 takes a missing false origin for NaN in some projections; what the definition says later wins.
  const converter = proj4("WGS84", `+x_0=0 +y_0=0 ${definition}`);
  return {
    forward: (lon, lat) => converter.forward([lon, lat]),
    inverse: (x, y) => {
      const [lon, lat] = converter.inverse([x, y]);
      // Corners of a wide window can lie beyond what the projection reaches; Leaflet refuses NaN.
      return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : [0, y > 0 ? 90 : -90];
    },
  };
}

export function createCrs(name: string, definition: string, viewBox: Box): L.CRS {
  const { forward, inverse } = projectionOf(definition);
  const crs: L.CRS = {
    ...L.CRS,
    ...L.CRS.Simple,
    code: name,
    infinite: false,
    projection: {
      bounds: L.bounds([viewBox[0], viewBox[1]], [viewBox[2], viewBox[3]]),
      project: (latlng: L.LatLng) => L.point(...forward(latlng.lng, latlng.lat)),
      unproject: (point: L.Point) => {
        const [lon, lat] = inverse(point.x, point.y);
        return L.latLng(lat, lon);
      },
    },
    transformation: L.transformation(1, 0, -1, 0),
    scale: (zoom: number) => 2 ** zoom / BASE_RESOLUTION,
    zoom: (scale: number) => Math.log2(scale * BASE_RESOLUTION),
    // Not Leaflet's own function object: L.Circle would take that as a sign of web mercator.
    distance: (a: L.LatLng, b: L.LatLng) => L.CRS.Earth.distance(a, b),
  } as unknown as L.CRS;
  return crs;
}

/** Projected metres at a pixel of the map's whole plane, at a zoom. */
export function metresAtPixel(map: L.Map, pixel: L.Point, zoom: number): L.Point {
  const crs = map.options.crs as L.CRS & { transformation: L.Transformation };
  return crs.transformation.untransform(pixel, crs.scale(zoom));
}

export const resolutionAt = (zoom: number): number => BASE_RESOLUTION / 2 ** zoom;
export const zoomOf = (resolution: number): number => Math.log2(BASE_RESOLUTION / resolution);
