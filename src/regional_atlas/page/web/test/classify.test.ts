import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { breaksOf, classOf, MOST_DISTINCT, percentChange, SCHEMES, type Scheme } from "../src/classify/breaks.ts";
import { classStarts } from "../src/classify/jenks.ts";

interface Case {
  name: string;
  scheme: Scheme;
  k: number;
  manual?: number[];
  middle?: number;
  values: string | (number | null)[];
  breaks: number[];
  classes: string;
}

/** Written by tests/shared/make_classify.py from what regional_atlas.classes finds. */
const folder = join(import.meta.dirname, "../../../../../tests/shared");
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
const shared = read("classify.json") as { schemes: string[]; breaks: Case[]; changes: [number, number, number | null][] };
const columns = read("classify_columns.json") as Record<string, number[]>;

const valuesOf = ({ values }: Case) => (typeof values === "string" ? columns[values] : values);

test("the page has the schemes of the build", () => {
  assert.deepEqual(SCHEMES, shared.schemes);
});

test("breaks and class numbers are those of the build, to the bit", () => {
  assert.ok(shared.breaks.length > 800);
  for (const given of shared.breaks) {
    const values = valuesOf(given);
    const said = `${given.name}, ${given.scheme} ${given.k}, ${given.middle ?? "no"} middle`;
    const breaks = breaksOf(values.filter((value) => value !== null), given);
    assert.deepEqual(breaks, given.breaks, said);
    assert.equal(values.map((value) => (value === null ? "-" : classOf(value, breaks))).join(""), given.classes, said);
  }
});

test("a change in per cent needs something above 0 to start from", () => {
  for (const [before, after, percent] of shared.changes) assert.equal(percentChange(before, after), percent);
});

test("a value equal to a break belongs to the lower class, one above the last stays in the highest", () => {
  const breaks = [10, 20, 30];
  assert.deepEqual([-5, 10, 10.0001, 20, 29, 30, 30.0000001].map((value) => classOf(value, breaks)), [0, 0, 1, 1, 2, 2, 2]);
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
    const bounds = breaksOf(values, { scheme: "fisher_jenks", k });
    const groups = bounds.map((bound, i) => values.filter((value) => value <= bound && (i === 0 || value > bounds[i - 1])));
    const found = groups.reduce((sum, group) => sum + bruteForce(group, 1), 0);
    assert.ok(Math.abs(found - bruteForce([...values].sort((a, b) => a - b), k)) < 1e-9, `${values.join()} in ${k}: ${bounds.join()}`);
  }
  assert.deepEqual(classStarts(Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 1), 2), [0, 1]);
});

test("neighbours of too many values are taken together", () => {
  const values = Array.from({ length: MOST_DISTINCT + 1 }, (_, i) => i + (i > 40_000 ? 1e6 : 0));
  assert.deepEqual(breaksOf(values, { scheme: "fisher_jenks", k: 2 }), [40_001 + 1e6, MOST_DISTINCT + 1e6]);
});
