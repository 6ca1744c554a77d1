/**
 * Breaks and class numbers of every scheme, as regional_atlas.classes defines them: tests/shared/classify.json
 * holds both to the same bits. Breaks are upper bounds; a value equal to one belongs to the class below it.
 */
import { classStarts } from "./jenks.ts";

export const SCHEMES = ["quantile", "fisher_jenks", "equal_interval", "log", "head_tail", "manual"] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface Classing {
  scheme: Scheme;
  /** Number of classes; `manual` has those of its bounds. */
  k: number;
  /** Ascending and different. */
  manual?: readonly number[];
  /** Bounds are those of the distances from here, the same on both sides. */
  middle?: number | null;
}

/** Different values up to which Fisher–Jenks is exact; of more, neighbours are taken together. */
export const MOST_DISTINCT = 100_000;

/** The class of a value: the lowest is open downwards, the highest upwards. */
export function classOf(value: number, breaks: readonly number[]): number {
  const at = breaks.findIndex((bound) => value <= bound);
  return at < 0 ? breaks.length - 1 : at;
}

/** In per cent of the value before, where that is above 0. */
export function percentChange(before: number, after: number): number | null {
  return before > 0 ? (100 * (after - before)) / before : null;
}

/** Upper bounds of the classes of values in any order, ascending and different. */
export function breaksOf(values: Iterable<number>, { scheme, k, manual = [], middle = null }: Classing): number[] {
  // Adding 0 makes -0 and 0 one value.
  const held = Float64Array.from(values, (value) => value + 0).sort();
  if (held.length === 0) return [];
  return middle === null ? bounds(held, scheme, k, manual) : around(held, middle, scheme, k, manual);
}

export function ascending(bounds: readonly number[]): number[] {
  return [...new Set(bounds)].sort((a, b) => a - b);
}

export function distinctOf(sorted: Float64Array): Float64Array {
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

const last = (sorted: ArrayLike<number>): number => sorted[sorted.length - 1];

const most = (held: Float64Array): number => Math.max(-held[0], last(held));

function bounds(held: Float64Array, scheme: Scheme, k: number, manual: readonly number[]): number[] {
  const top = last(held);
  if (scheme === "manual") return last(manual) >= top ? [...manual] : [...manual, top];
  const inner = INNER[scheme](held, Math.min(k, distinctOf(held).length));
  return [...ascending(inner.filter((bound) => bound < top)), top];
}

function around(held: Float64Array, middle: number, scheme: Scheme, k: number, manual: readonly number[]): number[] {
  const distances = held.map((value) => Math.abs(value - middle)).sort();
  const far = scheme === "equal_interval" ? Float64Array.of(0, ...distances) : distances;
  const odd = k % 2 === 1;
  const found = bounds(far, scheme, Math.ceil(k / 2), manual);
  const inner = found.slice(0, -1);
  const both = [...inner.map((bound) => middle - bound).reverse(), ...(odd && inner.length > 0 ? [] : [middle]), ...inner.map((bound) => middle + bound)];
  const near = snapped(both, held, Math.max(most(held), Math.abs(middle)));
  return ascending([...near, last(held) > last(near) ? last(held) : middle + last(found)]);
}

/** The value itself where a bound misses it by the rounding of doubles alone. */
function snapped(bounds: readonly number[], held: Float64Array, most: number): number[] {
  return bounds.map((bound) => {
    const first = held.findIndex((value) => value >= bound);
    const above = first < 0 ? held.length - 1 : first;
    const near = [held[above], held[Math.max(above - 1, 0)]];
    return near.reduce((found, value) => (Math.abs(value - found) > 4 * 2 ** -52 * most ? found : value), bound);
  });
}

/** The bounds of sorted values but the last, for up to as many classes as there are values. */
const INNER: Record<Exclude<Scheme, "manual">, (held: Float64Array, k: number) => number[]> = {
  quantile: (held, k) => upTo(k).map((i) => quantile(held, i, k)),
  fisher_jenks: fisherJenks,
  equal_interval: (held, k) => {
    const range = last(held) - held[0];
    return snapped(upTo(k).map((i) => held[0] + (range * i) / k), held, most(held));
  },
  log: logSteps,
  head_tail: headTail,
};

/** 1, 2, … k − 1. */
const upTo = (k: number): number[] => Array.from({ length: k - 1 }, (_, i) => i + 1);

/** The quantile i / k; between two values it stays below the upper one. */
function quantile(held: Float64Array, i: number, k: number): number {
  const place = i * (held.length - 1);
  const [at, rest] = [Math.floor(place / k), place % k];
  const [low, high] = [held[at], held[Math.min(at + 1, held.length - 1)]];
  const between = low + (high - low) * (rest / k);
  return rest === 0 || between >= high ? low : between;
}

const LOG_SERIES = [[1, 2, 5], [1, 3], [1]];

function logSteps(held: Float64Array, k: number): number[] {
  const positive = held.filter((value) => value > 0);
  if (positive.length === 0) return [];
  const low = quantile(held, 2, 5);
  let steps: number[] = [];
  for (const series of LOG_SERIES) {
    steps = stepsBelow(last(positive), series, k - 1);
    if (steps.length > 0 && steps[0] <= low) break;
  }
  return steps.filter((step) => step >= positive[0]);
}

function stepsBelow(top: number, series: readonly number[], count: number): number[] {
  const power = Number(top.toExponential().split("e")[1]);
  const powers = Array.from({ length: count + 1 }, (_, i) => power - count + i);
  const below = powers.flatMap((exponent) => series.map((step) => Number(`${step}e${exponent}`))).filter((step) => step < top);
  return below.slice(below.length - count);
}

function headTail(held: Float64Array, k: number): number[] {
  const found: number[] = [];
  let tail = held;
  while (found.length < k - 1 && tail.length > 0 && tail[0] < last(tail)) {
    const sum = tail.reduce((total, value) => total + (value - tail[0]), 0);
    const [mean] = snapped([tail[0] + sum / tail.length], tail, most(tail));
    found.push(mean);
    tail = tail.filter((value) => value > mean);
  }
  return found;
}

function fisherJenks(held: Float64Array, k: number): number[] {
  const distinct = distinctOf(held);
  const run = Math.ceil(distinct.length / MOST_DISTINCT);
  const firsts = distinct.filter((_, i) => i % run === 0);
  const counts = new Float64Array(firsts.length);
  let at = 0;
  for (const value of held) {
    if (at + 1 < firsts.length && value >= firsts[at + 1]) at += 1;
    counts[at] += 1;
  }
  return classStarts(firsts, counts, k)
    .slice(1)
    .map((start) => distinct[start * run - 1]);
}
