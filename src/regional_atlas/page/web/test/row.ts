import type { Geometry } from "../src/data/topology.ts";

/**
 * Three units in a row, A [0,10]×[0,10], B [10,20]×[0,10], C [20,30]×[0,10]; B has a hole [14,16]×[4,6].
 * Arcs: 0 outside of A, 1 A|B, 2 bottom of B, 3 B|C, 4 outside of C, 5 top of B, 6 the hole, 7 a line apart.
 */
export const ROW = geometryOf(
  [
    [[10, 10], [0, 10], [0, 0], [10, 0]],
    [[10, 0], [10, 10]],
    [[10, 0], [20, 0]],
    [[20, 0], [20, 10]],
    [[20, 0], [30, 0], [30, 10], [20, 10]],
    [[20, 10], [10, 10]],
    [[14, 4], [14, 6], [16, 6], [16, 4], [14, 4]],
    [[40, 0], [40, 10]],
  ],
  [[[0, 1]], [[2, 3, 5, ~1], [6]], [[4, ~3]]],
  [7],
);

export function geometryOf(arcs: [number, number][][], units: number[][][], lines: number[] = []): Geometry {
  return {
    scale: [1, 1],
    translate: [0, 0],
    arc_sizes: arcs.map((arc) => arc.length),
    x: arcs.flat().map(([x]) => x),
    y: arcs.flat().map(([, y]) => y),
    unit_rings: units.map((rings) => rings.length),
    ring_sizes: units.flat().map((ring) => ring.length),
    refs: units.flat(2),
    lines,
    context: null,
  };
}
