/** A Leaflet CRS over any projection in metres, so that the map stays a real map in latitude and longitude. */
import type { Box } from "../format.ts";
import { projectionOf } from "../geometry/projection.ts";

/** Metres per pixel at zoom 0, as web maps have at the equator, so that zoom levels mean what users expect. */
const BASE_RESOLUTION = 156543.03392804097;

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

/** The pixel of the map's whole plane, at a zoom, where projected metres lie. */
export function pixelOf(map: L.Map, metres: L.Point, zoom: number): L.Point {
  const crs = map.options.crs as L.CRS & { transformation: L.Transformation };
  return crs.transformation.transform(L.point(metres.x, metres.y), crs.scale(zoom));
}

export const resolutionAt = (zoom: number): number => BASE_RESOLUTION / 2 ** zoom;
export const zoomOf = (resolution: number): number => Math.log2(BASE_RESOLUTION / resolution);
