/** Parts of an area's card: counts with intervals, values, the areas within, its units. */
import { NOTHING } from "../state/app.ts";
import { areaTitle, isEligible, lookUp, parentName, placeOf, placeOfArea, unitName, type Area } from "../data/model.ts";
import type { Ranking } from "../format.ts";
import { exact, readable } from "../text/numbers.ts";
import { rankingOf } from "../state/plate.ts";
import { membersOf } from "../state/table.ts";
import { areaValues, countRanked, type AreaValue } from "../data/rollup.ts";
import { countOfArea, intervalOf } from "../scoring/uncertain.ts";
import { useApp, useWords } from "./context.ts";
import { Interval } from "./interval.tsx";

const LISTED = 200;

interface Props {
  area: Area;
  units: readonly number[];
}

/** How many of its units each ranking has: in all, of the first N with an interval, of those that could be. */
export function Counts({ area, units }: Props) {
  const app = useApp();
  const { w, integer, percent } = useWords();
  const { atlas } = app;
  const kind = atlas.spec.kinds.findIndex((item) => item.id === area.scope);
  const at = placeOfArea(atlas, area);
  const here = (unit: number) => kind < 0 || atlas.belongings[unit].some((item) => item.kind === kind && item.region === at && item.exclusive);
  if (atlas.spec.rankings.length === 0) return null;
  return (
    <section>
      <h3>{w("counted")}</h3>
      <table class="ra-facts ra-facts-wrap">
        <tbody>
          {atlas.spec.rankings.map((ranking) => {
            const { rank } = atlas.store.rankings[ranking.id];
            const interval = countOfArea(atlas, ranking.id, area.scope, at);
            const counted = countRanked(units, rank, (unit) => isEligible(atlas, ranking, unit), here);
            if (counted.coverage === null) return <Row key={ranking.id} ranking={ranking} strong="–" quiet={w("noneEligible")} />;
            if (interval) {
              const ends = `${integer(interval.low)}–${integer(interval.high)}`;
              return (
                <Row key={ranking.id} ranking={ranking} strong={integer(interval.count)} quiet={` (${ends}) / ${integer(interval.top)}`}>
                  <Interval low={interval.low} high={interval.high} at={interval.count} least={0} most={Math.max(interval.high, 10)} label={`${integer(interval.count)}, ${ends}`} />
                </Row>
              );
            }
            const overlaps = counted.count < counted.all ? ` (${w("countedAll")} ${integer(counted.all)})` : "";
            return <Row key={ranking.id} ranking={ranking} strong={integer(counted.count)} quiet={`${overlaps} / ${integer(ranking.n)} · ${percent(counted.coverage)} ${w("ofEligible")}`} />;
          })}
        </tbody>
      </table>
      {Object.keys(atlas.store.counts).length > 0 && <p class="ra-quiet ra-small">{w("countsHint")}</p>}
    </section>
  );
}

function Row({ ranking, strong, quiet, children }: { ranking: Ranking; strong: string; quiet: string; children?: preact.ComponentChildren }) {
  const { t } = useWords();
  return (
    <tr>
      <th scope="row">{t(ranking.title)}</th>
      <td>
        <strong>{strong}</strong>
        <span class="ra-quiet">{quiet}</span>
        {children && <br />}
        {children}
      </td>
    </tr>
  );
}

/** Its values by the rule of each field, beside that of all units; partial ones say how many members have data. */
export function AreaValues({ area, units }: Props) {
  const app = useApp();
  const { w, t } = useWords();
  const { lang } = app.state;
  const lines = areaValues(app.atlas, area);
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{w("areaValues")}</h3>
      <table class="ra-facts ra-facts-wrap">
        <tbody>
          {lines.map(({ field, year, value, data, members }) => (
            <tr key={field.id}>
              <th scope="row">
                {t(field.title)} <span class="ra-quiet">{year}</span>
              </th>
              <td>
                <strong>
                  {readable(value, field.digits, field.unit, lang)}
                  {data === null ? "" : "*"}
                </strong>
                <span class="ra-quiet">
                  {" "}
                  {t(field.unit.name)}
                  <br />
                  <Whole field={field} value={value} />
                </span>
                {data !== null && (
                  <>
                    <br />
                    <span class="ra-partial">* {data === members ? w("withPart") : w("withData", { data, members: members ?? units.length })}</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** How the value came about, and its share of the whole, or the whole beside it. */
function Whole({ field, value }: Pick<AreaValue, "field" | "value">) {
  const { w, t, percent } = useWords();
  const { lang } = useApp().state;
  const rule = t(field.rule);
  if (!field.whole) return <>{rule}</>;
  const { value: whole, partial } = field.whole;
  if (!field.extensive) return <>{`${rule} · ${w(partial ? "allWithData" : "allUnits")} ${exact(whole, field.digits, field.unit, lang)}`}</>;
  return <>{whole === 0 ? rule : `${rule} · ${w(partial ? "shareOfData" : "shareOfAll", { share: percent(value / whole) })}`}</>;
}

/** The parents of the next level within a parent, those that hold most of the ranking first. */
export function Within({ area, units }: Props) {
  const app = useApp();
  const { w, integer } = useWords();
  const { atlas, view, state } = app;
  const depth = atlas.spec.levels.findIndex((level) => level.id === area.scope);
  const level = depth < 0 ? undefined : atlas.spec.levels.at(depth + 1);
  if (!level) return null;
  const { of, ids } = atlas.store.parents[level.id];
  const ranking = view && rankingOf(atlas, view);
  const ranks = ranking ? atlas.store.rankings[ranking.id].rank : null;
  const groups = new Map<number, { units: number[]; ranked: number }>();
  for (const unit of units) {
    if (of[unit] < 0) continue;
    const group = groups.get(of[unit]) ?? { units: [], ranked: 0 };
    group.units.push(unit);
    group.ranked += ranks && ranks[unit] !== null ? 1 : 0;
    groups.set(of[unit], group);
  }
  if (groups.size < 2) return null;
  const lines = [...groups].sort((a, b) => b[1].ranked - a[1].ranked || b[1].units.length - a[1].units.length);
  return (
    <details class="ra-within">
      <summary>
        {level.title[state.lang]} <span class="ra-quiet">{integer(groups.size)}</span>
      </summary>
      <ul class="ra-members" onPointerLeave={() => app.point(NOTHING)}>
        {lines.map(([at, group]) => (
          <li key={at} onPointerEnter={() => app.point({ ...NOTHING, units: group.units })}>
            <span class="ra-number">{ranks ? integer(group.ranked) : ""}</span>
            <button type="button" class="ra-link" onClick={() => app.openArea({ scope: level.id, id: ids[at] })}>
              {parentName(atlas, level.id, at, state.lang)}
            </button>
            <span class="ra-quiet">
              {integer(group.units.length)} {w("units")}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Its units by the ranking of the plate, or by the first that ranks any of them. */
export function Members({ units }: Pick<Props, "units">) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const { atlas, view, state } = app;
  const own = (view && rankingOf(atlas, view)) ?? atlas.spec.rankings.find((ranking) => units.some((unit) => atlas.store.rankings[ranking.id].rank[unit] !== null)) ?? null;
  const ranks = own ? atlas.store.rankings[own.id].rank : [];
  const members = view && own ? membersOf(units, { ...view, ranks }) : [...units];
  return (
    <section>
      <h3>
        {w("members")} {own && <span class="ra-quiet">· {t(own.title)}</span>}
      </h3>
      <ol class="ra-members" onPointerLeave={() => app.point(NOTHING)}>
        {members.slice(0, LISTED).map((unit) => {
          const interval = own ? intervalOf(atlas, own.id, unit) : null;
          const rank = ranks[unit];
          return (
            <li key={unit} onPointerEnter={() => app.point({ ...NOTHING, units: [unit], row: atlas.store.unit_id[unit] })}>
              <span class="ra-number">{rank == null ? "" : integer(rank)}</span>
              <button type="button" class="ra-link" onClick={() => app.select([unit])}>
                {unitName(atlas, unit, state.lang)}
              </button>
              {interval && rank != null ? (
                <Interval {...interval} at={rank} least={1} most={own!.n} label={`${integer(interval.low)}–${integer(interval.high)}`} />
              ) : (
                <span class="ra-quiet">{placeOf(atlas, unit, state.lang)}</span>
              )}
            </li>
          );
        })}
      </ol>
      {members.length > LISTED && (
        <p class="ra-quiet">
          + {integer(members.length - LISTED)} {w("more")}
        </p>
      )}
    </section>
  );
}

export const kindTitle = (app: ReturnType<typeof useApp>, area: Area) => {
  const { lang } = app.state;
  const level = app.atlas.spec.levels.find((item) => item.id === area.scope);
  return (level ?? app.atlas.spec.kinds.find((item) => item.id === area.scope))?.title[lang] ?? areaTitle(app.atlas, area, lang) ?? "";
};

/** The plan that a region's extent comes from. */
export function sourceOf(app: ReturnType<typeof useApp>, area: Area): string | null {
  if (lookUp(app.atlas.store.parents, area.scope)) return null;
  const kind = app.atlas.spec.kinds.find((item) => item.id === area.scope);
  return kind?.regions.find((region) => region.id === area.id)?.source ?? null;
}
