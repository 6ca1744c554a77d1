import assert from "node:assert/strict";
import { test } from "node:test";
import { widestText, type Cell, type Row, type TableColumn } from "../src/state/table.ts";

const column = (title: string): TableColumn => ({ id: "value", title, kind: "number", format: (cell) => (typeof cell === "number" ? cell.toLocaleString("en", { maximumFractionDigits: 6 }) : "no data") });
const rows = (...cells: Cell[]): Row[] => cells.map((cell, at) => ({ key: String(at), units: [at], area: null, slot: null, cells: [cell], text: "" }));

test("a column of numbers holds its longest one, whichever it is", () => {
  assert.equal(widestText(column("km²"), 0, rows(3, 136118.4, null, 12)), "136,118.4".length);
  assert.equal(widestText(column("km²"), 0, rows(3, -136118.4, 7)), "-136,118.4".length);
  assert.equal(widestText(column("km²"), 0, rows(5, 0.000123, 0)), "0.000123".length);
  assert.equal(widestText(column("km²"), 0, rows(-0.000123, -5, 0)), "-0.000123".length);
});

test("a column without numbers holds the words of its head; long ones are broken", () => {
  assert.equal(widestText(column("Groupe"), 0, rows(1, 2)), 6);
  assert.equal(widestText(column("nW per internationalisation"), 0, rows(null)), 3);
  assert.equal(widestText(column("internationalisation"), 0, []), 0);
});
