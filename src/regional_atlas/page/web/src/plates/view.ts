/** What a plate puts on the map: a class for every unit, the colours of the classes, values and ranks. */
import { columnOf, isEligible, type Atlas } from "../data/model.ts";
import type { BivariatePlate, ChangePlate, Classes, Column, CoveragePlate, Field, Language, MultiplesPlate, Plate, Ranking, RegionsPlate } from "../format.ts";
import { integer, percent, short, withUnit } from "../text/numbers.ts";
import { classOf, countClasses, descendingRanks, NO_DATA, PAPER } from "../classify/classes.ts";
import { figure, figureText } from "./figure.ts";
import { CATEGORIES, mix } from "../classify/colour.ts";

export interface PlateView {
  plate: Plate;
  year: number | null;
  classOf: Int16Array;
  colors: readonly string[];
  colorsDark: readonly string[];
  /** Names of the classes, and how a narrow strip shortens them; none for regions and clusters. */
  labels: (lang: Language) => string[];
  marks: (lang: Language) => string[];
  counts: number[];
  missing: number;
  paper: number;
  /** The value that the hover and the table show, and its field where it has one. */
  values: Column;
  field: Field | null;
  ranks: Column;
  ranking: Ranking | null;
  /** Units drawn above their neighbours: the ranked ones of a region plate. */
  marked: Uint8Array | null;
  /** Drawn on a dark map on a light page too. */
  night: boolean;
}

type Painted = Pick<PlateView, "classOf" | "values" | "field" | "ranks" | "ranking"> & { marked?: Uint8Array };

export function viewPlate(atlas: Atlas, plate: Plate, year: number | null): PlateView {
  switch (plate.kind) {
    case "ranking":
    case "tiers":
      return classed(plate, null, plate.classes, rankingClasses(atlas, plate.ranking, plate.kind, plate.classes));
    case "choropleth":
      return classed(plate, plate.year, plate.classes, fieldClasses(atlas, plate.field, plate.year, plate.classes));
    case "years": {
      const shown = year !== null && plate.years.includes(year) ? year : plate.year;
      const view = classed(plate, shown, plate.classes, fieldClasses(atlas, plate.field, shown, plate.classes));
      // A light image is made for a dark map, and the classes beside it have to read the same way.
      return plate.raster === null ? view : { ...view, colors: view.colorsDark, night: true };
    }
    case "categories":
    case "hotspots": {
      const painted = fieldClasses(atlas, plate.field, plate.year, plate.classes);
      const at = (value: number | null) => (value === null ? NO_DATA : plate.classes.breaks.indexOf(value));
      const codes = plate.kind === "categories" || plate.codes === null ? painted.values : atlas.store.spots[plate.codes];
      return classed(plate, plate.year, plate.classes, { ...painted, classOf: Int16Array.from(codes, at) });
    }
    case "change":
      return change(atlas, plate);
    case "multiples":
      return panels(atlas, plate);
    case "bivariate":
      return bivariate(atlas, plate);
    case "coverage":
      return coverage(atlas, plate);
    case "regions":
      return regions(atlas, plate);
    case "clusters":
      return clusters(atlas, plate);
    case "figure":
      return figure(atlas, plate);
  }
}

export function classed(plate: Plate, year: number | null, classes: Classes, painted: Painted): PlateView {
  const unit = plate.kind === "figure" ? plate.series[plate.shown].unit : (painted.field?.unit ?? null);
  const format = (value: number, lang: Language) => (plate.kind === "coverage" && plate.measure === "share" ? percent(value) : short(value, lang, unit));
  return {
    plate,
    year,
    colors: classes.colors,
    colorsDark: classes.colors_dark,
    labels: (lang) => labelsOf(classes, lang, format),
    marks: (lang) => marksOf(classes, lang, format),
    ...countClasses(painted.classOf, classes.breaks.length),
    marked: null,
    night: false,
    ...painted,
  };
}

function labelsOf(classes: Classes, lang: Language, format: (value: number, lang: Language) => string): string[] {
  if (classes.labels) return classes.labels.map((label) => label[lang]);
  return classes.breaks.map((bound, i) => {
    const from = i === 0 ? classes.minimum : classes.breaks[i - 1];
    return from === null ? `≤ ${format(bound, lang)}` : `${format(from, lang)} – ${format(bound, lang)}`;
  });
}

/** "76–100" for 第 76–100 名 and for "Ranks 76–100"; the lower bound of a class of numbers. */
function marksOf(classes: Classes, lang: Language, format: (value: number, lang: Language) => string): string[] {
  if (classes.scheme === "rank" || classes.scheme === "tiers") {
    return labelsOf(classes, lang, format).map((label) => /[\d,]+–[\d,]+/.exec(label)?.[0] ?? label);
  }
  if (classes.labels) return classes.labels.map((label) => label[lang].split(/[（:]/)[0]);
  return classes.breaks.map((_, i) => {
    const from = i === 0 ? classes.minimum : classes.breaks[i - 1];
    return from === null ? "" : format(from, lang);
  });
}

function rankingClasses(atlas: Atlas, id: string, kind: "ranking" | "tiers", classes: Classes): Painted {
  const ranking = atlas.rankings.get(id)!;
  const { rank, tier } = atlas.store.rankings[id];
  const shown = kind === "tiers" ? tier : rank;
  return {
    classOf: Int16Array.from(shown, (value) => (value === null ? PAPER : classOf(value, classes.breaks))),
    values: ranking.score ? columnOf(atlas, ranking.score, null) : tier,
    field: ranking.score ? (atlas.fields.get(ranking.score) ?? null) : null,
    ranks: rank,
    ranking,
  };
}

function fieldClasses(atlas: Atlas, id: string, year: number | null, classes: Classes): Painted {
  const values = columnOf(atlas, id, year);
  return {
    classOf: Int16Array.from(values, (value) => (value === null ? NO_DATA : classOf(value, classes.breaks))),
    values,
    field: atlas.fields.get(id) ?? null,
    ranks: descendingRanks(values),
    ranking: null,
  };
}

/** The classes of a plate that has one row of them. */
export function classesOf(plate: Plate): Classes | null {
  if (plate.kind === "multiples") return plate.classes.length === 1 ? plate.classes[0] : null;
  return "classes" in plate && plate.kind !== "bivariate" ? plate.classes : null;
}

function change(atlas: Atlas, plate: ChangePlate): PlateView {
  const [before, after] = [plate.since, plate.until].map((year) => columnOf(atlas, plate.field, year));
  const values = after.map((value, unit) => {
    const base = before[unit];
    if (value === null || base === null || (plate.relative && base === 0)) return null;
    return plate.relative ? (100 * (value - base)) / Math.abs(base) : value - base;
  });
  const field = atlas.fields.get(plate.field);
  return classed(plate, null, plate.classes, {
    classOf: Int16Array.from(values, (value) => (value === null ? NO_DATA : classOf(value, plate.classes.breaks))),
    values,
    // Changes in per cent do not add up.
    field: field ? { ...field, title: plate.title, years: null, ...(plate.relative ? { unit: { zh: "%", en: "%", power: null }, extensive: false } : {}) } : null,
    ranks: descendingRanks(values),
    ranking: null,
  });
}

/** What the first of several small maps shows, and the ranking whose dimensions they are. */
function panels(atlas: Atlas, plate: MultiplesPlate): PlateView {
  const { field, year } = plate.panels[0];
  const painted = fieldClasses(atlas, field, year, plate.classes[0]);
  const ranking = plate.ranking === null ? null : (atlas.rankings.get(plate.ranking) ?? null);
  const view = classed(plate, year, plate.classes[0], ranking ? { ...painted, ranking, ranks: atlas.store.rankings[ranking.id].rank } : painted);
  return classesOf(plate) ? view : { ...view, labels: () => [], marks: () => [] };
}

/** Class of the first field across, of the second up; the value and rank are the first field's. */
function bivariate(atlas: Atlas, plate: BivariatePlate): PlateView {
  const [across, up] = plate.fields.map((field, i) => fieldClasses(atlas, field, plate.years[i], plate.classes[i]));
  const size = plate.classes[0].breaks.length;
  const classOf = Int16Array.from(across.classOf, (a, unit) => {
    const b = up.classOf[unit];
    return a === NO_DATA || b === NO_DATA ? NO_DATA : b * size + a;
  });
  return {
    plate,
    year: plate.years[0],
    colors: plate.colors,
    colorsDark: plate.colors_dark,
    labels: () => [],
    marks: () => [],
    ...countClasses(classOf, plate.colors.length),
    marked: null,
    night: false,
    ...across,
    classOf,
  };
}

function coverage(atlas: Atlas, plate: CoveragePlate): PlateView {
  const { classes, rows } = plate;
  const ofParent = new Map(rows.map((row) => [row.parent, row]));
  const rowClass = (row: CoveragePlate["rows"][number]) => {
    if (row.share === null) return NO_DATA;
    return row.count === 0 && classes.breaks[0] > 0 ? PAPER : classOf(row[plate.measure]!, classes.breaks);
  };
  const parents = atlas.store.parents[plate.level].of;
  const perParent = rows.map(rowClass);
  const view = classed(plate, null, classes, {
    classOf: Int16Array.from(parents, (parent) => {
      const row = ofParent.get(parent);
      return row ? rowClass(row) : NO_DATA;
    }),
    values: parents.map((parent) => ofParent.get(parent)?.[plate.measure] ?? null),
    field: null,
    ranks: atlas.store.rankings[plate.ranking].rank,
    ranking: atlas.rankings.get(plate.ranking)!,
  });
  return { ...view, ...countClasses(perParent, classes.breaks.length) };
}

/** Each region in a pale tint of its colour; the ranked units in the full colour. */
function regions(atlas: Atlas, plate: RegionsPlate): PlateView {
  const kind = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const slots = CATEGORIES.length;
  const ranks = plate.ranking ? atlas.store.rankings[plate.ranking].rank : new Array<null>(atlas.count).fill(null);
  const marked = Uint8Array.from(ranks, (rank) => (rank === null ? 0 : 1));
  const region = atlas.belongings.map((list) => list.find((item) => item.kind === kind && item.exclusive)?.region ?? -1);
  return {
    plate,
    year: null,
    classOf: Int16Array.from(region, (at, unit) => {
      if (at < 0) return marked[unit] ? slots * 2 : PAPER;
      return (plate.colors[at] % slots) + (marked[unit] ? slots : 0);
    }),
    colors: [...CATEGORIES.map((color) => mix("#fbfaf6", color, 0.38)), ...CATEGORIES.map((color) => mix(color, "#1a1a1a", 0.15)), "#a8a49a"],
    colorsDark: [...CATEGORIES.map((color) => mix("#1d1f22", color, 0.3)), ...CATEGORIES.map((color) => mix(color, "#ffffff", 0.12)), "#6b6860"],
    labels: () => [],
    marks: () => [],
    counts: [],
    missing: 0,
    paper: region.filter((at) => at < 0).length,
    values: ranks,
    field: null,
    ranks,
    ranking: plate.ranking ? (atlas.rankings.get(plate.ranking) ?? null) : null,
    marked,
    night: false,
  };
}

function clusters(atlas: Atlas, plate: Plate): PlateView {
  const none = new Array<null>(atlas.count).fill(null);
  return {
    plate,
    year: null,
    classOf: new Int16Array(atlas.count).fill(PAPER),
    colors: [],
    colorsDark: [],
    labels: () => [],
    marks: () => [],
    counts: [],
    missing: 0,
    paper: atlas.count,
    values: none,
    field: null,
    ranks: none,
    ranking: null,
    marked: null,
    night: false,
  };
}

/** The value of a unit on this plate, in words. */
export function valueText(view: PlateView, unit: number, lang: Language): string | null {
  const value = view.values[unit];
  switch (view.plate.kind) {
    case "coverage":
      return value === null ? null : view.plate.measure === "share" ? percent(value) : integer(value);
    case "figure":
      return figureText(view.plate, value, lang);
    case "regions":
    case "clusters":
      return null;
    case "ranking":
    case "tiers":
      if (!view.field) return null;
      break;
  }
  if (value === null || !view.field) return null;
  return withUnit(short(value, lang, view.field.unit), view.field.unit, lang);
}

/** "第 12 名", "not ranked", "not eligible". */
export function rankText(atlas: Atlas, view: PlateView, unit: number, lang: Language): string | null {
  const rank = view.ranks[unit];
  if (rank !== null) return lang === "zh" ? `第 ${integer(rank)} 名` : `rank ${integer(rank)}`;
  if (!view.ranking) return null;
  const eligible = isEligible(atlas, view.ranking, unit);
  if (lang === "zh") return eligible ? "未上榜" : "不在评选范围";
  return eligible ? "not ranked" : "not eligible";
}
