/** A field over the years: the selected units, or the median of all, with marks where the level shifts. */
import { scaleLinear } from "d3-scale";
import { columnOf, unitName } from "../../data/model.ts";
import { short } from "../../text/numbers.ts";
import { ACCENT } from "../../state/marks.ts";
import { medianOf } from "../../state/measure.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import { axisTitle } from "./distribution.tsx";
import type { ViewProps } from "../../state/plate.ts";
import { AxisY, BOTTOM, Chart, HEIGHT, LEFT, RIGHT, through, TOP, WIDTH } from "./frame.tsx";

/** Lines at once, beside the median. */
const MOST = 8;
const REACH = 7;

interface Series {
  /** null: the median. */
  unit: number | null;
  title: string;
  color: string;
  values: (number | null)[];
}

export function YearsChart({ view, measure }: ViewProps) {
  const app = useApp();
  const { w } = useWords();
  const { atlas } = app;
  const { lang } = app.state;
  const field = measure.field!;
  const years = field.years ?? [];
  const columns = years.map((year) => columnOf(atlas, field.id, year));
  const hover = useSignal(app.hover);
  const { marks } = app;
  const shown = marks.slice(0, MOST);
  const pointed = hover.units.length === 1 ? hover.units[0] : null;
  const drawn = [...shown, ...(pointed === null || shown.some(({ unit }) => unit === pointed) ? [] : [{ unit: pointed, color: "var(--ra-ink)" }])];
  const series: Series[] = [
    { unit: null, title: w("median"), color: "var(--ra-quiet)", values: columns.map((column) => medianOf(measure.units.map((unit) => column[unit]))) },
    ...drawn.map(({ unit, color }) => ({ unit, title: unitName(atlas, unit, lang), color: color ?? ACCENT, values: columns.map((column) => column[unit]) })),
  ];
  const most = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const x = scaleLinear([years[0], years[years.length - 1]], [LEFT, WIDTH - RIGHT - 12]);
  const y = scaleLinear([0, most], [HEIGHT - BOTTOM, TOP + 10]).nice();
  const path = (values: Series["values"]) => through(values.map((value, i) => (value === null ? null : [x(years[i]), y(value)])));
  const kind = app.kindOf(view.plate);
  const shifts = kind.shifts?.(view.plate, field.id) ?? [];
  const say = (value: number | null) => (value === null ? "–" : short(value, lang, field.unit));
  const ends = (values: (number | null)[]) => `${say(values[0])} → ${say(values[values.length - 1])}`;
  /** The year is the plate's to change, where it has years. */
  const setYear = (year: number) => {
    if (kind.years) app.store.dispatch({ type: "year", year });
  };
  const stops = years.map((year, i) => ({
    units: shown.map(({ unit }) => unit),
    label: () => `${year}: ${series.map(({ title, values }) => `${title} ${say(values[i])}`).join(", ")}`,
    open: () => setYear(year),
  }));
  const columnAt = (px: number) => Math.max(0, Math.min(years.length - 1, Math.round(((px - x.range()[0]) / (x.range()[1] - x.range()[0])) * (years.length - 1))));
  const lineAt = (px: number, py: number): readonly number[] => {
    const at = columnAt(px);
    const away = ({ values }: Series) => (values[at] === null ? Infinity : Math.abs(y(values[at]) - py));
    const near = series.filter((one) => one.unit !== null && away(one) < REACH).sort((a, b) => away(a) - away(b));
    return near.slice(0, 1).map(({ unit }) => unit!);
  };
  return (
    <Chart
      label={`${w("line")}: ${axisTitle(field, lang)}, ${years[0]}–${years[years.length - 1]}: ${series.map(({ title, values }) => `${title} ${ends(values)}`).join("; ")}`}
      stops={stops}
      unitsAt={lineAt}
      open={(px) => setYear(years[columnAt(px)])}
    >
      <AxisY scale={y} lang={lang} title={axisTitle(field, lang)} unit={field.unit} />
      {view.year !== null && years.includes(view.year) && <line class="ra-now" x1={x(view.year)} x2={x(view.year)} y1={TOP + 10} y2={HEIGHT - BOTTOM} />}
      {shifts.map((year) => (
        <g key={year}>
          <line class="ra-shift" x1={(x(year) + x(year - 1)) / 2} x2={(x(year) + x(year - 1)) / 2} y1={TOP + 10} y2={HEIGHT - BOTTOM} />
          <text class="ra-axis-text" x={(x(year) + x(year - 1)) / 2 + 3} y={TOP + 18}>
            {w("levelShift")}
          </text>
        </g>
      ))}
      {series.map(({ unit, color, values }) => (
        <path key={unit} class="ra-line-path" style={{ stroke: color }} d={path(values)} />
      ))}
      {series.map(({ unit, title, color, values }, i) => (
        <text key={unit} class="ra-line-value" style={{ fill: color }} x={WIDTH - RIGHT} y={y(values.at(-1) ?? 0) - 5 - (i === 0 ? 0 : 2)} text-anchor="end">
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
