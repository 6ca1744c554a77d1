/** A unit's scores in the dimensions of an index, beside the medians of all units, its parent, its region. */
import { areaTitle, lookUp, unitsOfArea, type Area, type Atlas } from "../data/model.ts";
import type { Column } from "../format.ts";
import { medianOf } from "../state/measure.ts";
import { useApp, useWords } from "./context.ts";

/** The outer parent, and the region that is most its own: the last kind that it belongs to. */
export function groupsOf(atlas: Atlas, unit: number): Area[] {
  const level = atlas.spec.levels.slice(-2).at(0);
  const parents = level ? atlas.store.parents[level.id] : null;
  const groups: Area[] = [];
  if (level && parents && parents.of[unit] >= 0) groups.push({ scope: level.id, id: parents.ids[parents.of[unit]] });
  const belonging = atlas.belongings[unit].at(-1);
  if (belonging) {
    const kind = atlas.spec.kinds[belonging.kind];
    groups.push({ scope: kind.id, id: kind.regions[belonging.region].id });
  }
  return groups;
}

export function Dimensions({ unit }: { unit: number }) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const { atlas, state } = app;
  const shown = atlas.spec.rankings.flatMap((ranking) => {
    const columns = lookUp(atlas.store.dimensions, ranking.id) ?? {};
    const dimensions = (ranking.dimensions ?? []).filter(({ id }) => lookUp(columns, id)?.[unit] != null);
    return dimensions.length > 1 ? [{ ranking, columns, dimensions }] : [];
  });
  if (shown.length === 0) return null;
  const groups = groupsOf(atlas, unit);
  const members = groups.map((area) => unitsOfArea(atlas, area));
  const names = [w("allUnits"), ...groups.map((area) => areaTitle(atlas, area, state.lang) ?? "")];
  return (
    <section>
      <h3>{w("dimensions")}</h3>
      <p class="ra-keys-line ra-small ra-quiet">
        {names.map((name, i) => (
          <span key={name}>
            <i class={`ra-tick ra-tick-${i}`} /> {w("median")} {name}
          </span>
        ))}
      </p>
      {shown.map(({ ranking, columns, dimensions }) => (
        <table key={ranking.id} class="ra-facts ra-dimensions">
          <caption class="ra-small">{t(ranking.title)}</caption>
          <tbody>
            {dimensions.map(({ id, title }) => {
              const column = columns[id];
              const own = column[unit]!;
              const marks = [middle(column, null), ...members.map((list) => middle(column, list))];
              return (
                <tr key={id}>
                  <th scope="row">{t(title)}</th>
                  <td>
                    <span class="ra-scale-line" role="img" aria-label={[own, ...marks.map((mark, i) => `${names[i]} ${mark ?? "–"}`)].join(", ")}>
                      <i style={{ width: `${Math.min(100, Math.max(0, own))}%` }} />
                      {marks.map((mark, i) => mark !== null && <b key={i} class={`ra-tick ra-tick-${i}`} style={{ left: `${mark}%` }} />)}
                    </span>
                  </td>
                  <td>{integer(own)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ))}
    </section>
  );
}

function middle(column: Column, units: readonly number[] | null): number | null {
  const found = medianOf(units ? units.map((unit) => column[unit]) : column);
  return found === null ? null : Math.round(found * 10) / 10;
}
