import assert from "node:assert/strict";
import { test } from "node:test";
import { misfit } from "../src/state/shape.ts";
import type { State } from "../src/state/state.ts";
import { language } from "./language.ts";
import { offer } from "../src/text/offered.ts";

offer(["zh", "en"].map(language));

const WHOLE: State = {
  plate: "lights",
  lang: "en",
  dark: true,
  year: 2020,
  panel: "light_mean",
  filters: [{ scope: "province", value: "32" }],
  selection: ["320583"],
  area: { scope: "province", id: "32" },
  sort: { column: "value", descending: true },
  query: "kun",
  raster: 0.5,
  view: { lon: 120, lat: 31, zoom: 6 },
  mercator: false,
  weights: { index: "vitality", weights: { light_sum: 1 }, normalise: "min_max", aggregate: null },
  classes: { scheme: "manual", count: 3, palette: "OrRd", breaks: [1, 2] },
  chart: { kind: "scatter", other: "light_sum" },
  compare: [],
  story: 2,
};

test("a whole state fits, and each of its parts", () => {
  assert.equal(misfit(WHOLE), null);
  for (const [name, value] of Object.entries(WHOLE)) assert.equal(misfit({ [name]: value }), null, name);
  for (const name of ["dark", "year", "panel", "area", "sort", "view", "weights", "classes", "chart", "story"]) assert.equal(misfit({ [name]: null }), null, name);
});

test("every part refuses what it is not, and is named", () => {
  const wrong: Record<keyof State, unknown[]> = {
    plate: [5, null],
    lang: ["fr", null],
    dark: ["1"],
    year: ["2020", 1.5],
    panel: [1],
    filters: ["x", [{ scope: "a" }], null],
    selection: ["x", [1], null],
    area: [{ scope: "a" }, "a:b"],
    sort: ["x", { column: "x" }],
    query: [null],
    raster: [9, -1, "1", NaN],
    view: [{ lat: "a", lon: 1, zoom: 2 }, { lat: 1, lon: 1 }, [1, 2, 3]],
    mercator: [null, 1],
    weights: [{ index: "i" }, { index: "i", weights: { a: "1" } }, { index: "i", weights: {}, normalise: "x" }],
    classes: ["manual:3:OrRd:10,20", { scheme: "x", count: 3, palette: "p", breaks: [] }, { scheme: "log", count: 3, palette: "p", breaks: ["1"] }],
    chart: ["lorenz", { kind: "pie", other: null }, { kind: "bar", other: 1 }],
    compare: ["x", [null]],
    story: ["2", 1.5],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) assert.match(misfit({ lang: "zh", [name]: value }) ?? "", new RegExp(`^"${name}" is `), `${name} ${JSON.stringify(value)}`);
  }
});

test("a part that is none is refused", () => {
  assert.match(misfit({ nonsense: 1 }) ?? "", /no "nonsense"; it has plate, lang/);
  assert.match(misfit({ toString: 1 }) ?? "", /no "toString"/);
});
