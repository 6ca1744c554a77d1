/** Where units stand in every field: the share of all units that they surpass, as parallel scales. */
import { scaleLinear } from "d3-scale";
import { columnOf, unitName } from "../../data/model.ts";
import type { Field } from "../../format.ts";
import { ACCENT, type Mark } from "../../state/marks.ts";
import { surpassed } from "../../state/measure.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import type { ViewProps } from "../../state/plate.ts";
import { Chart, LEFT, RIGHT, through, WIDTH } from "./frame.tsx";

const ROW = 34;
const FIRST = 26;
const REACH = 9;
const MOST_UNITS = 8;
const MOST = 12;

/** The year that a card quotes: the one shown on the map where the field has it, else its last. */
export function quotedYear(app: { view: { year: number | null } | null }, field: Field): number | null {
  if (!field.years) return field.year;
  const shown = app.view?.year;
  return shown != null && field.years.includes(shown) ? shown : field.years[field.years.length - 1];
}

/** `fields`: all unless given. */
export function Profile({ view, fields: offered }: ViewProps & { fields?: readonly Field[] }) {
  const app = useApp();
  const { w, t, percent, dotted } = useWords();
  const { atlas } = app;
  const { lang } = app.state;
  const hover = useSignal(app.hover);
  const { marks } = app;
  const first = view.ranks.indexOf(1);
  const chosen: Mark[] = marks.length > 0 ? marks.slice(0, MOST_UNITS) : first < 0 ? [] : [{ unit: first, color: "var(--ra-quiet)" }];
  const pointed = hover.units.length === 1 ? hover.units[0] : null;
  const shown = pointed === null || chosen.some(({ unit }) => unit === pointed) ? chosen : [...chosen, { unit: pointed, color: "var(--ra-ink)" }];
  const fields = (offered ?? atlas.spec.fields).slice(0, MOST);
  const x = scaleLinear([0, 1], [LEFT - 30, WIDTH - RIGHT - 4]);
  const height = fields.length * ROW + 24;
  const names = shown.map(({ unit }) => unitName(atlas, unit, lang));
  const columns = fields.map((field) => columnOf(atlas, field.id, quotedYear(app, field)));
  const places = shown.map(({ unit }) => fields.map((field, i) => surpassed(field, columns[i], unit)));
  const stops = chosen.map(({ unit }, k) => ({
    units: [unit],
    label: () => `${names[k]}: ${fields.map((field, i) => `${t(field.title)} ${places[k][i] === null ? "–" : percent(places[k][i])}`).join(", ")}`,
  }));
  const dotAt = (px: number, py: number): readonly number[] => {
    const row = Math.round((py - FIRST) / ROW);
    const near = chosen.flatMap(({ unit }, k) => {
      const at = places[k].at(Math.max(0, row)) ?? null;
      return at === null ? [] : [{ unit, away: Math.hypot(x(at) - px, FIRST + row * ROW - py) }];
    });
    return near.filter(({ away }) => away < REACH).sort((a, b) => a.away - b.away).slice(0, 1).map(({ unit }) => unit);
  };
  return (
    <>
      <p class="ra-keys-line">
        {names.map((name, i) => (
          <span key={shown[i].unit}>
            <i class="ra-dot" style={{ background: shown[i].color ?? ACCENT }} /> {name}
          </span>
        ))}
      </p>
      <Chart height={height} label={`${w("profile")}: ${names.join(", ")}. ${w("surpasses")}`} stops={stops} unitsAt={dotAt}>
        {places.map((own, k) => (
          <path key={shown[k].unit} class="ra-profile-line" style={{ stroke: shown[k].color ?? ACCENT }} d={through(own.map((at, i) => (at === null ? null : [x(at), i * ROW + FIRST])))} />
        ))}
        {fields.map((field, i) => {
          const y = i * ROW + FIRST;
          return (
            <g key={field.id}>
              <text class="ra-axis-text" x={x(0)} y={y - 9}>
                {dotted([t(field.title), field.direction < 0 && w("lessIsBetter")])}
              </text>
              <line class="ra-axis" x1={x(0)} x2={x(1)} y1={y} y2={y} />
              <line class="ra-axis" x1={x(0.5)} x2={x(0.5)} y1={y - 4} y2={y + 4} />
              {shown.map(({ unit, color }, k) => {
                const at = places[k][i];
                return at === null ? null : (
                  <circle key={unit} class="ra-marked" cx={x(at)} cy={y} r={unit === pointed ? 6.5 : 5} style={{ fill: color ?? ACCENT }}>
                    <title>{`${names[k]}: ${percent(at)}`}</title>
                  </circle>
                );
              })}
            </g>
          );
        })}
        <text class="ra-axis-text" x={x(0)} y={height - 2}>
          {w("surpasses")}
        </text>
      </Chart>
    </>
  );
}
