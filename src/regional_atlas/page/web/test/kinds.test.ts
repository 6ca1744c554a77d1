/** The registered kinds of plates: none is missing, and plates of several small maps are put together from others. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Atlas } from "../src/data/model.ts";
import type { Classes, MultiplesPlate } from "../src/format.ts";
import type * as registry from "./kinds.ts";
import type { Kinds } from "../src/state/plate.ts";
import { bundled } from "./bundle.ts";
import { language } from "./language.ts";

const { KINDS, offer } = await bundled<typeof registry>("../test/kinds.ts");
offer(["zh", "en"].map(language));

const names = (folder: string, pattern: RegExp) => readdirSync(join(import.meta.dirname, folder)).flatMap((file) => pattern.exec(file)?.[1] ?? []).sort();

test("a kind has one name: in the build, in its module and in the registry", () => {
  const modules = names("../src/plates", /^(\w+)\.tsx$/);
  assert.deepEqual(Object.keys(KINDS).sort(), modules);
  assert.deepEqual(names("../../plates", /^([a-z]\w*)\.py$/), modules);
});

test("a registry without one of the kinds does not compile", () => {
  const { years, ...others } = KINDS;
  // @ts-expect-error: years is missing.
  const incomplete: Kinds = others;
  assert.ok(years && incomplete);
});

const text = (word: string) => ({ zh: word, en: word });
const BASE = { id: "lights", title: text("Lights"), group: text(""), finding: text(""), note: null, citation: null, chart: null };
const CLASSES = { scheme: "manual", scheme_title: text(""), breaks: [1, 2], minimum: 0, labels: null, palette: "", colors: ["#000000", "#ffffff"], colors_dark: ["#ffffff", "#000000"], counts: [] } as unknown as Classes;
const FIELD = { id: "light", title: text("Light"), unit: text(""), digits: 0, years: [2020, 2021], extensive: true };
const ATLAS = {
  count: 2,
  spec: { fields: [FIELD], levels: [], rankings: [] },
  fields: new Map<string, object>([["light", FIELD], ["other", { ...FIELD, id: "other", years: null }]]),
  rankings: new Map(),
  store: { fields: { light: { 2020: [1, null], 2021: [2, 1] }, other: [1, 2] } },
} as unknown as Atlas;
const plate = (own: Partial<MultiplesPlate>): MultiplesPlate => ({ ...BASE, kind: "multiples", field: null, years: [], ranking: null, panels: [], classes: [CLASSES], ...own });

test("the years of one field are a plate of years that opens as all of them", () => {
  const { multiples, years } = KINDS;
  const several = plate({ field: "light", years: [2020, 2021] });
  const open = multiples.opened!(several, null);
  assert.equal(open.kind, "years");
  assert.equal(open.id, several.id);
  const maps = multiples.maps!(ATLAS, several, open, { year: null, panel: null })!;
  assert.deepEqual(maps.map(({ id, view, open: step }) => [id, view.year, [...view.classOf], step]), [
    ["2020", 2020, [0, -1], { type: "year", year: 2020 }],
    ["2021", 2021, [1, 0], { type: "year", year: 2021 }],
  ]);
  assert.equal(multiples.maps!(ATLAS, several, open, { year: 2020, panel: null }), null);
  assert.deepEqual(multiples.back!(several).step, { type: "year", year: null });
  const at = { year: 2020, panel: null };
  assert.deepEqual(multiples.step!(several, at, 1), { type: "year", year: 2021 });
  if (open.kind === "years") assert.deepEqual(years.step!(open, at, 1), { type: "year", year: 2021 });
  assert.equal(multiples.step!(several, { year: 2021, panel: null }, 1), null);
});

test("one of several fields opens as a choropleth, and leads back", () => {
  const { multiples } = KINDS;
  const panels = [{ field: "light", year: 2021, title: text("Light"), finding: text("One") }, { field: "other", year: null, title: text("Other"), finding: text("Two") }];
  const several = plate({ panels });
  assert.equal(multiples.opened!(several, null), several);
  const open = multiples.opened!(several, "other");
  assert.deepEqual([open.kind, open.title.en, open.finding.en], ["choropleth", "Lights: Other", "Two"]);
  const maps = multiples.maps!(ATLAS, several, several, { year: null, panel: null })!;
  assert.deepEqual(maps.map(({ id, view, open: step }) => [id, [...view.values], step]), [
    ["light", [2, 1], { type: "panel", panel: "light" }],
    ["other", [1, 2], { type: "panel", panel: "other" }],
  ]);
  assert.equal(multiples.maps!(ATLAS, several, open, { year: null, panel: "other" }), null);
  assert.deepEqual([null, "light", "other"].map((panel) => multiples.step!(several, { year: null, panel }, 1)), [
    { type: "panel", panel: "light" },
    { type: "panel", panel: "other" },
    null,
  ]);
  assert.deepEqual(multiples.panels!(several), ["light", "other"]);
});
