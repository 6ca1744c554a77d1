import { areaTitle, isEligible, placeOf, unitName, unitsOfArea, type Area } from "../data/model.ts";
import { integer, percent } from "../text/numbers.ts";
import { NOTHING } from "../app.ts";
import { membersOf } from "../view/rows.ts";
import { useApp, useShared, useWords } from "./context.ts";

const LISTED = 200;

/** A parent or region: its counts in every ranking, and its members by rank. */
export function AreaCard({ area }: { area: Area }) {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const { atlas, state, view } = app;
  const units = unitsOfArea(atlas, area);
  const kind = atlas.spec.kinds.find((item) => item.id === area.scope);
  const kindAt = kind ? atlas.spec.kinds.indexOf(kind) : -1;
  const level = atlas.spec.levels.find((item) => item.id === area.scope);
  const region = kind?.regions.findIndex((item) => item.id === area.id) ?? 0;
  const source = kind?.regions.at(region)?.source ?? null;
  const countedHere = (unit: number) =>
    !kind || atlas.belongings[unit].some((item) => item.kind === kindAt && item.region === region && item.exclusive);
  const filtered = state.filters.some((filter) => filter.scope === area.scope && filter.value === area.id);
  const members = view ? membersOf(units, view) : units;
  return (
    <article class="ra-card">
      <h2 class="ra-card-title">{areaTitle(atlas, area, state.lang)}</h2>
      <p class="ra-quiet">
        {[kind ? t(kind.title) : level ? t(level.title) : "", `${integer(units.length)} ${t(atlas.spec.unit_level.title)}`].join(" · ")}
      </p>
      <p class="ra-actions">
        <button
          type="button"
          class="ra-chip"
          aria-pressed={filtered}
          onClick={() => app.store.dispatch({ type: filtered ? "unfilter" : "filter", filter: { scope: area.scope, value: area.id } })}
        >
          {w("onlyThis")}
        </button>
        <button type="button" class="ra-chip" onClick={() => map.goToUnits(units)}>
          {w("zoomTo")}
        </button>
      </p>
      <section>
        <h3>{w("counted")}</h3>
        <table class="ra-facts">
          <tbody>
            {atlas.spec.rankings.map((ranking) => {
              const { rank } = atlas.store.rankings[ranking.id];
              const ranked = units.filter((unit) => rank[unit] !== null);
              const eligible = units.filter((unit) => isEligible(atlas, ranking, unit)).length;
              const here = ranked.filter(countedHere).length;
              return (
                <tr key={ranking.id}>
                  <th scope="row">{t(ranking.title)}</th>
                  <td>
                    <strong>{integer(here)}</strong>
                    <span class="ra-quiet">
                      {here < ranked.length ? ` (${w("countedAll")} ${integer(ranked.length)})` : ""}
                      {` / ${integer(ranking.n)}`}
                      {eligible > 0 ? ` · ${percent(ranked.length / eligible)} ${w("ofEligible")}` : ""}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <section>
        <h3>{w("members")}</h3>
        <ol class="ra-members" onPointerLeave={() => app.hover.set(NOTHING)}>
          {members.slice(0, LISTED).map((unit) => (
            <li key={unit} onPointerEnter={() => app.hover.set({ ...NOTHING, units: [unit] })}>
              <span class="ra-number">{view?.ranks[unit] == null ? "" : integer(view.ranks[unit])}</span>
              <button type="button" class="ra-link" onClick={() => app.select([unit])}>
                {unitName(atlas, unit, state.lang)}
              </button>
              <span class="ra-quiet">{placeOf(atlas, unit, state.lang)}</span>
            </li>
          ))}
        </ol>
        {members.length > LISTED && (
          <p class="ra-quiet">
            + {integer(members.length - LISTED)} {w("more")}
          </p>
        )}
      </section>
      {source && (
        <dl class="ra-source">
          <dt>{w("source")}</dt>
          <dd>{source}</dd>
        </dl>
      )}
    </article>
  );
}
