/** What a map shows, in words: for those who do not see it. */
import { parentName, placeOf, unitName, type Atlas } from "../data/model.ts";
import type { Language, Plate } from "../format.ts";
import { counted, word } from "../text/language.ts";
import { exact, integer, percent, readable, withUnit } from "../text/numbers.ts";
import { titleOfRow, figureNumber } from "./figure.ts";
import { rankText, valueText, type PlateView } from "./view.ts";

const NAMED = 3;
/** A list of selected units that is longer is counted. */
const MOST_NAMED = 6;

type Say = (zh: string, en: string) => string;

/** What is mapped, the range with its highest and lowest units, how many have no data, what passes the filters, what is selected. */
export function mapText(atlas: Atlas, view: PlateView, mask: Uint8Array | null, selected: readonly number[], lang: Language): string {
  const say: Say = (zh, en) => (lang === "zh" ? zh : en);
  const parts = [subject(atlas, view, lang), ...CONTENT[view.plate.kind](atlas, view, mask, lang), ...chosen(atlas, view, selected, lang)];
  if (mask) {
    const shown = mask.reduce<number>((sum, passes) => sum + passes, 0);
    parts.push(say(`筛选后余 ${integer(shown)} 个`, `${integer(shown)} pass the filters`));
  }
  return parts.filter(Boolean).join(say("；", "; ")) + say("。", ".");
}

function subject(atlas: Atlas, { plate, year }: PlateView, lang: Language): string {
  const units = counted(integer(atlas.count), atlas.spec.unit_level.title, lang);
  const title = `${plate.title[lang]}${year !== null && plate.kind === "years" ? ` ${year}` : ""}`;
  return lang === "zh" ? `地图：${title}，共 ${units}` : `Map: ${title}, ${units}`;
}

type Content = (atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Language) => string[];

const CONTENT: Record<Plate["kind"], Content> = {
  choropleth: values,
  years: values,
  change: values,
  bivariate: pairs,
  ranking: (atlas, view, mask, lang) => [...classes(view, lang), ...ranked(atlas, view, mask, lang)],
  tiers: (atlas, view, mask, lang) => [...classes(view, lang), ...ranked(atlas, view, mask, lang)],
  regions: areas,
  coverage: parents,
  categories: (_, view, __, lang) => [...classes(view, lang), ...without(view, lang)],
  hotspots: (_, view, __, lang) => [...classes(view, lang), ...without(view, lang)],
  clusters: circles,
  figure: rows,
  multiples: (_, { plate }, __, lang) => (plate.kind === "multiples" ? [list(plate.panels.map((panel) => panel.title[lang]), lang)] : []),
};

const named = (atlas: Atlas, unit: number, lang: Language) => {
  const place = placeOf(atlas, unit, lang);
  return place ? `${unitName(atlas, unit, lang)}${lang === "zh" ? `（${place}）` : ` (${place})`}` : unitName(atlas, unit, lang);
};

const list = (texts: readonly string[], lang: Language) => texts.join(word("listSeparator", lang));

function values(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Language): string[] {
  const { field } = view;
  if (!field) return [];
  const known = [...view.values.keys()].filter((unit) => view.values[unit] !== null && (!mask || mask[unit]));
  if (known.length === 0) return [word("noData", lang)];
  known.sort((a, b) => view.values[b]! - view.values[a]! || a - b);
  const number = (unit: number) => readable(view.values[unit]!, field.digits, field.unit, lang);
  const one = (unit: number) => `${named(atlas, unit, lang)} ${number(unit)}`;
  const [highest, lowest] = [known[0], known[known.length - 1]];
  const range = withUnit(`${number(lowest)}${lang === "zh" ? " 至 " : " to "}${number(highest)}`, field.unit, lang);
  if (known.length < 2 * NAMED) return [range, list(known.map(one), lang), ...without(view, lang)];
  const [top, bottom] = [known.slice(0, NAMED), known.slice(-NAMED).reverse()].map((units) => list(units.map(one), lang));
  return lang === "zh" ? [range, `最高：${top}`, `最低：${bottom}`, ...without(view, lang)] : [range, `highest: ${top}`, `lowest: ${bottom}`, ...without(view, lang)];
}

function without(view: PlateView, lang: Language): string[] {
  if (view.missing === 0) return [];
  return [lang === "zh" ? `${integer(view.missing)} 个无数据` : `${integer(view.missing)} without data`];
}

function classes(view: PlateView, lang: Language): string[] {
  return view.labels(lang).map((label, i) => (lang === "zh" ? `${label} ${integer(view.counts[i])} 个` : `${label}: ${integer(view.counts[i])}`));
}

function ranked(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Language): string[] {
  const units = [...view.ranks.keys()].filter((unit) => view.ranks[unit] !== null && (!mask || mask[unit])).sort((a, b) => view.ranks[a]! - view.ranks[b]!);
  if (units.length === 0) return [];
  const one = (unit: number) => `${integer(view.ranks[unit]!)} ${named(atlas, unit, lang)}`;
  const first = list(units.slice(0, NAMED).map(one), lang);
  const last = one(units[units.length - 1]);
  const rest = view.paper > 0 ? [lang === "zh" ? `${integer(view.paper)} 个未上榜` : `${integer(view.paper)} not ranked`] : [];
  return units.length <= NAMED ? [first, ...rest] : lang === "zh" ? [`最前：${first}`, `最后：${last}`, ...rest] : [`first: ${first}`, `last: ${last}`, ...rest];
}

function pairs(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Language): string[] {
  const { plate } = view;
  if (plate.kind !== "bivariate") return [];
  const [across, up] = plate.fields.map((id) => atlas.fields.get(id)?.title[lang] ?? id);
  const size = plate.classes[0].breaks.length;
  const at = (a: number, b: number) => integer(view.counts[b * size + a]);
  const last = size - 1;
  return lang === "zh"
    ? [`横轴${across}，纵轴${up}`, `两者皆最高 ${at(last, last)} 个、皆最低 ${at(0, 0)} 个`, `只有前者最高而后者最低 ${at(last, 0)} 个、相反 ${at(0, last)} 个`, ...without(view, lang)]
    : [`across ${across}, up ${up}`, `highest class of both: ${at(last, last)}, lowest of both: ${at(0, 0)}`, `highest across and lowest up: ${at(last, 0)}, the other way round: ${at(0, last)}`, ...without(view, lang)];
}

function areas(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Language): string[] {
  const { plate } = view;
  if (plate.kind !== "regions") return [];
  const kind = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const { title, regions } = atlas.spec.kinds[kind];
  const held = regions.map((region) => ({ name: region.title[lang], units: 0, ranked: 0 }));
  atlas.belongings.forEach((belongs, unit) => {
    const own = belongs.find((item) => item.kind === kind && item.exclusive);
    if (!own) return;
    held[own.region].units += 1;
    held[own.region].ranked += view.ranks[unit] === null ? 0 : 1;
  });
  const key = view.ranking ? "ranked" : "units";
  const most = [...held].sort((a, b) => b[key] - a[key]).slice(0, NAMED);
  const said = list(most.map((item) => `${item.name} ${integer(item[key])}`), lang);
  const what = view.ranking ? view.ranking.title[lang] : atlas.spec.unit_level.title[lang];
  return [counted(integer(regions.length), title, lang), lang === "zh" ? `${what}最多的是 ${said}` : `most of ${what}: ${said}`];
}

function parents(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Language): string[] {
  const { plate } = view;
  if (plate.kind !== "coverage") return [];
  const value = (row: (typeof plate.rows)[number]) => row[plate.measure] ?? 0;
  const held = plate.rows.filter((row) => row.count > 0).sort((a, b) => value(b) - value(a));
  const one = (row: (typeof plate.rows)[number]) => `${parentName(atlas, plate.level, row.parent, lang)} ${plate.measure === "share" ? percent(row.share!) : integer(row.count)}`;
  const none = plate.rows.filter((row) => row.share !== null && row.count === 0).length;
  const outside = plate.rows.filter((row) => row.share === null).length;
  const rest = outside === 0 ? [] : [lang === "zh" ? `${integer(outside)} 个无可参评单元` : `${integer(outside)} without eligible units`];
  const [top, bottom] = [list(held.slice(0, NAMED).map(one), lang), list(held.slice(-NAMED).reverse().map(one), lang)];
  return lang === "zh" ? [`最高：${top}`, `有者中最低：${bottom}`, `${integer(none)} 个没有`, ...rest] : [`highest: ${top}`, `lowest of those that have any: ${bottom}`, `${integer(none)} have none`, ...rest];
}

function circles(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Language): string[] {
  const { plate } = view;
  const set = plate.kind === "clusters" ? atlas.spec.clusters.find((item) => item.id === plate.set) : undefined;
  if (!set) return [];
  const where = new Set(set.items.flatMap((item) => item.units)).size;
  const sized = set.items.filter((item) => item.size !== null).sort((a, b) => b.size! - a.size!);
  const one = (item: (typeof sized)[number]) => `${item.units.length > 0 ? `${unitName(atlas, item.units[0], lang)} ` : ""}${item.title[lang]} ${withUnit(exact(item.size!, 0, set.size_unit, lang), set.size_unit, lang)}`;
  const spread = lang === "zh" ? `${integer(set.items.length)} 个集群，位于 ${integer(where)} 个${atlas.spec.unit_level.title.zh}` : `${integer(set.items.length)} clusters in ${counted(integer(where), atlas.spec.unit_level.title, lang)}`;
  if (sized.length === 0) return [spread];
  return [spread, `${lang === "zh" ? "规模最大：" : "largest: "}${list(sized.slice(0, NAMED).map(one), lang)}`];
}

function rows(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Language): string[] {
  const { plate } = view;
  if (plate.kind !== "figure") return [];
  if (!plate.classes) return view.ranking ? [lang === "zh" ? `标出${view.ranking.title.zh}的 ${integer(view.counts[0])} 个` : `${integer(view.counts[0])} marked: ${view.ranking.title.en}`] : [];
  const { unit, title } = plate.series[plate.shown];
  const said = plate.rows.filter((row) => row.values[plate.shown] !== null).map((row) => `${titleOfRow(atlas, plate, row, lang)} ${row.signs[plate.shown]}${figureNumber(row.values[plate.shown]!, unit, lang)}`);
  return [`${[title[lang], unit[lang]].filter(Boolean).join(word("listSeparator", lang))}${lang === "zh" ? "：" : ": "}${list(said, lang)}`];
}

function chosen(atlas: Atlas, view: PlateView, selected: readonly number[], lang: Language): string[] {
  if (selected.length === 0) return [];
  if (selected.length > MOST_NAMED) return [`${word("selected", lang)} ${integer(selected.length)}`];
  const one = (unit: number) => [named(atlas, unit, lang), valueText(view, unit, lang), rankText(atlas, view, unit, lang)].filter(Boolean).join(" ");
  return [`${word("selected", lang)}${lang === "zh" ? "：" : ": "}${list(selected.map(one), lang)}`];
}
