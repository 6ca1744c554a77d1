import assert from "node:assert/strict";
import { test } from "node:test";
import { csvCell } from "../src/text/csv.ts";

test("texts that begin like a formula get an apostrophe, numbers do not", () => {
  for (const start of ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "'="]) assert.equal(csvCell(`${start}1`), `'${start}1`);
  assert.equal(csvCell("\r1"), '"\'\r1"');
  assert.deepEqual([-1.5, null, "'s", "a=b", 'a"b'].map(csvCell), ["-1.5", "", "'s", "a=b", '"a""b"']);
});
