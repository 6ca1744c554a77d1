/** Exact Fisher–Jenks: the partition of numbers into k classes with the least sum of squares within the classes. */

/** Upper bounds of the classes, ascending; fewer than k where there are fewer different values. */
export function fisherJenks(values: readonly number[], k: number): number[] {
  const { distinct, cost } = costs(values);
  const n = distinct.length;
  if (n === 0) return [];
  const classes = Math.min(k, n);
  let best = Float64Array.from({ length: n }, (_, end) => cost(0, end));
  const starts: Int32Array[] = [];
  for (let used = 2; used <= classes; used++) {
    const next = new Float64Array(n).fill(Infinity);
    const start = new Int32Array(n);
    fill(best, next, start, cost, used - 1, n - 1, used - 1, n - 1);
    starts.push(start);
    best = next;
  }
  const bounds = [distinct[n - 1]];
  let end = n - 1;
  for (const start of starts.reverse()) {
    end = start[end] - 1;
    bounds.push(distinct[end]);
  }
  return bounds.reverse();
}

type Cost = (from: number, to: number) => number;

/** The best start of the last class moves only forwards with its end, so that the middle's start halves the search. */
function fill(best: Float64Array, next: Float64Array, start: Int32Array, cost: Cost, low: number, high: number, from: number, to: number): void {
  if (low > high) return;
  const middle = (low + high) >> 1;
  let [least, at] = [Infinity, from];
  for (let first = from; first <= Math.min(middle, to); first++) {
    const sum = best[first - 1] + cost(first, middle);
    if (sum < least) [least, at] = [sum, first];
  }
  next[middle] = least;
  start[middle] = at;
  fill(best, next, start, cost, low, middle - 1, from, at);
  fill(best, next, start, cost, middle + 1, high, at, to);
}

/** Sums from the left, of values less their mean: squares of large numbers would swallow the differences. */
function costs(values: readonly number[]): { distinct: number[]; cost: Cost } {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / (sorted.length || 1);
  const distinct: number[] = [];
  const [weight, first, second] = [[0], [0], [0]];
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
    const value = sorted[from] - mean;
    const at = distinct.length;
    distinct.push(sorted[from]);
    weight.push(weight[at] + to - from);
    first.push(first[at] + value * (to - from));
    second.push(second[at] + value * value * (to - from));
    from = to;
  }
  const cost: Cost = (from, to) => {
    const sum = first[to + 1] - first[from];
    return second[to + 1] - second[from] - (sum * sum) / (weight[to + 1] - weight[from]);
  };
  return { distinct, cost };
}
