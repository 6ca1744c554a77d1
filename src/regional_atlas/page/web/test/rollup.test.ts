import assert from "node:assert/strict";
import { test } from "node:test";
import type { Atlas } from "../src/data/model.ts";
import { sumsByParent } from "../src/state/measure.ts";
import { areaValues } from "../src/data/rollup.ts";

const FIELD = { id: "gdp", title: { zh: "", en: "" }, unit: { zh: "", en: "" }, digits: 0, years: [2020, 2022], method: { zh: "", en: "" }, citation: null, missing: null };
const ATLAS = {
  spec: { fields: [FIELD, { ...FIELD, id: "score", years: null }], area_fields: [], levels: [{ id: "province" }], kinds: [{ id: "metro", regions: [{ id: "m1" }, { id: "m2" }] }] },
  store: {
    parents: { province: { ids: ["w", "e"], names: ["W", "E"], names_en: [null, null], of: [0, 0, 1, 1, -1] } },
    areas: { metro: { gdp: { value: [10, 20], data: [null, 2], members: [null, 3] } }, province: { gdp: { value: [null, 5] } } },
  },
} as unknown as Atlas;

test("an area has the values that the build gave it, and says where members lack data", () => {
  const read = (scope: string, id: string) => areaValues(ATLAS, { scope, id }).map(({ field, year, value, data, members }) => [field.id, year, value, data, members]);
  assert.deepEqual(read("metro", "m1"), [["gdp", 2022, 10, null, null]]);
  assert.deepEqual(read("metro", "m2"), [["gdp", 2022, 20, 2, 3]]);
  assert.deepEqual(read("province", "e"), [["gdp", 2022, 5, null, null]]);
  assert.deepEqual(read("province", "w"), []);
  assert.deepEqual(read("metro", "none"), []);
  assert.deepEqual(read("nothing", "m1"), []);
});

test("sums by parent count members without a value, of those that pass the filters", () => {
  const values = [1, null, 3, 4, 9];
  const sums = (members: number[]) => sumsByParent(ATLAS, "province", { values, members }, "en").map(({ title, sum, units, partial }) => [title, sum, units, partial]);
  assert.deepEqual(sums([0, 1, 2, 3, 4]), [["E", 7, [2, 3], false], ["W", 1, [0], true]]);
  assert.deepEqual(sums([0, 2]), [["E", 3, [2], false], ["W", 1, [0], false]]);
  assert.deepEqual(sums([1]), []);
});
