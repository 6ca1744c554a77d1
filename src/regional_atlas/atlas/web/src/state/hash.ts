/** The state in the link: #plate=…&unit=…; what equals the opening state is left out. */
import type { Filter, State } from "./state.ts";

export function toHash(state: State, opening: State): string {
  const parts: [string, string][] = [];
  const put = (key: string, value: string) => parts.push([key, value]);
  if (state.plate !== opening.plate) put("plate", state.plate);
  if (state.lang !== opening.lang) put("lang", state.lang);
  if (state.dark !== null) put("dark", state.dark ? "1" : "0");
  if (state.year !== null) put("year", String(state.year));
  for (const filter of state.filters) put("only", `${filter.scope}:${filter.value}`);
  if (state.area) put("area", `${state.area.scope}:${state.area.id}`);
  for (const unit of state.selection) put("unit", unit);
  if (state.sort) put("sort", `${state.sort.descending ? "-" : ""}${state.sort.column}`);
  if (state.query) put("find", state.query);
  if (state.raster > 0) put("raster", String(Math.round(state.raster * 100)));
  if (state.view) put("at", [state.view.lon.toFixed(3), state.view.lat.toFixed(3), state.view.zoom.toFixed(2)].join(","));
  return parts.map(([key, value]) => `${key}=${encode(value)}`).join("&");
}

/** Reads a link; what it does not say is as in the opening state. Ids are checked by whoever shows them. */
export function fromHash(hash: string, opening: State): State {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const lang = params.get("lang");
  const dark = params.get("dark");
  const year = Number(params.get("year"));
  const raster = Number(params.get("raster"));
  const [scope, id] = pair(params.get("area") ?? "");
  return {
    plate: params.get("plate") ?? opening.plate,
    lang: lang === "zh" || lang === "en" ? lang : opening.lang,
    dark: dark === "1" ? true : dark === "0" ? false : null,
    year: Number.isInteger(year) && year > 0 ? year : null,
    filters: params.getAll("only").map(readFilter).filter((filter) => filter !== null),
    selection: params.getAll("unit"),
    area: scope && id ? { scope, id } : null,
    sort: readSort(params.get("sort")),
    query: params.get("find") ?? "",
    raster: raster > 0 && raster <= 100 ? raster / 100 : opening.raster,
    view: readView(params.get("at")),
  };
}

/** As encodeURIComponent, but what is safe and common in these values stays readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
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

function readView(text: string | null): State["view"] {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  return { lon: numbers[0], lat: numbers[1], zoom: numbers[2] };
}
