/** What a map shows, in words: for those who do not see it. */
import { isEligible, placeOf, unitName, type Atlas } from "../data/model.ts";
import type { App } from "../state/app.ts";
import type { PlateKind, PlateView } from "../state/plate.ts";
import { counted, word, labelled, list, type Lang } from "../text/language.ts";
import { integer } from "../text/numbers.ts";

/** Units of either end that are named. */
export const NAMED = 3;
/** A list of selected units that is longer is counted. */
const MOST_NAMED = 6;

/** What is mapped, the range with its highest and lowest units, how many have no data, what passes the filters, what is selected. */
export function mapText(app: App, view: PlateView, mask: Uint8Array | null, selected: readonly number[], lang: Lang): string {
  const { atlas } = app;
  const kind = app.kindOf(view.plate);
  const parts = [subject(atlas, view, kind, lang), ...kind.describe(atlas, view, mask, lang), ...chosen(atlas, view, kind, selected, lang)];
  if (mask) parts.push(word("mapFiltered", lang, { count: mask.reduce<number>((sum, passes) => sum + passes, 0) }));
  return word("sentence", lang, { clauses: parts.filter(Boolean).join(word("clauseSeparator", lang)) });
}

function subject(atlas: Atlas, { plate, year }: PlateView, kind: PlateKind, lang: Lang): string {
  const title = `${plate.title[lang]}${year !== null && kind.years ? ` ${year}` : ""}`;
  return word("mapOf", lang, { title, units: counted(atlas.count, atlas.spec.unit_level.title, lang) });
}

function chosen(atlas: Atlas, view: PlateView, kind: PlateKind, selected: readonly number[], lang: Lang): string[] {
  if (selected.length === 0) return [];
  if (selected.length > MOST_NAMED) return [`${word("selected", lang)} ${integer(selected.length, lang)}`];
  const one = (unit: number) => [named(atlas, unit, lang), kind.valueText(view, unit, lang), rankText(atlas, view, unit, lang)].filter(Boolean).join(" ");
  return [labelled(word("selected", lang), list(selected.map(one), lang), lang)];
}

export const named = (atlas: Atlas, unit: number, lang: Lang) => {
  const place = placeOf(atlas, unit, lang);
  const text = unitName(atlas, unit, lang);
  return place ? word("parenthesis", lang, { text, more: place }) : text;
};

/** "第 12 名", "not ranked", "not eligible". */
export function rankText(atlas: Atlas, view: PlateView, unit: number, lang: Lang): string | null {
  const rank = view.ranks[unit];
  if (rank !== null) return word("rankOf", lang, { rank });
  if (!view.ranking) return null;
  return word(isEligible(atlas, view.ranking, unit) ? "notRanked" : "notEligible", lang);
}
