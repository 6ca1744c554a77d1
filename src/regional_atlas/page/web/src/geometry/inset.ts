/** Each inset in its own projection: its units there, and how places there lie on the map. */
import { kept } from "../data/kept.ts";
import { movedPart, type Topology } from "../data/topology.ts";
import type { Inset, Spec } from "../format.ts";
import { projectionOf } from "./projection.ts";
import type { Place } from "./sphere.ts";

const held = kept((topology: Topology) => ({ topology, insets: new WeakMap<Inset, Topology>() }));

/** The units of an inset, where its projection has them. */
export function insetTopology(topology: Topology, spec: Spec, inset: Inset): Topology {
  const { insets } = held(topology);
  if (!insets.has(inset)) {
    const { inverse } = projectionOf(spec.projection.proj4);
    const { forward } = projectionOf(inset.proj4);
    insets.set(inset, movedPart(topology, inset.units, (x, y) => forward(...inverse(x, y))));
  }
  return insets.get(inset)!;
}

/** Where a place of the inset lies in the map's projection. */
export function onMap(spec: Spec, inset: Inset): Place {
  const { inverse } = projectionOf(inset.proj4);
  const { forward } = projectionOf(spec.projection.proj4);
  return (x, y) => forward(...inverse(x, y));
}
