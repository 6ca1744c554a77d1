import { columnOf, groupTitle, isEligible, lookUp, parentName, unitName, unitType } from "../data/model.ts";
import type { Citation, Field } from "../format.ts";
import { tongueOf } from "../text/language.ts";
import { exact, withUnit } from "../text/numbers.ts";
import { tierTitle } from "../state/filter.ts";
import { MOST_COMPARED } from "../state/state.ts";
import { countAlike, intervalOf } from "../scoring/uncertain.ts";
import type { App } from "../state/app.ts";
import { quotedYear } from "./charts/profile.tsx";
import { useApp, useShared, useWords } from "./context.ts";
import { CopyLink } from "./copy-link.tsx";
import { Dimensions } from "./dimensions.tsx";
import { Interval } from "./interval.tsx";
import { Peers, Standing } from "./standing.tsx";
import { YearLine } from "./year-line.tsx";

/** Everything that the atlas holds about one unit, each number with its unit, year, source and method. */
export function UnitCard({ unit }: { unit: number }) {
  const app = useApp();
  const { map } = useShared();
  const { w, t, integer, dotted } = useWords();
  const { atlas, state } = app;
  const { store, spec } = atlas;
  const type = unitType(atlas, unit);
  const name = unitName(atlas, unit, state.lang);
  const other = name === store.unit[unit] ? store.unit_en[unit] : store.unit[unit];
  return (
    <article class="ra-card">
      <h2 class="ra-card-title">
        {name} {other && other !== name && <small lang={tongueOf(other)}>{other}</small>}
      </h2>
      <p class="ra-chain">
        {spec.levels.map((level) => {
          const at = store.parents[level.id].of[unit];
          return at < 0 ? null : (
            <button key={level.id} type="button" class="ra-link" onClick={() => app.openArea({ scope: level.id, id: store.parents[level.id].ids[at] })}>
              {parentName(atlas, level.id, at, state.lang)}
            </button>
          );
        })}
      </p>
      <p class="ra-quiet">
        {dotted([type && t(type.title), `${integer(store.area_km2[unit])} km²`, store.unit_id[unit]])}
      </p>
      {type?.note && <p class="ra-quiet">{`† ${t(type.note)}`}</p>}
      <p class="ra-actions">
        <button type="button" class="ra-chip" onClick={() => map.goToUnits([unit])}>
          {w("zoomTo")}
        </button>
        <CompareButton unit={unit} />
        <CopyLink />
      </p>
      <Ranks unit={unit} />
      <Dimensions unit={unit} />
      <Standing unit={unit} />
      <Belongings unit={unit} />
      <Clusters unit={unit} />
      {spec.fields.length > 0 && (
        <section>
          <h3>{w("figures")}</h3>
          {spec.fields.map((field) => (
            <Figure key={field.id} field={field} unit={unit} />
          ))}
        </section>
      )}
      <Peers unit={unit} />
    </article>
  );
}

function CompareButton({ unit }: { unit: number }) {
  const app = useApp();
  const { w } = useWords();
  const id = app.atlas.store.unit_id[unit];
  const { compare } = app.state;
  const pinned = compare.includes(id);
  return (
    <button
      type="button"
      class="ra-chip"
      aria-pressed={pinned}
      disabled={!pinned && compare.length >= MOST_COMPARED}
      onClick={() => app.store.dispatch({ type: "compare", units: pinned ? compare.filter((other) => other !== id) : [...compare, id] })}
    >
      {w("compare")}
    </button>
  );
}

function Ranks({ unit }: { unit: number }) {
  const app = useApp();
  const { w, t, integer, percent } = useWords();
  const { atlas } = app;
  if (atlas.spec.rankings.length === 0) return null;
  return (
    <section>
      <h3>{w("ranks")}</h3>
      <table class="ra-facts">
        <tbody>
          {atlas.spec.rankings.map((ranking) => {
            const { rank, tier, p_tier: certainty, coverage } = atlas.store.rankings[ranking.id];
            const interval = intervalOf(atlas, ranking.id, unit);
            const sure = certainty?.[unit];
            const at = rank[unit];
            const inTier = tier[unit];
            const known = coverage?.[unit];
            const covered = known != null && <span class="ra-quiet ra-small ra-block">{`${w("dataCoverage")} ${percent(known)}`}</span>;
            return (
              <tr key={ranking.id}>
                <th scope="row">{t(ranking.title)}</th>
                {at === null ? (
                  <td class="ra-quiet">
                    {isEligible(atlas, ranking, unit) ? w("notRanked") : w("notEligible")}
                    {covered}
                  </td>
                ) : (
                  <td>
                    <strong class="ra-rank">{integer(at)}</strong>
                    <span class="ra-quiet"> / {integer(ranking.n)}</span>
                    {inTier !== null && (
                      <span class="ra-tag" title={sure == null ? undefined : w("tierChance")}>
                        {[tierTitle(inTier, app.state.lang), sure != null && sure < 0.95 ? percent(sure) : ""].filter(Boolean).join(" ")}
                      </span>
                    )}
                    {interval && interval.low < interval.high && (
                      <>
                        <br />
                        <span class="ra-quiet ra-small">{`${integer(interval.low)}–${integer(interval.high)}`}</span>
                        <Interval {...interval} at={at} least={1} most={ranking.n} label={`${integer(interval.low)}–${integer(interval.high)}`} />
                        <span class="ra-quiet ra-small ra-note">{`≈ ${integer(countAlike(atlas, ranking.id, unit))} ${w("alikeCount")}`}</span>
                      </>
                    )}
                    {covered}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Belongings({ unit }: { unit: number }) {
  const app = useApp();
  const { w, t, percent, dotted } = useWords();
  const list = app.atlas.belongings[unit];
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{w("belongs")}</h3>
      <ul class="ra-list">
        {list.map(({ kind, region, share, exclusive }) => {
          const { id, title } = app.atlas.spec.kinds[kind];
          const item = app.atlas.spec.kinds[kind].regions[region];
          return (
            <li key={item.id}>
              <button type="button" class="ra-link" onClick={() => app.openArea({ scope: id, id: item.id })}>
                {t(item.title)}
              </button>
              <span class="ra-quiet">
                {dotted([t(title), share < 0.9995 ? percent(share) : "", w(exclusive ? "exclusive" : "overlapping")])}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Clusters({ unit }: { unit: number }) {
  const app = useApp();
  const { w, t, dotted } = useWords();
  const list = app.atlas.clustersOf[unit];
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{w("clusters")}</h3>
      <ul class="ra-list">
        {list.map(([set, at]) => {
          const entry = app.atlas.spec.clusters[set];
          const { size_unit: sizeUnit, title } = entry;
          const item = entry.items[at];
          return (
            <li key={item.id}>
              <span lang={tongueOf(t(item.title))}>{t(item.title)}</span>
              <span class="ra-quiet">
                {dotted([t(title), groupTitle(entry, item, app.state.lang), item.size === null ? null : withUnit(exact(item.size, 0, sizeUnit, app.state.lang), sizeUnit, app.state.lang)])}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** As the first plate that has any says. */
function levelShifts(app: App, field: Field): readonly number[] {
  return app.atlas.spec.plates.map((plate) => app.kindOf(plate).shifts?.(plate, field.id) ?? []).find((shifts) => shifts.length > 0) ?? [];
}

function Figure({ field, unit }: { field: Field; unit: number }) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas } = app;
  const year = quotedYear(app, field);
  const value = columnOf(atlas, field.id, year)[unit];
  const flag = lookUp(lookUp(atlas.store.flags, field.id) ?? {}, String(unit));
  const partial = flag !== undefined && value !== null && (year === null ? flag.partial.length > 0 : flag.partial.includes(year));
  const series = field.years?.map((at) => columnOf(atlas, field.id, at)[unit]);
  return (
    <details class="ra-figure">
      <summary>
        <span class="ra-figure-title">
          {t(field.title)}
          {year !== null && <span class="ra-quiet"> {year}</span>}
        </span>
        {series && <YearLine title={t(field.title)} years={field.years!} values={series} year={year} unit={field.unit} shifts={[]} small />}
        <span class="ra-figure-value">
          {value === null ? (
            <span class="ra-quiet">{w("noData")}</span>
          ) : (
            <>
              <span title={partial ? t(flag.text) : undefined}>
                {exact(value, field.digits, field.unit, app.state.lang)}
                {partial && "*"}
              </span>{" "}
              <span class="ra-quiet">{t(field.unit.name)}</span>
            </>
          )}
        </span>
      </summary>
      {series && <YearLine title={t(field.title)} years={field.years!} values={series} year={year} unit={field.unit} shifts={levelShifts(app, field)} small={false} />}
      <dl class="ra-source">
        {flag && (
          <dd class="ra-flag">
            {partial && "* "}
            {t(flag.text)}
          </dd>
        )}
        {!flag && value === null && field.missing && <dd class="ra-flag">{t(field.missing)}</dd>}
        <dt>{w("method")}</dt>
        <dd>{t(field.method)}</dd>
        <SourceLine citation={field.citation ? (atlas.citations.get(field.citation) ?? null) : null} />
      </dl>
    </details>
  );
}

export function SourceLine({ citation }: { citation: Citation | null }) {
  const { w, t, dotted } = useWords();
  if (!citation) return null;
  return (
    <>
      <dt>{w("source")}</dt>
      <dd>{dotted([t(citation.title), t(citation.source), citation.vintage && t(citation.vintage), citation.licence && t(citation.licence)])}</dd>
    </>
  );
}
