/** The contract between the build and the page: docs/reference/page-format.md. */
import type { Scheme } from "../classify/breaks.ts";
import type { ChartKind } from "../state/state.ts";

export type Language = "zh" | "en";
export type Text = Readonly<Record<Language, string>>;
/** A number is multiplied by ten to the power before it is written with a language's unit. */
export type Unit = Text & { readonly power?: Readonly<Record<Language, number>> };
/** [xmin, ymin, xmax, ymax] in projected metres. */
export type Box = readonly [number, number, number, number];

export interface Spec {
  format: 1;
  id: string;
  title: Text;
  subtitle: Text;
  lang: Language;
  projection: { proj4: string; name: Text; datum: string };
  tiles: Tiles | null;
  view: Box;
  insets: { id: string; title: Text; bounds: Box }[];
  review_number: string | null;
  levels: { id: string; title: Text }[];
  unit_level: { id: string; title: Text };
  unit_types: { id: string; title: Text }[];
  kinds: RegionKind[];
  rankings: Ranking[];
  fields: Field[];
  clusters: ClusterSet[];
  plates: (Plate | MultiplesPlate)[];
  rasters: Raster[];
  citations: Citation[];
  report: Report;
  indices?: Index[];
  classing: Offered;
}

/** What a reader may choose in place of a field's own classes. */
export interface Offered {
  schemes: { id: Scheme; title: Text; formula: Text }[];
  /** What is added to a scheme's title; {} stands for a number. */
  notes: Record<"repeated" | "narrow" | "merged" | "middle", Text>;
  /** Of 1, 2, … classes, each one text of colours without "#". */
  palettes: { id: string; light: string[]; dark: string[] }[];
}

export interface Framework {
  ranking: string;
  title: Text;
  note: Text | null;
  nodes: FrameworkNode[];
}

export interface FrameworkNode {
  code: string;
  title: Text;
  unit: Unit | null;
  parent: string;
  direction: 1 | -1;
  given: number | null;
  share: number | null;
  status: "used" | "proxy" | "absent";
  reason: Text | null;
  source: Text | null;
  citation: string | null;
}

/** Background of the web mercator mode. */
export interface Tiles {
  url: string;
  subdomains: string[];
  attribution: Text;
  max_zoom: number;
  datum: string;
  /** Whether tiles of this datum lie where the data lies. */
  fits: boolean;
  key: string | null;
  /** Scheme and host of every address that they come from. */
  hosts: string[];
}

export type Normalisation = "percentile_rank" | "min_max" | "z_score";
export type Aggregation = "arithmetic" | "geometric";

export interface Index {
  id: string;
  title: Text;
  ranking: string;
  nodes: IndexNode[];
  normalise: { method: Normalisation; low: number; high: number };
  aggregate: { method: Aggregation; availability: number };
  tiers: number;
}

export interface IndexNode {
  code: string;
  title: Text;
  unit: Unit | null;
  parent: string;
  weight: number;
  direction: 1 | -1;
  field: string | null;
}

export interface RegionKind {
  id: string;
  title: Text;
  regions: Region[];
}

export interface Region {
  id: string;
  title: Text;
  precedence: number;
  source: string | null;
}

export interface Ranking {
  id: string;
  title: Text;
  n: number;
  kind: "published" | "computed";
  tiers: { tier: number; first: number; last: number }[];
  among: number[] | null;
  score: string | null;
  citation: string | null;
  /** The first level of the index's tree, where there are scores of it. */
  dimensions?: { id: string; title: Text }[] | null;
}

export interface Field {
  id: string;
  title: Text;
  unit: Unit;
  digits: number;
  years: number[] | null;
  method: Text;
  citation: string | null;
  missing: Text | null;
  /** Values add up over units. */
  extensive?: boolean;
  /** How values of units make that of an area. */
  rule?: Text;
  /** The value of all units together; partial where some have none. */
  whole?: { value: number; partial: boolean } | null;
}

export interface Cluster {
  id: string;
  title: Text;
  group: string | null;
  size: number | null;
  units: number[];
}

export interface ClusterSet {
  id: string;
  title: Text;
  size_unit: Unit | null;
  citation: string | null;
  groups: { id: string; title: Text; since: number | null; source: Text | null }[];
  items: Cluster[];
}

export interface Raster {
  field: string;
  year: number;
  bounds: Box;
  png: string;
}

export interface Citation {
  id: string;
  title: Text;
  source: Text;
  licence: Text | null;
  vintage: Text | null;
  url: string | null;
}

interface PlateBase {
  id: string;
  group: Text;
  title: Text;
  finding: Text;
  note: Text | null;
  citation: string | null;
  /** The chart that it opens with; else the table. */
  chart?: ChartKind;
}

export interface RankingPlate extends PlateBase {
  kind: "ranking" | "tiers";
  ranking: string;
  classes: Classes;
}

export interface RegionsPlate extends PlateBase {
  kind: "regions";
  region_kind: string;
  ranking: string | null;
  colors: number[];
}

export interface CoveragePlate extends PlateBase {
  kind: "coverage";
  ranking: string;
  level: string;
  measure: "share" | "count";
  classes: Classes;
  rows: CoverageRow[];
}

export interface ChoroplethPlate extends PlateBase {
  kind: "choropleth";
  field: string;
  year: number | null;
  classes: Classes;
  /** Of one of several small maps: the columns that its classes are made from with its own. */
  pooled?: readonly Pick<Panel, "field" | "year">[];
}

export interface YearsPlate extends PlateBase {
  kind: "years";
  field: string;
  year: number;
  years: number[];
  classes: Classes;
  raster: string | null;
  breaks_note: Text | null;
  level_shifts: number[];
  /** Opens with a small map of each year. */
  grid?: true;
}

export interface ClustersPlate extends PlateBase {
  kind: "clusters";
  set: string;
}

export interface CategoriesPlate extends PlateBase {
  kind: "categories";
  field: string;
  year: number | null;
  classes: Classes;
  /** Key in store.spots of the classes' values, where they are not the field's own. */
  codes?: string;
  moran?: { moran: number; expected: number; p: number; permutations: number };
}

export interface ChangePlate extends PlateBase {
  kind: "change";
  field: string;
  from: number;
  to: number;
  relative: boolean;
  classes: Classes;
  middle: number;
}

export interface BivariatePlate extends PlateBase {
  kind: "bivariate";
  fields: [string, string];
  years: [number | null, number | null];
  classes: [Classes, Classes];
  colors: string[];
  colors_dark: string[];
}

/** Published figures: a row for each key, its value in each series. */
export interface FigurePlate extends PlateBase {
  kind: "figure";
  /** The parent level or kind of region whose areas the keys are. */
  scope: string | null;
  ranking: string | null;
  series: { title: Text; unit: Unit }[];
  /** The series that colours the map. */
  shown: number;
  classes: Classes | null;
  rows: FigureRow[];
}

export interface FigureRow {
  /** Of a key that is no area. */
  title: Text | null;
  area: number | null;
  values: Column;
  /** "<", ">", "≈" or nothing, before each value. */
  signs: string[];
}

/** Shown as a plate of years that opens with a grid of small maps. */
export interface MultiplesPlate extends PlateBase {
  kind: "multiples";
  field: string;
  years: number[];
  classes: Classes;
}

/** Opens with a small map of each field; a map that is opened is a choropleth. */
export interface PanelsPlate extends PlateBase {
  kind: "panels";
  /** The ranking whose dimensions the fields are. */
  ranking: string | null;
  panels: Panel[];
  /** One that all maps share, or one for each. */
  classes: Classes[];
}

export interface Panel {
  /** Of a field, or "ranking/dimension". */
  field: string;
  year: number | null;
  title: Text;
  finding: Text;
}

export type Plate = PanelsPlate | FigurePlate | CategoriesPlate | ChangePlate | BivariatePlate | RankingPlate | RegionsPlate | CoveragePlate | ChoroplethPlate | YearsPlate | ClustersPlate;

export interface Classes {
  scheme: string;
  scheme_title: Text;
  /** Number of classes asked for; null where the scheme has none. */
  k: number | null;
  /** The classes lie evenly around it. */
  middle: number | null;
  breaks: number[];
  minimum: number | null;
  labels: Text[] | null;
  palette: string;
  colors: string[];
  colors_dark: string[];
  counts: number[];
}

export interface CoverageRow {
  parent: number;
  count: number;
  of: number;
  share: number | null;
  best: number | null;
}

export interface Report {
  version: string;
  joins: Join[];
  checks: { name: Text; ok: boolean; detail: Text }[];
  omissions: { what: Text; why: Text }[];
}

export interface Join {
  name: string;
  rows: number;
  matched: number;
  renamed: string[];
  ambiguous: string[];
  unmatched: string[];
  units_without: number | null;
}

export type Column = (number | null)[];

export interface Parents {
  ids: string[];
  names: string[];
  names_en: (string | null)[];
  short: string[];
  /** As unit_pinyin. */
  pinyin?: (string | null)[];
  of: number[];
}

export interface RankColumns {
  rank: Column;
  tier: Column;
  low?: Column;
  high?: Column;
  p_tier?: Column;
  /** Share of the weight that the unit has data for; null: all of it. */
  coverage?: Column;
}

/** By level or kind: how many of the first `top` each area holds. */
export type Counts = { top: number } & Record<string, number | { count: Column; low: Column; high: Column }>;

export interface Store {
  unit_id: string[];
  unit: string[];
  unit_en: (string | null)[];
  unit_type: number[];
  area_km2: number[];
  point: [number, number][];
  parents: Record<string, Parents>;
  membership: Record<string, { unit: number[]; region: number[]; share: number[]; exclusive: number[] }>;
  rankings: Record<string, RankColumns>;
  indices?: Record<string, Record<string, Column>>;
  /** The trees of all computed indices, as their files state them. */
  frameworks?: Framework[];
  unit_pinyin?: (string | null)[];
  /** By kind, in the order of its regions. */
  region_pinyin?: Record<string, (string | null)[]>;
  fields: Record<string, Column | Record<string, Column>>;
  flags: Record<string, Record<string, Text>>;
  spots?: Record<string, Column>;
  /** By level or kind and field: the latest values, and of those that are partial the members with data. */
  areas?: Record<string, Record<string, { value: Column; data?: Column }>>;
  counts?: Record<string, Counts>;
  /** By ranking and dimension. */
  dimensions?: Record<string, Record<string, Column>>;
}
