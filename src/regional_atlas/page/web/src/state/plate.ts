/** What a kind of plate gives to the page, and what a plate puts on the map. The kinds themselves are in plates/. */
import type { FunctionComponent } from "preact";
import type { Atlas } from "../data/model.ts";
import type { Lang } from "../text/language.ts";
import type { ChartKind, Classes, ClusterSet, Column, Field, Plate, Ranking, Text } from "../format.ts";
import type { Word } from "../text/language.ts";
import type { State, Step } from "./state.ts";
import type { Table } from "./table.ts";

/** A class for every unit, the colours of the classes, values and ranks. */
export interface PlateView<P extends Plate = Plate> {
  plate: P;
  year: number | null;
  classOf: Int16Array;
  colors: readonly string[];
  colorsDark: readonly string[];
  /** Names of the classes, and how a narrow strip shortens them; none for regions and clusters. */
  labels: (lang: Lang) => string[];
  marks: (lang: Lang) => string[];
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

/** One number for each unit that passes the filters, for charts. */
export interface Measure {
  field: Field | null;
  /** The field's values; of a ranking without scores 1 for every ranked unit. */
  values: Column;
  /** Units with a value that pass the filters. */
  units: number[];
  /** Units that pass the filters: of those in no ranking none lacks a value. */
  members: readonly number[];
}

export interface ViewProps<P extends Plate = Plate> {
  view: PlateView<P>;
  measure: Measure;
}

/** The charts that say something about a plate; null like none. */
export type Charts<P extends Plate = Plate> = Partial<Record<ChartKind, FunctionComponent<ViewProps<P>> | null>>;

/** What the map draws beside the units in their colours. */
export interface Drawing {
  /** The kind of region that is outlined, and whether its regions are named first. */
  outlines?: string | null;
  named?: boolean;
  /** Parents are coloured: what divides them inside only disturbs. */
  outerBordersOnly?: boolean;
  /** Field of the raster that can lie over the units. */
  raster?: string | null;
  symbols?: ClusterSet;
}

export interface SmallMap {
  id: string;
  title: Text;
  view: PlateView;
  /** What shows it alone, in place of the others. */
  open: Step;
}

/** Where the reader is among the years or small maps of a plate. */
export type Place = Pick<State, "year" | "panel">;

/** A field in a year. */
export interface FieldColumn {
  field: string;
  year: number | null;
}

export interface PlateKind<P extends Plate = Plate> {
  /** Of plates that move through years, in a year. */
  view(atlas: Atlas, plate: P, year: number | null): PlateView<P>;
  /** Its classes, where it has one row of them. */
  classes?(plate: P): Classes | null;
  /** Where the reader may choose other classes: the columns that they are of, and the plate with them. */
  reclass?: { columns(plate: P): readonly FieldColumn[]; with(plate: P, classes: Classes): P };
  Legend: FunctionComponent<{ view: PlateView<P> }>;
  charts(atlas: Atlas, view: PlateView<P>): Charts<P>;
  /** Its charts draw rows of its own, whether or not a unit passes the filters. */
  ownRows?: boolean;
  table(atlas: Atlas, view: PlateView<P>, lang: Lang): Table;
  /** The kind whose widths of columns its table takes; its own unless given. */
  widths?: Plate["kind"];
  /** The value of a unit, in words. */
  valueText(view: PlateView<P>, unit: number, lang: Lang): string | null;
  /** What the tooltip says of a unit beside its value and its rank: before and after them. */
  before?(atlas: Atlas, view: PlateView<P>, unit: number, lang: Lang): string | null;
  after?(atlas: Atlas, view: PlateView<P>, unit: number, lang: Lang): string | null;
  /** What the map shows, in words, for those who do not see it. */
  describe(atlas: Atlas, view: PlateView<P>, mask: Uint8Array | null, lang: Lang): string[];
  drawing?(atlas: Atlas, plate: P): Drawing;
  /** The years that a slider moves through, and the first ones of another sensor or method in a field. */
  years?(plate: P): readonly number[];
  shifts?(plate: P, field: string): readonly number[];
  /** The next or previous of its years or small maps; null at either end. */
  step?(plate: P, at: Place, by: number): Step | null;
  /** The scores that it shows and that follow the reader's weights, where it names no ranking; its words for them. */
  score?(plate: P): string;
  restated?(plate: P, ranking: Ranking): P;
  /** Several small maps: the fields that a link can open, */
  panels?(plate: P): readonly string[];
  /** the plate of the one that is open, */
  opened?(plate: P, panel: string | null): Plate;
  /** the maps in place of the map while none is (of the plate that is open, in the reader's classes), */
  maps?(atlas: Atlas, plate: P, open: Plate, at: Place): SmallMap[] | null;
  /** and what leads back to all of them. */
  back?(plate: P): { word: Word; step: Step };
}

/** A module for every kind: one that is missing does not compile. */
export type Kinds = { readonly [K in Plate["kind"]]: PlateKind<Extract<Plate, { kind: K }>> };

/** What the kind of a plate gives. Kind and plate belong together, which a record of kinds cannot say. */
export const kindIn = (kinds: Kinds, plate: Plate): PlateKind => kinds[plate.kind] as unknown as PlateKind;

/** The ranking of a plate: its own, or the one whose scores it maps. */
export const rankingOf = (atlas: Atlas, view: PlateView): Ranking | null =>
  view.ranking ?? atlas.spec.rankings.find((item) => view.field !== null && item.score === view.field.id) ?? null;
