/** What a map shows, in words: for those who do not see it. */
import { parentName, placeOf, unitName, type Atlas } from "../data/model.ts";
import type { Plate } from "../format.ts";
import { counted, labelled, list, word, type Lang } from "../text/language.ts";
import { exact, integer, percent, readable, withUnit } from "../text/numbers.ts";
import { titleOfRow, figureNumber } from "./figure.ts";
import { rankText, valueText, type PlateView } from "./view.ts";

const NAMED = 3;
/** A list of selected units that is longer is counted. */
const MOST_NAMED = 6;

/** What is mapped, the range with its highest and lowest units, how many have no data, what passes the filters, what is selected. */
export function mapText(atlas: Atlas, view: PlateView, mask: Uint8Array | null, selected: readonly number[], lang: Lang): string {
  const parts = [subject(atlas, view, lang), ...CONTENT[view.plate.kind](atlas, view, mask, lang), ...chosen(atlas, view, selected, lang)];
  if (mask) parts.push(word("mapFiltered", lang, { count: mask.reduce<number>((sum, passes) => sum + passes, 0) }));
  return word("sentence", lang, { clauses: parts.filter(Boolean).join(word("clauseSeparator", lang)) });
}

function subject(atlas: Atlas, { plate, year }: PlateView, lang: Lang): string {
  const title = `${plate.title[lang]}${year !== null && plate.kind === "years" ? ` ${year}` : ""}`;
  return word("mapOf", lang, { title, units: counted(atlas.count, atlas.spec.unit_level.title, lang) });
}

type Content = (atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Lang) => string[];

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

const named = (atlas: Atlas, unit: number, lang: Lang) => {
  const place = placeOf(atlas, unit, lang);
  const text = unitName(atlas, unit, lang);
  return place ? word("parenthesis", lang, { text, more: place }) : text;
};

function values(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Lang): string[] {
  const { field } = view;
  if (!field) return [];
  const known = [...view.values.keys()].filter((unit) => view.values[unit] !== null && (!mask || mask[unit]));
  if (known.length === 0) return [word("noData", lang)];
  known.sort((a, b) => view.values[b]! - view.values[a]! || a - b);
  const number = (unit: number) => readable(view.values[unit]!, field.digits, field.unit, lang);
  const one = (unit: number) => `${named(atlas, unit, lang)} ${number(unit)}`;
  const [highest, lowest] = [known[0], known[known.length - 1]];
  const range = withUnit(word("mapRange", lang, { least: number(lowest), most: number(highest) }), field.unit, lang);
  if (known.length < 2 * NAMED) return [range, list(known.map(one), lang), ...without(view, lang)];
  const [top, bottom] = [known.slice(0, NAMED), known.slice(-NAMED).reverse()].map((units) => list(units.map(one), lang));
  return [range, word("mapHighest", lang, { names: top }), word("mapLowest", lang, { names: bottom }), ...without(view, lang)];
}

function without(view: PlateView, lang: Lang): string[] {
  return view.missing === 0 ? [] : [word("mapWithout", lang, { count: view.missing })];
}

function classes(view: PlateView, lang: Lang): string[] {
  return view.labels(lang).map((label, i) => word("mapClass", lang, { label, count: view.counts[i] }));
}

function ranked(atlas: Atlas, view: PlateView, mask: Uint8Array | null, lang: Lang): string[] {
  const units = [...view.ranks.keys()].filter((unit) => view.ranks[unit] !== null && (!mask || mask[unit])).sort((a, b) => view.ranks[a]! - view.ranks[b]!);
  if (units.length === 0) return [];
  const one = (unit: number) => `${integer(view.ranks[unit]!, lang)} ${named(atlas, unit, lang)}`;
  const first = list(units.slice(0, NAMED).map(one), lang);
  const rest = view.paper > 0 ? [word("mapNotRanked", lang, { count: view.paper })] : [];
  if (units.length <= NAMED) return [first, ...rest];
  return [word("mapFirst", lang, { names: first }), word("mapLast", lang, { name: one(units[units.length - 1]) }), ...rest];
}

function pairs(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  if (plate.kind !== "bivariate") return [];
  const [across, up] = plate.fields.map((id) => atlas.fields.get(id)?.title[lang] ?? id);
  const size = plate.classes[0].breaks.length;
  const at = (a: number, b: number) => view.counts[b * size + a];
  const last = size - 1;
  return [
    word("mapAxes", lang, { across, up }),
    word("mapBoth", lang, { high: at(last, last), low: at(0, 0) }),
    word("mapEither", lang, { first: at(last, 0), second: at(0, last) }),
    ...without(view, lang),
  ];
}

function areas(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Lang): string[] {
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
  const names = list(most.map((item) => `${item.name} ${integer(item[key], lang)}`), lang);
  const what = view.ranking ? view.ranking.title[lang] : atlas.spec.unit_level.title[lang];
  return [counted(regions.length, title, lang), word("mapMost", lang, { what, names })];
}

function parents(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  if (plate.kind !== "coverage") return [];
  const value = (row: (typeof plate.rows)[number]) => row[plate.measure] ?? 0;
  const held = plate.rows.filter((row) => row.count > 0).sort((a, b) => value(b) - value(a));
  const one = (row: (typeof plate.rows)[number]) => `${parentName(atlas, plate.level, row.parent, lang)} ${plate.measure === "share" ? percent(row.share!, lang) : integer(row.count, lang)}`;
  const none = plate.rows.filter((row) => row.share !== null && row.count === 0).length;
  const outside = plate.rows.filter((row) => row.share === null).length;
  const rest = outside === 0 ? [] : [word("mapNotEligible", lang, { count: outside })];
  const [top, bottom] = [list(held.slice(0, NAMED).map(one), lang), list(held.slice(-NAMED).reverse().map(one), lang)];
  return [word("mapHighest", lang, { names: top }), word("mapLowestHeld", lang, { names: bottom }), word("mapNone", lang, { count: none }), ...rest];
}

function circles(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  const set = plate.kind === "clusters" ? atlas.spec.clusters.find((item) => item.id === plate.set) : undefined;
  if (!set) return [];
  const where = new Set(set.items.flatMap((item) => item.units)).size;
  const sized = set.items.filter((item) => item.size !== null).sort((a, b) => b.size! - a.size!);
  const one = (item: (typeof sized)[number]) => `${item.units.length > 0 ? `${unitName(atlas, item.units[0], lang)} ` : ""}${item.title[lang]} ${withUnit(exact(item.size!, 0, set.size_unit, lang), set.size_unit, lang)}`;
  const spread = word("mapClusters", lang, { count: set.items.length, where: counted(where, atlas.spec.unit_level.title, lang) });
  if (sized.length === 0) return [spread];
  return [spread, word("mapLargest", lang, { names: list(sized.slice(0, NAMED).map(one), lang) })];
}

function rows(atlas: Atlas, view: PlateView, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  if (plate.kind !== "figure") return [];
  if (!plate.classes) return view.ranking ? [word("mapMarked", lang, { count: view.counts[0], ranking: view.ranking.title[lang] })] : [];
  const { unit, title } = plate.series[plate.shown];
  const said = plate.rows.filter((row) => row.values[plate.shown] !== null).map((row) => `${titleOfRow(atlas, plate, row, lang)} ${row.signs[plate.shown]}${figureNumber(row.values[plate.shown]!, unit, lang)}`);
  return [labelled(list([title[lang], unit.name[lang]].filter(Boolean), lang), list(said, lang), lang)];
}

function chosen(atlas: Atlas, view: PlateView, selected: readonly number[], lang: Lang): string[] {
  if (selected.length === 0) return [];
  const label = word("selected", lang);
  if (selected.length > MOST_NAMED) return [`${label} ${integer(selected.length, lang)}`];
  const one = (unit: number) => [named(atlas, unit, lang), valueText(view, unit, lang), rankText(atlas, view, unit, lang)].filter(Boolean).join(" ");
  return [labelled(label, list(selected.map(one), lang), lang)];
}
