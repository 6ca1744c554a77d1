/** What is drawn around and over the units: rings and lines in projected metres. */
import type { Context as Block, Paths as Packed } from "../format.ts";
import { boxesOfArcs, type Lines } from "./lines.ts";

type Columns = { readonly [K in keyof Packed]: ArrayLike<number> };
const LAYERS = ["land", "lakes", "rivers", "graticule"] as const;
type Layer = (typeof LAYERS)[number];

/** The block of the page; its columns may be typed arrays. */
export type Context = Pick<Block, "scale"> & Readonly<Record<Layer, Columns>>;

export interface Paths extends Lines {
  /** Box of each path, four numbers each. */
  boxes: Float64Array;
}

export type Surroundings = Readonly<Record<Layer, Paths>>;

const each = (make: (layer: Layer) => Paths) => Object.fromEntries(LAYERS.map((layer) => [layer, make(layer)])) as Record<Layer, Paths>;

export function decodeSurroundings(context: Context | null): Surroundings | null {
  return context && each((layer) => decoded(context[layer], context.scale));
}

/** The same at other positions; what has no place there is left out. */
export function movedSurroundings(around: Surroundings | null, place: (x: number, y: number) => [number, number]): Surroundings | null {
  return around && each((layer) => moved(around[layer], place));
}

function decoded({ sizes, x, y }: Columns, scale: number): Paths {
  const start = new Uint32Array(sizes.length + 1);
  for (let path = 0; path < sizes.length; path++) start[path + 1] = start[path] + sizes[path];
  const metres = (steps: ArrayLike<number>) => Float64Array.from(steps, (step) => step * scale);
  return boxed({ x: metres(x), y: metres(y), start });
}

function moved(paths: Paths, place: (x: number, y: number) => [number, number]): Paths {
  const [x, y]: [number[], number[]] = [[], []];
  const start = new Uint32Array(paths.start.length);
  for (let path = 0; path + 1 < start.length; path++) {
    for (let k = paths.start[path]; k < paths.start[path + 1]; k++) {
      const [east, north] = place(paths.x[k], paths.y[k]);
      if (!Number.isFinite(east) || !Number.isFinite(north)) continue;
      x.push(east);
      y.push(north);
    }
    start[path + 1] = x.length;
  }
  return boxed({ x: Float64Array.from(x), y: Float64Array.from(y), start });
}

const boxed = (lines: Lines): Paths => ({ ...lines, boxes: boxesOfArcs(lines) });
