import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, countClasses, descendingRanks, NO_DATA, PAPER } from "../src/classify/classes.ts";

test("a value equal to a break belongs to the lower class", () => {
  const breaks = [10, 20, 30];
  assert.deepEqual([-5, 10, 10.0001, 20, 29, 30].map((value) => classOf(value, breaks)), [0, 0, 1, 1, 2, 2]);
});

test("a value above the last break, by rounding, stays in the last class", () => {
  assert.equal(classOf(30.0000001, [10, 20, 30]), 2);
});

test("classes, missing and paper are counted apart", () => {
  assert.deepEqual(countClasses([0, 1, 1, NO_DATA, PAPER, PAPER, PAPER], 3), { counts: [1, 2, 0], missing: 1, paper: 3 });
});

test("equal values share the better rank, missing values have none", () => {
  assert.deepEqual(descendingRanks([5, 9, null, 5, 1]), [2, 1, null, 2, 4]);
});
