/** The atlas, its state, and everything that follows from the state, each worked out once per change. */
import type { Area, Atlas } from "../data/model.ts";
import { areaTitle, opensAsGrid } from "../data/model.ts";
import type { Plate } from "../format.ts";
import { SOURCES, type Sort, type State } from "./state.ts";
import { Signal } from "./signal.ts";
import { StateStore } from "./store.ts";
import type { Setting } from "../scoring/index.ts";
import { settable, withSetting } from "./weighted.ts";
import { withClasses } from "./reclass.ts";
import { filterMask, filterTitle } from "./filter.ts";
import { openedPanel, smallMaps, type SmallMap } from "../plates/grid.ts";
import { marksOf, type Mark } from "./marks.ts";
import { viewPlate, type PlateView } from "../plates/view.ts";
import { sortRows, tableOf, visibleRows, type Row, type Table } from "../plates/rows.ts";
import { SearchIndex } from "./search.ts";
import type { ClusterSymbol } from "../map/symbols.ts";

/** What the pointer is over; `point` when that is the map. */
export interface Hover {
  units: readonly number[];
  /** Key of the table's row, where the units are those of one. */
  row: string | null;
  point: { x: number; y: number } | null;
  symbol: ClusterSymbol | null;
}

export const NOTHING: Hover = { units: [], row: null, point: null, symbol: null };

export class App {
  readonly store: StateStore;
  readonly hover = new Signal<Hover>(NOTHING);
  readonly search: SearchIndex;
  readonly night = new Signal(false);
  private onPaper = false;
  private readonly systemDark = window.matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly published: Atlas) {
    const { spec } = published;
    const opening: State = {
      plate: spec.plates[0]?.id ?? SOURCES,
      lang: spec.lang,
      dark: null,
      year: null,
      panel: null,
      filters: [],
      selection: [],
      area: null,
      sort: null,
      query: "",
      raster: 0,
      view: null,
      mercator: false,
      weights: null,
      classes: null,
      chart: null,
      compare: [],
    };
    this.store = new StateStore(opening, (state) => this.accept(state));
    this.search = new SearchIndex(published);
    this.night.set(this.dark);
    this.store.subscribe(() => this.night.set(this.dark));
    this.systemDark.addEventListener("change", () => this.night.set(this.dark));
  }

  get state(): State {
    return this.store.state;
  }

  /** The atlas as published, or with the index that the reader's weights make. */
  get atlas(): Atlas {
    return this.weighted(this.state.weights);
  }

  get dark(): boolean {
    return !this.onPaper && (this.state.dark ?? this.systemDark.matches);
  }

  /** Paper is light, whatever the screen is. */
  printing(on: boolean): void {
    this.onPaper = on;
    this.night.set(this.dark);
  }

  /** A grid of small maps stands in place of the map. */
  get gridded(): boolean {
    const { plate } = this;
    return plate !== null && (plate.kind === "multiples" || (opensAsGrid(plate) && this.state.year === null));
  }

  /** The plate that is shown: of several small maps, the one that is open. */
  get plate(): Plate | null {
    const { declared } = this;
    return declared?.kind === "multiples" ? this.opened(declared, this.state.panel) : declared;
  }

  /** The plate that the link names. */
  get declared(): Plate | null {
    return this.atlas.plates.get(this.state.plate) ?? null;
  }

  get view(): PlateView | null {
    const { plate } = this;
    return plate ? this.viewOf(this.atlas, this.classed(this.atlas, plate, this.state.classes), plate.kind === "years" ? this.state.year : null) : null;
  }

  /** The small maps, where they stand in place of the map. */
  get grid(): SmallMap[] | null {
    const { plate } = this;
    return plate && this.gridded ? this.gridIn(this.atlas, this.classed(this.atlas, plate, this.state.classes)) : null;
  }

  get mask(): Uint8Array | null {
    return this.maskOf(this.atlas, this.state.filters);
  }

  get table(): Table | null {
    const { view } = this;
    return view ? this.tableIn(this.atlas, view, this.state.lang) : null;
  }

  get rows(): Row[] {
    const { table, mask } = this;
    return table ? this.rowsOf(table, mask, this.state.query, this.state.sort, this.state.lang) : [];
  }

  /** Indices of the selected units. */
  get selected(): number[] {
    return this.selectedOf(this.state.selection);
  }

  /** The selected units, and the compared ones in the colours that stand above their columns. */
  get marks(): readonly Mark[] {
    return this.marksIn(this.selected, this.comparedOf(this.state.compare));
  }

  /** A link may name what this atlas does not have: that much of it is dropped. */
  private accept(state: State): State {
    const { published: atlas } = this;
    const next = { ...state };
    const plate = atlas.plates.get(state.plate);
    if (state.panel && !(plate?.kind === "multiples" && plate.panels.some((panel) => panel.field === state.panel))) next.panel = null;
    if (!plate && state.plate !== SOURCES) next.plate = atlas.spec.plates[0]?.id ?? SOURCES;
    const known = (ids: readonly string[]) => (ids.every((id) => atlas.index.has(id)) ? ids : ids.filter((id) => atlas.index.has(id)));
    next.selection = known(state.selection);
    next.compare = known(state.compare);
    const passing = state.filters.filter((filter) => filterTitle(atlas, filter, "zh") !== null);
    if (passing.length < state.filters.length) next.filters = passing;
    if (state.area && areaTitle(atlas, state.area, "zh") === null) next.area = null;
    if (state.weights && !settable(atlas, state.weights)) next.weights = null;
    if (state.chart?.other && !atlas.fields.has(state.chart.other)) next.chart = { ...state.chart, other: null };
    return (Object.keys(next) as (keyof State)[]).every((key) => next[key] === state[key]) ? state : next;
  }

  select(units: readonly number[]): void {
    this.store.dispatch({ type: "select", units: units.map((unit) => this.atlas.store.unit_id[unit]) });
  }

  openArea(area: Area): void {
    this.store.dispatch({ type: "area", area });
  }

  openRow(row: Row): void {
    if (row.area) this.openArea(row.area);
    else this.select(row.units);
  }

  private readonly weighted = remember((setting: Setting | null) => (setting ? withSetting(this.published, setting) : this.published));
  private readonly classed = remember((atlas: Atlas, plate: Plate, choice: State["classes"]) => withClasses(atlas, plate, choice));
  private readonly opened = remember(openedPanel);
  private readonly gridIn = remember(smallMaps);
  private readonly viewOf = remember((atlas: Atlas, plate: Plate, year: number | null) => viewPlate(atlas, plate, year));
  private readonly maskOf = remember((atlas: Atlas, filters: State["filters"]) => filterMask(atlas, filters));
  private readonly tableIn = remember((atlas: Atlas, view: PlateView, lang: State["lang"]) => tableOf(atlas, view, lang));
  private readonly rowsOf = remember((table: Table, mask: Uint8Array | null, query: string, sort: Sort | null, lang: State["lang"]) =>
    sortRows(table, visibleRows(table, mask, query), sort, lang),
  );
  private readonly marksIn = remember(marksOf);
  private readonly selectedOf = remember((ids: readonly string[]) => ids.map((id) => this.published.index.get(id)!));
  private readonly comparedOf = remember((ids: readonly string[]) => ids.map((id) => this.published.index.get(id)!));
}

/** Keeps the last answer for as long as the arguments stay the same. */
export function remember<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    if (!last || args.some((arg, i) => arg !== last!.args[i])) last = { args, result: work(...args) };
    return last.result;
  };
}
