/** TopoJSON as flat typed arrays: arcs once, units as lists of rings of arcs. */
import type { Box } from "../data/spec.ts";

export interface TopoJson {
  type: "Topology";
  transform?: { scale: [number, number]; translate: [number, number] };
  arcs: [number, number][][];
  objects: { units: TopoObject; lines?: TopoObject };
}

type TopoObject =
  | { type: "GeometryCollection"; geometries: TopoObject[]; id?: string | number }
  | { type: "Polygon"; arcs: number[][]; id?: string | number }
  | { type: "MultiPolygon"; arcs: number[][][]; id?: string | number }
  | { type: "LineString"; arcs: number[]; id?: string | number }
  | { type: "MultiLineString"; arcs: number[][]; id?: string | number }
  | { type: null; id?: string | number };

/** Polylines: x and y of line i lie between start[i] and start[i + 1]. */
export interface Lines {
  x: Float64Array;
  y: Float64Array;
  start: Uint32Array;
}

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
}

export function decodeTopology(topo: TopoJson): Topology {
  const arcs = decodeArcs(topo);
  const units = topo.objects.units;
  if (units.type !== "GeometryCollection") throw new Error('The geometry has no collection "units".');
  const rings = units.geometries.map(ringsOf);
  const { left, right } = sides(rings, arcs.start.length - 1);
  const lines = topo.objects.lines;
  const arcBoxes = boxesOfArcs(arcs);
  return {
    arcs,
    rings,
    arcBoxes,
    boxes: boxesOf(rings, arcBoxes),
    left,
    right,
    drawn: Int32Array.from(lines ? arcsOf(lines) : [], (arc) => (arc < 0 ? ~arc : arc)),
  };
}

function decodeArcs(topo: TopoJson): Lines {
  const count = topo.arcs.reduce((sum, arc) => sum + arc.length, 0);
  const lines = { x: new Float64Array(count), y: new Float64Array(count), start: new Uint32Array(topo.arcs.length + 1) };
  const [kx, ky] = topo.transform?.scale ?? [1, 1];
  const [dx, dy] = topo.transform?.translate ?? [0, 0];
  let at = 0;
  topo.arcs.forEach((arc, i) => {
    lines.start[i] = at;
    let x = 0;
    let y = 0;
    for (const [px, py] of arc) {
      // A quantised arc holds steps, an unquantised one positions.
      x = topo.transform ? x + px : px;
      y = topo.transform ? y + py : py;
      lines.x[at] = x * kx + dx;
      lines.y[at] = y * ky + dy;
      at += 1;
    }
  });
  lines.start[topo.arcs.length] = at;
  return lines;
}

function ringsOf(object: TopoObject): Ring[] {
  switch (object.type) {
    case "Polygon":
      return object.arcs.map((ring) => Int32Array.from(ring));
    case "MultiPolygon":
      return object.arcs.flat().map((ring) => Int32Array.from(ring));
    case "GeometryCollection":
      return object.geometries.flatMap(ringsOf);
    default:
      return [];
  }
}

function arcsOf(object: TopoObject): number[] {
  switch (object.type) {
    case "LineString":
      return object.arcs;
    case "MultiLineString":
    case "Polygon":
      return object.arcs.flat();
    case "MultiPolygon":
      return object.arcs.flat(2);
    case "GeometryCollection":
      return object.geometries.flatMap(arcsOf);
    default:
      return [];
  }
}

function sides(rings: Ring[][], arcCount: number): { left: Int32Array; right: Int32Array } {
  const left = new Int32Array(arcCount).fill(-1);
  const right = new Int32Array(arcCount).fill(-1);
  rings.forEach((unitRings, unit) => {
    for (const ring of unitRings) {
      for (const arc of ring) {
        if (arc >= 0) left[arc] = unit;
        else right[~arc] = unit;
      }
    }
  });
  return { left, right };
}

function boxesOfArcs(arcs: Lines): Float64Array {
  const boxes = new Float64Array((arcs.start.length - 1) * 4);
  for (let arc = 0; arc + 1 < arcs.start.length; arc++) {
    let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = arcs.start[arc]; k < arcs.start[arc + 1]; k++) {
      xmin = Math.min(xmin, arcs.x[k]);
      ymin = Math.min(ymin, arcs.y[k]);
      xmax = Math.max(xmax, arcs.x[k]);
      ymax = Math.max(ymax, arcs.y[k]);
    }
    boxes.set([xmin, ymin, xmax, ymax], arc * 4);
  }
  return boxes;
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
