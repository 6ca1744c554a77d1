/** Web mercator: metres on its plane for longitude and latitude, and back. */

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
