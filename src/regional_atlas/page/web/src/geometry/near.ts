/** Units within a distance of a place: to the nearest part of each, on the ellipsoid, as the command line's `--near`. */
import { kept } from "../data/kept.ts";
import type { Topology } from "../data/topology.ts";
import { hitsOf } from "./hit.ts";
import type { Projection } from "./projection.ts";
import { kilometres } from "./sphere.ts";

/** Longitude and latitude. */
export type LonLat = readonly [number, number];
type Vector = readonly [number, number, number];

const DEGREE = Math.PI / 180;
/** Kilometres, of a sphere of about the ellipsoid's size. */
const RADIUS = 6371;
/** How much a projection may stretch lengths beyond what it does at the place itself. */
const STRETCH = 2;
/** Corners of a circle. */
const CORNERS = 120;

/** What has been worked out of the vertices of arcs: points of the unit sphere, three numbers each. */
const vectorsOf = kept((topology: Topology) => new Array<Float64Array | undefined>(topology.arcs.start.length - 1));

/** The units within some kilometres of a place, in order; one that holds the place is 0 km from it. */
export function unitsWithin(topology: Topology, { forward, inverse }: Projection, place: LonLat, km: number): number[] {
  const { left, right, arcBoxes } = topology;
  const [x, y] = forward(...place);
  const reach = km * 1000 * STRETCH * stretchAt(forward, place);
  const center = vector(place);
  const nearest = new Map<number, { square: number; at: Vector }>();
  for (let arc = 0; arc < left.length; arc++) {
    const box = arcBoxes.subarray(arc * 4, arc * 4 + 4);
    if (box[0] - x > reach || x - box[2] > reach || box[1] - y > reach || y - box[3] > reach) continue;
    const found = nearestOn(arcVectors(topology, arc, inverse), center);
    for (const unit of [left[arc], right[arc]]) {
      if (unit >= 0 && found.square < (nearest.get(unit)?.square ?? Infinity)) nearest.set(unit, found);
    }
  }
  const units = [...nearest].filter(([, { at }]) => kilometres(place, lonLat(at)) <= km).map(([unit]) => unit);
  const own = hitsOf(topology).at(x, y);
  return [...new Set(own >= 0 ? [...units, own] : units)].sort((a, b) => a - b);
}

/** A circle around a place: corners in degrees, the last one the first. */
export function circle(place: LonLat, km: number): LonLat[] {
  const [lon, lat] = place;
  const corners = Array.from({ length: CORNERS }, (_, i): LonLat => {
    const bearing = (2 * Math.PI * i) / CORNERS;
    const reached = kilometres(place, destination(lon, lat, bearing, km / RADIUS));
    // The ellipsoid is no sphere: one step brings the corner to its distance.
    return destination(lon, lat, bearing, ((km / RADIUS) * km) / reached);
  });
  return [...corners, corners[0]];
}

/** The middle of places on the sphere, weighted. */
export function middleOf(places: readonly LonLat[], weights: readonly number[]): LonLat {
  const sum = [0, 0, 0];
  places.forEach((place, i) => vector(place).forEach((part, axis) => (sum[axis] += part * weights[i])));
  const length = Math.hypot(...sum);
  return lonLat([sum[0] / length, sum[1] / length, sum[2] / length]);
}

function vector([lon, lat]: LonLat): Vector {
  const [l, p] = [lon * DEGREE, lat * DEGREE];
  return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)];
}

function lonLat([x, y, z]: Vector): LonLat {
  return [Math.atan2(y, x) / DEGREE, Math.atan2(z, Math.hypot(x, y)) / DEGREE];
}

function destination(lon: number, lat: number, bearing: number, angle: number): LonLat {
  const p = lat * DEGREE;
  const sine = Math.sin(p) * Math.cos(angle) + Math.cos(p) * Math.sin(angle) * Math.cos(bearing);
  const east = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(p), Math.cos(angle) - Math.sin(p) * sine);
  return [lon + east / DEGREE, Math.asin(Math.max(-1, Math.min(1, sine))) / DEGREE];
}

/** Projected metres for a metre at a place, in the direction where they are most. */
function stretchAt(forward: (lon: number, lat: number) => [number, number], [lon, lat]: LonLat): number {
  const [x, y] = forward(lon, lat);
  const step = lat > 0 ? -0.1 : 0.1;
  const ends: LonLat[] = [[lon + 0.1, lat], [lon, lat + step], [lon + 0.1, lat + step], [lon - 0.1, lat + step]];
  const ratios = ends.map((end) => {
    const [u, v] = forward(...end);
    return Math.hypot(u - x, v - y) / (1000 * kilometres([lon, lat], end));
  });
  return Math.max(1, ...ratios.filter(Number.isFinite));
}

function arcVectors(topology: Topology, arc: number, inverse: (x: number, y: number) => [number, number]): Float64Array {
  const known = vectorsOf(topology);
  let found = known[arc];
  if (!found) {
    const { x, y, start } = topology.arcs;
    found = known[arc] = new Float64Array(3 * (start[arc + 1] - start[arc]));
    for (let k = start[arc]; k < start[arc + 1]; k++) found.set(vector(inverse(x[k], y[k])), 3 * (k - start[arc]));
  }
  return found;
}

/** The nearest point of a line of points to one, by the straight way through the earth. */
function nearestOn(points: Float64Array, [cx, cy, cz]: Vector): { square: number; at: Vector } {
  let square = Infinity;
  let at: Vector = [0, 0, 0];
  for (let i = 0; i + 5 < points.length; i += 3) {
    const [ax, ay, az] = [points[i], points[i + 1], points[i + 2]];
    const [dx, dy, dz] = [points[i + 3] - ax, points[i + 4] - ay, points[i + 5] - az];
    const long = dx * dx + dy * dy + dz * dz;
    const along = long === 0 ? 0 : Math.max(0, Math.min(1, ((cx - ax) * dx + (cy - ay) * dy + (cz - az) * dz) / long));
    const [px, py, pz] = [ax + along * dx, ay + along * dy, az + along * dz];
    const away = (cx - px) ** 2 + (cy - py) ** 2 + (cz - pz) ** 2;
    if (away < square) [square, at] = [away, [px, py, pz]];
  }
  return { square, at };
}
