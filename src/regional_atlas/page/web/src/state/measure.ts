/** What the charts of a plate show: one number per unit that passes the filters, and sums of it. */
import { median } from "d3-array";
import { parentName, type Atlas } from "../data/model.ts";
import { sumOf } from "../data/rollup.ts";
import type { Lang } from "../text/language.ts";
import type { Column, Field } from "../format.ts";
import type { Measure, PlateView } from "./plate.ts";

export function measureOf(view: PlateView, mask: Uint8Array | null): Measure {
  if (!view.field) return countsOf(view, mask);
  const members = view.values.flatMap((_, unit) => (!mask || mask[unit] ? [unit] : []));
  return { field: view.field, values: view.values, units: members.filter((unit) => view.values[unit] !== null), members };
}

/** 1 for every ranked unit. */
function countsOf(view: PlateView, mask: Uint8Array | null): Measure {
  const values = view.ranks.map((rank) => (rank === null ? null : 1));
  const units = values.flatMap((value, unit) => (value !== null && (!mask || mask[unit]) ? [unit] : []));
  return { field: null, values, units, members: units };
}

/** What parts of a whole are made of: the field where it adds up, else how many units are ranked. */
export function wholeOf(view: PlateView, mask: Uint8Array | null): Measure {
  return view.field?.extensive ? measureOf(view, mask) : countsOf(view, mask);
}

export interface ParentSum {
  parent: number;
  title: string;
  sum: number;
  /** Of its members that pass the filters, those with a value, and all. */
  units: number[];
  members: number[];
  /** Some members have no value. */
  partial: boolean;
}

/** Sums by parent of a level, largest first; parents without any value are left out. */
export function sumsByParent(atlas: Atlas, level: string, { values, members }: Pick<Measure, "values" | "members">, lang: Lang): ParentSum[] {
  const { of, ids } = atlas.store.parents[level];
  const groups = ids.map((): number[] => []);
  for (const unit of members) groups[of[unit]]?.push(unit);
  return groups
    .flatMap((held, parent): ParentSum[] => {
      const { sum, data } = sumOf(values, held);
      if (sum === null) return [];
      return [{ parent, title: parentName(atlas, level, parent, lang), sum, units: held.filter((unit) => values[unit] !== null), members: held, partial: data < held.length }];
    })
    .sort((a, b) => b.sum - a.sum || a.parent - b.parent);
}

/** Points of the Lorenz curve and the Gini coefficient; negative values have neither. */
export function lorenz(values: readonly number[]): { curve: [number, number][]; gini: number } | null {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  if (sorted.length === 0 || sorted[0] < 0 || total === 0) return null;
  let [sum, area] = [0, 0];
  const curve: [number, number][] = [[0, 0]];
  sorted.forEach((value, i) => {
    area += (2 * sum + value) / (2 * total * sorted.length);
    sum += value;
    curve.push([(i + 1) / sorted.length, sum / total]);
  });
  return { curve, gini: 1 - 2 * area };
}

/** The middle value, or the mean of the two in the middle; null without values. */
export const medianOf = (values: Column): number | null => median(values, (value) => value ?? undefined) ?? null;

/** The share of the other units that a unit surpasses in a field: those below it, or above it where less is better. */
export function surpassed(field: Field, values: Column, unit: number, among: readonly number[] | null = null): number | null {
  const share = percentileOf(values, unit, among);
  return share !== null && field.direction < 0 ? 1 - share : share;
}

/** Share of the other units with a value that lie below this one's, ties by half: its percentile rank from 0 to 1. */
export function percentileOf(values: Column, unit: number, among: readonly number[] | null = null): number | null {
  const own = values[unit];
  if (own === null) return null;
  let [below, count] = [0, 0];
  const weigh = (value: number | null) => {
    if (value === null) return;
    count += 1;
    below += value < own ? 1 : value === own ? 0.5 : 0;
  };
  if (among) for (const other of among) weigh(values[other]);
  else values.forEach(weigh);
  // It is no rival of its own, and without rivals stands in the middle.
  return count > 1 ? (below - 0.5) / (count - 1) : 0.5;
}
