/** Which unit is at a point: a grid of boxes, then point in polygon on the full geometry. */
import { kept } from "../data/kept.ts";
import type { Topology } from "../data/topology.ts";

const CELLS = 128;

export class HitIndex {
  private readonly cells: Int32Array[];
  private readonly origin: [number, number];
  private readonly size: [number, number];

  constructor(private readonly topology: Topology) {
    const { boxes } = topology;
    const units = boxes.length / 4;
    let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < boxes.length; i += 4) {
      xmin = Math.min(xmin, boxes[i]);
      ymin = Math.min(ymin, boxes[i + 1]);
      xmax = Math.max(xmax, boxes[i + 2]);
      ymax = Math.max(ymax, boxes[i + 3]);
    }
    this.origin = [xmin, ymin];
    this.size = [(xmax - xmin) / CELLS || 1, (ymax - ymin) / CELLS || 1];
    const lists: number[][] = Array.from({ length: CELLS * CELLS }, () => []);
    for (let unit = 0; unit < units; unit++) {
      const [x0, y0, x1, y1] = boxes.subarray(unit * 4, unit * 4 + 4);
      if (x0 > x1) continue;
      const [c0, r0] = this.cell(x0, y0);
      const [c1, r1] = this.cell(x1, y1);
      for (let row = r0; row <= r1; row++) for (let column = c0; column <= c1; column++) lists[row * CELLS + column].push(unit);
    }
    this.cells = lists.map((list) => Int32Array.from(list));
  }

  /** The unit that holds the point, or -1. */
  at(x: number, y: number): number {
    const [column, row] = this.cell(x, y);
    const { boxes } = this.topology;
    for (const unit of this.cells[row * CELLS + column]) {
      const i = unit * 4;
      if (x < boxes[i] || x > boxes[i + 2] || y < boxes[i + 1] || y > boxes[i + 3]) continue;
      if (contains(this.topology, unit, x, y)) return unit;
    }
    return -1;
  }

  private cell(x: number, y: number): [number, number] {
    const clamp = (value: number) => Math.min(CELLS - 1, Math.max(0, Math.floor(value)));
    return [clamp((x - this.origin[0]) / this.size[0]), clamp((y - this.origin[1]) / this.size[1])];
  }
}

/** Even-odd rule over all rings of a unit, so that holes are outside. */
export function contains(topology: Topology, unit: number, px: number, py: number): boolean {
  const { x, y, start } = topology.arcs;
  let inside = false;
  for (const ring of topology.rings[unit]) {
    for (const ref of ring) {
      const arc = ref < 0 ? ~ref : ref;
      for (let k = start[arc]; k + 1 < start[arc + 1]; k++) {
        if (y[k] > py !== y[k + 1] > py && px < ((x[k + 1] - x[k]) * (py - y[k])) / (y[k + 1] - y[k]) + x[k]) inside = !inside;
      }
    }
  }
  return inside;
}

/** Made when the pointer is first on a map, or when nothing else waits: the opening does not wait for it. */
export const hitsOf = kept((topology: Topology) => new HitIndex(topology));
