/** What the members of an area add up to, or what is usual among them. */
import { median } from "d3-array";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Field } from "../format.ts";

export interface RollUp {
  field: Field;
  year: number | null;
  /** A sum where values add up, else the median. */
  value: number;
  /** Share of the sum of all units, or the median of all units. */
  whole: number;
  /** Members with a value. */
  n: number;
}

export function rollUps(atlas: Atlas, units: readonly number[]): RollUp[] {
  return atlas.spec.fields.flatMap((field): RollUp[] => {
    const year = field.years?.at(-1) ?? null;
    const column = columnOf(atlas, field.id, year);
    const known = units.flatMap((unit) => column[unit] ?? []);
    if (known.length === 0) return [];
    const all = column.filter((value) => value !== null);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const [value, whole] = field.extensive ? [sum(known), sum(known) / (sum(all) || 1)] : [median(known)!, median(all)!];
    return [{ field, year, value, whole, n: known.length }];
  });
}
