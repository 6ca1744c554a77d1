/** Coarser copies of the arcs for drawing at low zoom (Visvalingam: drop the vertex that changes least area). */
import { kept } from "../data/kept.ts";
import type { Lines } from "../data/lines.ts";
import type { Topology } from "../data/topology.ts";

/** For each vertex, the triangle area (m²) at which it is dropped; ends of arcs are never dropped. */
export function importance(lines: Lines): Float64Array {
  const weight = new Float64Array(lines.x.length).fill(Infinity);
  let longest = 0;
  for (let arc = 0; arc + 1 < lines.start.length; arc++) longest = Math.max(longest, lines.start[arc + 1] - lines.start[arc]);
  const desk = { before: new Int32Array(longest), after: new Int32Array(longest), heap: new Heap(longest) };
  for (let arc = 0; arc + 1 < lines.start.length; arc++) weighArc(lines, lines.start[arc], lines.start[arc + 1], weight, desk);
  return weight;
}

/** Room to work in, the same for every arc. */
interface Desk {
  before: Int32Array;
  after: Int32Array;
  heap: Heap;
}

function weighArc(lines: Lines, first: number, end: number, weight: Float64Array, { before, after, heap }: Desk): void {
  const count = end - first;
  if (count < 3) return;
  for (let i = 0; i < count; i++) {
    before[i] = i - 1;
    after[i] = i + 1;
  }
  const area = (i: number) => triangle(lines, first + before[i], first + i, first + after[i]);
  for (let i = 1; i < count - 1; i++) heap.push(i, area(i));
  let floor = 0;
  while (heap.size > 0) {
    const i = heap.pop();
    // Never less than what was dropped before it, so that any cut keeps a consistent set.
    floor = Math.max(floor, heap.popped);
    weight[first + i] = floor;
    const [left, right] = [before[i], after[i]];
    after[left] = right;
    before[right] = left;
    if (left > 0) heap.update(left, area(left));
    if (right < count - 1) heap.update(right, area(right));
  }
}

function triangle(lines: Lines, a: number, b: number, c: number): number {
  const { x, y } = lines;
  return Math.abs((x[a] - x[b]) * (y[c] - y[b]) - (y[a] - y[b]) * (x[c] - x[b])) / 2;
}

/** Binary heap of small integers by weight, smallest first, of equal weights the smaller integer; with a change of weight in place. */
class Heap {
  size = 0;
  popped = 0;
  private readonly items: Int32Array;
  private readonly at: Int32Array;
  private readonly weights: Float64Array;

  constructor(capacity: number) {
    this.items = new Int32Array(capacity);
    this.at = new Int32Array(capacity);
    this.weights = new Float64Array(capacity);
  }

  push(item: number, weight: number): void {
    this.weights[item] = weight;
    this.place(this.size, item);
    this.size += 1;
    this.rise(this.size - 1);
  }

  pop(): number {
    const top = this.items[0];
    this.popped = this.weights[top];
    this.size -= 1;
    if (this.size > 0) {
      this.place(0, this.items[this.size]);
      this.sink(0);
    }
    return top;
  }

  update(item: number, weight: number): void {
    this.weights[item] = weight;
    this.rise(this.at[item]);
    this.sink(this.at[item]);
  }

  private precedes(a: number, b: number): boolean {
    return this.weights[a] < this.weights[b] || (this.weights[a] === this.weights[b] && a < b);
  }

  private place(slot: number, item: number): void {
    this.items[slot] = item;
    this.at[item] = slot;
  }

  private rise(slot: number): void {
    const item = this.items[slot];
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!this.precedes(item, this.items[parent])) break;
      this.place(slot, this.items[parent]);
      slot = parent;
    }
    this.place(slot, item);
  }

  private sink(slot: number): void {
    const item = this.items[slot];
    for (;;) {
      let child = slot * 2 + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.precedes(this.items[child + 1], this.items[child])) child += 1;
      if (!this.precedes(this.items[child], item)) break;
      this.place(slot, this.items[child]);
      slot = child;
    }
    this.place(slot, item);
  }
}

/** The lines without the vertices that weigh less than `area`. */
export function thin(lines: Lines, weight: Float64Array, area: number): Lines {
  const x: number[] = [];
  const y: number[] = [];
  const start = new Uint32Array(lines.start.length);
  for (let arc = 0; arc + 1 < lines.start.length; arc++) {
    start[arc] = x.length;
    for (let k = lines.start[arc]; k < lines.start[arc + 1]; k++) {
      if (weight[k] >= area) {
        x.push(lines.x[k]);
        y.push(lines.y[k]);
      }
    }
  }
  start[lines.start.length - 1] = x.length;
  return { x: Float64Array.from(x), y: Float64Array.from(y), start };
}

/** Steps of detail: at a resolution of r metres per pixel, vertices that move the line by less than about half a pixel go. */
export class Detail {
  private weight: Float64Array | null = null;
  private readonly levels = new Map<number, Lines>();

  /** `hurried`: until `settle` by distance alone, which is many times as fast and looks the same for a moment. */
  constructor(
    private readonly lines: Lines,
    private hurried = false,
  ) {}

  at(resolution: number): Lines {
    const step = Math.floor(Math.log2(Math.max(resolution, 1)));
    if (step < 7) return this.lines;
    let level = this.levels.get(step);
    if (!level) {
      level = this.hurried ? spaced(this.lines, 2 ** step * 0.5) : thin(this.lines, (this.weight ??= importance(this.lines)), (2 ** step * 0.5) ** 2);
      this.levels.set(step, level);
    }
    return level;
  }

  settle(): void {
    if (!this.hurried) return;
    this.hurried = false;
    this.weight = importance(this.lines);
    this.levels.clear();
  }
}

/** The lines without the vertices that lie nearer than `away` to the last one kept; ends of arcs stay. */
export function spaced(lines: Lines, away: number): Lines {
  const x = new Float64Array(lines.x.length);
  const y = new Float64Array(lines.x.length);
  const start = new Uint32Array(lines.start.length);
  let count = 0;
  for (let arc = 0; arc + 1 < lines.start.length; arc++) {
    start[arc] = count;
    const last = lines.start[arc + 1] - 1;
    for (let k = lines.start[arc]; k <= last; k++) {
      const kept = count - 1;
      if (k !== last && count > start[arc] && (lines.x[k] - x[kept]) ** 2 + (lines.y[k] - y[kept]) ** 2 < away ** 2) continue;
      x[count] = lines.x[k];
      y[count] = lines.y[k];
      count += 1;
    }
  }
  start[lines.start.length - 1] = count;
  return { x: x.subarray(0, count), y: y.subarray(0, count), start };
}

/** The borders of a topology in steps of detail, the first ones in a hurry. */
export const detailOf = kept((topology: Topology) => new Detail(topology.arcs, true));
