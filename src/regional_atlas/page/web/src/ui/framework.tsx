import { ROOT } from "../scoring/index.ts";
import type { Framework, FrameworkNode } from "../format.ts";
import { useApp, useWords } from "./context.ts";

/** The trees of the computed indices: weights as bars, proxies and gaps with their reasons. */
export function Frameworks() {
  const app = useApp();
  const { w, t } = useWords();
  const { frameworks } = app.atlas.store;
  if (frameworks.length === 0) return null;
  return (
    <section>
      <h3>{w("frameworks")}</h3>
      <p class="ra-quiet">{w("frameworkHint")}</p>
      {frameworks.map((framework) => (
        <details key={framework.ranking} class="ra-framework">
          <summary>
            {t(framework.title)} <Tally nodes={framework.nodes} />
          </summary>
          {framework.note && <p class="ra-quiet">{t(framework.note)}</p>}
          <Branch framework={framework} parent={ROOT} />
        </details>
      ))}
    </section>
  );
}

function Tally({ nodes }: { nodes: readonly FrameworkNode[] }) {
  const { w } = useWords();
  const parents = new Set(nodes.map((node) => node.parent));
  const count = (status: FrameworkNode["status"]) => nodes.filter((node) => !parents.has(node.code) && node.status === status).length;
  return (
    <span class="ra-quiet">
      {(["used", "proxy", "absent"] as const)
        .filter((status) => count(status) > 0)
        .map((status) => `${w(status)} ${count(status)}`)
        .join(" · ")}
    </span>
  );
}

function Branch({ framework, parent }: { framework: Framework; parent: string }) {
  const below = framework.nodes.filter((node) => node.parent === parent);
  if (below.length === 0) return null;
  const most = Math.max(...framework.nodes.flatMap((node) => [node.given ?? 0, node.share ?? 0])) || 1;
  return (
    <ul class="ra-tree">
      {below.map((node) => (
        <li key={node.code} data-status={node.status}>
          <Node node={node} most={most} />
          <Branch framework={framework} parent={node.code} />
        </li>
      ))}
    </ul>
  );
}

function Node({ node, most }: { node: FrameworkNode; most: number }) {
  const app = useApp();
  const { w, t, percent, dotted } = useWords();
  const citation = app.atlas.spec.citations.find((item) => item.id === node.citation);
  const source = node.source ?? (node.status === "absent" ? null : (citation?.title ?? null));
  const weight = (value: number | null) => (value === null ? "–" : percent(value));
  return (
    <div class="ra-tree-node">
      <span class="ra-tree-title">
        {node.status === "absent" ? <del>{t(node.title)}</del> : t(node.title)}
        {node.direction < 0 && <span class="ra-tag">{w("lessIsBetter")}</span>}
        {node.status !== "used" && <span class="ra-tag">{w(node.status)}</span>}
        {node.unit && <span class="ra-quiet"> {t(node.unit.name)}</span>}
      </span>
      <span class="ra-tree-weight">
        {weight(node.share)}
        {node.given !== node.share && <span class="ra-quiet"> ({weight(node.given)})</span>}
      </span>
      <svg class="ra-tree-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ra-bar-given" width={(100 * (node.given ?? 0)) / most} height={6} />
        <rect class="ra-bar-share" y={1.5} width={(100 * (node.share ?? 0)) / most} height={3} />
      </svg>
      {(node.reason ?? source) && (
        <span class="ra-quiet ra-tree-reason">{dotted([node.reason && t(node.reason), source && `${w("source")}: ${t(source)}`])}</span>
      )}
    </div>
  );
}
