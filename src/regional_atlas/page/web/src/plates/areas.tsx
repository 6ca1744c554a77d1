/** Regions or parents coloured by what a field comes to in each. */
import { classOf } from "../classify/breaks.ts";
import { countClasses, NO_DATA, PAPER } from "../classify/classes.ts";
import { kept } from "../data/kept.ts";
import { lookUp, parentName, type Area, type Atlas } from "../data/model.ts";
import { list, word, type Lang } from "../text/language.ts";
import type { AreasPlate, Field } from "../format.ts";
import type { PlateKind, PlateView, ViewProps } from "../state/plate.ts";
import type { Cell, Table } from "../state/table.ts";
import { readable, short, storedUnit, withUnit } from "../text/numbers.ts";
import { BarList, type Bar } from "../ui/charts/figures.tsx";
import { useApp, useWords } from "../ui/context.ts";
import { NAMED } from "../ui/describe.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { column, plain } from "./tables.ts";
import { classed } from "./view.ts";

/** A region or parent, its units, and its value; of a partial one how many of its members have data. */
interface Row {
  area: Area;
  title: (lang: Lang) => string;
  units: number[];
  value: number | null;
  data: number | null;
  members: number | null;
}

type Known = Row & { value: number };

/** Worked out once for a plate: the tooltip asks with every move of the pointer. */
const rowsIn = kept((atlas: Atlas) =>
  kept((plate: AreasPlate): readonly Row[] => {
    const held = lookUp(lookUp(atlas.store.areas, plate.scope) ?? {}, plate.field);
    return areasOf(atlas, plate.scope).map((area, at) => ({
      ...area,
      value: held?.value[at] ?? null,
      data: held?.data?.[at] ?? null,
      members: held?.members?.[at] ?? null,
    }));
  }),
);

const rowsOf = (atlas: Atlas, plate: AreasPlate): readonly Row[] => rowsIn(atlas)(plate);

/** The parents of a level or the regions of a kind, with all their units. */
function areasOf(atlas: Atlas, level: string): Pick<Row, "area" | "title" | "units">[] {
  const parents = lookUp(atlas.store.parents, level);
  const regions = atlas.spec.kinds.find((item) => item.id === level)?.regions ?? [];
  const ids = parents?.ids ?? regions.map((region) => region.id);
  const units = ids.map((): number[] => []);
  if (parents) {
    parents.of.forEach((at, unit) => {
      if (at >= 0) units[at].push(unit);
    });
  } else {
    const { unit, region } = atlas.store.membership[level];
    unit.forEach((member, row) => units[region[row]].push(member));
  }
  return ids.map((id, at) => ({
    area: { scope: level, id },
    title: (lang: Lang) => (parents ? parentName(atlas, level, at, lang) : regions[at].title[lang]),
    units: units[at],
  }));
}

/** The area that gives a unit its colour: its parent, or its own one of several regions; -1 for none. */
function areaAt(atlas: Atlas, level: string, unit: number): number {
  const parents = lookUp(atlas.store.parents, level);
  if (parents) return parents.of[unit];
  const kind = atlas.spec.kinds.findIndex((item) => item.id === level);
  return atlas.belongings[unit].find((item) => item.kind === kind && item.exclusive)?.region ?? -1;
}

const fieldOf = (atlas: Atlas, { field }: AreasPlate): Field => [...atlas.spec.fields, ...atlas.spec.area_fields].find((item) => item.id === field)!;

/** Those that have a value, the largest first; `whole`: only where all members have data. */
function known(atlas: Atlas, plate: AreasPlate, whole = false): Known[] {
  return rowsOf(atlas, plate)
    .filter((row): row is Known => row.value !== null && !(whole && row.data !== null))
    .sort((a, b) => b.value - a.value);
}

function view(atlas: Atlas, plate: AreasPlate): PlateView<AreasPlate> {
  const { classes } = plate;
  const rows = rowsOf(atlas, plate);
  const perArea = rows.map(({ value }) => (value === null ? NO_DATA : classOf(value, classes.breaks)));
  const areas = atlas.store.unit_id.map((_, unit) => areaAt(atlas, plate.scope, unit));
  const units = {
    classOf: Int16Array.from(areas, (at) => (at < 0 ? PAPER : perArea[at])),
    values: areas.map((at) => (at < 0 ? null : rows[at].value)),
    field: fieldOf(atlas, plate),
    ranks: new Array<null>(atlas.count).fill(null),
    ranking: null,
  };
  return { ...classed(plate, plate.year, classes, units), ...countClasses(perArea, classes.breaks.length) };
}

/** Counts are of areas, which filters do not narrow. */
function Legend({ view: shown }: { view: PlateView<AreasPlate> }) {
  return <ClassLegend view={shown} counts={shown} />;
}

/** The areas by their values; a star marks those whose members have data in part. */
function Bars({ view: { plate, field } }: ViewProps<AreasPlate>) {
  const { atlas, state } = useApp();
  const { w, t, dotted } = useWords();
  const { lang } = state;
  const title = dotted([t(field!.title), t(field!.unit.name) || null]);
  const bars = known(atlas, plate).map(
    (row): Bar => ({
      key: row.area.id,
      title: row.title(lang),
      value: row.value,
      text: `${short(row.value, lang, field!.unit)}${row.data === null ? "" : "*"}`,
      units: row.units,
      area: row.area,
    }),
  );
  return (
    <>
      <h3 class="ra-chart-title">{title}</h3>
      <BarList label={`${w("bar")}: ${title}`} bars={bars} />
    </>
  );
}

function table(atlas: Atlas, { plate, field: shown }: PlateView<AreasPlate>, lang: Lang): Table {
  const field = shown!;
  const rows = rowsOf(atlas, plate);
  const someInPart = rows.some(({ value, data }) => value !== null && data !== null);
  const level = [...atlas.spec.levels, ...atlas.spec.kinds].find((item) => item.id === plate.scope)!;
  return {
    columns: [
      { id: "unit", title: level.title[lang], kind: "name", format: plain },
      {
        id: "value",
        title: field.unit.name[lang] || field.title[lang],
        kind: "number",
        stored: storedUnit(field.unit, lang) || field.title[lang],
        format: (cell) => (typeof cell === "number" ? readable(cell, Math.min(field.digits, 2), field.unit, lang) : word("noData", lang)),
        bar: Math.max(...rows.map(({ value }) => value ?? 0)),
      },
      ...(someInPart ? [{ ...column(lang, "withDataOf", "text"), format: (cell: Cell) => (cell === null ? "" : String(cell)) }] : []),
    ],
    rows: rows.map(({ area, title, units, value, data, members }) => ({
      key: area.id,
      units,
      area,
      slot: null,
      cells: [title(lang), value, ...(someInPart ? [value === null || data === null ? null : `* ${data} / ${members}`] : [])],
      text: `${title(lang)} ${area.id}`.toLowerCase(),
    })),
    sort: { column: "value", descending: true },
  };
}

function describe(atlas: Atlas, { plate, field }: PlateView<AreasPlate>, _: Uint8Array | null, lang: Lang): string[] {
  const held = known(atlas, plate, true);
  const one = (row: Known) => `${row.title(lang)} ${short(row.value, lang, field!.unit)}`;
  if (held.length === 0) return [];
  const [top, bottom] = [list(held.slice(0, NAMED).map(one), lang), list(held.slice(-NAMED).reverse().map(one), lang)];
  return [word("mapHighest", lang, { names: top }), word("mapLowest", lang, { names: bottom })];
}

/** The area that a unit has its colour from. */
function areaName(atlas: Atlas, { plate }: PlateView<AreasPlate>, unit: number, lang: Lang): string | null {
  const at = areaAt(atlas, plate.scope, unit);
  return at < 0 ? null : rowsOf(atlas, plate)[at].title(lang);
}

/** That the value is of a part of the members. */
function inPart(atlas: Atlas, { plate }: PlateView<AreasPlate>, unit: number, lang: Lang): string | null {
  const at = areaAt(atlas, plate.scope, unit);
  if (at < 0) return null;
  const { value, data, members } = rowsOf(atlas, plate)[at];
  if (value === null) return word("noData", lang);
  if (data === null || members === null) return null;
  return data === members ? word("withPart", lang) : word("withData", lang, { data, members });
}

export const areas: PlateKind<AreasPlate> = {
  view,
  classes: (plate) => plate.classes,
  Legend,
  charts: () => ({ bar: Bars }),
  table,
  valueText({ values, field }, unit, lang) {
    const value = values[unit];
    return value === null ? null : withUnit(short(value, lang, field!.unit), field!.unit, lang);
  },
  before: areaName,
  after: inPart,
  describe,
  drawing: (atlas, { scope }) => (lookUp(atlas.store.parents, scope) ? { outerBordersOnly: true } : { outlines: scope, named: true }),
};
