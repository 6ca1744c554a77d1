/** The geometry as flat typed arrays: arcs once, units as lists of rings of arcs. */
import type { Box, Geometry as Block } from "../format.ts";
import { boxesOfArcs, type Lines } from "./lines.ts";
import { decodeSurroundings, movedSurroundings, type Context, type Surroundings } from "./surroundings.ts";

/** The block of the page; its columns may be typed arrays. */
export type Geometry = { readonly [K in Exclude<keyof Block, "context">]: ArrayLike<number> } & { readonly context: Context | null };

/** A ring is a list of arc references; a negative one, ~a, is arc a run backwards. */
export type Ring = Int32Array;

export interface Topology {
  arcs: Lines;
  rings: Ring[][];
  /** Box of each arc and of each unit, four numbers each. */
  arcBoxes: Float64Array;
  boxes: Float64Array;
  /** The unit on either side of each arc; -1: outside. */
  left: Int32Array;
  right: Int32Array;
  /** Arcs drawn as lines of their own, such as maritime lines. */
  drawn: Int32Array;
  /** What is drawn around and over the units; null: nothing. */
  around: Surroundings | null;
}

export function decodeTopology(geometry: Geometry): Topology {
  const arcs = arcsOf(geometry);
  const rings = ringsOf(geometry);
  const { left, right } = sides(rings, arcs.start.length - 1);
  const arcBoxes = boxesOfArcs(arcs);
  return { arcs, rings, arcBoxes, boxes: boxesOf(rings, arcBoxes), left, right, drawn: Int32Array.from(geometry.lines), around: decodeSurroundings(geometry.context) };
}

/** The same borders at other positions. */
export function moved(topology: Topology, place: (x: number, y: number) => [number, number]): Topology {
  const { x, y, start } = topology.arcs;
  const arcs = { x: new Float64Array(x.length), y: new Float64Array(y.length), start };
  for (let k = 0; k < x.length; k++) [arcs.x[k], arcs.y[k]] = place(x[k], y[k]);
  const arcBoxes = boxesOfArcs(arcs);
  return { ...topology, arcs, arcBoxes, boxes: boxesOf(topology.rings, arcBoxes), around: movedSurroundings(topology.around, place) };
}

/** Some units alone, and what is drawn beside them, at other positions; the others keep their number and are nowhere. */
export function movedPart(topology: Topology, units: readonly number[], place: (x: number, y: number) => [number, number]): Topology {
  const own = new Set(units);
  const rings = topology.rings.map((held, unit) => (own.has(unit) ? held : []));
  const wanted = new Set([...rings.flat().flatMap((ring) => Array.from(ring, (ref) => (ref < 0 ? ~ref : ref))), ...topology.drawn]);
  const [x, y]: [number[], number[]] = [[], []];
  const start = new Uint32Array(topology.arcs.start.length);
  for (let arc = 0; arc + 1 < start.length; arc++) {
    if (wanted.has(arc)) {
      for (let k = topology.arcs.start[arc]; k < topology.arcs.start[arc + 1]; k++) {
        const [east, north] = place(topology.arcs.x[k], topology.arcs.y[k]);
        x.push(east);
        y.push(north);
      }
    }
    start[arc + 1] = x.length;
  }
  const arcs = { x: Float64Array.from(x), y: Float64Array.from(y), start };
  const arcBoxes = boxesOfArcs(arcs);
  const [left, right] = [topology.left, topology.right].map((side) => side.map((unit) => (own.has(unit) ? unit : -1)));
  return { ...topology, arcs, rings, arcBoxes, boxes: boxesOf(rings, arcBoxes), left, right, around: movedSurroundings(topology.around, place) };
}

function arcsOf({ scale, translate, arc_sizes: sizes, x, y }: Geometry): Lines {
  const start = new Uint32Array(sizes.length + 1);
  for (let arc = 0; arc < sizes.length; arc++) start[arc + 1] = start[arc] + sizes[arc];
  return { x: placed(x, scale[0], translate[0]), y: placed(y, scale[1], translate[1]), start };
}

function placed(steps: ArrayLike<number>, scale: number, first: number): Float64Array {
  const metres = new Float64Array(steps.length);
  for (let k = 0; k < steps.length; k++) metres[k] = steps[k] * scale + first;
  return metres;
}

function ringsOf({ unit_rings: counts, ring_sizes: sizes, refs }: Geometry): Ring[][] {
  const all = Int32Array.from(refs);
  const units: Ring[][] = [];
  let ring = 0;
  let ref = 0;
  for (let unit = 0; unit < counts.length; unit++) {
    const rings: Ring[] = [];
    for (let i = 0; i < counts[unit]; i++) rings.push(all.subarray(ref, (ref += sizes[ring++])));
    units.push(rings);
  }
  return units;
}

function sides(rings: Ring[][], arcCount: number): { left: Int32Array; right: Int32Array } {
  const left = new Int32Array(arcCount).fill(-1);
  const right = new Int32Array(arcCount).fill(-1);
  rings.forEach((unitRings, unit) => {
    for (const ring of unitRings) {
      for (let i = 0; i < ring.length; i++) {
        if (ring[i] >= 0) left[ring[i]] = unit;
        else right[~ring[i]] = unit;
      }
    }
  });
  return { left, right };
}

function boxesOf(rings: Ring[][], arcBoxes: Float64Array): Float64Array {
  const boxes = new Float64Array(rings.length * 4);
  rings.forEach((unitRings, unit) => {
    let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of unitRings) {
      for (const ref of ring) {
        const at = (ref < 0 ? ~ref : ref) * 4;
        xmin = Math.min(xmin, arcBoxes[at]);
        ymin = Math.min(ymin, arcBoxes[at + 1]);
        xmax = Math.max(xmax, arcBoxes[at + 2]);
        ymax = Math.max(ymax, arcBoxes[at + 3]);
      }
    }
    boxes.set([xmin, ymin, xmax, ymax], unit * 4);
  });
  return boxes;
}

export function unitBox(topology: Topology, unit: number): Box {
  const [xmin, ymin, xmax, ymax] = topology.boxes.subarray(unit * 4, unit * 4 + 4);
  return [xmin, ymin, xmax, ymax];
}

export function boxOfUnits(topology: Topology, units: Iterable<number>): Box | null {
  let box: Box | null = null;
  for (const unit of units) {
    const next = unitBox(topology, unit);
    if (next[0] > next[2]) continue;
    box = box
      ? [Math.min(box[0], next[0]), Math.min(box[1], next[1]), Math.max(box[2], next[2]), Math.max(box[3], next[3])]
      : next;
  }
  return box;
}
