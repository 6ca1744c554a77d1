/** Table or chart: a row of tabs, and what is behind the one chosen. */
import type { ChartKind } from "../../state/state.ts";
import type { Word } from "../../text/language.ts";
import { chartsFor, measureOf, openChart } from "../../plates/measure.ts";
import { useApp, useWords } from "../context.ts";
import { PlateTable } from "../table.tsx";
import { Scatter } from "./compare-fields.tsx";
import { Bubbles, Timeline } from "./clusters.tsx";
import { Histogram, Lorenz, Strip, type ViewProps } from "./distribution.tsx";
import { Bars, Treemap } from "./parts.tsx";
import { CoverageBars, FigureBars, Stacked } from "./figures.tsx";
import { Profile } from "./profile.tsx";
import { RankStrip } from "./ranks.tsx";
import { YearsChart } from "./years-chart.tsx";

/** What a kind of plate draws in its own way. */
const OWN: Partial<Record<string, (props: ViewProps) => preact.JSX.Element>> = {
  "figure bar": FigureBars,
  "coverage bar": CoverageBars,
};

const CHARTS: Record<ChartKind, (props: ViewProps) => preact.JSX.Element> = {
  bar: Bars,
  histogram: Histogram,
  scatter: Scatter,
  treemap: Treemap,
  strip: Strip,
  line: YearsChart,
  lorenz: Lorenz,
  profile: Profile,
  stacked: Stacked,
  timeline: Timeline,
  bubble: Bubbles,
};

export function DataPanel() {
  const app = useApp();
  const { w } = useWords();
  const { view, atlas, state } = app;
  if (!view) return null;
  const kinds = chartsFor(atlas, view);
  const kind = openChart(atlas, view, state.chart);
  const measure = measureOf(view, app.mask);
  const Shown = kind === null ? null : kind === "strip" && !view.field ? RankStrip : (OWN[`${view.plate.kind} ${kind}`] ?? CHARTS[kind]);
  const anything = measure.units.length > 0 || view.plate.kind === "clusters" || view.plate.kind === "figure";
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
      {Shown ? (
        <div class="ra-chart-box">{anything ? <Shown view={view} measure={measure} /> : <p class="ra-empty">{w("noRows")}</p>}</div>
      ) : (
        <PlateTable />
      )}
    </>
  );
}
