/** What maps of several kinds show, in words. */
import type { Atlas } from "../data/model.ts";
import type { PlateView } from "../state/plate.ts";
import { word, list, type Lang } from "../text/language.ts";
import { integer, readable, withUnit } from "../text/numbers.ts";
import { named, NAMED } from "../ui/describe.ts";

export function describeValues(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Lang): string[] {
  const { field } = view;
  if (!field) return [];
  const known = [...view.values.keys()].filter((unit) => view.values[unit] !== null && (!mask || mask[unit]));
  if (known.length === 0) return [word("noData", lang)];
  known.sort((a, b) => view.values[b]! - view.values[a]! || a - b);
  const number = (unit: number) => readable(view.values[unit]!, field.digits, field.unit, lang);
  const one = (unit: number) => `${named(atlas, unit, lang)} ${number(unit)}`;
  const [highest, lowest] = [known[0], known[known.length - 1]];
  const range = withUnit(word("mapRange", lang, { least: number(lowest), most: number(highest) }), field.unit, lang);
  if (known.length < 2 * NAMED) return [range, list(known.map(one), lang), ...describeMissing(view, lang)];
  const [top, bottom] = [known.slice(0, NAMED), known.slice(-NAMED).reverse()].map((units) => list(units.map(one), lang));
  return [range, word("mapHighest", lang, { names: top }), word("mapLowest", lang, { names: bottom }), ...describeMissing(view, lang)];
}

export function describeMissing(view: PlateView, lang: Lang): string[] {
  return view.missing === 0 ? [] : [word("mapWithout", lang, { count: view.missing })];
}

export function describeClasses(view: PlateView, lang: Lang): string[] {
  return view.labels(lang).map((label, i) => word("mapClass", lang, { label, count: view.counts[i] }));
}

export function describeRanks(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Lang): string[] {
  const units = [...view.ranks.keys()].filter((unit) => view.ranks[unit] !== null && (!mask || mask[unit])).sort((a, b) => view.ranks[a]! - view.ranks[b]!);
  if (units.length === 0) return [];
  const one = (unit: number) => `${integer(view.ranks[unit]!, lang)} ${named(atlas, unit, lang)}`;
  const first = list(units.slice(0, NAMED).map(one), lang);
  const rest = view.paper > 0 ? [word("mapNotRanked", lang, { count: view.paper })] : [];
  if (units.length <= NAMED) return [first, ...rest];
  return [word("mapFirst", lang, { names: first }), word("mapLast", lang, { name: one(units[units.length - 1]) }), ...rest];
}
