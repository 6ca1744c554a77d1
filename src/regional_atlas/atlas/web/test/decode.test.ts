import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { unpack } from "../src/data/decode.ts";

test("what Python packed is read back number for number", () => {
  // tests/atlas/test_packing.py holds the same file against the writer.
  const { data, packed } = JSON.parse(readFileSync(join(import.meta.dirname, "packed.json"), "utf8")) as { data: unknown; packed: string };
  assert.deepEqual(unpack(gunzipSync(Buffer.from(packed, "base64"))), data);
});
