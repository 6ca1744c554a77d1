import type { Unit } from "../format.ts";
import { short, withUnit } from "../text/numbers.ts";
import { useApp, useWords } from "./context.ts";

interface Props {
  title: string;
  years: readonly number[];
  values: readonly (number | null)[];
  year: number | null;
  unit: Unit;
  /** First years of a new level: drawn as broken uprights. */
  shifts: readonly number[];
  small: boolean;
}

/** A line over the years, broken where a value is missing. */
export function YearLine({ title, years, values, year, unit, shifts, small }: Props) {
  const { w } = useWords();
  const { lang } = useApp().state;
  const present = values.filter((value) => value !== null);
  if (present.length < 2) return null;
  const [width, height, left, right, top, bottom] = small ? [72, 20, 2, 2, 3, 3] : [300, 120, 4, 4, 18, 20];
  const most = Math.max(...present);
  const least = Math.min(0, ...present);
  const x = (at: number) => left + ((at - years[0]) / (years[years.length - 1] - years[0] || 1)) * (width - left - right);
  const y = (value: number) => top + (1 - (value - least) / (most - least || 1)) * (height - top - bottom);
  let path = "";
  let pen = false;
  values.forEach((value, i) => {
    if (value === null) {
      pen = false;
      return;
    }
    path += `${pen ? "L" : "M"}${x(years[i]).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  const shown = year === null ? null : values[years.indexOf(year)];
  const last = years[years.length - 1];
  return (
    <svg
      class={small ? "ra-spark" : "ra-line"}
      viewBox={`0 0 ${width} ${height}`}
      width={small ? width : "100%"}
      height={small ? height : undefined}
      role="img"
      aria-label={`${title}, ${years[0]}–${last}: ${short(present[0], lang, unit)} → ${withUnit(short(present[present.length - 1], lang, unit), unit, lang)}`}
    >
      {!small && <line class="ra-axis" x1={left} x2={width - right} y1={y(least)} y2={y(least)} />}
      {!small &&
        shifts.map((at) => (
          <g key={at}>
            <line class="ra-shift" x1={x(at) - 12} x2={x(at) - 12} y1={top - 4} y2={y(least)} />
            <text x={x(at) - 9} y={top - 6}>
              {w("levelShift")} {at}
            </text>
          </g>
        ))}
      <path class="ra-line-path" d={path} />
      {shown != null && year !== null && <circle class="ra-line-dot" cx={x(year)} cy={y(shown)} r={small ? 2.2 : 3.5} />}
      {!small && (
        <>
          <text x={left} y={height - 4}>
            {years[0]}
          </text>
          <text x={width - right} y={height - 4} text-anchor="end">
            {last}
          </text>
          {shown != null && year !== null && (
            <text x={Math.min(Math.max(x(year), 24), width - 24)} y={Math.max(y(shown) - 8, 10)} text-anchor="middle" class="ra-line-value">
              {short(shown, lang, unit)}
            </text>
          )}
        </>
      )}
    </svg>
  );
}
