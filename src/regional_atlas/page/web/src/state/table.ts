/** The table of a plate: its columns, its rows, and how they are filtered, searched and sorted. */
import type { Area } from "../data/model.ts";
import type { Lang } from "../text/language.ts";
import type { Column } from "../format.ts";
import type { Sort } from "./state.ts";

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

/** The rows that pass the filters and hold the query. A row of several units passes if any of them does. */
export function visibleRows(table: Table, mask: Uint8Array | null, query: string): Row[] {
  const wanted = query.trim().toLowerCase();
  return table.rows.filter(
    (row) => (!mask || row.units.length === 0 || row.units.some((unit) => mask[unit])) && (!wanted || row.text.includes(wanted)),
  );
}

/** Sorted copy; missing values last in either direction, the order of the table kept among equals. */
export function sortRows(table: Table, rows: readonly Row[], sort: Sort | null, lang: Lang): Row[] {
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
    return sign * (collator ??= new Intl.Collator(lang, { numeric: true })).compare(String(x), String(y));
  });
}

/** Members of an area as rows of a small table: by rank where there is a ranking. */
export function membersOf(units: readonly number[], view: { ranks: Column }): number[] {
  const rank = (unit: number) => view.ranks[unit] ?? Infinity;
  return [...units].sort((a, b) => rank(a) - rank(b) || a - b);
}

/** Characters of a head's word that widen its column; longer ones are broken. */
const HEAD = 10;

/** Characters that a column of numbers needs: those of its highest, its lowest and its smallest number, and of a word of its head. */
export function widestText(column: TableColumn, at: number, rows: readonly Row[]): number {
  let [most, least, small] = [-Infinity, Infinity, Infinity];
  for (const { cells } of rows) {
    const cell = cells[at];
    if (typeof cell !== "number") continue;
    most = Math.max(most, cell);
    least = Math.min(least, cell);
    if (cell !== 0 && Math.abs(cell) < Math.abs(small)) small = cell;
  }
  const texts = [most, least, small].filter(Number.isFinite).map((cell) => column.format(cell));
  const words = column.title.split(/\s+/).filter((word) => word.length <= HEAD);
  return Math.max(0, ...[...texts, ...words].map((text) => text.length));
}
