/** The same atlas in web mercator: positions anew, everything that is not a position as it was. */
import type { Atlas } from "../data/model.ts";
import { moved, type Topology } from "../data/topology.ts";
import type { Box, Spec } from "../format.ts";
import { detailOf } from "./detail.ts";
import { projectionOf } from "./projection.ts";
import { mercator, type Place } from "./sphere.ts";

type Drawn = Pick<Atlas, "topology"> & { view: Box; point: [number, number][]; places: Spec["places"] };

/** Kept for each geometry: weights change the atlas, not where it lies. */
const known = new WeakMap<Topology, Drawn>();

export function inMercator(atlas: Atlas): Atlas {
  let drawn = known.get(atlas.topology);
  if (!drawn) known.set(atlas.topology, (drawn = reprojected(atlas)));
  const { topology, view, point, places } = drawn;
  return { ...atlas, topology, spec: { ...atlas.spec, view, places }, store: { ...atlas.store, point } };
}

/** Brings longitudes to the turn around the middle of the map: what lies across 180° stays whole there. */
export function turnOf({ projection, view }: Pick<Spec, "projection" | "view">): (lon: number) => number {
  const [middle] = projectionOf(projection.proj4).inverse((view[0] + view[2]) / 2, (view[1] + view[3]) / 2);
  return (lon) => lon + 360 * Math.round((middle - lon) / 360);
}

/** Where a place of the map's projection lies in web mercator. */
export function mercatorOf(spec: Pick<Spec, "projection" | "view">): Place {
  const { inverse } = projectionOf(spec.projection.proj4);
  const turn = turnOf(spec);
  return (x, y) => {
    const [lon, lat] = inverse(x, y);
    return mercator(turn(lon), lat);
  };
}

function reprojected(atlas: Atlas): Drawn {
  const place = mercatorOf(atlas.spec);
  const topology = moved(atlas.topology, place);
  detailOf(topology).settle();
  const places = atlas.spec.places.map((city) => ({ ...city, point: place(...city.point) }));
  return { topology, view: viewOf(atlas, topology), point: atlas.store.point.map(([x, y]) => place(x, y)), places };
}

/** The box of what lies in the first view: its corners themselves may be far outside. */
function viewOf({ topology: { arcs }, spec: { view } }: Atlas, { arcs: now }: Topology): Box {
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < arcs.x.length; k++) {
    if (arcs.x[k] < view[0] || arcs.x[k] > view[2] || arcs.y[k] < view[1] || arcs.y[k] > view[3]) continue;
    xmin = Math.min(xmin, now.x[k]);
    ymin = Math.min(ymin, now.y[k]);
    xmax = Math.max(xmax, now.x[k]);
    ymax = Math.max(ymax, now.y[k]);
  }
  return [xmin, ymin, xmax, ymax];
}
