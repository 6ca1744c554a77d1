import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { bytesOf, unpack } from "../src/data/decode.ts";

test("bits come back, however many are left over", () => {
  // Bytes 0, 1, 2 … as regional_atlas.atlas.packing writes them.
  const written = ["!!", "n$!", "n$3!", "n$cg!", "n$cgn$!", "n$cgn$-!"];
  written.forEach((text, n) => assert.deepEqual([...bytesOf(text)], Array.from({ length: n + 1 }, (_, i) => i)));
});

test("what Python packed is read back number for number", () => {
  // tests/atlas/test_packing.py holds the same file against the writer.
  const { data, packed } = JSON.parse(readFileSync(join(import.meta.dirname, "packed.json"), "utf8")) as { data: unknown; packed: string };
  assert.deepEqual(unpack(gunzipSync(bytesOf(packed))), data);
});
