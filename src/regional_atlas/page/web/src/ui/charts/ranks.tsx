/** Every rank of a list as a stroke, one row for each parent that has any, the best first. */
import { tongueOf } from "../../text/language.ts";
import { scaleLinear } from "d3-scale";
import { shortName, unitName } from "../../data/model.ts";
import { ACCENT, byColor } from "../../state/marks.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import type { ViewProps } from "../../state/plate.ts";
import { Chart, RIGHT, WIDTH } from "./frame.tsx";

const ROW = 19;
const TOP = 20;
const MOST_ROWS = 40;

export function RankStrip({ view, measure }: ViewProps) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const hover = useSignal(app.hover);
  const { atlas, state } = app;
  const { lang } = state;
  const level = atlas.spec.levels.slice(-2).at(0);
  const of = level ? atlas.store.parents[level.id].of : [];
  const groups = new Map<number, number[]>();
  const ranked = measure.units.filter((unit) => view.ranks[unit] !== null).sort((a, b) => view.ranks[a]! - view.ranks[b]!);
  for (const unit of ranked) groups.set(of[unit] ?? -1, [...(groups.get(of[unit] ?? -1) ?? []), unit]);
  const rows = [...groups].slice(0, MOST_ROWS);
  const rowOf = new Map(rows.map(([parent], i) => [parent, i]));
  // Names in Chinese characters take half the room.
  const left = rows.every(([parent]) => parent < 0 || tongueOf(name(parent))) ? 52 : 92;
  const last = Math.max(view.ranking?.n ?? 1, ...ranked.map((unit) => view.ranks[unit]!));
  const x = scaleLinear([1, last], [left + 8, WIDTH - RIGHT - 22]);
  const y = (unit: number) => TOP + (rowOf.get(of[unit] ?? -1) ?? -9) * ROW;
  const strokes = (units: readonly number[], room: number) =>
    units
      .filter((unit) => view.ranks[unit] !== null && rowOf.has(of[unit] ?? -1))
      .map((unit) => `M${x(view.ranks[unit]!).toFixed(1)} ${y(unit) + room}v${ROW - 2 * room}`)
      .join("");
  const nearest = (px: number, py: number): number[] => {
    const row = rows.at(Math.floor((py - TOP) / ROW));
    if (!row || py < TOP) return [];
    if (px < left) return row[1];
    const away = (unit: number) => Math.abs(x(view.ranks[unit]!) - px);
    const best = row[1].reduce((one, other) => (away(other) < away(one) ? other : one));
    return away(best) < 6 ? [best] : [];
  };
  const height = TOP + rows.length * ROW + 4;
  const title = view.ranking ? t(view.ranking.title) : "";
  const said = rows.slice(0, 5).map(([parent, units]) => `${name(parent)} ${integer(view.ranks[units[0]]!)}`);
  function name(parent: number): string {
    if (!level || parent < 0) return "–";
    return shortName(atlas, level.id, parent, lang);
  }
  const ticks = [1, ...x.ticks(4).filter((value) => value > last / 10)];
  return (
    <Chart
      height={height}
      label={`${w("strip")}: ${title}. ${w("best")}: ${said.join(", ")}`}
      stops={ranked.filter((unit) => rowOf.has(of[unit] ?? -1)).map((unit) => ({ units: [unit], label: () => `${unitName(atlas, unit, lang)}, ${name(of[unit] ?? -1)}, ${integer(view.ranks[unit]!)}` }))}
      unitsAt={nearest}
      open={(px, py) => {
        const row = rows.at(Math.floor((py - TOP) / ROW));
        if (px < left && py >= TOP && row && level && row[0] >= 0) app.openArea({ scope: level.id, id: atlas.store.parents[level.id].ids[row[0]] });
      }}
    >
      {ticks.map((value) => (
        <g key={value} class="ra-axis-text">
          <line class="ra-axis" x1={x(value)} x2={x(value)} y1={TOP - 4} y2={height} />
          <text x={x(value)} y={TOP - 8} text-anchor="middle">
            {integer(value)}
          </text>
        </g>
      ))}
      {rows.map(([parent, units], i) => (
        <g key={parent} class="ra-axis-text">
          <text x={2} y={TOP + (i + 0.5) * ROW + 4}>
            {name(parent)}
          </text>
          <line class="ra-axis" x1={x(view.ranks[units[0]]!)} x2={x(view.ranks[units[units.length - 1]]!)} y1={TOP + (i + 0.5) * ROW} y2={TOP + (i + 0.5) * ROW} />
          <text x={WIDTH - 2} y={TOP + (i + 0.5) * ROW + 4} text-anchor="end">
            {integer(units.length)}
          </text>
        </g>
      ))}
      <path class="ra-ranks" d={strokes(ranked, 4)} />
      <path class="ra-ranks ra-ranks-best" d={strokes(rows.map(([, units]) => units[0]), 3)} />
      <path class="ra-ranks ra-ranks-lit" d={strokes(hover.units.length < 60 ? hover.units : [], 1)} />
      {[...byColor(app.marks, ACCENT)].map(([color, units]) => (
        <path key={color} class="ra-ranks ra-chosen-line" style={{ stroke: color }} d={strokes(units, 1)} />
      ))}
    </Chart>
  );
}
