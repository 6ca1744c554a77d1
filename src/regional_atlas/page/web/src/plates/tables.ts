/** Tables of plates of several kinds: a row for every unit, and the columns of all tables. */
import { placeOf, unitName, type Atlas } from "../data/model.ts";
import { intervalOf } from "../scoring/uncertain.ts";
import { rankingOf, type PlateView } from "../state/plate.ts";
import type { Cell, Row, Table, TableColumn } from "../state/table.ts";
import { integer, readable, signed, storedUnit } from "../text/numbers.ts";
import { word, type Word, type Lang } from "../text/language.ts";

export const plain = (cell: Cell) => (cell === null ? "–" : String(cell));
export const whole = (lang: Lang) => (cell: Cell) => (typeof cell === "number" ? integer(cell, lang) : "–");

export function column(lang: Lang, id: Word, kind: TableColumn["kind"], format: TableColumn["format"] = plain): TableColumn {
  return { id, title: word(id, lang), kind, format };
}

/** A row for every unit; `classes`: the name of its class in place of its value. */
export function unitTable(atlas: Atlas, view: PlateView, lang: Lang, classes: readonly string[] | null = null): Table {
  const { ranking } = view;
  const scored = rankingOf(atlas, view);
  const gained = (scored && atlas.gained.get(scored.id)) ?? null;
  const columns: TableColumn[] = [
    ...(classes ? [] : [column(lang, "rank", "rank", whole(lang))]),
    column(lang, "unit", "name"),
    // Under the reader's own weights it matters more who gains than where a unit lies.
    gained ? column(lang, "gained", "number", (cell) => (typeof cell === "number" ? signed(cell, lang) : "–")) : column(lang, "place", "text"),
  ];
  // A code is not a number to read, and a hot spot no rank: the class is named in its place.
  const field = classes ? null : view.field;
  const valued = field !== null || (ranking?.tiers.length ?? 0) > 0;
  if (field) {
    const largest = view.values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    columns.push({
      id: "value",
      title: field.unit.name[lang] || (scored ? word("score", lang) : field.title[lang]),
      kind: "number",
      stored: storedUnit(field.unit, lang) || field.title[lang],
      format: (cell) => (typeof cell !== "number" ? word("noData", lang) : readable(cell, Math.min(field.digits, 2), field.unit, lang)),
      bar: largest,
    });
  } else if (valued) {
    columns.push({ ...column(lang, "tier", "number", whole(lang)), id: "value" });
  }
  if (classes) columns.push({ ...column(lang, "class", "text"), format: (cell) => (cell === null ? "–" : String(cell).split(/[（:]/)[0].trim()) });
  const rows: Row[] = [];
  for (let unit = 0; unit < atlas.count; unit++) {
    // A ranking lists what it ranked; a field lists every unit.
    if (ranking && view.ranks[unit] === null) continue;
    const name = unitName(atlas, unit, lang);
    const place = placeOf(atlas, unit, lang);
    const cells: Cell[] = [...(classes ? [] : [view.ranks[unit]]), name, gained ? gained[unit] : place];
    if (valued) cells.push(view.values[unit]);
    if (classes) cells.push(classes[view.classOf[unit]] ?? null);
    const interval = scored ? intervalOf(atlas, scored.id, unit) : null;
    rows.push({
      below: interval && interval.low < interval.high ? `${integer(interval.low, lang)}–${integer(interval.high, lang)}` : undefined,
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
