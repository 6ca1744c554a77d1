import assert from "node:assert/strict";
import { test } from "node:test";
import { sortRows, visibleRows, type Row, type Table } from "../src/state/table.ts";
import { mix } from "../src/classify/colour.ts";

const row = (key: string, unit: number, cells: Row["cells"]): Row => ({ key, units: [unit], area: null, slot: null, cells, text: String(cells[1]) });
const TABLE: Table = {
  columns: [
    { id: "rank", title: "Rank", kind: "rank", format: String },
    { id: "unit", title: "Name", kind: "name", format: String },
  ],
  rows: [row("a", 0, [2, "昆山市"]), row("b", 1, [null, "江阴市"]), row("c", 2, [1, "常熟市"])],
  sort: { column: "rank", descending: false },
};
const keys = (rows: Row[]) => rows.map((item) => item.key).join("");

test("missing values are last in either direction", () => {
  assert.equal(keys(sortRows(TABLE, TABLE.rows, null, "zh")), "cab");
  assert.equal(keys(sortRows(TABLE, TABLE.rows, { column: "rank", descending: true }, "zh")), "acb");
});

test("an unknown column sorts as the table does by itself", () => {
  assert.equal(keys(sortRows(TABLE, TABLE.rows, { column: "nothing", descending: true }, "zh")), "cab");
});

test("filters and search narrow the rows together", () => {
  assert.equal(keys(visibleRows(TABLE, Uint8Array.of(1, 1, 0), "")), "ab");
  assert.equal(keys(visibleRows(TABLE, Uint8Array.of(1, 1, 0), "江")), "b");
});

test("colours mix in steps", () => {
  assert.equal(mix("#000000", "#ffffff", 0.5), "#808080");
  assert.equal(mix("#102030", "#ffffff", 0), "#102030");
});
