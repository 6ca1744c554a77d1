import assert from "node:assert/strict";
import { test } from "node:test";
import { whenRead } from "../src/data/decode.ts";
import { buildAtlas, columnOf } from "../src/data/model.ts";
import type { Geometry } from "../src/data/topology.ts";
import type { Spec, Store } from "../src/format.ts";

const geometry = { scale: [1, 1], translate: [0, 0], arc_sizes: [], x: [], y: [], unit_rings: [], ring_sizes: [], refs: [], lines: [] } as unknown as Geometry;

test("dimensions are fields, and no column of theirs is read before it is asked for", () => {
  const read: string[] = [];
  const columns: Record<string, number[]> = {};
  for (const id of ["size", "growth"]) {
    whenRead(columns, id, () => {
      read.push(id);
      return [id.length];
    });
  }
  const ranking = { id: "index", score: "score", dimensions: [{ id: "size" }, { id: "growth" }] };
  const spec = { plates: [], rankings: [ranking], fields: [{ id: "score", years: null }], kinds: [], clusters: [], citations: [] } as unknown as Spec;
  const store = { unit_id: [], fields: { score: [] }, dimensions: { index: columns } } as unknown as Store;
  const atlas = buildAtlas(spec, store, geometry);
  assert.ok(atlas.fields.has("index/size"));
  assert.deepEqual(read, []);
  assert.deepEqual(columnOf(atlas, "index/growth", null), [6]);
  assert.deepEqual(columnOf(atlas, "index/growth", null), [6]);
  assert.deepEqual(read, ["growth"]);
});
