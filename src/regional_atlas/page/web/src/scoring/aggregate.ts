/** Aggregation, as regional_atlas.scoring does it: from children to a node, weights re-scaled over what is present. */
import type { Aggregation, Column } from "../format.ts";

/** A mean: the mean of `to(value)`, taken back by `from`; `positive`: of values of 0 and more alone. */
interface Mean {
  to: (value: number) => number;
  from: (mean: number) => number;
  positive: boolean;
}

const MEANS: Readonly<Record<Aggregation, Mean>> = {
  arithmetic: { to: (value) => value, from: (mean) => mean, positive: false },
  geometric: { to: Math.log, from: Math.exp, positive: true },
};

export const AGGREGATIONS = Object.keys(MEANS) as Aggregation[];

export const needsPositive = (method: Aggregation): boolean => MEANS[method].positive;

/** Weighted mean of the columns, unit by unit; missing below the least share of the weight that must be present. */
export function weightedMean(columns: readonly Column[], weights: readonly number[], method: Aggregation, availability: number): Column {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Of the weights as shares, so that their size makes no difference.
  const least = (availability - 1e-12) * total;
  const count = columns[0]?.length ?? 0;
  const { to, from } = MEANS[method];
  const result = new Array<number | null>(count).fill(null);
  for (let unit = 0; unit < count; unit++) {
    let [sum, share] = [0, 0];
    for (let at = 0; at < columns.length; at++) {
      const value = columns[at][unit];
      if (value === null || weights[at] === 0) continue;
      sum += to(value) * weights[at];
      share += weights[at];
    }
    if (!(share > 0) || share < least) continue;
    result[unit] = from(sum / share);
  }
  return result;
}
