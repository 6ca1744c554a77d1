/** Plates of published figures: what their areas put on the map, their rows, their words. */
import { lookUp, parentName, unitsOfArea, type Area, type Atlas } from "../data/model.ts";
import type { FigurePlate, FigureRow, Language, Unit } from "../format.ts";
import { readable, short, withUnit } from "../text/numbers.ts";
import { classOf, countClasses, PAPER } from "../classify/classes.ts";
import { classed, type PlateView } from "./view.ts";

/** One colour for the units of a ranking, where the figure itself has no place. */
const MARKED = { light: "#2f6ea8", dark: "#7db6ea" };

export function figure(atlas: Atlas, plate: FigurePlate): PlateView {
  const ranking = plate.ranking ? (atlas.rankings.get(plate.ranking) ?? null) : null;
  const ranks = plate.ranking ? atlas.store.rankings[plate.ranking].rank : new Array<null>(atlas.count).fill(null);
  if (plate.classes) {
    const { classes, shown } = plate;
    const values = new Array<number | null>(atlas.count).fill(null);
    for (const row of plate.rows) for (const unit of unitsOfRow(atlas, plate, row, true)) values[unit] = row.values[shown];
    const painted = {
      classOf: Int16Array.from(values, (value) => (value === null ? PAPER : classOf(value, classes.breaks))),
      values,
      field: null,
      ranks,
      ranking,
    };
    const perRow = plate.rows.map((row) => (row.area === null || row.values[shown] === null ? PAPER : classOf(row.values[shown], classes.breaks)));
    return { ...classed(plate, null, classes, painted), ...countClasses(Int16Array.from(perRow), classes.breaks.length), paper: 0 };
  }
  const marks = Int16Array.from(ranks, (rank) => (rank === null ? PAPER : 0));
  return {
    plate,
    year: null,
    classOf: marks,
    colors: [MARKED.light],
    colorsDark: [MARKED.dark],
    labels: (lang) => (ranking ? [ranking.title[lang]] : []),
    marks: () => [],
    ...countClasses(marks, 1),
    values: new Array<null>(atlas.count).fill(null),
    field: null,
    ranks,
    ranking,
    marked: null,
    night: false,
  };
}

export function areaOf(atlas: Atlas, plate: FigurePlate, row: FigureRow): Area | null {
  if (plate.scope === null || row.area === null) return null;
  const parents = lookUp(atlas.store.parents, plate.scope);
  const ids = parents?.ids ?? atlas.spec.kinds.find((kind) => kind.id === plate.scope)!.regions.map((region) => region.id);
  return { scope: plate.scope, id: ids[row.area] };
}

/** The units of a row's area; `once`: each in the one region that it counts for. */
export function unitsOfRow(atlas: Atlas, plate: FigurePlate, row: FigureRow, once: boolean): number[] {
  const area = areaOf(atlas, plate, row);
  if (!area) return [];
  const units = unitsOfArea(atlas, area);
  const kind = atlas.spec.kinds.findIndex((item) => item.id === area.scope);
  if (!once || kind < 0) return units;
  return units.filter((unit) => atlas.belongings[unit].some((item) => item.kind === kind && item.region === row.area && item.exclusive));
}

export function titleOfRow(atlas: Atlas, plate: FigurePlate, row: FigureRow, lang: Language): string {
  if (row.area === null || plate.scope === null) return row.title?.[lang] ?? "";
  const parents = lookUp(atlas.store.parents, plate.scope);
  if (parents) return lang === "zh" ? parents.short[row.area] : parentName(atlas, plate.scope, row.area, lang);
  return atlas.spec.kinds.find((kind) => kind.id === plate.scope)!.regions[row.area].title[lang];
}

export function cellText(row: FigureRow, at: number, unit: Unit, lang: Language): string {
  const value = row.values[at];
  return value === null ? "–" : `${row.signs[at]}${figureNumber(value, unit, lang)}${unit.en === "%" ? "%" : ""}`;
}

export const figureNumber = (value: number, unit: Unit, lang: Language): string => readable(value, Number.isInteger(value) ? 0 : 1, unit, lang);

/** What the tooltip says of a unit: the value of its area. */
export function figureText(plate: FigurePlate, value: number | null, lang: Language): string | null {
  const { unit } = plate.series[plate.shown];
  return value === null ? null : withUnit(short(value, lang, unit), unit, lang);
}
