/** A field over the years: the selected units, or the median of all, with marks where the level shifts. */
import { median } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { columnOf, unitName } from "../../data/model.ts";
import { CATEGORIES } from "../../view/colour.ts";
import { useApp, useWords } from "../context.ts";
import { axisTitle, type ViewProps } from "./distribution.tsx";
import { AxisY, BOTTOM, Chart, HEIGHT, LEFT, RIGHT, TOP, WIDTH } from "./frame.tsx";

export function YearsChart({ view, measure }: ViewProps) {
  const app = useApp();
  const { w } = useWords();
  const { atlas } = app;
  const { lang } = app.state;
  const field = measure.field!;
  const years = field.years ?? [];
  const columns = years.map((year) => columnOf(atlas, field.id, year));
  const units = app.selected.length > 0 ? app.selected.slice(0, CATEGORIES.length) : app.state.compare.map((id) => atlas.index.get(id)!);
  const series = [
    { title: w("median"), color: "var(--ra-quiet)", values: columns.map((column) => median(measure.units, (unit) => column[unit] ?? undefined) ?? null) },
    ...units.map((unit, i) => ({ title: unitName(atlas, unit, lang), color: i === 0 ? "var(--ra-accent)" : CATEGORIES[i], values: columns.map((column) => column[unit]) })),
  ];
  const most = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const x = scaleLinear([years[0], years[years.length - 1]], [LEFT, WIDTH - RIGHT - 12]);
  const y = scaleLinear([0, most], [HEIGHT - BOTTOM, TOP + 10]).nice();
  const path = line<number | null>((_, i) => x(years[i]), (value) => y(value ?? 0)).defined((value) => value !== null);
  const shifts = view.plate.kind === "years" ? view.plate.level_shifts : [];
  return (
    <Chart label={`${w("line")}: ${axisTitle(field, lang)}, ${years[0]}–${years[years.length - 1]}: ${series.map(({ title }) => title).join(", ")}`}>
      <AxisY scale={y} lang={lang} title={axisTitle(field, lang)} unit={field.unit} />
      {shifts.map((year) => (
        <g key={year}>
          <line class="ra-shift" x1={(x(year) + x(year - 1)) / 2} x2={(x(year) + x(year - 1)) / 2} y1={TOP + 10} y2={HEIGHT - BOTTOM} />
          <text class="ra-axis-text" x={(x(year) + x(year - 1)) / 2 + 3} y={TOP + 18}>
            {w("levelShift")}
          </text>
        </g>
      ))}
      {series.map(({ title, color, values }) => (
        <path key={title} class="ra-line-path" style={{ stroke: color }} d={path(values) ?? ""} />
      ))}
      {series.map(({ title, color, values }, i) => (
        <text key={title} class="ra-line-value" style={{ fill: color }} x={WIDTH - RIGHT} y={y(values.at(-1) ?? 0) - 5 - (i === 0 ? 0 : 2)} text-anchor="end">
          {title}
        </text>
      ))}
      {[...new Set([years[0], view.year ?? years[0], years[years.length - 1]])].map((year) => (
        <text key={year} class="ra-axis-text" x={x(year)} y={HEIGHT - BOTTOM + 13} text-anchor="middle">
          {year}
        </text>
      ))}
    </Chart>
  );
}
