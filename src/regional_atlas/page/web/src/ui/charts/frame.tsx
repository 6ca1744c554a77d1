/** What charts share: the drawing area, its axes, and the pointer that lights and selects. */
import type { ScaleContinuousNumeric } from "d3-scale";
import { useEffect, useRef, useState } from "preact/hooks";
import { NOTHING } from "../../state/app.ts";
import type { Lang } from "../../text/language.ts";
import type { Unit } from "../../format.ts";
import { short } from "../../text/numbers.ts";
import { useApp } from "../context.ts";

export const WIDTH = 320;
export const HEIGHT = 280;
export const LEFT = 46;
export const BOTTOM = 30;
export const TOP = 12;
export const RIGHT = 12;
/** Height of a note below a chart. */
export const NOTE = 16;

export type Scale = ScaleContinuousNumeric<number, number>;

/** A place where the arrow keys stop: what it lights, what it is called, what Enter opens where that is not its units. */
export interface Stop {
  units: readonly number[];
  label: () => string;
  open?: () => void;
}

/** Stops that a page key passes. */
const PAGE = 10;

interface ChartProps {
  label: string;
  stops: readonly Stop[];
  height?: number;
  children: preact.ComponentChildren;
  /** The units under a point of the drawing area. */
  unitsAt?: (x: number, y: number) => readonly number[];
  /** What a click opens where there is not exactly one unit. */
  open?: (x: number, y: number) => void;
}

/** To a reader of screens and to the keyboard a slider: the arrows go from stop to stop and say each, Enter selects it. */
export function Chart({ label, stops, height = HEIGHT, children, unitsAt, open }: ChartProps) {
  const app = useApp();
  const [cursor, setCursor] = useState(0);
  const now = Math.min(cursor, Math.max(0, stops.length - 1));
  const selected = app.selected.at(0);
  useEffect(() => {
    // From wherever it was selected, the arrows go on from there.
    const at = selected === undefined ? -1 : stops.findIndex(({ units }) => units.includes(selected));
    if (at >= 0) setCursor(at);
  }, [selected]);
  const light = (at: number) => app.point({ ...NOTHING, units: stops[at].units });
  const onKeyDown = (event: KeyboardEvent) => {
    const last = stops.length - 1;
    const to: Record<string, number> = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, PageDown: now + PAGE, PageUp: now - PAGE, Home: 0, End: last };
    if (last < 0) return;
    if (event.key in to) {
      const at = Math.max(0, Math.min(last, to[event.key]));
      setCursor(at);
      light(at);
    } else if (event.key === "Enter" || event.key === " ") {
      const { units, open: act } = stops[now];
      if (act) act();
      else app.select(units);
    } else return;
    event.preventDefault();
  };
  const svg = useRef<SVGSVGElement>(null);
  const point = (event: MouseEvent): [number, number] => {
    const rect = svg.current!.getBoundingClientRect();
    return [((event.clientX - rect.left) * WIDTH) / rect.width, ((event.clientY - rect.top) * height) / rect.height];
  };
  const at = (event: MouseEvent): readonly number[] => unitsAt?.(...point(event)) ?? [];
  return (
    <svg
      ref={svg}
      class="ra-chart"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, stops.length)}
      aria-valuenow={now + 1}
      aria-valuetext={stops.at(now)?.label() ?? ""}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        // Where the pointer put the focus, the pointer says what is lit.
        if (stops.length > 0 && event.currentTarget.matches(":focus-visible")) light(now);
      }}
      onBlur={() => app.point(NOTHING)}
      onPointerMove={(event) => {
        const units = at(event);
        app.point(units.length > 0 ? { ...NOTHING, units } : NOTHING);
      }}
      onPointerLeave={() => app.point(NOTHING)}
      onClick={(event) => {
        const units = at(event);
        if (units.length === 1) app.select(units);
        else open?.(...point(event));
      }}
    >
      {children}
    </svg>
  );
}

/** A line below a drawing area of the usual height. */
export function Note({ text }: { text: string }) {
  return (
    <g class="ra-axis-text">
      <text x={WIDTH} y={HEIGHT + NOTE - 4} text-anchor="end">
        {text}
      </text>
    </g>
  );
}

interface AxisProps {
  scale: Scale;
  lang: Lang;
  title: string;
  unit?: Unit | undefined;
  format?: (value: number, lang: Lang, unit: Unit | null) => string;
}

export function AxisX({ scale, lang, title, unit, format = short }: AxisProps) {
  const y = HEIGHT - BOTTOM;
  return (
    <g class="ra-axis-text">
      <line class="ra-axis" x1={LEFT} x2={WIDTH - RIGHT} y1={y} y2={y} />
      {spread(scale, 4).map((value) => (
        <text key={value} x={scale(value)} y={y + 13} text-anchor="middle">
          {format(value, lang, unit ?? null)}
        </text>
      ))}
      <text x={WIDTH - RIGHT} y={HEIGHT - 3} text-anchor="end">
        {title}
      </text>
    </g>
  );
}

export function AxisY({ scale, lang, title, unit, format = short }: AxisProps) {
  return (
    <g class="ra-axis-text">
      {spread(scale, 5).map((value) => (
        <g key={value}>
          <line class="ra-axis" x1={LEFT} x2={WIDTH - RIGHT} y1={scale(value)} y2={scale(value)} />
          <text x={LEFT - 5} y={scale(value) + 4} text-anchor="end">
            {format(value, lang, unit ?? null)}
          </text>
        </g>
      ))}
      <text x={2} y={9}>
        {title}
      </text>
    </g>
  );
}

/** Ticks that do not crowd: a logarithm's have many. */
function spread(scale: Scale, count: number): number[] {
  const ticks = scale.ticks(count);
  const step = Math.ceil(ticks.length / (count + 2));
  return ticks.filter((_, i) => i % step === 0);
}

/** A line through points, broken where one is missing. */
export function through(points: readonly (readonly [number, number] | null)[]): string {
  return points.map((point, i) => (point ? `${i > 0 && points[i - 1] ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "")).join("");
}

/** Dots of one colour as one path, which draws thousands at once. */
export function dots(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("");
}
