/** What a map shows, in words: for those who do not see it. */
import { isEligible, placeOf, unitName, type Atlas } from "../data/model.ts";
import type { Language } from "../format.ts";
import type { App } from "../state/app.ts";
import type { PlateKind, PlateView } from "../state/plate.ts";
import { counted, word } from "../text/language.ts";
import { integer } from "../text/numbers.ts";

/** Units of either end that are named. */
export const NAMED = 3;
/** A list of selected units that is longer is counted. */
const MOST_NAMED = 6;

type Say = (zh: string, en: string) => string;

/** What is mapped, the range with its highest and lowest units, how many have no data, what passes the filters, what is selected. */
export function mapText(app: App, view: PlateView, mask: Uint8Array | null, selected: readonly number[], lang: Language): string {
  const { atlas } = app;
  const kind = app.kindOf(view.plate);
  const say: Say = (zh, en) => (lang === "zh" ? zh : en);
  const parts = [subject(atlas, view, kind, lang), ...kind.describe(atlas, view, mask, lang), ...chosen(atlas, view, kind, selected, lang)];
  if (mask) {
    const shown = mask.reduce<number>((sum, passes) => sum + passes, 0);
    parts.push(say(`筛选后余 ${integer(shown)} 个`, `${integer(shown)} pass the filters`));
  }
  return parts.filter(Boolean).join(say("；", "; ")) + say("。", ".");
}

function subject(atlas: Atlas, { plate, year }: PlateView, kind: PlateKind, lang: Language): string {
  const units = counted(integer(atlas.count), atlas.spec.unit_level.title, lang);
  const title = `${plate.title[lang]}${year !== null && kind.years ? ` ${year}` : ""}`;
  return lang === "zh" ? `地图：${title}，共 ${units}` : `Map: ${title}, ${units}`;
}

function chosen(atlas: Atlas, view: PlateView, kind: PlateKind, selected: readonly number[], lang: Language): string[] {
  if (selected.length === 0) return [];
  if (selected.length > MOST_NAMED) return [`${word("selected", lang)} ${integer(selected.length)}`];
  const one = (unit: number) => [named(atlas, unit, lang), kind.valueText(view, unit, lang), rankText(atlas, view, unit, lang)].filter(Boolean).join(" ");
  return [`${word("selected", lang)}${lang === "zh" ? "：" : ": "}${list(selected.map(one), lang)}`];
}

export const named = (atlas: Atlas, unit: number, lang: Language) => {
  const place = placeOf(atlas, unit, lang);
  return place ? `${unitName(atlas, unit, lang)}${lang === "zh" ? `（${place}）` : ` (${place})`}` : unitName(atlas, unit, lang);
};

export const list = (texts: readonly string[], lang: Language) => texts.join(word("listSeparator", lang));

/** "第 12 名", "not ranked", "not eligible". */
export function rankText(atlas: Atlas, view: PlateView, unit: number, lang: Language): string | null {
  const rank = view.ranks[unit];
  if (rank !== null) return lang === "zh" ? `第 ${integer(rank)} 名` : `rank ${integer(rank)}`;
  if (!view.ranking) return null;
  const eligible = isEligible(atlas, view.ranking, unit);
  if (lang === "zh") return eligible ? "未上榜" : "不在评选范围";
  return eligible ? "not ranked" : "not eligible";
}
