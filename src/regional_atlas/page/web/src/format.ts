/** Written by `make format` from src/regional_atlas/page/format.py; change that. */

/**
 * Signs and names with which a language writes numbers. Attributes ---------- decimal, group : str
 * Between whole and part, and between thousands. least_group : int Digits that the first group must
 * have: 2 where 1234 stays 1234. percent : str What follows the number of a percentage, its space
 * included. digits : str The ten digits. unit_gap : str Between a number and its unit. scales :
 * sequence of (float, str) Names of large numbers, the largest first, with the space before them.
 */
export interface Numerals {
  readonly decimal: string;
  readonly group: string;
  readonly least_group: number;
  readonly percent: string;
  readonly digits: string;
  readonly unit_gap: string;
  readonly scales: readonly (readonly [number, string])[];
}

/** [xmin, ymin, xmax, ymax] in projected metres. */
export type Box = readonly [number, number, number, number];

/** A value for each unit, parent, region or key, in their order. */
export type Column = readonly (number | null)[];

/** A name for each unit, parent or region, in their order. */
export type Names = readonly (string | null)[];

export type ChartKind = "bar" | "histogram" | "scatter" | "treemap" | "strip" | "line" | "lorenz" | "profile" | "stacked" | "timeline" | "bubble";

export type Normalisation = "percentile_rank" | "min_max" | "z_score";

export type Aggregation = "arithmetic" | "geometric";

export type Text = Readonly<Record<string, string>>;

export interface Unit {
  readonly name: Text;
  /**
   * By language: a stored number is multiplied by ten to this power before it is written with the
   * unit. Null: by nothing.
   */
  readonly power: Readonly<Record<string, number>> | null;
}

/** A language that the page offers: what the page itself says in it. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** What its speakers call it. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
  readonly numerals: Numerals;
  /** The page's words as Fluent text; English ones where the language has none. */
  readonly messages: string;
}

/** An id and what a reader calls it. */
export interface Named {
  readonly id: string;
  readonly title: Text;
}

/** A type of unit, and why its units are not like the others, if they are not. */
export interface UnitType extends Named {
  readonly note: Text | null;
}

/** Of the map and of every position in the page. */
export interface Projection {
  readonly proj4: string;
  readonly name: Text;
  readonly datum: string;
}

/** Background of the web mercator mode. */
export interface Tiles {
  readonly url: string;
  readonly subdomains: readonly string[];
  readonly attribution: Text;
  readonly max_zoom: number;
  readonly datum: string;
  /** Whether tiles of this datum lie where the data lies. */
  readonly fits: boolean;
  /** From the environment of the build; null: none, or the reader types it. */
  readonly key: string | null;
  /** Scheme and host of every address that they come from; all are in the policy's img-src. */
  readonly hosts: readonly string[];
}

/** A part of the map that is drawn in a corner, in a projection of its own. */
export interface Inset extends Named {
  readonly proj4: string;
  /** In metres of that projection. */
  readonly bounds: Box;
  /** Indices of the units that reach into it. */
  readonly units: readonly number[];
}

/** A city that is named on the map. */
export interface Place {
  readonly title: Text;
  /** In projected metres. */
  readonly point: readonly [number, number];
  /** Named on maps of any scale, not only on those that are zoomed in. */
  readonly major: boolean;
}

/** An urban agglomeration, a metropolitan area or the like. */
export interface Region extends Named {
  readonly precedence: number;
  readonly source: string | null;
}

/** A kind of region, and its regions. */
export interface RegionKind extends Named {
  readonly regions: readonly Region[];
}

/** The ranks that a tier runs from and to. */
export interface TierRanks {
  readonly tier: number;
  readonly first: number;
  readonly last: number;
}

/** A ranking of units, published or computed. */
export interface Ranking extends Named {
  /** Units ranked. */
  readonly n: number;
  readonly kind: "published" | "computed";
  /** Empty: the ranking has no tiers. */
  readonly tiers: readonly TierRanks[];
  /** Indices of the unit types that could be ranked; null: all. */
  readonly among: readonly number[] | null;
  /** Id of the field that holds the score. */
  readonly score: string | null;
  /** First level of the index's tree, where there are scores of it. */
  readonly dimensions: readonly Named[] | null;
  readonly citation: string | null;
}

/** What all units come to. */
export interface Whole {
  readonly value: number;
  /** Some units have no value. */
  readonly partial: boolean;
}

/** A numeric column that can be mapped, tabulated and read in a card. */
export interface Field extends Named {
  readonly unit: Unit;
  /** After the point. */
  readonly digits: number;
  /** −1 where less is better. */
  readonly direction: number;
  /** Null: one column; else one column for each year. */
  readonly years: readonly number[] | null;
  /** Of the one column, where it has one. */
  readonly year: number | null;
  readonly method: Text;
  readonly citation: string | null;
  /** What a missing value means here. */
  readonly missing: Text | null;
  /** Values add up over units. */
  readonly extensive: boolean;
  /** How values of units make that of an area: "sum", "ratio of sums", "does not add up". */
  readonly rule: Text;
  /** The value of all units together, in the last year. */
  readonly whole: Whole | null;
}

/** A node of an index whose weights the reader may change. */
export interface IndexNode {
  readonly code: string;
  readonly title: Text;
  readonly unit: Unit | null;
  /** Code of the node above; "index": the root. */
  readonly parent: string;
  readonly weight: number;
  readonly direction: 1 | -1;
  /** Id of the indicator among the fields, where it is one. */
  readonly field: string | null;
}

/** How indicators become comparable. */
export interface IndexNormalisation {
  readonly method: Normalisation;
  readonly low: number;
  readonly high: number;
}

/** How the nodes below make one above. */
export interface IndexAggregation {
  readonly method: Aggregation;
  /** The least share of the weight that must have data. */
  readonly availability: number;
}

/** A computed index whose weights the reader may change. */
export interface Index extends Named {
  /** Id of the ranking that it makes. */
  readonly ranking: string;
  /** In the order of the index file. */
  readonly nodes: readonly IndexNode[];
  readonly normalise: IndexNormalisation;
  readonly aggregate: IndexAggregation;
  /** Classes of the exact Fisher–Jenks partition; 0: no tiers. */
  readonly tiers: number;
}

/** What a reader may choose in place of an index's own methods, by name. */
export interface IndexMethods {
  readonly normalise: readonly Named[];
  readonly aggregate: readonly Named[];
}

/** A group of clusters, such as a programme. */
export interface ClusterGroup extends Named {
  /** The year that it began in. */
  readonly since: number | null;
  readonly source: Text | null;
}

/** A cluster and the units that it lies in. */
export interface Cluster extends Named {
  readonly group: string | null;
  readonly size: number | null;
  readonly units: readonly number[];
}

/** A set of clusters. */
export interface ClusterSet extends Named {
  readonly size_unit: Unit | null;
  readonly citation: string | null;
  readonly groups: readonly ClusterGroup[];
  readonly items: readonly Cluster[];
}

/** A picture of a field in a year; the same grid for all years of a field. */
export interface Raster {
  readonly field: string;
  readonly year: number;
  readonly bounds: Box;
  /** A data URI. */
  readonly image: string;
}

/** Where data comes from. */
export interface Citation extends Named {
  readonly source: Text;
  readonly licence: Text | null;
  readonly vintage: Text | null;
  readonly url: string | null;
}

/** How rows of a table found their units. */
export interface Join {
  readonly name: string;
  readonly rows: number;
  readonly matched: number;
  readonly renamed: readonly string[];
  readonly ambiguous: readonly string[];
  readonly unmatched: readonly string[];
  readonly merged: readonly string[];
  readonly divided: readonly string[];
  readonly without_code: readonly string[];
  readonly excluded: number;
  readonly units_without: number | null;
}

/** What the build checked: completeness, coverage, areas, block means. */
export interface Check {
  readonly name: Text;
  readonly ok: boolean;
  readonly detail: Text;
}

/** What the build left out, and why. */
export interface Omission {
  readonly what: Text;
  readonly why: Text;
}

/** How the build went. */
export interface Report {
  /** Of regional_atlas. */
  readonly version: string;
  readonly joins: readonly Join[];
  readonly checks: readonly Check[];
  readonly omissions: readonly Omission[];
}

/** Classes of values, low to high, and their colours. */
export interface Classes {
  /** "quantile", "fisher_jenks", "rank", "tiers", "categories" and so on. */
  readonly scheme: string;
  readonly scheme_title: Text;
  /** Classes asked for, which values can make fewer; null: the scheme takes none. */
  readonly k: number | null;
  /** The classes lie evenly around it. */
  readonly middle: number | null;
  /**
   * Upper bounds, inclusive, ascending: a value is in the first class whose bound it does not
   * exceed, above the last in the last. Of categories: the value of each, exactly.
   */
  readonly breaks: readonly number[];
  /** The lowest value, for the legend. */
  readonly minimum: number | null;
  /** One for each class, where numbers are not what a reader wants. */
  readonly labels: readonly Text[] | null;
  readonly palette: string;
  /** One "#rrggbb" for each class. */
  readonly colors: readonly string[];
  /** The same on a dark page. */
  readonly colors_dark: readonly string[];
  /** Units in each class, in the year shown first; areas for a plate of areas or of coverage. */
  readonly counts: readonly number[];
}

/** A way to find classes; docs/method/classes.md has them all. */
export interface Scheme extends Named {
  /** How breaks are found. */
  readonly formula: Text;
}

/** Colours by the number of classes, at least up to 9. */
export interface Ramp {
  readonly id: string;
  /** Of 1, 2, 3 classes and so on: "rrggbb" end on end, low to high. */
  readonly light: readonly string[];
  /** The same on a dark page. */
  readonly dark: readonly string[];
}

/** What a reader may choose in place of a field's own classes. */
export interface Offered {
  readonly schemes: readonly Scheme[];
  /** Five, and those of the plates. */
  readonly palettes: readonly Ramp[];
}

/** A view: what the map colours, what the table lists, what the legend says. */
export interface PlateBase extends Named {
  readonly group: Text;
  /** One sentence, made from the data. */
  readonly finding: Text;
  /** A caveat that belongs under the finding. */
  readonly note: Text | null;
  readonly citation: string | null;
  /** The chart that it opens with; null: the table. */
  readonly chart: ChartKind | null;
}

/** Units coloured by rank; those without a rank on paper. */
export interface RankingPlate extends PlateBase {
  readonly kind: "ranking";
  readonly ranking: string;
  readonly classes: Classes;
}

/** Units coloured by tier, 1 darkest. */
export interface TiersPlate extends PlateBase {
  readonly kind: "tiers";
  readonly ranking: string;
  readonly classes: Classes;
}

/** Regions, no two neighbours alike. */
export interface RegionsPlate extends PlateBase {
  readonly kind: "regions";
  readonly region_kind: string;
  /** Its units are marked on top, and counted. */
  readonly ranking: string | null;
  /** Palette slot (0–7) of each region. */
  readonly colors: readonly number[];
}

/** How many units of a parent are ranked. */
export interface CoverageRow {
  readonly parent: number;
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
  /** The best rank. */
  readonly best: number | null;
}

/**
 * Parents coloured by the share or the number of their units that are ranked. A parent without any
 * is on paper, in no class.
 */
export interface CoveragePlate extends PlateBase {
  readonly kind: "coverage";
  readonly ranking: string;
  readonly level: string;
  readonly measure: "share" | "count";
  readonly classes: Classes;
  readonly rows: readonly CoverageRow[];
}

/** Regions or parents coloured by what a field comes to in each: the store's `areas`. */
export interface AreasPlate extends PlateBase {
  readonly kind: "areas";
  /** One that units have, or regions alone. */
  readonly field: string;
  /** A parent level or a kind of region. */
  readonly scope: string;
  readonly year: number | null;
  readonly classes: Classes;
}

/** One field in one year. */
export interface ChoroplethPlate extends PlateBase {
  readonly kind: "choropleth";
  readonly field: string;
  readonly year: number | null;
  readonly classes: Classes;
  /** Colours diverge around it, where it is given. */
  readonly middle: number | null;
}

/** A field with a year slider, classes the same in all years. */
export interface YearsPlate extends PlateBase {
  readonly kind: "years";
  readonly field: string;
  /** The one shown first. */
  readonly year: number;
  readonly years: readonly number[];
  readonly classes: Classes;
  /** Field of the rasters that can be shown with it. */
  readonly raster: string | null;
  readonly breaks_note: Text | null;
  /** First years of another sensor or method. */
  readonly level_shifts: readonly number[];
}

/** Proportional symbols; the units of a cluster are linked. */
export interface ClustersPlate extends PlateBase {
  readonly kind: "clusters";
  readonly set: string;
}

/** The change of a field between two years; where `relative`, in per cent of a value above 0. */
export interface ChangePlate extends PlateBase {
  readonly kind: "change";
  readonly field: string;
  readonly since: number;
  readonly until: number;
  readonly relative: boolean;
  readonly classes: Classes;
  /** Colours diverge around it. */
  readonly middle: number;
}

/** Two fields that cross: the first across, the second up. */
export interface BivariatePlate extends PlateBase {
  readonly kind: "bivariate";
  readonly fields: readonly [string, string];
  readonly years: readonly [number | null, number | null];
  readonly classes: readonly [Classes, Classes];
  /** Row by row: colors[b * n + a], a the class of the first field and n its classes. */
  readonly colors: readonly string[];
  readonly colors_dark: readonly string[];
}

/** A field of whole numbers, each of which stands for something. */
export interface CategoriesPlate extends PlateBase {
  readonly kind: "categories";
  readonly field: string;
  readonly year: number | null;
  readonly classes: Classes;
}

/** Moran's I of all units, and how often chance does as much. */
export interface Moran {
  readonly moran: number;
  readonly expected: number;
  readonly p: number;
  readonly permutations: number;
}

/** Hot and cold spots of a field: Gᵢ*, local Moran, or a field of codes made elsewhere. */
export interface HotspotsPlate extends PlateBase {
  readonly kind: "hotspots";
  readonly field: string;
  readonly year: number | null;
  readonly classes: Classes;
  /**
   * Key in `spots` of the store; null: the field holds the codes. Gᵢ*: cold −1, not significant 0,
   * hot 1. Local Moran: 0, HH 1, LH 2, LL 3, HL 4. Both: 9 has no neighbours.
   */
  readonly codes: string | null;
  readonly moran: Moran | null;
}

/** One of several small maps. */
export interface Panel {
  /** Id of a field, or "ranking/dimension": a column in `dimensions` of the store. */
  readonly field: string;
  readonly year: number | null;
  readonly title: Text;
  readonly finding: Text;
}

/** Small maps side by side: the years of one field, or several fields or dimensions. */
export interface MultiplesPlate extends PlateBase {
  readonly kind: "multiples";
  /** The field whose `years` the maps show; null: they show `panels`. */
  readonly field: string | null;
  readonly years: readonly number[];
  /** The ranking whose dimensions the panels are. */
  readonly ranking: string | null;
  readonly panels: readonly Panel[];
  /** One that all maps share, with the counts of all panels together; or one for each. */
  readonly classes: readonly Classes[];
}

/** A series of published figures. */
export interface Series {
  readonly title: Text;
  readonly unit: Unit;
}

/** The value of a key in each series. */
export interface FigureRow {
  /** Of a key that is no area. */
  readonly title: Text | null;
  /** Index into the level's parents or the kind's regions. */
  readonly area: number | null;
  readonly values: Column;
  /** "<", ">", "≈" or nothing, before each value. */
  readonly signs: readonly string[];
}

/** Published figures: a row for each key. */
export interface FigurePlate extends PlateBase {
  readonly kind: "figure";
  /**
   * The parent level or kind of region whose areas the keys are; null: the map marks the ranking's
   * units.
   */
  readonly scope: string | null;
  readonly ranking: string | null;
  readonly series: readonly Series[];
  /** The series that colours the map. */
  readonly shown: number;
  readonly rows: readonly FigureRow[];
  readonly classes: Classes | null;
}

export type Plate = RankingPlate | TiersPlate | RegionsPlate | CoveragePlate | AreasPlate | ChoroplethPlate | YearsPlate | ClustersPlate | ChangePlate | BivariatePlate | CategoriesPlate | HotspotsPlate | MultiplesPlate | FigurePlate;

/** A step of the story. */
export interface StoryStep {
  readonly title: Text;
  /** Plain text; an empty line parts paragraphs. */
  readonly text: Text;
  /** What it shows, as the page's link says it. */
  readonly link: string;
  /** West, south, east, north in degrees of what the map shows; null: its area, else all. */
  readonly bounds: readonly [number, number, number, number] | null;
}

/** Everything about a page that is not a column. */
export interface Spec {
  readonly format: 4;
  readonly id: string;
  /** Tags of those that the page offers; it opens in the reader's, else in the first. */
  readonly languages: readonly string[];
  readonly title: Text;
  readonly subtitle: Text;
  readonly projection: Projection;
  readonly tiles: Tiles | null;
  /** What the map first shows. */
  readonly view: Box;
  readonly insets: readonly Inset[];
  /** Those with precedence first. */
  readonly places: readonly Place[];
  /** Printed; empty: "not reviewed"; null: nothing. */
  readonly review_number: string | null;
  /** Parent levels, outermost first. */
  readonly levels: readonly Named[];
  /** What a unit is called. */
  readonly unit_level: Named;
  readonly unit_types: readonly UnitType[];
  readonly kinds: readonly RegionKind[];
  readonly rankings: readonly Ranking[];
  readonly fields: readonly Field[];
  /** Fields of which parents and regions have values, and no unit has. */
  readonly area_fields: readonly Field[];
  /** Computed indices whose weights the reader may change. */
  readonly indices: readonly Index[];
  readonly index_methods: IndexMethods;
  readonly clusters: readonly ClusterSet[];
  readonly plates: readonly Plate[];
  readonly story: readonly StoryStep[];
  readonly classing: Offered;
  readonly rasters: readonly Raster[];
  readonly citations: readonly Citation[];
  readonly report: Report;
}

/** A parent level: its areas, and the one that each unit is in. */
export interface Parents {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly names_en: Names;
  readonly short: readonly string[];
  /** As `unit_pinyin`. */
  readonly pinyin: Names | null;
  /** Index of each unit's parent; -1: none. */
  readonly of: readonly number[];
}

/** Units and the regions that they are in: a row for each pair. */
export interface Membership {
  readonly unit: readonly number[];
  readonly region: readonly number[];
  /** Of the unit. */
  readonly share: readonly number[];
  /** 1 or 0. */
  readonly exclusive: readonly number[];
}

/** Columns of a ranking. */
export interface RankColumns {
  readonly rank: Column;
  readonly tier: Column;
  /** Interval of the rank, from. */
  readonly low: Column | null;
  /** Interval of the rank, to. */
  readonly high: Column | null;
  /** Probability of the tier that is shown. */
  readonly p_tier: Column | null;
  /** Share of the weight that the unit has data for; null in it: all of it. */
  readonly coverage: Column | null;
}

/** How many of the first places each area holds, with the interval of the number. */
export interface AreaCounts {
  readonly count: Column;
  readonly low: Column;
  readonly high: Column;
}

/** Who holds the first places of a ranking. */
export interface Counts {
  /** How many places these are. */
  readonly top: number;
  /** By level or kind of region, in the order of its areas. */
  readonly areas: Readonly<Record<string, AreaCounts>>;
}

/** The last year's value of a field in each area. */
export interface AreaValues {
  readonly value: Column;
  /** Where the value is partial, how many members have data. */
  readonly data: Column | null;
  /** Where the value is partial, how many members there are, those included that are lost. */
  readonly members: Column | null;
}

/** A node of an index as its file states it. */
export interface FrameworkNode {
  readonly code: string;
  readonly title: Text;
  readonly unit: Unit | null;
  readonly parent: string;
  readonly direction: 1 | -1;
  /** Share of the whole index as judged, absent nodes among the others; null: the data weigh. */
  readonly given: number | null;
  /** Share of the whole in effect: what is absent passes its weight to its siblings. */
  readonly share: number | null;
  readonly status: "used" | "proxy" | "absent";
  /** Of a proxy or an absence; null where all below is absent. */
  readonly reason: Text | null;
  readonly source: Text | null;
  readonly citation: string | null;
}

/** The tree of a computed index. */
export interface Framework {
  readonly ranking: string;
  readonly title: Text;
  readonly note: Text | null;
  /** In the order of the index file. */
  readonly nodes: readonly FrameworkNode[];
}

/** Why values of a unit are missing or doubtful. */
export interface Flag {
  readonly text: Text;
  /** Years whose value is of a part of the unit alone. */
  readonly partial: readonly number[];
}

/** The columns: one value for each unit, in one order everywhere. */
export interface Store {
  readonly unit_id: readonly string[];
  readonly unit: readonly string[];
  readonly unit_en: Names;
  /** In lower case, syllables parted by spaces; initials are derived. */
  readonly unit_pinyin: Names | null;
  /** By index of a unit: other names, which the search finds. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Index into the unit types; -1: none. */
  readonly unit_type: readonly number[];
  readonly area_km2: readonly number[];
  /** A point inside the unit, projected metres. */
  readonly point: readonly (readonly [number, number])[];
  /** By level. */
  readonly parents: Readonly<Record<string, Parents>>;
  /** By kind of region. */
  readonly membership: Readonly<Record<string, Membership>>;
  /** By kind, in the order of its regions; kinds without Chinese names are left out. */
  readonly region_pinyin: Readonly<Record<string, Names>>;
  readonly rankings: Readonly<Record<string, RankColumns>>;
  /** By index and code: the indicators' raw values, of at least twelve digits. */
  readonly indices: Readonly<Record<string, Readonly<Record<string, Column>>>>;
  /** By field, and by year where it has years. */
  readonly fields: Readonly<Record<string, Column | Readonly<Record<string, Column>>>>;
  /** By level or kind of region, and field. */
  readonly areas: Readonly<Record<string, Readonly<Record<string, AreaValues>>>>;
  /** By ranking. */
  readonly counts: Readonly<Record<string, Counts>>;
  /** By ranking and dimension: scores, whole points. */
  readonly dimensions: Readonly<Record<string, Readonly<Record<string, Column>>>>;
  /** By key, such as "light_mean g_star": codes of hot and cold spots. */
  readonly spots: Readonly<Record<string, Column>>;
  /** The trees of all computed indices. */
  readonly frameworks: readonly Framework[];
  /** By field and index of a unit. */
  readonly flags: Readonly<Record<string, Readonly<Record<string, Flag>>>>;
}

/** Rings or lines, one after the other. */
export interface Paths {
  /** Positions of each. */
  readonly sizes: readonly number[];
  /** Positions, in steps of the context's `scale`. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What is drawn around and over the units. */
export interface Context {
  /** Metres are steps times this. */
  readonly scale: number;
  /** Rings, inside by the even-odd rule; they reach under the units that they touch. */
  readonly land: Paths;
  /** Rings, inside by the even-odd rule. */
  readonly lakes: Paths;
  readonly rivers: Paths;
  readonly graticule: Paths;
}

/** Arcs in projected metres, each border once, and the units that they bound. */
export interface Geometry {
  /** Metres are steps times this, plus `translate`. */
  readonly scale: readonly [number, number];
  readonly translate: readonly [number, number];
  /** Positions of each arc. */
  readonly arc_sizes: readonly number[];
  /** Positions, in steps. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /**
   * Rings of each unit; holes are rings too: a point is inside by the even-odd rule, and rings run
   * with their unit on the left.
   */
  readonly unit_rings: readonly number[];
  /** Arcs of each ring. */
  readonly ring_sizes: readonly number[];
  /** Arcs of the rings; ~a (below 0): arc a backwards. */
  readonly refs: readonly number[];
  /** Arcs drawn as the data source draws them, such as maritime lines. */
  readonly lines: readonly number[];
  /** Null: nothing is drawn around the units. */
  readonly context: Context | null;
}
