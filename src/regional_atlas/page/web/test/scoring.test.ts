import assert from "node:assert/strict";
import { test } from "node:test";
import type { Index } from "../src/format.ts";
import { weightedMean } from "../src/scoring/aggregate.ts";
import { computeIndex, problem, type Setting } from "../src/scoring/index.ts";
import { normalise } from "../src/scoring/normalise.ts";

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
