/** Outlines of parents and regions: the arcs whose two sides belong to different members. */
import type { Topology } from "../data/topology.ts";

/** Arcs between units of different groups. group[unit] is the unit's group, -1 for none. */
export function boundaryArcs(topology: Topology, group: ArrayLike<number>): Int32Array {
  const side = (unit: number) => (unit < 0 ? -1 : group[unit]);
  const arcs: number[] = [];
  for (let arc = 0; arc < topology.left.length; arc++) {
    if (side(topology.left[arc]) !== side(topology.right[arc])) arcs.push(arc);
  }
  return Int32Array.from(arcs);
}

/** Arcs around a set of units. */
export function outlineOf(topology: Topology, units: Iterable<number>): Int32Array {
  const group = new Int8Array(topology.rings.length).fill(-1);
  for (const unit of units) group[unit] = 0;
  return boundaryArcs(topology, group);
}

/** Arcs around any of several sets, which may overlap. */
export function outlinesOf(topology: Topology, sets: Iterable<number>[]): Int32Array {
  const arcs = new Set<number>();
  for (const set of sets) for (const arc of outlineOf(topology, set)) arcs.add(arc);
  return Int32Array.from(arcs).sort();
}

/** Arcs between two units: borders, not coasts. */
export function innerArcs(topology: Topology): Int32Array {
  const arcs: number[] = [];
  for (let arc = 0; arc < topology.left.length; arc++) {
    if (topology.left[arc] >= 0 && topology.right[arc] >= 0) arcs.push(arc);
  }
  return Int32Array.from(arcs);
}
