/** What is in each class, and the places of values. */

/** Marks in a class column: no value (hatched), and on the paper's own tint. */
export const NO_DATA = -1;
export const PAPER = -2;

/** How many entries of a class column are in each class, and how many have no data. */
export function countClasses(classes: ArrayLike<number>, size: number): { counts: number[]; missing: number; paper: number } {
  const counts = new Array<number>(size).fill(0);
  let missing = 0;
  let paper = 0;
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === NO_DATA) missing += 1;
    else if (classes[i] === PAPER) paper += 1;
    else counts[classes[i]] += 1;
  }
  return { counts, missing, paper };
}

/** To twelve significant digits of the largest: values that differ by the rounding of sums alone become equal. */
export function settled(values: readonly (number | null)[]): (number | null)[] {
  const most = values.reduce<number>((found, value) => Math.max(found, Math.abs(value ?? 0)), 0);
  const step = Number(`1e${most > 0 ? 12 - Math.ceil(Math.log10(most)) : 0}`);
  if (step === 0 || !Number.isFinite(step)) return [...values];
  return values.map((value) => (value === null ? null : Math.round(value * step) / step));
}

/** Competition ranks, largest first: equal values share the better rank. */
export function descendingRanks(scores: readonly (number | null)[]): (number | null)[] {
  const values = settled(scores);
  const order = values.flatMap((value, i) => (value === null ? [] : [i])).sort((a, b) => values[b]! - values[a]!);
  const ranks = new Array<number | null>(values.length).fill(null);
  order.forEach((unit, position) => {
    const before = order[position - 1];
    ranks[unit] = position > 0 && values[before] === values[unit] ? ranks[before] : position + 1;
  });
  return ranks;
}
