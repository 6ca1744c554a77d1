/** Everything that follows from the state: each is worked out when it is asked for, once per change of what it needs. */
import type { Atlas } from "../data/model.ts";
import type { ChartKind, Plate } from "../format.ts";
import { filterMask } from "./filter.ts";
import { marksOf } from "./marks.ts";
import { kindIn, type Charts, type Drawing, type Kinds, type PlateView, type SmallMap } from "./plate.ts";
import { withClasses } from "./reclass.ts";
import { computed, type ReadonlySignal } from "./signal.ts";
import { CHARTS, type State } from "./state.ts";
import { sortRows, visibleRows, type Row, type Table } from "./table.ts";
import { withSetting } from "./weighted.ts";

export type Derived = ReturnType<typeof derive>;

export function derive(published: Atlas, kinds: Kinds, state: ReadonlySignal<State>) {
  /** A part of the state: what needs it does not follow the other parts. */
  const part = <K extends keyof State>(key: K) => computed(() => state.value[key]);
  const [weights, shown, panel, year, choice, chosen] = [part("weights"), part("plate"), part("panel"), part("year"), part("classes"), part("chart")];
  const [filters, lang, query, sort] = [part("filters"), part("lang"), part("query"), part("sort")];
  const indicesOf = (ids: ReadonlySignal<readonly string[]>) => computed(() => ids.value.map((id) => published.index.get(id)!));

  /** The atlas as published, or with the index that the reader's weights make. */
  const atlas = computed((): Atlas => (weights.value ? withSetting(published, kinds, weights.value) : published));
  /** The plate that the link names. */
  const declared = computed((): Plate | null => atlas.value.plates.get(shown.value) ?? null);
  /** The plate that is shown: of several small maps, the one that is open. */
  const plate = computed((): Plate | null => declared.value && (kindIn(kinds, declared.value).opened?.(declared.value, panel.value) ?? declared.value));
  /** In the classes that the reader chose. */
  const classed = computed((): Plate | null => plate.value && withClasses(atlas.value, kinds, plate.value, choice.value));
  const view = computed((): PlateView | null => {
    if (!classed.value) return null;
    const kind = kindIn(kinds, classed.value);
    return kind.view(atlas.value, classed.value, kind.years ? year.value : null);
  });
  /** The small maps, where they stand in place of the map. */
  const grid = computed((): SmallMap[] | null => {
    if (!declared.value || !classed.value) return null;
    return kindIn(kinds, declared.value).maps?.(atlas.value, declared.value, classed.value, { year: year.value, panel: panel.value }) ?? null;
  });
  /** The years that the plate moves through, and the one that the map shows. */
  const years = computed((): readonly number[] => (plate.value && kindIn(kinds, plate.value).years?.(plate.value)) ?? []);
  const yearShown = computed((): number | null => (years.value.length > 0 && grid.value === null ? (view.value?.year ?? null) : null));
  /** What the map draws beside the units. */
  const drawing = computed((): Drawing => (plate.value && kindIn(kinds, plate.value).drawing?.(atlas.value, plate.value)) ?? {});
  /** The charts of the plate, and the one that is open in place of the table. */
  const charts = computed((): Charts => (view.value ? kindIn(kinds, view.value.plate).charts(atlas.value, view.value) : {}));
  const chart = computed((): ChartKind | null => {
    const wanted = chosen.value?.kind ?? view.value?.plate.chart;
    return CHARTS.find((name) => name === wanted && charts.value[name]) ?? null;
  });
  /** 1 for every unit that passes the filters; null: nothing is filtered. */
  const mask = computed((): Uint8Array | null => filterMask(atlas.value, filters.value));
  const table = computed((): Table | null => view.value && kindIn(kinds, view.value.plate).table(atlas.value, view.value, lang.value));
  const rows = computed((): Row[] => (table.value ? sortRows(table.value, visibleRows(table.value, mask.value, query.value), sort.value, lang.value) : []));
  /** Indices of the selected units; with the compared ones, in the colours that stand above their columns. */
  const selected = indicesOf(part("selection"));
  const compared = indicesOf(part("compare"));
  const marks = computed(() => marksOf(selected.value, compared.value));
  return { atlas, declared, plate, view, grid, years, year: yearShown, drawing, charts, chart, mask, table, rows, selected, marks };
}
