/** Where units stand in every field: the share of all units that they surpass, as parallel scales. */
import { scaleLinear } from "d3-scale";
import { columnOf, unitName } from "../../data/model.ts";
import type { Field } from "../../data/spec.ts";
import { percent } from "../../text/numbers.ts";
import { CATEGORIES } from "../../view/colour.ts";
import { fieldsOf, percentileOf } from "../../view/measure.ts";
import { useApp, useWords } from "../context.ts";
import type { ViewProps } from "./distribution.tsx";
import { Chart, LEFT, RIGHT, WIDTH } from "./frame.tsx";

const ROW = 34;
const MOST = 12;

export const lastYear = (field: Field): number | null => field.years?.at(-1) ?? null;

export function Profile({ view }: ViewProps) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas } = app;
  const { lang } = app.state;
  const units = app.selected.length > 0 ? app.selected.slice(0, 4) : app.state.compare.map((id) => atlas.index.get(id)!);
  const first = view.ranks.indexOf(1);
  const shown = units.length > 0 ? units : first < 0 ? [] : [first];
  const fields = fieldsOf(atlas, view).slice(0, MOST);
  const x = scaleLinear([0, 1], [LEFT - 30, WIDTH - RIGHT - 4]);
  const height = fields.length * ROW + 24;
  const names = shown.map((unit) => unitName(atlas, unit, lang));
  return (
    <>
      <p class="ra-keys-line">
        {names.map((name, i) => (
          <span key={name}>
            <i class="ra-dot" style={{ background: CATEGORIES[(i + 4) % CATEGORIES.length] }} /> {name}
          </span>
        ))}
      </p>
      <Chart height={height} label={`${w("profile")}: ${names.join(", ")}. ${w("surpasses")}`}>
        {fields.map((field, i) => {
          const y = i * ROW + 26;
          const column = columnOf(atlas, field.id, lastYear(field));
          return (
            <g key={field.id}>
              <text class="ra-axis-text" x={x(0)} y={y - 9}>
                {t(field.title)}
              </text>
              <line class="ra-axis" x1={x(0)} x2={x(1)} y1={y} y2={y} />
              <line class="ra-axis" x1={x(0.5)} x2={x(0.5)} y1={y - 4} y2={y + 4} />
              {shown.map((unit, k) => {
                const at = percentileOf(column, unit);
                return at === null ? null : (
                  <circle key={unit} cx={x(at)} cy={y} r={5} fill={CATEGORIES[(k + 4) % CATEGORIES.length]}>
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
