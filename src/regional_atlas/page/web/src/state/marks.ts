/** The units that every map and chart marks: selected ones in the accent, compared ones in a colour each. */
import { CATEGORIES } from "../classify/colour.ts";

export interface Mark {
  unit: number;
  /** null: the accent, of what is selected. */
  color: string | null;
}

/** Of the unit that stands in a column of the comparison. */
export const comparedColor = (slot: number): string => CATEGORIES[(slot + 4) % CATEGORIES.length];

/** Selected first; what is compared too keeps the accent. */
export function marksOf(selected: readonly number[], compared: readonly number[]): Mark[] {
  const own = new Set(selected);
  return [...selected.map((unit) => ({ unit, color: null })), ...compared.map((unit, slot) => ({ unit, color: comparedColor(slot) })).filter(({ unit }) => !own.has(unit))];
}

export const ACCENT = "var(--ra-accent)";

/** Units by the colour that they are marked with. */
export function byColor(marks: readonly Mark[], accent: string): Map<string, number[]> {
  const units = new Map<string, number[]>();
  for (const { unit, color } of marks) {
    const held = units.get(color ?? accent);
    if (held) held.push(unit);
    else units.set(color ?? accent, [unit]);
  }
  return units;
}

/** The colour of a group of units that holds a marked one; null: none is. */
export function colorIn(marks: readonly Mark[], units: readonly number[]): string | null {
  const mark = marks.find(({ unit }) => units.includes(unit));
  return mark ? (mark.color ?? ACCENT) : null;
}
