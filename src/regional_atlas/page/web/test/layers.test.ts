/** The lint rules that hold the layers: the script's folders are in them, and what breaks them is found. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { LAYERS, layerRules } from "../layers.mjs";

const here = import.meta.dirname;

test("every folder and module of the script has a layer", () => {
  const parts = readdirSync(join(here, "../src")).filter((name) => name !== "styles" && !name.endsWith(".d.ts"));
  assert.deepEqual(parts.sort(), LAYERS.flat().sort());
});

test("circles are errors, and imports from above or beside, of types too; imports from below are not", async () => {
  const root = join(here, "layers");
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: layerRules(root) });
  const found = (await eslint.lintFiles(["src"])).map(({ filePath, messages }) => [relative(join(root, "src"), filePath), messages.map(({ ruleId }) => ruleId)]);
  assert.deepEqual(Object.fromEntries(found), {
    "data/first.ts": ["import-x/no-cycle"],
    "data/second.ts": ["import-x/no-cycle"],
    "data/well.ts": [],
    "geometry/sideways.ts": ["import-x/no-restricted-paths"],
    "scoring/scored.ts": [],
    "state/upward-type.ts": ["import-x/no-restricted-paths"],
    "state/upward.ts": ["import-x/no-restricted-paths"],
    "ui/shown.ts": [],
  });
});
