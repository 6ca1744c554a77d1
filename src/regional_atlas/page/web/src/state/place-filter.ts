/** Filters by value and place: a field's range, the first of a ranking, a radius, a box, neighbours. */
import { areaTitle, columnOf, lookUp, placeOfArea, unitName, unitsOfArea, type Area, type Atlas } from "../data/model.ts";
import { word, type Lang } from "../text/language.ts";
import type { Box } from "../format.ts";
import { mercatorOf } from "../geometry/mercator.ts";
import { middleOf, unitsWithin, type LonLat } from "../geometry/near.ts";
import { projectionOf } from "../geometry/projection.ts";
import type { Filter } from "./state.ts";
import { short } from "../text/numbers.ts";

const MERCATOR = "mercator:";

/** Written in a filter's value: "field:least:most", either end empty where open. */
export const rangeValue = (field: string, least: number | null, most: number | null): string => `${field}:${least ?? ""}:${most ?? ""}`;

/** "xmin,ymin,xmax,ymax" in the metres of the projection in which the box was drawn; web mercator's say so. */
export const boxValue = (box: Box, mercator: boolean): string => `${mercator ? MERCATOR : ""}${box.map(Math.round).join(",")}`;

/** What a radius is around. */
export type Center = { unit: string } | { area: Area } | { point: LonLat };

/** "unit:km", "scope=id:km" for an area, "@lon,lat:km" for a point. */
export const nearValue = (from: Center, km: string): string =>
  `${"unit" in from ? from.unit : "area" in from ? `${from.area.scope}=${from.area.id}` : `@${from.point.map((part) => part.toFixed(4)).join(",")}`}:${km}`;

export interface Near {
  /** Of a unit its point, of an area the middle of its units' points, weighted by their area. */
  place: LonLat;
  km: number;
  title: (lang: Lang) => string;
}

/** What a filter of a radius is around; null for what the atlas does not have. */
export function readNear(atlas: Atlas, value: string): Near | null {
  const [from, kilometres] = split(value);
  const km = Number(kilometres);
  if (!(km > 0 && km < Infinity)) return null;
  const { inverse } = projectionOf(atlas.spec.projection.proj4);
  const pointOf = (unit: number) => inverse(...atlas.store.point[unit]);
  const unit = atlas.index.get(from);
  if (unit !== undefined) return { place: pointOf(unit), km, title: (lang) => unitName(atlas, unit, lang) };
  if (from.startsWith("@")) {
    const [lon, lat, ...more] = from.slice(1).split(",").map((part) => (part.trim() ? Number(part) : NaN));
    if (more.length > 0 || !(Math.abs(lon) <= 360 && Math.abs(lat) <= 90)) return null;
    return { place: [lon, lat], km, title: () => degreesText(lon, lat) };
  }
  const at = from.indexOf("=");
  const area = { scope: from.slice(0, at), id: from.slice(at + 1) };
  const units = at > 0 && placeOfArea(atlas, area) >= 0 ? unitsOfArea(atlas, area) : [];
  if (units.length === 0) return null;
  const place = middleOf(units.map(pointOf), units.map((member) => atlas.store.area_km2[member]));
  return { place, km, title: (lang) => areaTitle(atlas, area, lang)! };
}

function degreesText(lon: number, lat: number): string {
  return `${Math.abs(lat).toFixed(2)}°${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(2)}°${lon < 0 ? "W" : "E"}`;
}

/** The units that pass; null when the filter is of another kind. */
export function unitsOfPlace(atlas: Atlas, { scope, value }: Filter): number[] | null {
  switch (scope) {
    case "range": {
      const range = readRange(atlas, value);
      if (!range) return [];
      return where(atlas, (unit) => range.column[unit] !== null && range.column[unit] >= range.least && range.column[unit] <= range.most);
    }
    case "top": {
      const [ranking, count] = split(value);
      const rank = lookUp(atlas.store.rankings, ranking)?.rank ?? [];
      return where(atlas, (unit) => rank[unit] != null && rank[unit] <= Number(count));
    }
    case "near": {
      const near = readNear(atlas, value);
      return near ? unitsWithin(atlas.topology, projectionOf(atlas.spec.projection.proj4), near.place, near.km) : [];
    }
    case "next": {
      const own = atlas.index.get(value);
      return own === undefined ? [] : [own, ...neighboursOf(atlas, own)];
    }
    case "box": {
      const box = readBox(value);
      if (!box) return [];
      const [xmin, ymin, xmax, ymax] = box;
      const place = mercatorOf(atlas.spec);
      return where(atlas, (unit) => {
        const [x, y] = value.startsWith(MERCATOR) ? place(...atlas.store.point[unit]) : atlas.store.point[unit];
        return x >= xmin && x <= xmax && y >= ymin && y <= ymax;
      });
    }
    default:
      return null;
  }
}

/** What the chip says; undefined when the filter is of another kind, null when it names what is not there. */
export function placeTitle(atlas: Atlas, { scope, value }: Filter, lang: Lang): string | null | undefined {
  switch (scope) {
    case "range": {
      const range = readRange(atlas, value);
      if (!range) return null;
      const ends = [range.least, range.most].map((end) => (Number.isFinite(end) ? short(end, lang, range.unit) : ""));
      return `${range.title[lang]} ${ends[0] && ends[1] ? ends.join("–") : ends[0] ? `≥ ${ends[0]}` : `≤ ${ends[1]}`}`;
    }
    case "top": {
      const [ranking, count] = split(value);
      const title = atlas.rankings.get(ranking)?.title[lang];
      if (title === undefined || !(Number(count) > 0)) return null;
      return word("firstOf", lang, { title, count: Number(count) });
    }
    case "near": {
      const near = readNear(atlas, value);
      return near && word("nearTo", lang, { km: String(near.km), unit: near.title(lang) });
    }
    case "next": {
      const unit = atlas.index.get(value);
      if (unit === undefined) return null;
      return word("nextTo", lang, { unit: unitName(atlas, unit, lang) });
    }
    case "box":
      return readBox(value) ? word("inBox", lang) : null;
    default:
      return undefined;
  }
}

/** Units that share a border with one. */
export function neighboursOf(atlas: Atlas, unit: number): number[] {
  const { left, right } = atlas.topology;
  const found = new Set<number>();
  left.forEach((a, arc) => {
    const b = right[arc];
    if (a === unit && b >= 0) found.add(b);
    else if (b === unit && a >= 0) found.add(a);
  });
  found.delete(unit);
  return [...found].sort((a, b) => a - b);
}

function readRange(atlas: Atlas, value: string) {
  const [id, least, most] = value.split(":");
  const field = atlas.fields.get(id);
  if (!field || (!least && !most)) return null;
  const ends = { least: least ? Number(least) : -Infinity, most: most ? Number(most) : Infinity };
  if (Number.isNaN(ends.least) || Number.isNaN(ends.most)) return null;
  return { ...ends, title: field.title, unit: field.unit, column: columnOf(atlas, id, field.years?.at(-1) ?? null) };
}

function readBox(value: string): Box | null {
  const [xmin, ymin, xmax, ymax, ...more] = value.replace(MERCATOR, "").split(",").map(Number);
  return more.length === 0 && [xmin, ymin, xmax, ymax].every(Number.isFinite) ? [xmin, ymin, xmax, ymax] : null;
}

function split(value: string): [string, string] {
  const at = value.lastIndexOf(":");
  return [value.slice(0, at), value.slice(at + 1)];
}

function where(atlas: Atlas, passes: (unit: number) => boolean): number[] {
  const units: number[] = [];
  for (let unit = 0; unit < atlas.count; unit++) if (passes(unit)) units.push(unit);
  return units;
}
