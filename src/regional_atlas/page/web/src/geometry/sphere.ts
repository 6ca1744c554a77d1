/** Places on the earth. Web mercator: metres on its plane for longitude and latitude, and back. */

export type Place = (x: number, y: number) => [number, number];

const RADIUS = 6378137;
/** Where web maps end. */
const LAST = 85.0511287798;

export function mercator(lon: number, lat: number): [number, number] {
  const angle = (Math.min(Math.max(lat, -LAST), LAST) * Math.PI) / 180;
  return [(RADIUS * lon * Math.PI) / 180, RADIUS * Math.log(Math.tan(Math.PI / 4 + angle / 2))];
}

/** Longitude and latitude at a place of web mercator. */
export function degrees(x: number, y: number): [number, number] {
  return [(x / RADIUS / Math.PI) * 180, (Math.atan(Math.sinh(y / RADIUS)) / Math.PI) * 180];
}

const FLATTENING = 1 / 298.257223563;

/** Kilometres between two places, each [longitude, latitude], on the WGS 84 ellipsoid (Lambert's formula: some 10 m off). */
export function kilometres([lon, lat]: readonly [number, number], [otherLon, otherLat]: readonly [number, number]): number {
  const reduced = (angle: number) => Math.atan((1 - FLATTENING) * Math.tan((angle * Math.PI) / 180));
  const [b, c] = [reduced(lat), reduced(otherLat)];
  const [mean, half] = [(b + c) / 2, (c - b) / 2];
  const turn = Math.sin(((otherLon - lon) * Math.PI) / 360);
  const sine = Math.min(1, Math.sqrt(Math.sin(half) ** 2 + Math.cos(b) * Math.cos(c) * turn ** 2));
  if (sine === 0) return 0;
  const angle = 2 * Math.asin(sine);
  const cosine = Math.max(1e-6, 1 - sine ** 2);
  const x = ((angle - Math.sin(angle)) * (Math.sin(mean) * Math.cos(half)) ** 2) / cosine;
  const y = ((angle + Math.sin(angle)) * (Math.cos(mean) * Math.sin(half)) ** 2) / sine ** 2;
  return (RADIUS * (angle - (FLATTENING / 2) * (x + y))) / 1000;
}
