/** Table or chart: a row of tabs, and what is behind the one chosen. */
import type { ChartKind } from "../../state/state.ts";
import type { Word } from "../../text/language.ts";
import { chartsFor, measureOf } from "../../view/measure.ts";
import { useApp, useWords } from "../context.ts";
import { PlateTable } from "../table.tsx";
import { Scatter } from "./compare-fields.tsx";
import { Histogram, Lorenz, Strip, type ViewProps } from "./distribution.tsx";
import { Bars, Treemap } from "./parts.tsx";
import { Profile } from "./profile.tsx";
import { YearsChart } from "./years-chart.tsx";

const CHARTS: Record<ChartKind, (props: ViewProps) => preact.JSX.Element> = {
  bar: Bars,
  histogram: Histogram,
  scatter: Scatter,
  treemap: Treemap,
  strip: Strip,
  line: YearsChart,
  lorenz: Lorenz,
  profile: Profile,
};

export function DataPanel() {
  const app = useApp();
  const { w } = useWords();
  const { view, atlas, state } = app;
  if (!view) return null;
  const kinds = chartsFor(atlas, view);
  const kind = state.chart && kinds.includes(state.chart.kind) ? state.chart.kind : null;
  const measure = measureOf(view, app.mask);
  const Shown = kind ? CHARTS[kind] : null;
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
              onClick={() => app.store.dispatch({ type: "chart", choice: item && { kind: item, other: state.chart?.other ?? null } })}
            >
              {w((item ?? "table") as Word)}
            </button>
          ))}
        </div>
      )}
      {Shown ? (
        <div class="ra-chart-box">{measure.units.length > 0 ? <Shown view={view} measure={measure} /> : <p class="ra-empty">{w("noRows")}</p>}</div>
      ) : (
        <PlateTable />
      )}
    </>
  );
}
