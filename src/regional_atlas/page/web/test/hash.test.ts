import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, toHash } from "../src/state/hash.ts";
import { openingState, reduce, type State } from "../src/state/state.ts";
import { language } from "./language.ts";
import { offer } from "../src/text/offered.ts";

offer(["zh", "en"].map(language));

const OPENING = openingState("first", "zh");

const FULL: State = {
  plate: "lights",
  lang: "en",
  dark: false,
  year: 2018,
  panel: "industrial/quality",
  filters: [
    { scope: "province", value: "320000" },
    { scope: "tier", value: "industrial:1" },
  ],
  selection: ["320583", "320281"],
  area: { scope: "metro", id: "m:sxc" },
  sort: { column: "value", descending: true },
  query: "江 & 苏 = ?#",
  raster: 0.35,
  view: { lon: 120.5, lat: 31.25, zoom: 7.5 },
  mercator: true,
  weights: { index: "vitality", weights: { light_sum: 0.5, light_growth: 0 }, normalise: "min_max", aggregate: "geometric" },
  classes: { scheme: "manual", count: 3, palette: "OrRd", breaks: [1.5, 20] },
  chart: { kind: "scatter", other: "light_growth" },
  compare: ["320583", "320281"],
  story: null,
};

test("the opening state is an empty link", () => {
  assert.equal(toHash(OPENING, OPENING), "");
  assert.deepEqual(fromHash("", OPENING), OPENING);
});

test("a full state survives the way through a link", () => {
  assert.deepEqual(fromHash(`#${toHash(FULL, OPENING)}`, OPENING), FULL);
});

test("a plus sign in a search is not read as a space", () => {
  const state = { ...OPENING, query: "a+b c" };
  assert.deepEqual(fromHash(toHash(state, OPENING), OPENING), state);
});

test("nonsense in a link is as if it were not there", () => {
  assert.deepEqual(fromHash("#lang=fr&year=x&only=nothing&raster=400&at=1,2&dark=7&area=none", OPENING), OPENING);
});

test("a new plate forgets year, sorting, search and chart, and keeps filters and selection", () => {
  const next = reduce(FULL, { type: "plate", plate: "other" });
  assert.deepEqual(next, { ...FULL, plate: "other", year: null,
  panel: null, sort: null, query: "", classes: null, chart: null });
});

test("a step without effect gives back the same state", () => {
  assert.equal(reduce(FULL, { type: "plate", plate: "lights" }), FULL);
  assert.equal(reduce(FULL, { type: "filter", filter: { scope: "province", value: "320000" } }), FULL);
});

test("back closes the unit first, then the area", () => {
  const once = reduce(FULL, { type: "back" });
  assert.deepEqual([once.selection, once.area], [[], FULL.area]);
  assert.equal(reduce(once, { type: "back" }).area, null);
});

const TOLD: State[] = ["plate=lights&year=2013&only=province:320000", "plate=first"].map((link, at) => ({ ...fromHash(link, OPENING), story: at + 1 }));

test("a step of the story is its number alone, in the reader's language and colours", () => {
  assert.equal(toHash(TOLD[0], OPENING, TOLD), "story=1");
  const state = { ...TOLD[0], lang: "en", dark: true };
  assert.equal(toHash(state, OPENING, TOLD), "story=1&lang=en&dark=1");
  assert.deepEqual(fromHash("#story=1&lang=en&dark=1", OPENING, TOLD), state);
});

test("a step that the reader changed names all that is shown, its plate too", () => {
  const cleared = { ...OPENING, story: 1 };
  assert.equal(toHash(cleared, OPENING, TOLD), "story=1&plate=first");
  for (const state of [cleared, { ...TOLD[1], selection: ["320583"] }, { ...TOLD[0], year: 2020 }]) {
    assert.deepEqual(fromHash(toHash(state, OPENING, TOLD), OPENING, TOLD), state);
  }
});

test("a link to a step that is not there opens the atlas", () => {
  for (const link of ["story=3", "story=0", "story=-1", "story=x", "story=1.5"]) assert.deepEqual(fromHash(link, OPENING, TOLD), OPENING);
  assert.deepEqual(fromHash("story=1", OPENING), OPENING);
});

test("another plate leaves the story, also from the plate that it shows", () => {
  assert.equal(reduce(TOLD[0], { type: "plate", plate: "other" }).story, null);
  assert.equal(reduce(TOLD[0], { type: "plate", plate: "lights" }).story, null);
});
