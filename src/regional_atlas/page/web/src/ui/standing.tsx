/** Where a unit stands among others: percentiles by field, peers, neighbours. */
import { useState } from "preact/hooks";
import { areaTitle, columnOf, placeOf, unitName, unitsOfArea } from "../data/model.ts";
import { surpassed } from "../state/measure.ts";
import { nearestPeers } from "../scoring/peers.ts";
import { neighboursOf } from "../state/place-filter.ts";
import { useApp, useWords } from "./context.ts";
import { groupsOf } from "./dimensions.tsx";
import { quotedYear } from "./charts/profile.tsx";

/** Lines that are shown at once; of more, the strongest and the weakest. */
const MOST = 14;
const ENDS = 6;

/** The share of units that it surpasses in each field: of all, of its outer parent's, of its region's. */
export function Standing({ unit }: { unit: number }) {
  const app = useApp();
  const { w, t, percent, dotted } = useWords();
  const { atlas } = app;
  const [all, setAll] = useState(false);
  const areas = groupsOf(atlas, unit);
  const groups = [null, ...areas.map((area) => unitsOfArea(atlas, area))];
  // Totals say how large a unit is, not how it does.
  const lines = atlas.spec.fields
    .filter((field) => !field.extensive)
    .map((field) => {
      const year = quotedYear(app, field);
      const column = columnOf(atlas, field.id, year);
      return { field, year, shares: groups.map((group) => surpassed(field, column, unit, group)) };
    })
    .filter((line) => line.shares[0] !== null)
    .sort((a, b) => b.shares[0]! - a.shares[0]!);
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{w("standing")}</h3>
      <table class="ra-facts ra-standing">
        <caption class="ra-quiet ra-small">{dotted([`${w("standingHint")}${w("allUnits")}`, ...areas.map((area) => areaTitle(atlas, area, app.state.lang))])}</caption>
        <tbody>
          {(all || lines.length <= MOST ? lines : [...lines.slice(0, ENDS), ...lines.slice(-ENDS)]).map(({ field, year, shares }) => (
            <tr key={field.id}>
              <th scope="row">
                {t(field.title)} {year !== null && <span class="ra-quiet">{year}</span>}
                {field.direction < 0 && <span class="ra-quiet"> {w("lessIsBetter")}</span>}
              </th>
              <td>
                <span class="ra-meter">
                  <i style={{ width: `${100 * shares[0]!}%` }} />
                </span>
              </td>
              {shares.map((share, i) => (
                <td key={i} class={i === 0 ? "" : "ra-quiet"}>
                  {share === null ? "–" : percent(Math.round(share * 100) / 100)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > MOST && (
        <button type="button" class="ra-link ra-small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? w("collapse") : `${w("expand")}: ${lines.length}`}
        </button>
      )}
    </section>
  );
}

export function Peers({ unit }: { unit: number }) {
  const app = useApp();
  const { w, integer } = useWords();
  const lists = [
    { title: w("peers"), units: nearestPeers(app.atlas, unit, 5) },
    { title: w("neighbours"), units: neighboursOf(app.atlas, unit) },
  ].filter((list) => list.units.length > 0);
  return (
    <>
      {lists.map(({ title, units }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ol class="ra-members">
            {units.map((other) => (
              <li key={other}>
                <span class="ra-number">{app.view?.ranks[other] == null ? "" : integer(app.view.ranks[other])}</span>
                <button type="button" class="ra-link" onClick={() => app.select([other])}>
                  {unitName(app.atlas, other, app.state.lang)}
                </button>
                <span class="ra-quiet">{placeOf(app.atlas, other, app.state.lang)}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
