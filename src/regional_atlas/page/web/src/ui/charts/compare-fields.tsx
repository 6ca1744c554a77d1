/** Two fields against each other. */
import { columnOf, unitName } from "../../data/model.ts";
import type { Column, Field } from "../../format.ts";
import { short } from "../../text/numbers.ts";
import { ACCENT } from "../../state/marks.ts";
import { fieldScale, axisTitle, summary } from "./distribution.tsx";
import type { ViewProps } from "../../state/plate.ts";
import { useApp, useColors, useSignal, useWords } from "../context.ts";
import { AxisX, AxisY, BOTTOM, Chart, dots, HEIGHT, LEFT, RIGHT, TOP, WIDTH } from "./frame.tsx";

const REACH = 8;
/** Marks that are named. */
const FEW = 5;

interface Props extends ViewProps {
  /** What can be chosen from; all unless given. */
  fields?: readonly Field[];
  /** Id of the second field until the reader chooses one. */
  against?: string;
}

export function Scatter({ view, measure, fields: offered, against = "" }: Props) {
  const app = useApp();
  const { w, t } = useWords();
  const colors = useColors(view);
  const hover = useSignal(app.hover);
  const { atlas, state } = app;
  const { lang } = state;
  const fields = offered ?? atlas.spec.fields;
  const across: Field = measure.field ?? fields[0];
  const up: Field = atlas.fields.get(state.chart?.other ?? against) ?? fields.find((field) => field.id !== across.id)!;
  const year = (field: Field) => (field.years ? (view.year !== null && field.years.includes(view.year) ? view.year : field.years[field.years.length - 1]) : null);
  const [xs, ys] = [columnOf(atlas, across.id, year(across)), columnOf(atlas, up.id, year(up))];
  const { mask } = app;
  const units = xs.flatMap((value, unit) => (value !== null && ys[unit] !== null && (!mask || mask[unit]) ? [unit] : []));
  if (units.length === 0) return <p class="ra-empty">{w("noRows")}</p>;
  const sorted = (column: Column) => units.map((unit) => column[unit]!).sort((a, b) => a - b);
  const x = fieldScale(sorted(xs), [LEFT, WIDTH - RIGHT]);
  const y = fieldScale(sorted(ys), [HEIGHT - BOTTOM, TOP + 8]);
  const point = (unit: number): [number, number] => [x(xs[unit]!), y(ys[unit]!)];
  const groups = [...colors, ""].map((): [number, number][] => []);
  for (const unit of units) groups[view.classOf[unit] < 0 ? colors.length : view.classOf[unit]].push(point(unit));
  const shown = (list: readonly number[]) => list.filter((unit) => xs[unit] !== null && ys[unit] !== null);
  const { marks } = app;
  const marked = marks.filter(({ unit }) => xs[unit] !== null && ys[unit] !== null);
  const say = (unit: number) => [xs[unit]!, ys[unit]!].map((value, i) => short(value, lang, [across, up][i].unit)).join(", ");
  const stops = [...units].sort((a, b) => xs[a]! - xs[b]!).map((unit) => ({ units: [unit], label: () => `${unitName(atlas, unit, lang)}: ${say(unit)}` }));
  const nearest = (px: number, py: number): number[] => {
    let [best, away] = [-1, REACH];
    for (const unit of units) {
      const [ux, uy] = point(unit);
      const distance = Math.hypot(ux - px, uy - py);
      if (distance < away) [best, away] = [unit, distance];
    }
    return best < 0 ? [] : [best];
  };
  return (
    <>
      <label class="ra-field ra-chart-field">
        <span>{w("against")}</span>
        <select value={up.id} onChange={(event) => app.store.dispatch({ type: "chart", choice: { kind: "scatter", other: event.currentTarget.value } })}>
          {fields.map((field) => (
            <option key={field.id} value={field.id}>
              {t(field.title)}
            </option>
          ))}
        </select>
      </label>
      <Chart label={`${w("scatter")}: ${axisTitle(across, lang)} × ${axisTitle(up, lang)}. ${summary(sorted(xs), across, lang)}; ${summary(sorted(ys), up, lang)}`} stops={stops} unitsAt={nearest}>
        <AxisY scale={y} lang={lang} title={axisTitle(up, lang)} unit={up.unit} />
        {groups.map((points, i) => (
          <path key={i} class="ra-dots" d={dots(points)} style={colors[i] ? { stroke: colors[i] } : undefined} />
        ))}
        <path class="ra-dots ra-dots-lit" d={dots(shown(hover.units).map(point))} />
        {marked.map(({ unit, color }) => (
          <g key={unit} style={{ fill: color ?? ACCENT }}>
            <circle class="ra-marked" cx={point(unit)[0]} cy={point(unit)[1]} r={4.5} />
            {marked.length <= FEW && (
              <text class="ra-marked-name" x={point(unit)[0]} y={point(unit)[1] - 8} text-anchor={point(unit)[0] > WIDTH - 60 ? "end" : "middle"}>
                {unitName(atlas, unit, lang)}
              </text>
            )}
          </g>
        ))}
        <AxisX scale={x} lang={lang} title={axisTitle(across, lang)} unit={across.unit} />
      </Chart>
    </>
  );
}
