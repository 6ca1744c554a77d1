/** The page projects as PROJ does; the numbers are held to PROJ's in tests/test_project.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { buildSync } from "esbuild";

import type * as projection from "../src/geometry/projection.ts";

// proj4's modules name each other without endings, which Node alone does not read.
const entry = join(import.meta.dirname, "../src/geometry/projection.ts");
const [bundle] = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false }).outputFiles;
const { projectionOf } = (await import(`data:text/javascript,${encodeURIComponent(bundle.text)}`)) as typeof projection;

const cases = JSON.parse(readFileSync(join(import.meta.dirname, "projections.json"), "utf8")) as {
  definition: string;
  lonlat: [number, number];
  xy: [number, number];
}[];

for (const { definition, lonlat, xy } of cases) {
  test(definition, () => {
    const { forward, inverse } = projectionOf(definition);
    const [x, y] = forward(...lonlat);
    assert.ok(Math.hypot(x - xy[0], y - xy[1]) < 0.01, `${x}, ${y}`);
    const [lon, lat] = inverse(...xy);
    assert.ok(Math.hypot(lon - lonlat[0], lat - lonlat[1]) < 1e-7, `${lon}, ${lat}`);
  });
}
