import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { NOTHING } from "../state/app.ts";
import { CATEGORIES } from "../classify/colour.ts";
import { unitType } from "../data/model.ts";
import { widestText, type Row, type Table } from "../state/table.ts";
import { tongueOf } from "../text/language.ts";
import { useApp, useSignal, useWords } from "./context.ts";
import { PRINTED, useRowWindow } from "./row-window.ts";

/** The table of the plate: only the rows in sight are in the document. */
export function PlateTable() {
  const app = useApp();
  const { w, integer } = useWords();
  const { table, rows } = app;
  if (!table) return null;
  const narrowed = rows.length < table.rows.length;
  return (
    <section class="ra-table-section">
      <div class="ra-table-bar">
        <input
          type="search"
          class="ra-table-search"
          placeholder={w("searchTable")}
          aria-label={w("searchTable")}
          value={app.state.query}
          onInput={(event) => app.store.dispatch({ type: "query", query: event.currentTarget.value })}
        />
        <span class="ra-count" role="status">
          {narrowed ? w("countOf", { count: rows.length, total: table.rows.length }) : integer(rows.length)}
        </span>
      </div>
      {rows.length > 0 ? (
        <Rows table={table} rows={rows} />
      ) : (
        <p class="ra-empty">
          {w("noRows")}
          <br />
          <button
            type="button"
            class="ra-link"
            onClick={() => {
              app.store.dispatch({ type: "unfilter", filter: null });
              app.store.dispatch({ type: "query", query: "" });
            }}
          >
            {w("clearFilters")}
          </button>
        </p>
      )}
    </section>
  );
}

function Rows({ table, rows }: { table: Table; rows: Row[] }) {
  const app = useApp();
  const { w } = useWords();
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last, height, draw } = useRowWindow(body, rows);
  const hover = useSignal(app.hover);
  const [focused, setFocused] = useState<{ row: number } | null>(null);
  const wanted = useRef<number | null>(null);
  const sort = app.state.sort && table.columns.some((column) => column.id === app.state.sort?.column) ? app.state.sort : table.sort;
  const { marks, plate } = app;
  const widths = plate && (app.kindOf(plate).widths ?? plate.kind);
  const widest = useMemo(() => table.columns.map((column, at) => (column.kind === "number" ? widestText(column, at, table.rows) : 0)), [table]);
  const marked = useMemo(() => new Map(marks.map(({ unit, color }) => [unit, color])), [marks]);

  useLayoutEffect(() => {
    const row = focused && body.current!.querySelector<HTMLElement>(`[data-row="${focused.row}"]`);
    const button = row?.querySelector("button");
    if (!row || !button) return;
    if (wanted.current !== null) {
      wanted.current = null;
      button.focus({ preventScroll: true });
      row.style.scrollMarginTop = `${body.current!.previousElementSibling!.getBoundingClientRect().height}px`;
      row.scrollIntoView({ block: "nearest" });
    } else if (document.activeElement === document.body) {
      // The row that held the focus was out of sight, and so out of the document.
      button.focus({ preventScroll: true });
    }
  }, [focused, first, last]);

  const moveTo = (at: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, at));
    wanted.current = target;
    setFocused({ row: target });
    if (target < first || target >= last) draw(target);
    light(rows[target]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys repeat faster than rows are drawn: the wanted row counts, not the one that still has the focus.
    const at = wanted.current ?? Number((event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row ?? -1);
    const page = 10;
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 };
    if (at < 0 || !(event.key in to)) return;
    event.preventDefault();
    moveTo(to[event.key]);
  };
  const light = (row: Row) => app.point({ units: row.units, row: row.key, point: null, symbol: null });
  const tabStop = focused && focused.row >= first && focused.row < last ? focused.row : first;

  return (
    <div class="ra-table-scroll" onPointerLeave={() => app.point(NOTHING)}>
      {rows.length > PRINTED && <p class="ra-excerpt ra-quiet ra-small">{w("excerpt", { n: PRINTED, all: rows.length })}</p>}
      <table class={`ra-table ra-table-${widths}`} aria-rowcount={rows.length + 1}>
        <caption class="ra-hidden">{plate?.title[app.state.lang]}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {table.columns.map((column, c) => (
              <th key={column.id} scope="col" class={`ra-col-${column.kind}`} style={{ "--ra-widest": widest[c] }} aria-sort={sort.column === column.id ? (sort.descending ? "descending" : "ascending") : "none"}>
                <button
                  type="button"
                  title={column.title}
                  onClick={() =>
                    app.store.dispatch({
                      type: "sort",
                      column: column.id,
                      descending: sort.column === column.id ? !sort.descending : column.kind === "number",
                    })
                  }
                >
                  {column.title}
                  <span class="ra-arrow" aria-hidden="true">
                    {sort.column === column.id ? (sort.descending ? "▼" : "▲") : ""}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {first > 0 && <tr class="ra-spacer" aria-hidden="true" style={{ height: `${first * height}px` }} />}
          {rows.slice(first, last).map((row, i) => {
            const at = first + i;
            const lit = hover.row === row.key || (hover.symbol !== null && hover.units === row.units);
            const unit = row.units.length === 1 && !row.area ? row.units[0] : null;
            const color = row.units.length === 1 ? marked.get(row.units[0]) : undefined;
            const note = unit === null ? null : unitType(app.atlas, unit)?.note?.[app.state.lang];
            return (
              <tr
                key={row.key}
                data-row={at}
                aria-rowindex={at + 2}
                aria-current={color === null ? "true" : undefined}
                style={color ? { boxShadow: `inset 3px 0 ${color}` } : undefined}
                class={lit ? "ra-lit" : undefined}
                onPointerEnter={() => light(row)}
                onClick={() => app.openRow(row)}
              >
                {row.cells.map((cell, c) => {
                  const column = table.columns[c];
                  const text = column.format(cell);
                  if (column.kind === "name") {
                    return (
                      <th key={column.id} scope="row" class="ra-col-name">
                        <button type="button" lang={tongueOf(text)} tabIndex={at === tabStop ? 0 : -1} onFocus={() => light(row)} title={text}>
                          {row.slot !== null && <i class="ra-dot" style={{ background: CATEGORIES[row.slot] }} />}
                          {text}
                        </button>
                        {note && (
                          <small class="ra-note" title={note}>
                            † <span class="ra-hidden">{note}</span>
                          </small>
                        )}
                      </th>
                    );
                  }
                  return (
                    <td key={column.id} class={`ra-col-${column.kind}`} title={column.kind === "text" ? text : undefined}>
                      {column.bar !== undefined && column.bar > 0 && typeof cell === "number" && (
                        <span class="ra-bar" style={{ width: `${Math.max(0, (100 * cell) / column.bar)}%` }} />
                      )}
                      <span class="ra-cell">{text}</span>
                      {column.kind === "rank" && row.below && (
                        <small class="ra-below" title={w("rankInterval")}>
                          {row.below}
                        </small>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          {last < rows.length && <tr class="ra-spacer" aria-hidden="true" style={{ height: `${(rows.length - last) * height}px` }} />}
        </tbody>
      </table>
    </div>
  );
}
