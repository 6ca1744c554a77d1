/** Values of areas: those that the build rolled up, and sums over the units that a filter leaves. */
import { lookUp, placeOfArea, type Area, type Atlas } from "./model.ts";
import type { Column, Field } from "../format.ts";

export interface AreaValue {
  field: Field;
  year: number | null;
  value: number;
  /** Members that have data, where the value is partial. */
  data: number | null;
  /** Members that there are, where the value is partial. */
  members: number | null;
}

/** The latest value of every field in a parent or region, as the build's table region_values has it. */
export function areaValues(atlas: Atlas, area: Area): AreaValue[] {
  const columns = lookUp(atlas.store.areas, area.scope) ?? {};
  const at = placeOfArea(atlas, area);
  return [...atlas.spec.fields, ...atlas.spec.area_fields].flatMap((field): AreaValue[] => {
    const held = lookUp(columns, field.id);
    const value = held?.value[at] ?? null;
    if (value === null) return [];
    const [data, members] = [held?.data?.[at] ?? null, held?.members?.[at] ?? null];
    return [{ field, year: field.years?.at(-1) ?? field.year, value, data, members }];
  });
}

/**
 * The sum of what adds up over units, and how many of them have a value; null where none has.
 * tests/shared/sums.json holds it to the build's rule.
 */
export function sumOf(values: Column, units: readonly number[]): { sum: number | null; data: number } {
  let [sum, data] = [0, 0];
  for (const unit of units) {
    const value = values[unit];
    if (value === null) continue;
    sum += value;
    data += 1;
  }
  return { sum: data > 0 ? sum : null, data };
}

export interface Counted {
  units: number;
  /** Ranked units, each in one group of its kind; of every membership; and those that could be ranked. */
  count: number;
  all: number;
  of: number;
  /** Share of those that could be ranked which are; null where none could. */
  coverage: number | null;
}

/** Counts the ranked units of a group, as the build's `count_ranked` does. */
export function countRanked(units: readonly number[], rank: Column, eligible: (unit: number) => boolean, own: (unit: number) => boolean): Counted {
  const could = units.filter(eligible);
  const ranked = units.filter((unit) => rank[unit] !== null);
  const covered = could.filter((unit) => rank[unit] !== null).length;
  return { units: units.length, count: ranked.filter(own).length, all: ranked.length, of: could.length, coverage: could.length > 0 ? covered / could.length : null };
}
