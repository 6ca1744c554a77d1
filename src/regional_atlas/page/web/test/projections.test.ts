/** The page projects as PROJ does; the numbers are held to PROJ's in tests/test_project.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type * as projection from "../src/geometry/projection.ts";
import { bundled } from "./bundle.ts";

const { projectionOf } = await bundled<typeof projection>("geometry/projection.ts");

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
