import { columnOf, placeOf, unitName } from "../data/model.ts";
import { exact } from "../text/numbers.ts";
import { comparedColor } from "../state/marks.ts";
import { alike, intervalOf } from "../scoring/uncertain.ts";
import { quotedYear } from "./charts/profile.tsx";
import { useApp, useWords } from "./context.ts";
import { CloseIcon } from "./icons.tsx";

interface Line {
  key: string;
  title: string;
  cells: (string | null)[];
  best: number;
}

/** Two to four units side by side over the lower half of the map. */
export function Compare() {
  const app = useApp();
  const { w, t, integer, dotted } = useWords();
  const { atlas, state } = app;
  const { lang } = state;
  if (state.compare.length === 0) return null;
  const units = state.compare.map((id) => atlas.index.get(id)!);
  const set = (ids: readonly string[]) => app.store.dispatch({ type: "compare", units: ids });
  const ranks = atlas.spec.rankings.map((ranking): Line => {
    const column = units.map((unit) => atlas.store.rankings[ranking.id].rank[unit]);
    const intervals = units.map((unit) => intervalOf(atlas, ranking.id, unit));
    const best = extreme(column, -1);
    const cells = column.map((rank, i) => {
      const { low, high } = intervals[i] ?? { low: rank, high: rank };
      if (rank === null) return null;
      const same = best >= 0 && intervals.some((other, k) => k !== i && alike(intervals[i], other)) ? "≈ " : "";
      return `${same}${integer(rank)}${low !== null && high !== null && low < high ? ` (${integer(low)}–${integer(high)})` : ""}`;
    });
    return { key: ranking.id, title: t(ranking.title), cells, best: cells[best]?.startsWith("≈") ? -1 : best };
  });
  const fields = atlas.spec.fields.map((field): Line => {
    const year = quotedYear(app, field);
    const column = units.map((unit) => columnOf(atlas, field.id, year)[unit]);
    const title = dotted([t(field.title), year === null ? null : String(year), t(field.unit.name)]);
    return { key: `field ${field.id}`, title, cells: column.map((value) => (value === null ? null : exact(value, field.digits, field.unit, lang))), best: extreme(column, field.direction < 0 ? -1 : 1) };
  });
  return (
    <section class="ra-compare" aria-label={w("compared")}>
      <h2>
        {w("compared")}
        <button type="button" class="ra-button" aria-label={w("close")} onClick={() => set([])}>
          <CloseIcon />
        </button>
      </h2>
      <table>
        <thead>
          <tr>
            <td />
            {units.map((unit, slot) => (
              <th key={unit} scope="col">
                <i class="ra-dot" style={{ background: comparedColor(slot) }} />
                <button type="button" class="ra-link" onClick={() => app.select([unit])}>
                  {unitName(atlas, unit, lang)}
                </button>{" "}
                <button type="button" aria-label={`${w("close")}: ${unitName(atlas, unit, lang)}`} onClick={() => set(state.compare.filter((id) => id !== atlas.store.unit_id[unit]))}>
                  ×
                </button>
                <div class="ra-quiet ra-small">{placeOf(atlas, unit, lang)}</div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...ranks, ...fields].map(({ key, title, cells, best }) => (
            <tr key={key}>
              <th scope="row">{title}</th>
              {cells.map((cell, i) => (
                <td key={units[i]} class={i === best ? "ra-best" : ""}>
                  {cell ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {ranks.some((line) => line.cells.some((cell) => cell?.startsWith("≈"))) && <p class="ra-quiet ra-small ra-compare-note">{w("alike")}</p>}
    </section>
  );
}

/** Index of the largest (sign 1) or least (−1) value, where there are two to compare. */
function extreme(column: readonly (number | null)[], sign: 1 | -1): number {
  const present = column.filter((value) => value !== null);
  if (present.length < 2) return -1;
  const most = Math.max(...present.map((value) => sign * value));
  return column.findIndex((value) => value !== null && sign * value === most);
}
