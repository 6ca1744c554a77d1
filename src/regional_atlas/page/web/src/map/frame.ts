/** Tracing geometry onto a canvas: one frame is one canvas at one position and scale. */
import type { Box } from "../format.ts";
import type { Paths } from "../data/surroundings.ts";
import type { Lines } from "../data/lines.ts";
import type { Ring, Topology } from "../data/topology.ts";

export interface Frame {
  ctx: CanvasRenderingContext2D;
  /** Canvas size in CSS pixels. */
  width: number;
  height: number;
  /** Pixels per metre; canvas x = metres x · scale + dx, canvas y = −metres y · scale + dy. */
  scale: number;
  dx: number;
  dy: number;
  /** What is inside the canvas, in metres. */
  box: Box;
  lines: Lines;
}

export function makeFrame(ctx: CanvasRenderingContext2D, width: number, height: number, scale: number, x0: number, y0: number, lines: Lines): Frame {
  return {
    ctx,
    width,
    height,
    scale,
    dx: -x0 * scale,
    dy: y0 * scale,
    box: [x0, y0 - height / scale, x0 + width / scale, y0],
    lines,
  };
}

function outside(frame: Frame, boxes: Float64Array, i: number): boolean {
  const [xmin, ymin, xmax, ymax] = frame.box;
  return boxes[i] > xmax || boxes[i + 2] < xmin || boxes[i + 1] > ymax || boxes[i + 3] < ymin;
}

/** Adds a unit's rings to the current path, to be filled. They end where they began; closePath, on a path of thousands of rings, takes seconds. */
export function traceUnit(frame: Frame, topology: Topology, unit: number): void {
  if (!outside(frame, topology.boxes, unit * 4)) traceRings(frame, topology.rings[unit]);
}

/** Whether the window shows most of the units, so that little is gained by leaving out the others. */
export function showsMost(frame: Frame, topology: Topology): boolean {
  const units = topology.rings.length;
  let shown = 0;
  for (let unit = 0; unit < units; unit++) if (!outside(frame, topology.boxes, unit * 4)) shown += 1;
  return shown > units / 2;
}

/** Adds rings to the current path, to be filled. */
export function traceRings(frame: Frame, rings: readonly Ring[]): void {
  const { ctx, scale, dx, dy } = frame;
  const { x, y, start } = frame.lines;
  for (const ring of rings) {
    let first = true;
    for (const ref of ring) {
      const forwards = ref >= 0;
      const arc = forwards ? ref : ~ref;
      const [from, end] = [start[arc], start[arc + 1]];
      if (first) {
        const k = forwards ? from : end - 1;
        ctx.moveTo(x[k] * scale + dx, dy - y[k] * scale);
        first = false;
      }
      if (forwards) for (let k = from + 1; k < end; k++) ctx.lineTo(x[k] * scale + dx, dy - y[k] * scale);
      else for (let k = end - 2; k >= from; k--) ctx.lineTo(x[k] * scale + dx, dy - y[k] * scale);
    }
  }
}

/** Pixels that a position must lie from the one before to be drawn. */
const APART = 0.4;

/** Adds rings or lines that stand beside the units to the current path; false: none can be seen. */
export function tracePaths(frame: Frame, paths: Paths): boolean {
  const { ctx, scale, dx, dy } = frame;
  const { x, y, start, boxes } = paths;
  let any = false;
  for (let path = 0; path + 1 < start.length; path++) {
    if (start[path] === start[path + 1] || outside(frame, boxes, path * 4)) continue;
    any = true;
    const last = start[path + 1] - 1;
    let [px, py] = [x[start[path]] * scale + dx, dy - y[start[path]] * scale];
    ctx.moveTo(px, py);
    for (let k = start[path] + 1; k <= last; k++) {
      const [qx, qy] = [x[k] * scale + dx, dy - y[k] * scale];
      if (k < last && Math.abs(qx - px) + Math.abs(qy - py) < APART) continue;
      ctx.lineTo((px = qx), (py = qy));
    }
  }
  return any;
}

/** Adds arcs to the current path as open lines. */
export function traceArcs(frame: Frame, topology: Topology, arcs: ArrayLike<number>): void {
  const { ctx, scale, dx, dy } = frame;
  const { x, y, start } = frame.lines;
  for (let i = 0; i < arcs.length; i++) {
    const arc = arcs[i];
    if (outside(frame, topology.arcBoxes, arc * 4)) continue;
    let k = start[arc];
    ctx.moveTo(x[k] * scale + dx, dy - y[k] * scale);
    for (k += 1; k < start[arc + 1]; k++) ctx.lineTo(x[k] * scale + dx, dy - y[k] * scale);
  }
}
