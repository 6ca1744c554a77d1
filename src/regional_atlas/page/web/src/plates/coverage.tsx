/** Parents coloured by the share or the number of their units that are ranked. */
import { classOf } from "../classify/breaks.ts";
import { countClasses, NO_DATA, PAPER } from "../classify/classes.ts";
import { parentName, type Atlas } from "../data/model.ts";
import { list, word, type Lang } from "../text/language.ts";
import type { CoveragePlate } from "../format.ts";
import type { PlateKind, PlateView, ViewProps } from "../state/plate.ts";
import type { Table } from "../state/table.ts";
import { integer, percent, short } from "../text/numbers.ts";
import { BarList, type Bar } from "../ui/charts/figures.tsx";
import { useApp, useWords } from "../ui/context.ts";
import { NAMED } from "../ui/describe.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { column, plain, whole } from "./tables.ts";
import { classed } from "./view.ts";

function view(atlas: Atlas, plate: CoveragePlate): PlateView<CoveragePlate> {
  const { classes, rows } = plate;
  const ofParent = new Map(rows.map((row) => [row.parent, row]));
  const rowClass = (row: CoveragePlate["rows"][number]) => {
    if (row.share === null) return NO_DATA;
    return row.count === 0 ? PAPER : classOf(row[plate.measure]!, classes.breaks);
  };
  const parents = atlas.store.parents[plate.level].of;
  const perParent = rows.map(rowClass);
  const units = {
    classOf: Int16Array.from(parents, (parent) => {
      const row = ofParent.get(parent);
      return row ? rowClass(row) : NO_DATA;
    }),
    values: parents.map((parent) => ofParent.get(parent)?.[plate.measure] ?? null),
    field: null,
    ranks: atlas.store.rankings[plate.ranking].rank,
    ranking: atlas.rankings.get(plate.ranking)!,
  };
  return { ...classed(plate, null, classes, units, (value, lang) => (plate.measure === "share" ? percent(value, lang) : short(value, lang, null))), ...countClasses(perParent, classes.breaks.length) };
}

/** Counts are of parents, which filters do not narrow. */
function Legend({ view: shown }: { view: PlateView<CoveragePlate> }) {
  const { w } = useWords();
  return <ClassLegend view={shown} counts={shown} paper="0" missing={w("noneEligible")} />;
}

/** Parents by the share or the number of their units in the list. */
function Bars({ view: { plate } }: ViewProps<CoveragePlate>) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, state } = app;
  const { of, ids } = atlas.store.parents[plate.level];
  const bars = plate.rows
    .filter((row) => row.count > 0)
    .sort((a, b) => b[plate.measure]! - a[plate.measure]! || b.count - a.count)
    .map((row): Bar => ({
      key: String(row.parent),
      title: parentName(atlas, plate.level, row.parent, state.lang),
      value: row[plate.measure],
      text: plate.measure === "share" ? percent(row.share!, state.lang) : integer(row.count, state.lang),
      units: of.flatMap((parent, unit) => (parent === row.parent ? [unit] : [])),
      area: { scope: plate.level, id: ids[row.parent] },
    }));
  const title = `${w(plate.measure === "share" ? "share" : "counted")} · ${t(atlas.rankings.get(plate.ranking)!.title)}`;
  return (
    <>
      <h3 class="ra-chart-title">{title}</h3>
      <BarList label={`${w("bar")}: ${title}`} bars={bars} />
    </>
  );
}

function table(atlas: Atlas, { plate }: PlateView<CoveragePlate>, lang: Lang): Table {
  const level = atlas.spec.levels.find((item) => item.id === plate.level)!;
  const most = Math.max(...plate.rows.map((row) => row.share ?? 0));
  return {
    columns: [
      { id: "unit", title: level.title[lang], kind: "name", format: plain },
      column(lang, "counted", "number", whole(lang)),
      column(lang, "ofUnits", "number", whole(lang)),
      { ...column(lang, "share", "number", (cell) => (typeof cell === "number" ? percent(cell, lang) : "–")), bar: most },
      column(lang, "best", "number", whole(lang)),
    ],
    rows: plate.rows.map((row) => {
      const name = parentName(atlas, plate.level, row.parent, lang);
      const id = atlas.store.parents[plate.level].ids[row.parent];
      return {
        key: id,
        units: unitsOf(atlas.store.parents[plate.level].of, row.parent),
        area: { scope: plate.level, id },
        slot: null,
        cells: [name, row.count, row.of, row.share, row.best],
        text: `${name} ${id}`.toLowerCase(),
      };
    }),
    sort: { column: "share", descending: true },
  };
}

function unitsOf(parents: readonly number[], wanted: number): number[] {
  return parents.flatMap((parent, unit) => (parent === wanted ? [unit] : []));
}

function describe(atlas: Atlas, { plate }: PlateView<CoveragePlate>, _: Uint8Array | null, lang: Lang): string[] {
  const value = (row: (typeof plate.rows)[number]) => row[plate.measure] ?? 0;
  const held = plate.rows.filter((row) => row.count > 0).sort((a, b) => value(b) - value(a));
  const one = (row: (typeof plate.rows)[number]) => `${parentName(atlas, plate.level, row.parent, lang)} ${plate.measure === "share" ? percent(row.share!, lang) : integer(row.count, lang)}`;
  const none = plate.rows.filter((row) => row.share !== null && row.count === 0).length;
  const outside = plate.rows.filter((row) => row.share === null).length;
  const rest = outside === 0 ? [] : [word("mapNotEligible", lang, { count: outside })];
  const [top, bottom] = [list(held.slice(0, NAMED).map(one), lang), list(held.slice(-NAMED).reverse().map(one), lang)];
  return [word("mapHighest", lang, { names: top }), word("mapLowestHeld", lang, { names: bottom }), word("mapNone", lang, { count: none }), ...rest];
}

export const coverage: PlateKind<CoveragePlate> = {
  view,
  classes: (plate) => plate.classes,
  Legend,
  charts: (atlas, shown) => ({ ...unitCharts(atlas, shown), bar: Bars }),
  table,
  valueText({ plate, values }, unit, lang) {
    const value = values[unit];
    return value === null ? null : plate.measure === "share" ? percent(value, lang) : integer(value, lang);
  },
  describe,
  drawing: () => ({ outerBordersOnly: true }),
};
