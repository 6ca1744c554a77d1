/** Exact Fisher–Jenks, as regional_atlas.classes.jenks finds it: the same sums in the same order, to the bit. */

/** Sums of squares that differ by no more than this share count as equal. */
const TIE = 1e-12;

/**
 * The first of each of the k runs of ascending, different values with the least squares within;
 * of equally good ones the last run starts at the lowest value, then the last but one, and so on.
 */
export function classStarts(distinct: Float64Array, counts: Float64Array, k: number): number[] {
  const n = distinct.length;
  const squares = squaresOf(distinct, counts);
  let best = Float64Array.from(distinct, (_, end) => squares(0, end));
  const chosen: Int32Array[] = [];
  for (let row = 1; row < k; row++) {
    const next = new Float64Array(n).fill(Infinity);
    const start = new Int32Array(n);
    const top = row === k - 1 ? n - 1 : n - k + row;
    fill({ before: best, best: next, start, squares, sums: new Float64Array(n) }, row === k - 1 ? top : row, top, row, top);
    chosen.push(start);
    best = next;
  }
  const starts: number[] = [];
  let end = n - 1;
  for (const start of chosen.reverse()) {
    starts.push(start[end]);
    end = start[end] - 1;
  }
  return [...starts, 0].reverse();
}

type Squares = (first: number, last: number) => number;

interface Row {
  before: Float64Array;
  best: Float64Array;
  start: Int32Array;
  squares: Squares;
  sums: Float64Array;
}

/** The best start of the last run moves only upwards with its end, so that the middle's start halves the search. */
function fill(row: Row, low: number, high: number, first: number, last: number): void {
  if (low > high) return;
  const { before, best, start, squares, sums } = row;
  const end = (low + high) >> 1;
  let least = Infinity;
  for (let at = first; at <= Math.min(end, last); at++) {
    sums[at] = squares(at, end) + before[at - 1];
    if (sums[at] < least) least = sums[at];
  }
  let at = first;
  while (sums[at] > least * (1 + TIE)) at += 1;
  best[end] = least;
  start[end] = at;
  fill(row, low, end - 1, first, at);
  fill(row, end + 1, high, at, last);
}

/** Squared deviations within a run, which is cut where its two ends part in the binary tree of positions. */
function squaresOf(given: Float64Array, counts: Float64Array): Squares {
  const n = given.length;
  const depth = Math.max(1, 32 - Math.clz32(n - 1));
  const size = 2 ** depth;
  const exponent = Math.ceil(Math.log2(Math.max(-given[0], given[n - 1])));
  const scale = 2 ** -Math.min(Math.max(exponent, -1000), 1000);
  const values = given.map((value) => value * scale);
  const [mean, squares, weight] = [0, 1, 2].map(() => new Float64Array(depth * size));
  for (let level = 0; level < depth; level++) {
    const [half, row] = [2 ** level, level * size];
    /** From the cut outwards. */
    const run = (anchor: number, way: 1 | -1, length: number) => {
      let [held, total, spread] = [0, 0, 0];
      for (let away = 0; away < length; away++) {
        const at = anchor + way * away;
        const far = Math.abs(values[at] - values[anchor]);
        const now = held + counts[at];
        if (away > 0) {
          const step = far - mean[row + at - way];
          spread += counts[at] * (held / now) * (step * step);
        }
        total += counts[at] * far;
        held = now;
        mean[row + at] = total / held;
        squares[row + at] = spread;
        weight[row + at] = held;
      }
    };
    for (let cut = half; cut < n; cut += 2 * half) {
      run(cut, 1, Math.min(half, n - cut));
      run(cut - 1, -1, half);
      const gap = values[cut] - values[cut - 1];
      for (let at = cut - half; at < cut; at++) mean[row + at] += gap;
    }
  }
  return (first, last) => {
    if (first === last) return 0;
    const row = (31 - Math.clz32(first ^ last)) * size;
    const [a, b] = [row + first, row + last];
    const far = mean[a] + mean[b];
    return squares[a] + squares[b] + far * far * ((weight[a] * weight[b]) / (weight[a] + weight[b]));
  };
}
