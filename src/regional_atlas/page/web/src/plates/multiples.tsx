/** Small maps side by side: the years of one field, or several fields or dimensions. */
import { columnOf, placeOf, unitName, type Atlas } from "../data/model.ts";
import { list, inEach, labelled, type Lang } from "../text/language.ts";
import type { Classes, Field, MultiplesPlate, YearsPlate } from "../format.ts";
import type { PlateKind, PlateView, SmallMap, ViewProps } from "../state/plate.ts";
import type { Table, TableColumn } from "../state/table.ts";
import { short } from "../text/numbers.ts";
import { Scatter } from "../ui/charts/compare-fields.tsx";
import { Profile } from "../ui/charts/profile.tsx";
import { useApp, useWords } from "../ui/context.ts";
import { ClassLegend, countedIn, type Counts } from "../ui/legend.tsx";
import { choropleth, type PanelPlate } from "./choropleth.tsx";
import { column, whole } from "./tables.ts";
import { classed, fieldClasses, fieldText } from "./view.ts";
import { years } from "./years.tsx";

/** Classes of its own, or those that all maps share. */
const classesAt = (plate: MultiplesPlate, at: number): Classes => plate.classes[at] ?? plate.classes[0];

const sharesClasses = (plate: MultiplesPlate): boolean => plate.classes.length === 1;

/** The plate of one small map, as a choropleth. */
function panelAt(plate: MultiplesPlate, at: number): PanelPlate {
  const { id, group, note, citation } = plate;
  const panel = plate.panels[at];
  const title = inEach((lang) => labelled(plate.title[lang], panel.title[lang], lang));
  return { id, group, note, citation, title, kind: "choropleth", field: panel.field, year: panel.year, finding: panel.finding, classes: classesAt(plate, at), middle: null, chart: null, ...(sharesClasses(plate) ? { pooled: plate.panels } : {}) };
}

/** The years of one field: what a plate of years shows, that opens as all of them. */
function yearsOf(plate: MultiplesPlate, field: string): YearsPlate {
  const { id, title, group, finding, note, citation, chart, classes, years: shown } = plate;
  return { id, title, group, finding, note, citation, chart, kind: "years", field, years: shown, year: shown[shown.length - 1], classes: classes[0], raster: null, breaks_note: null, level_shifts: [] };
}

const yearMaps = (atlas: Atlas, plate: YearsPlate): SmallMap[] =>
  plate.years.map((year) => ({ id: String(year), title: inEach(() => String(year)), view: years.view(atlas, plate, year), open: { type: "year", year } }));

const panelMaps = (atlas: Atlas, plate: MultiplesPlate): SmallMap[] =>
  plate.panels.map(({ field, title }, at) => ({ id: field, title, view: choropleth.view(atlas, panelAt(plate, at), null), open: { type: "panel", panel: field } }));

/** What the first of several small maps shows, and the ranking whose dimensions they are. */
function view(atlas: Atlas, plate: MultiplesPlate): PlateView<MultiplesPlate> {
  const { field, year } = plate.panels[0];
  const painted = fieldClasses(atlas, field, year, plate.classes[0]);
  const ranking = plate.ranking === null ? null : (atlas.rankings.get(plate.ranking) ?? null);
  const shown = classed(plate, year, plate.classes[0], ranking ? { ...painted, ranking, ranks: atlas.store.rankings[ranking.id].rank } : painted);
  return sharesClasses(plate) ? shown : { ...shown, labels: () => [], marks: () => [] };
}

/** Small maps that share their classes are counted as one. */
function Legend({ view: shown }: { view: PlateView<MultiplesPlate> }) {
  const { grid, mask } = useApp();
  const { w } = useWords();
  if (!sharesClasses(shown.plate)) return <p class="ra-quiet ra-small">{w("ownClasses")}</p>;
  return grid ? <ClassLegend view={shown} year={null} counts={together(grid.map((map) => countedIn(map.view, mask)))} /> : <ClassLegend view={shown} />;
}

function together(parts: readonly Counts[]): Counts {
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  return { counts: parts[0].counts.map((_, i) => sum(parts.map((part) => part.counts[i]))), missing: sum(parts.map((part) => part.missing)), paper: sum(parts.map((part) => part.paper)) };
}

function useFields(plate: MultiplesPlate): readonly Field[] {
  const { atlas } = useApp();
  return plate.panels.map(({ field }) => atlas.fields.get(field)!);
}

const PanelScatter = (props: ViewProps<MultiplesPlate>) => <Scatter {...props} fields={useFields(props.view.plate)} />;
const PanelProfile = (props: ViewProps<MultiplesPlate>) => <Profile {...props} fields={useFields(props.view.plate)} />;

/** A column for every small map. */
function table(atlas: Atlas, shown: PlateView<MultiplesPlate>, lang: Lang): Table {
  const { plate } = shown;
  const columns = plate.panels.map(({ field, year }) => columnOf(atlas, field, year));
  const rows = Array.from({ length: atlas.count }, (_, unit) => unit).filter((unit) => !shown.ranking || shown.ranks[unit] !== null);
  return {
    columns: [
      column(lang, "rank", "rank", whole(lang)),
      column(lang, "unit", "name"),
      ...plate.panels.map(({ field, title }): TableColumn => ({
        id: field,
        title: title[lang],
        kind: "number",
        format: (cell) => (typeof cell === "number" ? short(cell, lang, atlas.fields.get(field)?.unit ?? null) : "–"),
      })),
    ],
    rows: rows.map((unit) => {
      const name = unitName(atlas, unit, lang);
      const text = `${name} ${atlas.store.unit[unit]} ${placeOf(atlas, unit, lang)} ${atlas.store.unit_id[unit]}`.toLowerCase();
      return { key: atlas.store.unit_id[unit], units: [unit], area: null, slot: null, cells: [shown.ranks[unit], name, ...columns.map((values) => values[unit])], text };
    }),
    sort: { column: "rank", descending: false },
  };
}

export const multiples: PlateKind<MultiplesPlate> = {
  view,
  classes: (plate) => (sharesClasses(plate) ? plate.classes[0] : null),
  Legend,
  charts: () => ({ scatter: PanelScatter, profile: PanelProfile }),
  table,
  valueText: fieldText,
  describe: (_, { plate }, __, lang) => [list(plate.panels.map((panel) => panel.title[lang]), lang)],
  panels: (plate) => plate.panels.map((panel) => panel.field),
  opened(plate, panel) {
    if (plate.field !== null) return yearsOf(plate, plate.field);
    const at = plate.panels.findIndex(({ field }) => field === panel);
    return at < 0 ? plate : panelAt(plate, at);
  },
  maps(atlas, plate, open, { year }) {
    if (open.kind === "years") return year === null ? yearMaps(atlas, open) : null;
    return open === plate ? panelMaps(atlas, plate) : null;
  },
  back: (plate) => (plate.field === null ? { word: "allMaps", step: { type: "panel", panel: null } } : { word: "allYears", step: { type: "year", year: null } }),
  step(plate, at, by) {
    if (plate.field !== null) return years.step!(yearsOf(plate, plate.field), at, by);
    const panel = plate.panels.at(Math.max(0, plate.panels.findIndex(({ field }) => field === at.panel) + by));
    return panel ? { type: "panel", panel: panel.field } : null;
  },
};
