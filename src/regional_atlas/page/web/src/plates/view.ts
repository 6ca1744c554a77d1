/** What plates of several kinds have in common on the map: from values, ranks and codes to classes. */
import { columnOf, type Atlas } from "../data/model.ts";
import { word, type Lang } from "../text/language.ts";
import type { Classes, Column, Plate } from "../format.ts";
import { short, withUnit } from "../text/numbers.ts";
import { classOf } from "../classify/breaks.ts";
import { countClasses, descendingRanks, NO_DATA, PAPER } from "../classify/classes.ts";
import type { PlateView } from "../state/plate.ts";

type Painted = Pick<PlateView, "classOf" | "values" | "field" | "ranks" | "ranking"> & { marked?: Uint8Array };

type Format = (value: number, lang: Lang) => string;

/** A view with one row of classes; their bounds are written as the field's values unless `format` says otherwise. */
export function classed<P extends Plate>(plate: P, year: number | null, classes: Classes, painted: Painted, format: Format = (value, lang) => short(value, lang, painted.field?.unit ?? null)): PlateView<P> {
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

function labelsOf(classes: Classes, lang: Lang, format: Format): string[] {
  if (classes.labels) return classes.labels.map((label) => label[lang]);
  return classes.breaks.map((bound, i) => {
    const from = i === 0 ? classes.minimum : classes.breaks[i - 1];
    return from === null ? `≤ ${format(bound, lang)}` : `${format(from, lang)} – ${format(bound, lang)}`;
  });
}

/** A run of numbers, however a language writes them. */
const RUN = /[\p{Nd}.,’\u00a0\u202f]+–[\p{Nd}.,’\u00a0\u202f]*\p{Nd}/u;

/** "76–100" for 第 76–100 名 and for "Ranks 76–100"; the lower bound of a class of numbers. */
function marksOf(classes: Classes, lang: Lang, format: Format): string[] {
  if (classes.scheme === "rank" || classes.scheme === "tiers") {
    return labelsOf(classes, lang, format).map((label) => RUN.exec(label)?.[0] ?? label);
  }
  if (classes.labels) return classes.labels.map((label) => label[lang].split(/[（:]/)[0].trim());
  return classes.breaks.map((_, i) => {
    const from = i === 0 ? classes.minimum : classes.breaks[i - 1];
    return from === null ? "" : format(from, lang);
  });
}

/** Classes of the ranks or the tiers of a ranking. */
export function rankingClasses(atlas: Atlas, id: string, column: "rank" | "tier", classes: Classes): Painted {
  const ranking = atlas.rankings.get(id)!;
  const { rank, tier } = atlas.store.rankings[id];
  const shown = { rank, tier }[column];
  return {
    classOf: Int16Array.from(shown, (value) => (value === null ? PAPER : classOf(value, classes.breaks))),
    values: ranking.score ? columnOf(atlas, ranking.score, null) : tier,
    field: ranking.score ? (atlas.fields.get(ranking.score) ?? null) : null,
    ranks: rank,
    ranking,
  };
}

export function fieldClasses(atlas: Atlas, id: string, year: number | null, classes: Classes): Painted {
  const values = columnOf(atlas, id, year);
  return {
    classOf: Int16Array.from(values, (value) => (value === null ? NO_DATA : classOf(value, classes.breaks))),
    values,
    field: atlas.fields.get(id) ?? null,
    ranks: descendingRanks(values),
    ranking: null,
  };
}

/** A field whose values are codes: the class of each value, exactly. `codes`: those of another column. */
export function codeClasses(atlas: Atlas, id: string, year: number | null, classes: Classes, codes: Column | null = null): Painted {
  const painted = fieldClasses(atlas, id, year, classes);
  return { ...painted, classOf: Int16Array.from(codes ?? painted.values, (value) => (value === null ? NO_DATA : classes.breaks.indexOf(value))) };
}

/** A view without classes of its own; what differs is given. */
export function unclassed<P extends Plate>(atlas: Atlas, plate: P, own: Partial<PlateView<P>>): PlateView<P> {
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
    paper: 0,
    values: none,
    field: null,
    ranks: none,
    ranking: null,
    marked: null,
    night: false,
    ...own,
  };
}

/** The value of a unit in the field of the plate. */
export function fieldText(view: PlateView, unit: number, lang: Lang): string | null {
  const value = view.values[unit];
  if (value === null || !view.field) return null;
  return withUnit(short(value, lang, view.field.unit), view.field.unit, lang);
}

/** That a unit has no value, where a value is expected. */
export const withoutData = (_: Atlas, view: PlateView, unit: number, lang: Lang): string | null => (view.values[unit] !== null ? null : word("noData", lang));

/** The class of a unit by its name. */
export const nameOfClass = (_: Atlas, view: PlateView, unit: number, lang: Lang): string | null => view.labels(lang)[view.classOf[unit]] ?? null;

/** Plates whose units have no value. */
export const noText = (): null => null;
