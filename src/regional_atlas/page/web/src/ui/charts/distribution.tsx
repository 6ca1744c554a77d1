/** How a field's values lie: histogram, strip, Lorenz curve. */
import { scaleLinear, scaleLog } from "d3-scale";
import { classOf } from "../../classify/breaks.ts";
import { unitName, shortName } from "../../data/model.ts";
import { word, type Lang } from "../../text/language.ts";
import type { Field } from "../../format.ts";
import { short, fixed } from "../../text/numbers.ts";
import { ACCENT, byColor } from "../../state/marks.ts";
import { lorenz, medianOf } from "../../state/measure.ts";
import type { Measure, ViewProps } from "../../state/plate.ts";
import { useApp, useColors, useSignal, useWords } from "../context.ts";
import { AxisX, AxisY, BOTTOM, Chart, HEIGHT, LEFT, RIGHT, through, TOP, WIDTH, type Scale } from "./frame.tsx";

const BINS = 28;
/** Units of a bin that a click selects together. */
const MOST_SELECTED = 60;
/** Marks that are named. */
const FEW = 5;

/** Logarithmic where a few values would press all others against the edge; what is below its foot stands at the foot. */
export function fieldScale(sorted: readonly number[], range: [number, number]): Scale {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const median = medianOf(sorted) ?? 0;
  const foot = sorted.slice(Math.floor(sorted.length * 0.02)).find((value) => value > 0) ?? most;
  if (least >= 0 && most > 20 * median && most > foot) return scaleLog([foot, most], range).clamp(true);
  return scaleLinear([least > 0 && least < most / 4 ? 0 : least, most], range).nice();
}

export const axisTitle = (field: Field | null, lang: Lang) => (field ? [field.title[lang], field.unit.name[lang]].filter(Boolean).join(", ") : "");

export function summary(sorted: readonly number[], field: Field | null, lang: Lang): string {
  const [least, most, median] = [sorted[0], sorted[sorted.length - 1], medianOf(sorted) ?? 0].map((value) => short(value, lang, field?.unit ?? null));
  return word("distribution", lang, { count: sorted.length, least, most, median });
}

function sortedValues({ units, values }: Measure): number[] {
  return units.map((unit) => values[unit]!).sort((a, b) => a - b);
}

export function Histogram({ view, measure }: ViewProps) {
  const app = useApp();
  const { w, integer } = useWords();
  const colors = useColors(view);
  const hover = useSignal(app.hover);
  const { lang } = app.state;
  const sorted = sortedValues(measure);
  const x = fieldScale(sorted, [LEFT, WIDTH - RIGHT]);
  const step = (WIDTH - RIGHT - LEFT) / BINS;
  const binAt = (px: number) => Math.min(BINS - 1, Math.max(0, Math.floor((px - LEFT) / step)));
  const bins = Array.from({ length: BINS }, (): number[] => []);
  for (const unit of measure.units) bins[binAt(x(measure.values[unit]!))].push(unit);
  const y = scaleLinear([0, Math.max(...bins.map((units) => units.length))], [HEIGHT - BOTTOM, TOP + 8]).nice();
  const breaks = app.kindOf(view.plate).classes?.(view.plate)?.breaks ?? [];
  const { marks } = app;
  const shown = marks.filter(({ unit }) => measure.values[unit] !== null);
  const say = (px: number) => short(x.invert(px), lang, measure.field?.unit ?? null);
  const select = (units: readonly number[]) => app.select(units.slice(0, MOST_SELECTED));
  const stops = bins.flatMap((units, i) =>
    units.length === 0 ? [] : [{ units, label: () => `${say(LEFT + i * step)} – ${say(LEFT + (i + 1) * step)}: ${integer(units.length)}`, open: () => select(units) }],
  );
  return (
    <Chart label={`${w("histogram")}: ${axisTitle(measure.field, lang)}. ${summary(sorted, measure.field, lang)}`} stops={stops} unitsAt={(px) => bins[binAt(px)]} open={(px) => select(bins[binAt(px)])}>
      <AxisY scale={y} lang={lang} title={w("units")} />
      {bins.map((units, i) => (
        <rect
          key={i}
          class={hover.units.length > 0 && units.includes(hover.units[0]) ? "ra-mark ra-hit" : "ra-mark"}
          x={LEFT + i * step + 0.5}
          y={y(units.length)}
          width={step - 1}
          height={HEIGHT - BOTTOM - y(units.length)}
          fill={breaks.length > 0 ? colors[classOf(x.invert(LEFT + (i + 0.5) * step), breaks)] : undefined}
        />
      ))}
      {shown.map(({ unit, color }) => {
        const at = x(measure.values[unit]!);
        const top = y(bins[binAt(at)].length) - 2;
        return (
          <g key={unit} style={{ fill: color ?? ACCENT }}>
            <path class="ra-marked" d={`M${at} ${top}l-4 -7h8z`} />
            {shown.length <= FEW && (
              <text class="ra-marked-name" x={at} y={top - 9} text-anchor={at > WIDTH - 60 ? "end" : at < LEFT + 40 ? "start" : "middle"}>
                {unitName(app.atlas, unit, lang)}
              </text>
            )}
          </g>
        );
      })}
      <AxisX scale={x} lang={lang} title={axisTitle(measure.field, lang)} unit={measure.field?.unit} />
    </Chart>
  );
}

/** Every unit a stroke along the scale, one row per outer parent. */
export function Strip({ view, measure }: ViewProps) {
  const app = useApp();
  const { w } = useWords();
  const { lang } = app.state;
  const level = app.atlas.spec.levels.at(0);
  const of = level ? app.atlas.store.parents[level.id].of : [];
  const titles = level ? app.atlas.store.parents[level.id].short : [""];
  const sorted = sortedValues(measure);
  const x = fieldScale(sorted, [LEFT, WIDTH - RIGHT]);
  const rows = titles.length;
  const height = (HEIGHT - BOTTOM - TOP) / rows;
  const row = (unit: number) => Math.max(0, of[unit] ?? 0);
  const stroke = (units: readonly number[]) =>
    units.map((unit) => `M${x(measure.values[unit]!).toFixed(1)} ${(TOP + row(unit) * height + 2).toFixed(1)}v${(height - 4).toFixed(1)}`).join("");
  const hover = useSignal(app.hover);
  const held = (units: readonly number[]) => units.filter((unit) => measure.values[unit] !== null);
  const stops = [...measure.units]
    .sort((a, b) => measure.values[b]! - measure.values[a]!)
    .map((unit) => ({ units: [unit], label: () => `${unitName(app.atlas, unit, lang)}, ${short(measure.values[unit]!, lang, measure.field?.unit ?? null)}` }));
  const nearest = (px: number, py: number): number[] => {
    const at = Math.floor((py - TOP) / height);
    let [best, away] = [-1, 5];
    for (const unit of measure.units) {
      const distance = Math.abs(x(measure.values[unit]!) - px);
      if (row(unit) === at && distance < away) [best, away] = [unit, distance];
    }
    return best < 0 ? [] : [best];
  };
  return (
    <Chart label={`${w("strip")}: ${axisTitle(view.field, lang)}. ${summary(sorted, measure.field, lang)}`} stops={stops} unitsAt={nearest}>
      {titles.map((title, i) => (
        <text key={title} class="ra-axis-text" x={2} y={TOP + (i + 0.5) * height + 4}>
          {level ? shortName(app.atlas, level.id, i, lang) : title}
        </text>
      ))}
      <path class="ra-strokes" d={stroke(measure.units)} />
      <path class="ra-strokes ra-lit-line" d={stroke(hover.units.length < MOST_SELECTED ? held(hover.units) : [])} />
      {[...byColor(app.marks, ACCENT)].map(([color, units]) => (
        <path key={color} class="ra-strokes ra-chosen-line" style={{ stroke: color }} d={stroke(held(units))} />
      ))}
      <AxisX scale={x} lang={lang} title={axisTitle(measure.field, lang)} unit={measure.field?.unit} />
    </Chart>
  );
}

export function Lorenz({ measure }: ViewProps) {
  const app = useApp();
  const { w, percent } = useWords();
  const { lang } = app.state;
  const hover = useSignal(app.hover);
  const found = lorenz(sortedValues(measure));
  if (!found) return <p class="ra-empty">{w("noLorenz")}</p>;
  const x = scaleLinear([0, 1], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, 1], [HEIGHT - BOTTOM, TOP + 8]);
  const path = through(found.curve.map((point) => [x(point[0]), y(point[1])]));
  const order = [...measure.units].sort((a, b) => measure.values[a]! - measure.values[b]!);
  const placed = (unit: number, color: string) => {
    const place = order.indexOf(unit);
    return place < 0 ? [] : [{ unit, color, point: found.curve[place + 1] }];
  };
  const marked = app.marks.flatMap(({ unit, color }) => placed(unit, color ?? ACCENT));
  const lit = hover.units.length === 1 && !marked.some(({ unit }) => unit === hover.units[0]) ? placed(hover.units[0], "var(--ra-ink)") : [];
  const stops = order.map((unit, i) => ({ units: [unit], label: () => `${unitName(app.atlas, unit, lang)}, ${found.curve[i + 1].map(percent).join(" → ")}` }));
  const nearest = (px: number): number[] => {
    const place = Math.ceil(x.invert(px) * order.length) - 1;
    return place < 0 || place >= order.length ? [] : [order[place]];
  };
  const gini = `${w("gini")} ${fixed(found.gini, 3, lang)}`;
  const top = 1 - found.curve[Math.round((found.curve.length - 1) * 0.9)][1];
  const tenth = w("tenthHolds", { share: percent(top) });
  return (
    <Chart label={`${w("lorenz")}: ${axisTitle(measure.field, lang)}. ${gini}, ${tenth}`} stops={stops} unitsAt={nearest}>
      <AxisY scale={y} lang={lang} title={axisTitle(measure.field, lang)} format={percent} />
      <line class="ra-axis" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <path class="ra-line-path" d={path} />
      {[...lit, ...marked].map(({ unit, color, point }) => (
        <g key={unit} style={{ fill: color }}>
          <circle class="ra-marked" cx={x(point[0])} cy={y(point[1])} r={4.5} />
          {marked.length + lit.length <= FEW && (
            <text class="ra-marked-name" x={x(point[0]) - 8} y={y(point[1]) - 5} text-anchor="end">
              {unitName(app.atlas, unit, lang)}
            </text>
          )}
        </g>
      ))}
      <text x={x(0.08)} y={y(0.88)} class="ra-line-value">
        {gini}
      </text>
      <AxisX scale={x} lang={lang} title={w("shareOfUnits")} format={percent} />
    </Chart>
  );
}
