/** Published figures: a row for each key. */
import { classOf } from "../classify/breaks.ts";
import { countClasses, PAPER } from "../classify/classes.ts";
import { lookUp, shortName, unitsOfArea, type Area, type Atlas } from "../data/model.ts";
import type { FigurePlate, FigureRow, Unit } from "../format.ts";
import type { PlateKind, PlateView, ViewProps } from "../state/plate.ts";
import type { Table, TableColumn } from "../state/table.ts";
import { word, list, everyWay, labelled, type Lang } from "../text/language.ts";
import { readable, short, storedUnit, withUnit } from "../text/numbers.ts";
import { BarList, Columns, type Bar, type Layer } from "../ui/charts/figures.tsx";
import { useApp, useWords } from "../ui/context.ts";
import { ClassLegend, ClassRows } from "../ui/legend.tsx";
import { column } from "./tables.ts";
import { classed, unclassed } from "./view.ts";

/** One colour for the units of a ranking, where the figure itself has no place. */
const MARKED = { light: "#2f6ea8", dark: "#7db6ea" };

function view(atlas: Atlas, plate: FigurePlate): PlateView<FigurePlate> {
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
    return { ...classed(plate, null, classes, painted, (value, lang) => short(value, lang, plate.series[shown].unit)), ...countClasses(Int16Array.from(perRow), classes.breaks.length), paper: 0 };
  }
  const marks = Int16Array.from(ranks, (rank) => (rank === null ? PAPER : 0));
  return unclassed(atlas, plate, {
    classOf: marks,
    colors: [MARKED.light],
    colorsDark: [MARKED.dark],
    labels: (lang) => (ranking ? [ranking.title[lang]] : []),
    ...countClasses(marks, 1),
    ranks,
    ranking,
  });
}

function areaOf(atlas: Atlas, plate: FigurePlate, row: FigureRow): Area | null {
  if (plate.scope === null || row.area === null) return null;
  const parents = lookUp(atlas.store.parents, plate.scope);
  const ids = parents?.ids ?? atlas.spec.kinds.find((kind) => kind.id === plate.scope)!.regions.map((region) => region.id);
  return { scope: plate.scope, id: ids[row.area] };
}

/** The units of a row's area; `once`: each in the one region that it counts for. */
function unitsOfRow(atlas: Atlas, plate: FigurePlate, row: FigureRow, once: boolean): number[] {
  const area = areaOf(atlas, plate, row);
  if (!area) return [];
  const units = unitsOfArea(atlas, area);
  const kind = atlas.spec.kinds.findIndex((item) => item.id === area.scope);
  if (!once || kind < 0) return units;
  return units.filter((unit) => atlas.belongings[unit].some((item) => item.kind === kind && item.region === row.area && item.exclusive));
}

function titleOfRow(atlas: Atlas, plate: FigurePlate, row: FigureRow, lang: Lang): string {
  if (row.area === null || plate.scope === null) return row.title?.[lang] ?? "";
  const parents = lookUp(atlas.store.parents, plate.scope);
  if (parents) return shortName(atlas, plate.scope, row.area, lang);
  return atlas.spec.kinds.find((kind) => kind.id === plate.scope)!.regions[row.area].title[lang];
}

function cellText(row: FigureRow, at: number, unit: Unit, lang: Lang): string {
  const value = row.values[at];
  return value === null ? "–" : `${row.signs[at]}${withUnit(figureNumber(value, unit, lang), unit.name[lang] === "%" ? unit : null, lang)}`;
}

const figureNumber = (value: number, unit: Unit, lang: Lang): string => readable(value, Number.isInteger(value) ? 0 : 1, unit, lang);

/** Counts are of rows, which filters do not narrow. */
function Legend({ view: shown }: { view: PlateView<FigurePlate> }) {
  const { t } = useWords();
  const { classes, series, shown: at } = shown.plate;
  if (!classes) return <ClassRows view={shown} counts={shown} />;
  return <ClassLegend view={shown} counts={shown} unit={[series[at].title, series[at].unit.name].map(t).filter(Boolean).join(", ")} />;
}

/** One list of bars for each series, largest first; what is no area stands last. */
function Bars({ view: { plate } }: ViewProps<FigurePlate>) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, state } = app;
  const last = (title: string | null) => (title === null ? 0 : 1);
  return (
    <>
      {plate.series.map((series, at) => {
        const name = [t(series.title), t(series.unit.name) === "%" ? "" : t(series.unit.name)].filter(Boolean).join(", ");
        const bars = plate.rows
          .map((row, i): Bar & { order: number } => ({
            key: String(i),
            title: titleOfRow(atlas, plate, row, state.lang),
            value: row.values[at],
            text: cellText(row, at, series.unit, state.lang),
            units: unitsOfRow(atlas, plate, row, true),
            area: areaOf(atlas, plate, row),
            order: plate.scope ? last(row.title === null ? null : "") : 0,
          }))
          .sort((a, b) => a.order - b.order || (b.value ?? -1) - (a.value ?? -1));
        return (
          <section key={at}>
            {name && <h3 class="ra-chart-title">{name}</h3>}
            <BarList label={`${w("bar")}: ${name}`} bars={bars} />
          </section>
        );
      })}
    </>
  );
}

/** One column for each series. */
function Stacked({ view: { plate } }: ViewProps<FigurePlate>) {
  const { atlas, state } = useApp();
  const { lang } = state;
  const layers = plate.rows.map((row, i): Layer => ({
    title: titleOfRow(atlas, plate, row, lang),
    slot: row.area ?? i,
    values: row.values.map((value) => value ?? 0),
    units: unitsOfRow(atlas, plate, row, true),
    area: areaOf(atlas, plate, row),
  }));
  return <Columns columns={plate.series.map((series) => series.title[lang])} layers={layers} title={plate.series[0].unit.name[lang]} unit={plate.series[0].unit} />;
}

/** Series of one unit can stand on one another. */
const stackable = ({ series }: FigurePlate) => series.length > 1 && series.every(({ unit }) => everyWay(unit.name).join() === everyWay(series[0].unit.name).join());

function table(atlas: Atlas, { plate }: PlateView<FigurePlate>, lang: Lang): Table {
  const signs = plate.series.map((_, at) => new Map(plate.rows.map((row) => [row.values[at], row.signs[at]])));
  return {
    columns: [
      { ...column(lang, "unit", "name"), id: "unit" },
      ...plate.series.map((series, at): TableColumn => ({
        id: `series-${at}`,
        title: [series.title[lang], series.unit.name[lang]].filter(Boolean).join(", "),
        stored: [series.title[lang], storedUnit(series.unit, lang)].filter(Boolean).join(", "),
        kind: "number",
        format: (cell) => (typeof cell === "number" ? `${signs[at].get(cell) ?? ""}${figureNumber(cell, series.unit, lang)}` : "–"),
        bar: Math.max(...plate.rows.map((row) => row.values[at] ?? 0)),
      })),
    ],
    rows: plate.rows.map((row, i) => {
      const title = titleOfRow(atlas, plate, row, lang);
      return {
        key: `row-${i}`,
        units: unitsOfRow(atlas, plate, row, true),
        area: areaOf(atlas, plate, row),
        slot: null,
        cells: [title, ...row.values],
        text: title.toLowerCase(),
      };
    }),
    sort: { column: `series-${plate.shown}`, descending: true },
  };
}

function describe(atlas: Atlas, shown: PlateView<FigurePlate>, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = shown;
  if (!plate.classes) return shown.ranking ? [word("mapMarked", lang, { count: shown.counts[0], ranking: shown.ranking.title[lang] })] : [];
  const { unit, title } = plate.series[plate.shown];
  const said = plate.rows.filter((row) => row.values[plate.shown] !== null).map((row) => `${titleOfRow(atlas, plate, row, lang)} ${row.signs[plate.shown]}${figureNumber(row.values[plate.shown]!, unit, lang)}`);
  return [labelled(list([title[lang], unit.name[lang]].filter(Boolean), lang), list(said, lang), lang)];
}

export const figure: PlateKind<FigurePlate> = {
  view,
  classes: (plate) => plate.classes,
  Legend,
  charts: (_, { plate }) => ({ bar: Bars, stacked: stackable(plate) ? Stacked : null }),
  ownRows: true,
  table,
  valueText({ plate, values }, unit, lang) {
    const value = values[unit];
    const { unit: of } = plate.series[plate.shown];
    return value === null ? null : withUnit(short(value, lang, of), of, lang);
  },
  describe,
  drawing: (_, plate) => ({ outlines: plate.scope, outerBordersOnly: plate.classes !== null }),
};
