import assert from "node:assert/strict";
import { test } from "node:test";
import { countClasses, descendingRanks, NO_DATA, PAPER } from "../src/classify/classes.ts";

test("classes, missing and paper are counted apart", () => {
  assert.deepEqual(countClasses([0, 1, 1, NO_DATA, PAPER, PAPER, PAPER], 3), { counts: [1, 2, 0], missing: 1, paper: 3 });
});

test("equal values share the better rank, missing values have none", () => {
  assert.deepEqual(descendingRanks([5, 9, null, 5, 1]), [2, 1, null, 2, 4]);
});
