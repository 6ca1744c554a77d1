/** Normalisation, as regional_atlas.scoring does it: indicators on one scale, missing values left missing. */
import type { Column, Normalisation } from "../format.ts";

export interface Scale {
  method: Normalisation;
  low: number;
  high: number;
}

/** A method, and whether it gives values below 0 of a scale from 0. */
interface Method {
  of: (directed: Column, low: number, high: number) => Column;
  signed: boolean;
}

const METHODS: Readonly<Record<Normalisation, Method>> = {
  percentile_rank: { of: percentileRank, signed: false },
  min_max: { of: minMax, signed: false },
  z_score: { of: zScore, signed: true },
};

export const NORMALISATIONS = Object.keys(METHODS) as Normalisation[];

/** Whether a scale has values below 0, of which some means are not defined. */
export const belowZero = ({ method, low }: Scale): boolean => METHODS[method].signed || low < 0;

/** One indicator so that more is better: turned round first where less is better. */
export function normalise(values: Column, direction: 1 | -1, { method, low, high }: Scale): Column {
  const directed = values.map((value) => (value === null ? null : value * direction));
  return METHODS[method].of(directed, low, high);
}

/** Ranks spread evenly from low to high; ties share the mean of their ranks, a single value becomes the middle. */
export function percentileRank(values: Column, low: number, high: number): Column {
  const order = present(values).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number | null>(values.length).fill(null);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to += 1;
    const rank = (from + 1 + to) / 2;
    const share = order.length > 1 ? (rank - 1) / (order.length - 1) : 0.5;
    for (let at = from; at < to; at++) result[order[at]] = low + (high - low) * share;
    from = to;
  }
  return result;
}

function minMax(values: Column, low: number, high: number): Column {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const spread = highest - lowest;
  return values.map((value) => (value === null || !(spread > 0) ? null : low + ((high - low) * (value - lowest)) / spread));
}

function zScore(values: Column): Column {
  const units = present(values);
  const differ = units.some((unit) => values[unit] !== values[units[0]]);
  const mean = units.reduce((sum, unit) => sum + values[unit]!, 0) / units.length;
  const squares = units.reduce((sum, unit) => sum + (values[unit]! - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (units.length - 1));
  return values.map((value) => (value === null || !differ ? null : (value - mean) / deviation));
}

function present(values: Column): number[] {
  return values.flatMap((value, unit) => (value === null ? [] : [unit]));
}
