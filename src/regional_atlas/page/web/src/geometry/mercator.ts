/** The same atlas in web mercator: positions anew, everything that is not a position as it was. */
import type { Atlas } from "../data/model.ts";
import { moved, type Topology } from "../data/topology.ts";
import type { Box } from "../format.ts";
import { detailOf } from "./detail.ts";
import { projectionOf } from "./projection.ts";
import { mercator, type Place } from "./sphere.ts";

type Drawn = Pick<Atlas, "topology"> & { view: Box; point: [number, number][] };

/** Kept for each geometry: weights change the atlas, not where it lies. */
const known = new WeakMap<Topology, Drawn>();

export function inMercator(atlas: Atlas): Atlas {
  let drawn = known.get(atlas.topology);
  if (!drawn) known.set(atlas.topology, (drawn = reprojected(atlas)));
  const { topology, view, point } = drawn;
  return { ...atlas, topology, spec: { ...atlas.spec, view }, store: { ...atlas.store, point } };
}

function reprojected(atlas: Atlas): Drawn {
  const { inverse } = projectionOf(atlas.spec.projection.proj4);
  const place: Place = (x, y) => mercator(...inverse(x, y));
  const topology = moved(atlas.topology, place);
  detailOf(topology).settle();
  return { topology, view: viewOf(atlas, topology), point: atlas.store.point.map(([x, y]) => place(x, y)) };
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
