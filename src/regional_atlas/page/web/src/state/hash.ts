/** The state in the link: #plate=…&unit=…; what equals the opening state is left out. */
import { offers } from "../text/offered.ts";
import { CHARTS, MOST_COMPARED, type ClassChoice, type Filter, type State } from "./state.ts";
import { SCHEMES } from "../classify/breaks.ts";
import { AGGREGATIONS } from "../scoring/aggregate.ts";
import type { Setting } from "../scoring/index.ts";
import { NORMALISATIONS } from "../scoring/normalise.ts";

/** `told`: what each step of the story shows. A step that the reader left as it is stands as its number alone. */
export function toHash(state: State, opening: State, told: readonly State[] = []): string {
  const step = toldStep(told, state.story);
  if (!step) return written(state, opening);
  const asTold = written(retold(step, state), opening) === written(state, opening);
  const rest = asTold ? written(retold(opening, state), opening) : written(state, opening, true);
  return [`story=${state.story}`, rest].filter(Boolean).join("&");
}

/** What a step shows, in the reader's own language and colours. */
export const retold = (step: State, { lang, dark }: State): State => ({ ...step, lang, dark });

/** The step of a number, where there is one. */
export const toldStep = (told: readonly State[], number: number | null): State | undefined => told[(number ?? 0) - 1];

function written(state: State, opening: State, named = false): string {
  const parts: [string, string][] = [];
  const put = (key: string, value: string) => parts.push([key, value]);
  if (named || state.plate !== opening.plate) put("plate", state.plate);
  if (state.lang !== opening.lang) put("lang", state.lang);
  if (state.dark !== null) put("dark", state.dark ? "1" : "0");
  if (state.year !== null) put("year", String(state.year));
  if (state.panel) put("panel", state.panel);
  for (const filter of state.filters) put("only", `${filter.scope}:${filter.value}`);
  if (state.area) put("area", `${state.area.scope}:${state.area.id}`);
  for (const unit of state.selection) put("unit", unit);
  if (state.sort) put("sort", `${state.sort.descending ? "-" : ""}${state.sort.column}`);
  if (state.query) put("find", state.query);
  if (state.raster > 0) put("raster", String(Math.round(state.raster * 100)));
  if (state.view) put("at", [state.view.lon.toFixed(3), state.view.lat.toFixed(3), state.view.zoom.toFixed(2)].join(","));
  if (state.mercator) put("map", "mercator");
  if (state.weights) put("weights", weightsText(state.weights));
  if (state.classes) put("classes", classesText(state.classes));
  if (state.chart) put("chart", [state.chart.kind, ...(state.chart.other ? [state.chart.other] : [])].join(":"));
  for (const unit of state.compare) put("compare", unit);
  return parts.map(([key, value]) => `${key}=${encode(value)}`).join("&");
}

/** Reads a link; what it does not say is as in the opening state. Ids are checked by whoever shows them. */
export function fromHash(hash: string, opening: State, told: readonly State[] = []): State {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const lang = params.get("lang");
  const dark = params.get("dark");
  const year = Number(params.get("year"));
  const raster = Number(params.get("raster"));
  const [scope, id] = pair(params.get("area") ?? "");
  const number = Number(params.get("story"));
  const step = toldStep(told, number);
  const state: State = {
    plate: params.get("plate") ?? opening.plate,
    lang: offers(lang) ? lang : opening.lang,
    dark: dark === "1" ? true : dark === "0" ? false : null,
    year: Number.isInteger(year) && year > 0 ? year : null,
    panel: params.get("panel") || null,
    filters: params.getAll("only").map(readFilter).filter((filter) => filter !== null),
    selection: params.getAll("unit"),
    area: scope && id ? { scope, id } : null,
    sort: readSort(params.get("sort")),
    query: params.get("find") ?? "",
    raster: raster >= 1 && raster <= 100 ? raster / 100 : opening.raster,
    view: readView(params.get("at")),
    mercator: params.get("map") === "mercator",
    weights: readWeights(params.get("weights") ?? ""),
    classes: readClasses(params.get("classes") ?? ""),
    chart: readChart(params.get("chart") ?? ""),
    compare: params.getAll("compare").slice(0, MOST_COMPARED),
    story: step ? number : null,
  };
  return step && !params.has("plate") ? retold(step, state) : state;
}

/** vitality~light_sum:0.5,light_growth:0.1~min_max~geometric */
function weightsText({ index, weights, normalise, aggregate }: Setting): string {
  const list = Object.entries(weights).map(([code, weight]) => `${code}:${weight}`);
  return [index, list.join(","), normalise ?? "", aggregate ?? ""].join("~").replace(/~+$/, "");
}

function readWeights(text: string): Setting | null {
  const [index, list = "", normalise = "", aggregate = ""] = text.split("~");
  if (!index) return null;
  const weights: Record<string, number> = {};
  for (const item of list.split(",").filter(Boolean)) {
    const at = item.lastIndexOf(":");
    const weight = Number(item.slice(at + 1));
    if (at <= 0 || !(weight >= 0) || !Number.isFinite(weight)) return null;
    weights[item.slice(0, at)] = weight;
  }
  return {
    index,
    weights,
    normalise: NORMALISATIONS.find((item) => item === normalise) ?? null,
    aggregate: AGGREGATIONS.find((item) => item === aggregate) ?? null,
  };
}

/** quantile:5:YlGnBu, manual:3:OrRd:10,20 */
function classesText({ scheme, count, palette, breaks }: ClassChoice): string {
  return [scheme, count, palette, ...(scheme === "manual" ? [breaks.join(",")] : [])].join(":");
}

function readClasses(text: string): ClassChoice | null {
  const [name, size, palette = "", list = ""] = text.split(":");
  const scheme = SCHEMES.find((item) => item === name);
  const count = Number(size);
  const breaks = list.split(",").filter(Boolean).map(Number);
  if (!scheme || !(count >= 2 && count <= 9) || !breaks.every(Number.isFinite)) return null;
  return { scheme, count: Math.floor(count), palette, breaks };
}

function readChart(text: string): State["chart"] {
  const [name, other] = text.split(":");
  const kind = name === "table" ? name : CHARTS.find((item) => item === name);
  return kind ? { kind, other: other || null } : null;
}

/** As encodeURIComponent, but what is safe and common in these values stays readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7E", "~").replaceAll("%2F", "/");
}

function pair(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? ["", ""] : [text.slice(0, at), text.slice(at + 1)];
}

function readFilter(text: string): Filter | null {
  const [scope, value] = pair(text);
  return scope && value ? { scope, value } : null;
}

function readSort(text: string | null): State["sort"] {
  if (!text) return null;
  const descending = text.startsWith("-");
  return { column: descending ? text.slice(1) : text, descending };
}

/** Degrees and zoom levels: beyond them no map can be drawn. */
const FURTHEST = [540, 90, 30];

function readView(text: string | null): State["view"] {
  const numbers = (text ?? "").split(",").map(Number);
  const within = numbers.every((value, at) => Math.abs(value) <= FURTHEST[at]);
  if (numbers.length !== 3 || !within) return null;
  return { lon: numbers[0], lat: numbers[1], zoom: numbers[2] };
}
