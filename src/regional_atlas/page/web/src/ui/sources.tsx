import type { Join } from "../format.ts";
import { useApp, useWords } from "./context.ts";
import { Frameworks } from "./framework.tsx";

/** Where the numbers come from and how the build went: joins, checks, omissions, citations. */
export function Sources() {
  const app = useApp();
  const { w, t } = useWords();
  const { spec } = app.atlas;
  const { report } = spec;
  return (
    <main class="ra-sources" tabIndex={0}>
      <h2 class="ra-sources-title">{w("sources")}</h2>
      <p class="ra-quiet">
        {t(spec.title)} · {t(spec.subtitle)}
      </p>

      <section>
        <h3>{w("citations")}</h3>
        <ul class="ra-citations">
          {spec.citations.map((citation) => (
            <li key={citation.id}>
              <strong>{t(citation.title)}</strong>
              <p>{t(citation.source)}</p>
              <p class="ra-quiet">
                {[
                  citation.vintage && `${w("vintage")}: ${t(citation.vintage)}`,
                  citation.licence && `${w("licence")}: ${t(citation.licence)}`,
                ]
                  .filter(Boolean)
                  .join(" · ")}
                {citation.url && <span class="ra-url">{citation.url}</span>}
              </p>
            </li>
          ))}
        </ul>
      </section>

      <section>
        <h3>{w("joins")}</h3>
        <table class="ra-report" tabIndex={0} aria-label={w("joins")}>
          <thead>
            <tr>
              {(["table", "rows", "matched", "renamed", "ambiguous", "unmatched", "unitsWithout"] as const).map((key) => (
                <th key={key} scope="col">
                  {w(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.joins.map((join) => (
              <JoinRow key={join.name} join={join} />
            ))}
          </tbody>
        </table>
      </section>

      <section>
        <h3>{w("checks")}</h3>
        <ul class="ra-checks">
          {report.checks.map((check) => (
            <li key={t(check.name)}>
              <span class={check.ok ? "ra-ok" : "ra-attention"}>
                {check.ok ? "✓" : "!"} {w(check.ok ? "passed" : "attention")}
              </span>
              <div>
                <strong>{t(check.name)}</strong>
                <p>{t(check.detail)}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>

      <section>
        <h3>{w("omissions")}</h3>
        {report.omissions.length === 0 ? (
          <p>{w("nothingOmitted")}</p>
        ) : (
          <dl class="ra-omissions">
            {report.omissions.map((omission) => (
              <div key={t(omission.what)}>
                <dt>{t(omission.what)}</dt>
                <dd>{t(omission.why)}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>

      <Frameworks />

      <section>
        <h3>{w("method")}</h3>
        <dl class="ra-omissions">
          {[...spec.fields, ...spec.area_fields].map((field) => (
            <div key={field.id}>
              <dt>
                {t(field.title)} <span class="ra-quiet">{t(field.unit.name)}</span>
              </dt>
              <dd>{t(field.method)}</dd>
            </div>
          ))}
          <div>
            <dt>{w("projection")}</dt>
            <dd>
              {t(spec.projection.name)} · {w("datum")} {spec.projection.datum}
            </dd>
          </div>
        </dl>
      </section>
      <p class="ra-quiet">
        {w("builtBy")} {report.version}
      </p>
    </main>
  );
}

function JoinRow({ join }: { join: Join }) {
  const { w, t, integer } = useWords();
  const { spec, citations } = useApp().atlas;
  const title = [...spec.rankings, ...spec.clusters].find((item) => item.id === join.name)?.title ?? citations.get(join.name)?.title;
  const names = (list: readonly string[]) => (
    <td class={list.length === 0 ? "ra-quiet" : undefined}>
      {list.length === 0 ? (
        "0"
      ) : (
        <details>
          <summary>{integer(list.length)}</summary>
          <p>{list.join(w("listSeparator"))}</p>
        </details>
      )}
    </td>
  );
  return (
    <tr>
      <th scope="row">{title ? t(title) : join.name}</th>
      <td>{integer(join.rows)}</td>
      <td>{integer(join.matched)}</td>
      {names(join.renamed)}
      {names(join.ambiguous)}
      {names(join.unmatched)}
      <td>{join.units_without === null ? "–" : integer(join.units_without)}</td>
    </tr>
  );
}
