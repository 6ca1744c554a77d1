import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { calculations } from "../bundle.mjs";
import type * as page from "./calculations.ts";

// Bundled as the page is: Node alone does not read proj4's modules.
const script = await calculations("esm");
const { CALCULATIONS, differences } = (await import(`data:text/javascript,${encodeURIComponent(script)}`)) as typeof page;

const FOLDER = join(import.meta.dirname, "../../../../../tests/shared");

interface Shared extends page.Bounds {
  cases: { name: string; given: unknown; gives: unknown }[];
}

/** Each written from the package's own answers by tests/shared/make.py. */
for (const calculation of Object.keys(CALCULATIONS) as (keyof page.Questions)[]) {
  test(`${calculation}: the page answers as the package does`, () => {
    const { cases, ...bounds } = JSON.parse(readFileSync(join(FOLDER, `${calculation}.json`), "utf8")) as Shared;
    assert.ok(cases.length > 4);
    const found = differences(cases.map((item) => ({ ...item, ...bounds, calculation })));
    assert.deepEqual(found.map(([at, said]) => `${cases[at].name}: ${said}`), []);
  });
}

test("every shared file is asked of the page", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json") && !name.startsWith("classify"));
  assert.deepEqual(files.map((name) => name.replace(".json", "")).sort(), Object.keys(CALCULATIONS).sort());
});
