/** What maps of several kinds show, in words. */
import type { Atlas } from "../data/model.ts";
import type { Language } from "../format.ts";
import type { PlateView } from "../state/plate.ts";
import { word } from "../text/language.ts";
import { integer, readable, withUnit } from "../text/numbers.ts";
import { list, named, NAMED } from "../ui/describe.ts";

export function describeValues(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Language): string[] {
  const { field } = view;
  if (!field) return [];
  const known = [...view.values.keys()].filter((unit) => view.values[unit] !== null && (!mask || mask[unit]));
  if (known.length === 0) return [word("noData", lang)];
  known.sort((a, b) => view.values[b]! - view.values[a]! || a - b);
  const number = (unit: number) => readable(view.values[unit]!, field.digits, field.unit, lang);
  const one = (unit: number) => `${named(atlas, unit, lang)} ${number(unit)}`;
  const [highest, lowest] = [known[0], known[known.length - 1]];
  const range = withUnit(`${number(lowest)}${lang === "zh" ? " 至 " : " to "}${number(highest)}`, field.unit, lang);
  if (known.length < 2 * NAMED) return [range, list(known.map(one), lang), ...describeMissing(view, lang)];
  const [top, bottom] = [known.slice(0, NAMED), known.slice(-NAMED).reverse()].map((units) => list(units.map(one), lang));
  return lang === "zh" ? [range, `最高：${top}`, `最低：${bottom}`, ...describeMissing(view, lang)] : [range, `highest: ${top}`, `lowest: ${bottom}`, ...describeMissing(view, lang)];
}

export function describeMissing(view: PlateView, lang: Language): string[] {
  if (view.missing === 0) return [];
  return [lang === "zh" ? `${integer(view.missing)} 个无数据` : `${integer(view.missing)} without data`];
}

export function describeClasses(view: PlateView, lang: Language): string[] {
  return view.labels(lang).map((label, i) => (lang === "zh" ? `${label} ${integer(view.counts[i])} 个` : `${label}: ${integer(view.counts[i])}`));
}

export function describeRanks(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Language): string[] {
  const units = [...view.ranks.keys()].filter((unit) => view.ranks[unit] !== null && (!mask || mask[unit])).sort((a, b) => view.ranks[a]! - view.ranks[b]!);
  if (units.length === 0) return [];
  const one = (unit: number) => `${integer(view.ranks[unit]!)} ${named(atlas, unit, lang)}`;
  const first = list(units.slice(0, NAMED).map(one), lang);
  const last = one(units[units.length - 1]);
  const rest = view.paper > 0 ? [lang === "zh" ? `${integer(view.paper)} 个未上榜` : `${integer(view.paper)} not ranked`] : [];
  return units.length <= NAMED ? [first, ...rest] : lang === "zh" ? [`最前：${first}`, `最后：${last}`, ...rest] : [`first: ${first}`, `last: ${last}`, ...rest];
}
