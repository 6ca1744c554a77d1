/** The charts of plates whose map shows a number or a rank for every unit. */
import type { Atlas } from "../data/model.ts";
import { rankingOf, type Charts, type PlateView } from "../state/plate.ts";
import { Scatter } from "../ui/charts/compare-fields.tsx";
import { Histogram, Lorenz, Strip } from "../ui/charts/distribution.tsx";
import { Stacked } from "../ui/charts/figures.tsx";
import { Bars, Treemap } from "../ui/charts/parts.tsx";
import { Profile } from "../ui/charts/profile.tsx";
import { RankStrip } from "../ui/charts/ranks.tsx";
import { YearsChart } from "../ui/charts/years-chart.tsx";

export function unitCharts(atlas: Atlas, view: PlateView): Charts {
  const { field, ranking } = view;
  if (!field && !ranking) return {};
  const { fields, levels } = atlas.spec;
  return {
    bar: Bars,
    histogram: field ? Histogram : null,
    scatter: fields.length > 1 ? Scatter : null,
    treemap: levels.length > 0 && (field === null || field.extensive || rankingOf(atlas, view) !== null) ? Treemap : null,
    strip: field ? Strip : RankStrip,
    line: field?.years ? YearsChart : null,
    lorenz: field ? Lorenz : null,
    profile: fields.length > 2 ? Profile : null,
    stacked: field?.years && field.extensive && levels.length > 0 ? Stacked : null,
  };
}
