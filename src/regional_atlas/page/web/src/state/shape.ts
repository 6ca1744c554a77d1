/** What each part of a state may be: what an embedding page gets wrong is refused whole, with the part named. */
import { languages } from "../text/offered.ts";
import { SCHEMES } from "../classify/breaks.ts";
import { AGGREGATIONS } from "../scoring/aggregate.ts";
import { NORMALISATIONS } from "../scoring/normalise.ts";
import { CHARTS, type State } from "./state.ts";

type Fits = (value: unknown) => boolean;

const text: Fits = (value) => typeof value === "string";
const flag: Fits = (value) => typeof value === "boolean";
const number: Fits = (value) => Number.isFinite(value);
const texts: Fits = (value) => Array.isArray(value) && value.every(text);
const among = (names: readonly string[]): Fits => (value) => names.includes(value as string);
const orNull = (fits: Fits): Fits => (value) => value === null || fits(value);
const orNothing = (fits: Fits): Fits => (value) => value === undefined || orNull(fits)(value);
const entries = (fits: Fits): Fits => (value) => typeof value === "object" && value !== null && Object.values(value).every(fits);
const parts = (shape: Record<string, Fits>): Fits => (value) => typeof value === "object" && value !== null && Object.entries(shape).every(([key, fits]) => fits((value as Record<string, unknown>)[key]));

const CHART_KINDS = [...CHARTS, "table"];

const tags = () => languages().map(({ tag }) => tag);

const SHAPES: Record<keyof State, { fits: Fits; says: string }> = {
  plate: { fits: text, says: "a plate's id or sources" },
  lang: {
    fits: (value) => tags().includes(value as string),
    get says() {
      return tags().join(" or ");
    },
  },
  dark: { fits: orNull(flag), says: "null, true or false" },
  year: { fits: orNull(Number.isInteger), says: "null or a year" },
  panel: { fits: orNull(text), says: "null or a field's id" },
  filters: { fits: (value) => Array.isArray(value) && value.every(parts({ scope: text, value: text })), says: "a list of {scope, value}" },
  selection: { fits: texts, says: "a list of unit ids" },
  area: { fits: orNull(parts({ scope: text, id: text })), says: "null or {scope, id}" },
  sort: { fits: orNull(parts({ column: text, descending: flag })), says: "null or {column, descending}" },
  query: { fits: text, says: "a text" },
  raster: { fits: (value) => number(value) && Number(value) >= 0 && Number(value) <= 1, says: "a number from 0 to 1" },
  view: { fits: orNull(parts({ lon: number, lat: number, zoom: number })), says: "null or {lon, lat, zoom}" },
  mercator: { fits: flag, says: "true or false" },
  weights: {
    fits: orNull(parts({ index: text, weights: entries(number), normalise: orNothing(among(NORMALISATIONS)), aggregate: orNothing(among(AGGREGATIONS)) })),
    says: `null or {index, weights, normalise, aggregate}, with normalise null or ${NORMALISATIONS.join(", ")} and aggregate null or ${AGGREGATIONS.join(", ")}`,
  },
  classes: {
    fits: orNull(parts({ scheme: among(SCHEMES), count: number, palette: text, breaks: (value) => Array.isArray(value) && value.every(number) })),
    says: `null or {scheme, count, palette, breaks}, of scheme ${SCHEMES.join(", ")}`,
  },
  chart: { fits: orNull(parts({ kind: among(CHART_KINDS), other: orNothing(text) })), says: `null or {kind, other}, of kind ${CHART_KINDS.join(", ")}` },
  compare: { fits: texts, says: "a list of unit ids" },
  story: { fits: orNull(Number.isInteger), says: "null or the number of a step" },
};

/** What is wrong with a part of a state; null when nothing is. */
export function misfit(state: object): string | null {
  for (const [name, value] of Object.entries(state)) {
    if (!Object.hasOwn(SHAPES, name)) return `A state has no "${name}"; it has ${Object.keys(SHAPES).join(", ")}.`;
    const { fits, says } = SHAPES[name as keyof State];
    if (!fits(value)) return `"${name}" is ${says}.`;
  }
  return null;
}
