/** Everything that a link holds, as one plain object, and the steps that change it. */
import type { Scheme } from "../classify/breaks.ts";
import type { Lang } from "../text/language.ts";
import type { Area } from "../data/model.ts";
import type { Setting } from "../scoring/index.ts";

export interface Filter {
  /** A parent level, a region kind, "tier" or "type". */
  scope: string;
  /** Id of the parent or region; "ranking:tier"; id of the unit type. */
  value: string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface View {
  lon: number;
  lat: number;
  zoom: number;
}

/** How the reader wants a field classed. */
export interface ClassChoice {
  scheme: Scheme;
  /** Number of classes, 2 to 9; a manual scheme has those of its breaks. */
  count: number;
  palette: string;
  /** Upper bounds of a manual scheme; one more class is added where values exceed the last. */
  breaks: readonly number[];
}

export const CHARTS = ["bar", "histogram", "scatter", "treemap", "strip", "line", "lorenz", "profile", "stacked", "timeline", "bubble"] as const;
export type ChartKind = (typeof CHARTS)[number];

export interface ChartChoice {
  /** "table" where the plate would open with a chart. */
  kind: ChartKind | "table";
  /** Second field of a scatter. */
  other: string | null;
}

export interface State {
  /** Id of a plate, or SOURCES. */
  plate: string;
  lang: Lang;
  /** null: as the system prefers. */
  dark: boolean | null;
  year: number | null;
  /** The small map of several fields that is open in place of their grid, by its field. */
  panel: string | null;
  filters: readonly Filter[];
  /** Unit ids; the first one's card is open. */
  selection: readonly string[];
  /** The parent or region whose card is open. */
  area: Area | null;
  sort: Sort | null;
  query: string;
  /** Opacity of the raster, 0 to 1. */
  raster: number;
  view: View | null;
  /** Web mercator in place of the equal-area projection. */
  mercator: boolean;
  /** Weights of an index as the reader set them; null: as published. */
  weights: Setting | null;
  classes: ClassChoice | null;
  /** The chart in place of the table; null: what the plate opens with. */
  chart: ChartChoice | null;
  /** Units side by side, at most MOST_COMPARED. */
  compare: readonly string[];
  /** The step of the story that is read, counted from 1; null: none. */
  story: number | null;
}

/** What an atlas opens with, where no link says otherwise. */
export function openingState(plate: string, lang: Lang): State {
  return {
    plate,
    lang,
    dark: null,
    year: null,
    panel: null,
    filters: [],
    selection: [],
    area: null,
    sort: null,
    query: "",
    raster: 0,
    view: null,
    mercator: false,
    weights: null,
    classes: null,
    chart: null,
    compare: [],
    story: null,
  };
}

export const MOST_COMPARED = 4;

export const SOURCES = "sources";

export type Step =
  | { type: "plate"; plate: string }
  | { type: "lang"; lang: Lang }
  | { type: "dark"; dark: boolean }
  | { type: "year"; year: number | null }
  | { type: "panel"; panel: string | null }
  | { type: "filter"; filter: Filter }
  | { type: "unfilter"; filter: Filter | null }
  | { type: "select"; units: readonly string[] }
  | { type: "area"; area: Area | null }
  | { type: "back" }
  | { type: "sort"; column: string; descending: boolean }
  | { type: "query"; query: string }
  | { type: "raster"; opacity: number }
  | { type: "view"; view: View | null }
  | { type: "mercator"; mercator: boolean }
  | { type: "weights"; setting: Setting | null }
  | { type: "classes"; choice: ClassChoice | null }
  | { type: "chart"; choice: ChartChoice | null }
  | { type: "compare"; units: readonly string[] }
  | { type: "story"; state: State }
  | { type: "replace"; state: Partial<State> };

export function reduce(state: State, step: Step): State {
  switch (step.type) {
    case "plate":
      if (step.plate === state.plate) return state.story === null ? state : { ...state, story: null };
      return { ...state, plate: step.plate, year: null, panel: null, sort: null, query: "", classes: null, chart: null, story: null };
    case "lang":
      return { ...state, lang: step.lang };
    case "dark":
      return { ...state, dark: step.dark };
    case "year":
      return { ...state, year: step.year };
    case "panel":
      return { ...state, panel: step.panel, classes: null, chart: null, sort: null };
    case "filter":
      return state.filters.some((filter) => sameFilter(filter, step.filter))
        ? state
        : { ...state, filters: [...state.filters, step.filter] };
    case "unfilter": {
      const { filter: gone } = step;
      return { ...state, filters: gone ? state.filters.filter((filter) => !sameFilter(filter, gone)) : [] };
    }
    case "select":
      return { ...state, selection: step.units };
    case "area":
      return { ...state, area: step.area, selection: [] };
    case "back":
      return state.selection.length > 0 ? { ...state, selection: [] } : { ...state, area: null };
    case "sort":
      return { ...state, sort: { column: step.column, descending: step.descending } };
    case "query":
      return { ...state, query: step.query };
    case "raster":
      return { ...state, raster: step.opacity };
    case "view":
      return { ...state, view: step.view };
    case "mercator":
      return { ...state, mercator: step.mercator };
    case "weights":
      return { ...state, weights: step.setting };
    case "classes":
      return { ...state, classes: step.choice };
    case "chart":
      return { ...state, chart: step.choice };
    case "compare":
      return { ...state, compare: [...new Set(step.units)].slice(0, MOST_COMPARED) };
    case "story":
      return step.state;
    case "replace":
      return { ...state, ...step.state };
  }
}

export const sameFilter = (a: Filter, b: Filter): boolean => a.scope === b.scope && a.value === b.value;

/** Steps that a reader would want to come back from; the others change the link in place. */
export function isLandmark(step: Step): boolean {
  return ["plate", "filter", "unfilter", "select", "area", "back", "lang", "panel", "chart", "compare", "mercator", "story"].includes(step.type);
}
