/** The table of a plate: its columns, its rows, and how they are filtered, searched and sorted. */
import { columnOf, groupTitle, parentName, placeOf, unitName, type Area, type Atlas } from "../data/model.ts";
import { areaOf, figureNumber, titleOfRow, unitsOfRow } from "./figure.ts";
import type { ClustersPlate, CoveragePlate, FigurePlate, Language, MultiplesPlate, RegionsPlate } from "../format.ts";
import type { Sort } from "../state/state.ts";
import { exact, integer, percent, readable, short, storedUnit } from "../text/numbers.ts";
import { word, type Word } from "../text/language.ts";
import { CATEGORIES } from "../classify/colour.ts";
import type { PlateView } from "./view.ts";
import { countRanked } from "../data/rollup.ts";
import { intervalOf, rankingOf } from "../scoring/uncertain.ts";

export type Cell = number | string | null;

export interface TableColumn {
  id: string;
  title: string;
  /** What a file calls it, where its numbers are stored in another unit than the title's. */
  stored?: string;
  kind: "rank" | "name" | "text" | "number";
  format: (cell: Cell) => string;
  /** Largest value, where a bar is drawn behind the number. */
  bar?: number;
}

export interface Row {
  key: string;
  /** Units that the row stands for: lit on the map when the row is. */
  units: readonly number[];
  area: Area | null;
  /** Slot of the palette of categories, for regions. */
  slot: number | null;
  cells: Cell[];
  /** Under the rank: its interval, where there is one. */
  below?: string | undefined;
  /** What a search looks in. */
  text: string;
}

export interface Table {
  columns: TableColumn[];
  rows: Row[];
  sort: Sort;
}

const plain = (cell: Cell) => (cell === null ? "–" : String(cell));
const whole = (cell: Cell) => (typeof cell === "number" ? integer(cell) : "–");

export function tableOf(atlas: Atlas, view: PlateView, lang: Language): Table {
  switch (view.plate.kind) {
    case "coverage":
      return coverageTable(atlas, view.plate, lang);
    case "regions":
      return regionTable(atlas, view.plate, lang);
    case "clusters":
      return clusterTable(atlas, view.plate, lang);
    case "figure":
      return figureTable(atlas, view.plate, lang);
    case "multiples":
      return panelTable(atlas, view, view.plate, lang);
    default:
      return unitTable(atlas, view, lang);
  }
}

function column(lang: Language, id: Word, kind: TableColumn["kind"], format: TableColumn["format"] = plain): TableColumn {
  return { id, title: word(id, lang), kind, format };
}

function unitTable(atlas: Atlas, view: PlateView, lang: Language): Table {
  const { ranking } = view;
  const classes = view.plate.kind === "categories" || view.plate.kind === "hotspots" ? view.labels(lang) : null;
  const columns: TableColumn[] = [
    ...(classes ? [] : [column(lang, "rank", "rank", whole)]),
    column(lang, "unit", "name"),
    column(lang, "place", "text"),
  ];
  // A code is no number to read, and a hot spot no rank: the class is named in its place.
  const field = classes ? null : view.field;
  const scored = rankingOf(atlas, view);
  const valued = field !== null || (ranking?.tiers.length ?? 0) > 0;
  if (field) {
    const largest = view.values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    columns.push({
      id: "value",
      title: field.unit[lang] || (scored ? word("score", lang) : field.title[lang]),
      kind: "number",
      stored: storedUnit(field.unit, lang) || field.title[lang],
      format: (cell) => (typeof cell !== "number" ? word("noData", lang) : readable(cell, Math.min(field.digits, 2), field.unit, lang)),
      bar: largest,
    });
  } else if (valued) {
    columns.push({ ...column(lang, "tier", "number", whole), id: "value" });
  }
  if (classes) columns.push({ ...column(lang, "class", "text"), format: (cell) => (cell === null ? "–" : String(cell).split(/[（:]/)[0]) });
  const rows: Row[] = [];
  for (let unit = 0; unit < atlas.count; unit++) {
    // A ranking lists what it ranked; a field lists every unit.
    if (ranking && view.ranks[unit] === null) continue;
    const name = unitName(atlas, unit, lang);
    const place = placeOf(atlas, unit, lang);
    const cells: Cell[] = [...(classes ? [] : [view.ranks[unit]]), name, place];
    if (valued) cells.push(view.values[unit]);
    if (classes) cells.push(classes[view.classOf[unit]] ?? null);
    const interval = scored ? intervalOf(atlas, scored.id, unit) : null;
    rows.push({
      below: interval && interval.low < interval.high ? `${integer(interval.low)}–${integer(interval.high)}` : undefined,
      key: atlas.store.unit_id[unit],
      units: [unit],
      area: null,
      slot: null,
      cells,
      text: `${name} ${atlas.store.unit[unit]} ${place} ${atlas.store.unit_id[unit]}`.toLowerCase(),
    });
  }
  // What the classes come from orders them, though it has no column.
  if (classes) rows.sort((a, b) => (view.ranks[a.units[0]] ?? Infinity) - (view.ranks[b.units[0]] ?? Infinity));
  return { columns, rows, sort: { column: "rank", descending: false } };
}

/** A column for every small map. */
function panelTable(atlas: Atlas, view: PlateView, plate: MultiplesPlate, lang: Language): Table {
  const columns = plate.panels.map(({ field, year }) => columnOf(atlas, field, year));
  const rows = Array.from({ length: atlas.count }, (_, unit) => unit).filter((unit) => !view.ranking || view.ranks[unit] !== null);
  return {
    columns: [
      column(lang, "rank", "rank", whole),
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
      return { key: atlas.store.unit_id[unit], units: [unit], area: null, slot: null, cells: [view.ranks[unit], name, ...columns.map((values) => values[unit])], text };
    }),
    sort: { column: "rank", descending: false },
  };
}

function coverageTable(atlas: Atlas, plate: CoveragePlate, lang: Language): Table {
  const level = atlas.spec.levels.find((item) => item.id === plate.level)!;
  const most = Math.max(...plate.rows.map((row) => row.share ?? 0));
  return {
    columns: [
      { id: "unit", title: level.title[lang], kind: "name", format: plain },
      column(lang, "counted", "number", whole),
      column(lang, "ofUnits", "number", whole),
      { ...column(lang, "share", "number", (cell) => (typeof cell === "number" ? percent(cell) : "–")), bar: most },
      column(lang, "best", "number", whole),
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

function regionTable(atlas: Atlas, plate: RegionsPlate, lang: Language): Table {
  const kindAt = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const kind = atlas.spec.kinds[kindAt];
  const rank = plate.ranking ? atlas.store.rankings[plate.ranking].rank : null;
  const table = atlas.store.membership[kind.id];
  const members = kind.regions.map(() => ({ units: [] as number[], own: new Set<number>() }));
  table.unit.forEach((unit, row) => {
    const { units, own } = members[table.region[row]];
    units.push(unit);
    if (table.exclusive[row]) own.add(unit);
  });
  const tallies = members.map(({ units, own }) => countRanked(units, rank ?? [], () => true, (unit) => own.has(unit)));
  const columns: TableColumn[] = [{ id: "unit", title: kind.title[lang], kind: "name", format: plain }];
  if (rank) {
    columns.push(
      { ...column(lang, "counted", "number", whole), bar: Math.max(...tallies.map((tally) => tally.count)) },
      column(lang, "all", "number", whole),
    );
  }
  columns.push(column(lang, "units", "number", whole));
  return {
    columns,
    rows: kind.regions.map((region, at) => {
      const tally = tallies[at];
      return {
        key: region.id,
        units: members[at].units,
        area: { scope: kind.id, id: region.id },
        slot: plate.colors[at] % CATEGORIES.length,
        cells: [region.title[lang], ...(rank ? [tally.count, tally.all] : []), tally.units],
        text: `${region.title.zh} ${region.title.en}`.toLowerCase(),
      };
    }),
    sort: { column: rank ? "counted" : "units", descending: true },
  };
}

function clusterTable(atlas: Atlas, plate: ClustersPlate, lang: Language): Table {
  const set = atlas.spec.clusters.find((item) => item.id === plate.set)!;
  const sized = set.items.some((item) => item.size !== null);
  const grouped = set.items.some((item) => item.group !== null);
  const columns: TableColumn[] = [column(lang, "cluster", "name")];
  columns.push(column(lang, "place", "text"));
  if (grouped) columns.push(column(lang, "group", "text"));
  if (sized) {
    columns.push({
      ...column(lang, "size", "number", (cell) => (typeof cell === "number" ? exact(cell, 0, set.size_unit, lang) : "–")),
      title: set.size_unit?.[lang] ?? word("size", lang),
      stored: set.size_unit ? storedUnit(set.size_unit, lang) : word("size", lang),
      bar: Math.max(...set.items.map((item) => item.size ?? 0)),
    });
  }
  return {
    columns: columns.map((item) => (item.id === "cluster" ? { ...item, id: "unit" } : item)),
    rows: set.items.map((item) => {
      const names = item.units.map((unit) => unitName(atlas, unit, lang)).join(lang === "zh" ? "、" : ", ");
      return {
        key: item.id,
        units: item.units,
        area: null,
        slot: null,
        cells: [item.title[lang], names, ...(grouped ? [groupTitle(set, item, lang)] : []), ...(sized ? [item.size] : [])],
        text: `${item.title.zh} ${item.title.en} ${names}`.toLowerCase(),
      };
    }),
    sort: sized ? { column: "size", descending: true } : { column: "unit", descending: false },
  };
}

function figureTable(atlas: Atlas, plate: FigurePlate, lang: Language): Table {
  const signs = plate.series.map((_, at) => new Map(plate.rows.map((row) => [row.values[at], row.signs[at]])));
  return {
    columns: [
      { ...column(lang, "unit", "name"), id: "unit" },
      ...plate.series.map((series, at): TableColumn => ({
        id: `series-${at}`,
        title: [series.title[lang], series.unit[lang]].filter(Boolean).join(", "),
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

/** The rows that pass the filters and hold the query. A row of several units passes if any of them does. */
export function visibleRows(table: Table, mask: Uint8Array | null, query: string): Row[] {
  const wanted = query.trim().toLowerCase();
  return table.rows.filter(
    (row) => (!mask || row.units.length === 0 || row.units.some((unit) => mask[unit])) && (!wanted || row.text.includes(wanted)),
  );
}

/** Sorted copy; missing values last in either direction, the order of the table kept among equals. */
export function sortRows(table: Table, rows: readonly Row[], sort: Sort | null, lang: Language): Row[] {
  const by = sort && table.columns.some((item) => item.id === sort.column) ? sort : table.sort;
  const at = table.columns.findIndex((item) => item.id === by.column);
  if (at < 0) return [...rows];
  const sign = by.descending ? -1 : 1;
  // Made when words are compared: it takes a while, and numbers do without.
  let collator: Intl.Collator | null = null;
  return [...rows].sort((a, b) => {
    const [x, y] = [a.cells[at], b.cells[at]];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * (collator ??= new Intl.Collator(lang === "zh" ? "zh-CN" : "en", { numeric: true })).compare(String(x), String(y));
  });
}

/** Members of an area as rows of a small table: by rank where there is a ranking. */
export function membersOf(units: readonly number[], view: PlateView): number[] {
  const rank = (unit: number) => view.ranks[unit] ?? Infinity;
  return [...units].sort((a, b) => rank(a) - rank(b) || a - b);
}

