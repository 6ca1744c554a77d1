import assert from "node:assert/strict";
import { test } from "node:test";
import type { Index } from "../src/format.ts";
import { weightedMean } from "../src/scoring/aggregate.ts";
import { computeIndex, problem, type Setting } from "../src/scoring/index.ts";
import { fisherJenks } from "../src/classify/jenks.ts";
import { normalise } from "../src/scoring/normalise.ts";
import { breaksOf } from "../src/state/reclass.ts";
import { ramp } from "../src/classify/palettes.ts";

const SCALE = { low: 0, high: 100 };

test("percentile ranks: ties share the mean, missing values do not count", () => {
  assert.deepEqual(normalise([3, null, 1, 10, 3], 1, { ...SCALE, method: "percentile_rank" }), [50, null, 0, 100, 50]);
  assert.deepEqual(normalise([3, null, 1], -1, { ...SCALE, method: "percentile_rank" }), [0, null, 100]);
});

test("min–max and z-scores of equal values have no scale", () => {
  assert.deepEqual(normalise([2, 2], 1, { ...SCALE, method: "min_max" }), [null, null]);
  assert.deepEqual(normalise([1, 2, 3], 1, { ...SCALE, method: "z_score" }), [-1, 0, 1]);
});

test("weights are re-scaled over what is present, down to the availability", () => {
  const columns = [[1, 4, null], [3, null, null]];
  assert.deepEqual(weightedMean(columns, [1, 3], "arithmetic", 0), [2.5, 4, null]);
  assert.deepEqual(weightedMean(columns, [1, 3], "arithmetic", 0.5), [2.5, null, null]);
});

/** Every partition of a sorted list into k runs, the least sum of squares. */
function bruteForce(sorted: number[], k: number): number {
  if (k === 1) {
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    return sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  }
  let best = Infinity;
  for (let cut = 1; cut <= sorted.length - k + 1; cut++) best = Math.min(best, bruteForce(sorted.slice(0, cut), 1) + bruteForce(sorted.slice(cut), k - 1));
  return best;
}

test("Fisher–Jenks finds the best of all partitions", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 60; round++) {
    const values = Array.from({ length: 4 + (round % 9) }, () => Math.round(random() * 20));
    const k = 2 + (round % 3);
    if (new Set(values).size < k) continue;
    const bounds = fisherJenks(values, k);
    const groups = bounds.map((bound, i) => values.filter((value) => value <= bound && (i === 0 || value > bounds[i - 1])));
    const found = groups.reduce((sum, group) => sum + bruteForce(group, 1), 0);
    assert.ok(Math.abs(found - bruteForce([...values].sort((a, b) => a - b), k)) < 1e-9, `${values.join()} in ${k}: ${bounds.join()}`);
  }
});

const INDEX: Index = {
  id: "demo",
  title: { zh: "", en: "" },
  ranking: "demo",
  nodes: ["a", "b"].map((code) => ({ code, title: { zh: code, en: code }, unit: null, parent: "index", weight: 1, direction: code === "a" ? 1 : -1, field: null })),
  normalise: { method: "percentile_rank", low: 0, high: 100 },
  aggregate: { method: "arithmetic", availability: 0 },
  tiers: 2,
};
const setting = (part: Partial<Setting>): Setting => ({ index: "demo", weights: {}, normalise: null, aggregate: null, ...part });

test("the index of the documentation's example", () => {
  const { score, rank, tier } = computeIndex(INDEX, { a: [1, 2, 3], b: [5, 1, 3] }, setting({}));
  assert.deepEqual(score, [0, 75, 75]);
  assert.deepEqual(rank, [3, 1, 1]);
  assert.deepEqual(tier, [2, 1, 1]);
});

test("settings that mean nothing are refused in words", () => {
  assert.match(problem(INDEX, setting({ weights: { c: 1 } }))!, /no c/);
  assert.match(problem(INDEX, setting({ weights: { a: -1 } }))!, /0 and more/);
  assert.match(problem(INDEX, setting({ weights: { a: 0, b: 0 } }))!, /above 0/);
  assert.match(problem(INDEX, setting({ normalise: "z_score", aggregate: "geometric" }))!, /geometric/);
});

test("every scheme gives ascending breaks that end at the largest value", () => {
  const sorted = Array.from({ length: 200 }, (_, i) => i ** 2 / 10);
  for (const scheme of ["quantile", "fisher_jenks", "equal_interval", "log", "head_tail"] as const) {
    const breaks = breaksOf(sorted, { scheme, count: 5, breaks: [] });
    assert.deepEqual(breaks, [...breaks].sort((a, b) => a - b));
    assert.equal(breaks.at(-1), sorted.at(-1));
    assert.ok(breaks.length >= 2 && breaks.length <= 5, scheme);
  }
  assert.deepEqual(breaksOf(sorted, { scheme: "manual", count: 3, breaks: [100, 10, 1e9] }), [10, 100, sorted[199]]);
});

test("a ramp has as many colours as classes, its order turned on a dark page", () => {
  const { colors, dark } = ramp("batlow", 6);
  assert.equal(new Set(colors).size, 6);
  assert.deepEqual([...dark].reverse(), colors);
});
