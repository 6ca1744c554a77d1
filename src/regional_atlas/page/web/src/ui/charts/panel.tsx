/** Table or chart: a row of tabs, and what is behind the one chosen. */
import { measureOf } from "../../state/measure.ts";
import { CHARTS, type ChartKind } from "../../state/state.ts";
import type { Word } from "../../text/language.ts";
import { useApp, useWords } from "../context.ts";
import { PlateTable } from "../table.tsx";

export function DataPanel() {
  const app = useApp();
  const { w } = useWords();
  const { view, state, charts, chart: kind } = app;
  if (!view) return null;
  const kinds = CHARTS.filter((item) => charts[item]);
  return (
    <>
      {kinds.length > 0 && (
        <div class="ra-tabs" role="group" aria-label={w("charts")}>
          {([null, ...kinds] as (ChartKind | null)[]).map((item) => (
            <button
              key={item}
              type="button"
              class="ra-tab"
              aria-pressed={item === kind}
              onClick={() => app.store.dispatch({ type: "chart", choice: { kind: item ?? "table", other: state.chart?.other ?? null } })}
            >
              {w((item ?? "table") as Word)}
            </button>
          ))}
        </div>
      )}
      {kind && charts[kind] ? <ChartBox /> : <PlateTable />}
    </>
  );
}

/** The chart that is chosen; nothing where the table is. */
export function ChartBox() {
  const app = useApp();
  const { w } = useWords();
  const { view, charts, chart: kind } = app;
  const Shown = kind && charts[kind];
  if (!view || !Shown) return null;
  const measure = measureOf(view, app.mask);
  const anything = measure.units.length > 0 || app.kindOf(view.plate).ownRows;
  return <div class="ra-chart-box">{anything ? <Shown view={view} measure={measure} /> : <p class="ra-empty">{w("noRows")}</p>}</div>;
}
