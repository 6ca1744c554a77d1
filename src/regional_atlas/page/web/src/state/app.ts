/** The app: the atlas, the state and what follows from it, and what the reader does. */
import { openingLanguage } from "../text/language.ts";
import { areaTitle, type Area, type Atlas } from "../data/model.ts";
import type { ChartKind, Index, Plate, StoryStep } from "../format.ts";
import { derive, type Derived } from "./derived.ts";
import { filterTitle } from "./filter.ts";
import { fromHash, retold, toldStep } from "./hash.ts";
import type { Mark } from "./marks.ts";
import { kindIn, type Charts, type Drawing, type Kinds, type PlateKind, type PlateView, type SmallMap } from "./plate.ts";
import { SearchIndex } from "./search.ts";
import { computed, signal, type ReadonlySignal } from "./signal.ts";
import { SOURCES, openingState, type State, type View } from "./state.ts";
import { StateStore } from "./store.ts";
import type { Row, Table } from "./table.ts";
import { indexOfPlate, settable } from "./weighted.ts";

/** A symbol on the map: the item of the plate's set that it stands for, and its units. */
export interface Pointed {
  item: number;
  units: readonly number[];
}

/** What the pointer is over; `point` when that is the map. */
export interface Hover {
  units: readonly number[];
  /** Key of the table's row, where the units are those of one. */
  row: string | null;
  point: { x: number; y: number } | null;
  symbol: Pointed | null;
}

export const NOTHING: Hover = { units: [], row: null, point: null, symbol: null };

export class App {
  readonly store: StateStore;
  readonly search: SearchIndex;
  /** Whether the page is dark. */
  readonly night: ReadonlySignal<boolean>;
  /** The step of the story that was read last, to return to. */
  lastTold: number | null = null;
  /** What each step of the story shows. */
  private readonly told: readonly State[];
  /** Whether the page stands as it was opened: what is shown from then on was asked for. */
  opened = false;
  private readonly derived: Derived;
  private readonly pointed = signal<Hover>(NOTHING);
  private readonly onPaper = signal(false);

  constructor(
    private readonly published: Atlas,
    private readonly kinds: Kinds,
  ) {
    const { spec } = published;
    const opening = openingState(spec.plates[0]?.id ?? SOURCES, openingLanguage(navigator.languages));
    this.told = spec.story.map(({ link }, at) => ({ ...fromHash(link, opening), story: at + 1 }));
    this.store = new StateStore(opening, this.told, (state) => this.accept(state));
    this.store.signal.subscribe(({ story }) => (this.lastTold = story ?? this.lastTold));
    this.derived = derive(published, kinds, this.store.signal);
    this.search = new SearchIndex(published);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const darkSystem = signal(system.matches);
    system.addEventListener("change", () => (darkSystem.value = system.matches));
    // Paper is light, whatever the screen is.
    this.night = computed(() => !this.onPaper.value && (this.state.dark ?? darkSystem.value));
  }

  get state(): State {
    return this.store.state;
  }

  /** What the kind of a plate gives. */
  kindOf(plate: Plate): PlateKind {
    return kindIn(this.kinds, plate);
  }

  /** The index behind a plate, where its weights can be changed. */
  indexOf(plate: Plate): Index | null {
    return indexOfPlate(this.atlas, this.kinds, plate);
  }

  get dark(): boolean {
    return this.night.value;
  }

  printing(on: boolean): void {
    this.onPaper.value = on;
  }

  get hover(): ReadonlySignal<Hover> {
    return this.pointed;
  }

  /** What the pointer is over from now on. */
  point(hover: Hover): void {
    this.pointed.value = hover;
  }

  get atlas(): Atlas {
    return this.derived.atlas.value;
  }

  get declared(): Plate | null {
    return this.derived.declared.value;
  }

  get plate(): Plate | null {
    return this.derived.plate.value;
  }

  get view(): PlateView | null {
    return this.derived.view.value;
  }

  get grid(): SmallMap[] | null {
    return this.derived.grid.value;
  }

  get years(): readonly number[] {
    return this.derived.years.value;
  }

  get year(): number | null {
    return this.derived.year.value;
  }

  get drawing(): Drawing {
    return this.derived.drawing.value;
  }

  get charts(): Charts {
    return this.derived.charts.value;
  }

  get chart(): ChartKind | null {
    return this.derived.chart.value;
  }

  get mask(): Uint8Array | null {
    return this.derived.mask.value;
  }

  get table(): Table | null {
    return this.derived.table.value;
  }

  get rows(): Row[] {
    return this.derived.rows.value;
  }

  get selected(): number[] {
    return this.derived.selected.value;
  }

  get marks(): readonly Mark[] {
    return this.derived.marks.value;
  }

  /** The step of the story that is read. */
  get step(): StoryStep | null {
    return this.published.spec.story[(this.state.story ?? 0) - 1] ?? null;
  }

  /** The plate that a step shows, counted from 0, and the year that it names. */
  toldPlate(at: number): { plate: Plate | null; year: number | null } {
    const { plate, year } = this.told[at];
    return { plate: this.published.plates.get(plate) ?? null, year };
  }

  /** Shows a step of the story, the first or last one where there is no such; scrolling leaves no trace to go back to. */
  tell(number: number, scrolled = false): void {
    const step = this.told[Math.max(1, Math.min(this.told.length, number)) - 1];
    this.store.dispatch({ type: scrolled ? "replace" : "story", state: retold(step, this.state) });
  }

  /** Leaves the story where it is, with the map as it stands. */
  leaveStory(view: View | null): void {
    this.store.dispatch({ type: "story", state: { ...this.state, story: null, view } });
  }

  /** Whether the card of a unit or region is open; what a step marks by itself has its text in place of a card. */
  get carded(): boolean {
    const { selection, area, story } = this.state;
    const step = toldStep(this.told, story);
    if (selection.length === 0 && area === null) return false;
    return !step || selection.join() !== step.selection.join() || area?.scope !== step.area?.scope || area?.id !== step.area?.id;
  }

  /** Closes a card; in the story, what the step shows is marked again. */
  back(): void {
    const step = toldStep(this.told, this.state.story);
    if (!step) this.store.dispatch({ type: "back" });
    else if (this.carded) this.store.dispatch({ type: "story", state: { ...this.state, selection: step.selection, area: step.area } });
  }

  /** A grid of small maps stands in place of the map. */
  get gridded(): boolean {
    return this.grid !== null;
  }

  /** A link may name what this atlas does not have: that much of it is dropped. */
  private accept(state: State): State {
    const { published: atlas } = this;
    const next = { ...state };
    const plate = atlas.plates.get(state.plate);
    if (state.panel && !(plate && this.kindOf(plate).panels?.(plate).includes(state.panel))) next.panel = null;
    if (!plate && state.plate !== SOURCES) next.plate = atlas.spec.plates[0]?.id ?? SOURCES;
    if (state.story !== null && !toldStep(this.told, state.story)) next.story = null;
    const known = (ids: readonly string[]) => (ids.every((id) => atlas.index.has(id)) ? ids : ids.filter((id) => atlas.index.has(id)));
    next.selection = known(state.selection);
    next.compare = known(state.compare);
    const passing = state.filters.filter((filter) => filterTitle(atlas, filter, state.lang) !== null);
    if (passing.length < state.filters.length) next.filters = passing;
    if (state.area && areaTitle(atlas, state.area, state.lang) === null) next.area = null;
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
}
