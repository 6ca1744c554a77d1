import { lookUp } from "../data/model.ts";
import { childrenOf, ROOT, weightOf, problem, type Setting } from "../scoring/index.ts";
import type { Aggregation, Index, IndexNode, Normalisation } from "../format.ts";
import { useApp, useWords } from "./context.ts";

/** The weights of the index behind the plate, for the reader to change. */
export function Weights() {
  const app = useApp();
  const { t, w } = useWords();
  const { plate, atlas, state } = app;
  const index = plate ? app.indexOf(plate) : null;
  if (!index || !lookUp(atlas.store.indices, index.id)) return null;
  const setting = state.weights?.index === index.id ? state.weights : null;
  const change = (part: Partial<Setting>) => {
    const next: Setting = { index: index.id, weights: {}, normalise: null, aggregate: null, ...setting, ...part };
    if (problem(index, next) === null) app.store.dispatch({ type: "weights", setting: next });
  };
  const reset = () => app.store.dispatch({ type: "weights", setting: null });
  const normalise = setting?.normalise ?? index.normalise.method;
  const aggregate = setting?.aggregate ?? index.aggregate.method;
  const { index_methods: methods } = atlas.spec;
  const dimensions = childrenOf(index, ROOT);
  const fits = (chosen: Pick<Setting, "normalise" | "aggregate">) => problem(index, { index: index.id, weights: {}, ...chosen }) === null;
  return (
    <details class="ra-weights" open={setting !== null}>
      <summary>
        {w("weights")} {setting && <span class="ra-tag">{w("ownWeights")}</span>}
      </summary>
      <NodeList index={index} parent={ROOT} setting={setting} depth={0} change={(code, weight) => change({ weights: { ...setting?.weights, [code]: weight } })} />
      <label class="ra-field">
        <span>{w("normalisation")}</span>
        <select value={normalise} onChange={(event) => change({ normalise: event.currentTarget.value as Normalisation })}>
          {methods.normalise.map(({ id, title }) => (
            <option key={id} value={id} disabled={!fits({ normalise: id as Normalisation, aggregate })}>
              {t(title)}
            </option>
          ))}
        </select>
      </label>
      <label class="ra-field">
        <span>{w("aggregation")}</span>
        <select value={aggregate} onChange={(event) => change({ aggregate: event.currentTarget.value as Aggregation })}>
          {methods.aggregate.map(({ id, title }) => (
            <option key={id} value={id} disabled={!fits({ normalise, aggregate: id as Aggregation })}>
              {t(title)}
            </option>
          ))}
        </select>
      </label>
      <p class="ra-inputs">
        <button type="button" class="ra-chip" onClick={() => change({ weights: allAt(index, () => 1) })}>
          {w("equalWeights")}
        </button>
        {dimensions.length > 1 &&
          dimensions.map((dimension) => (
            <button key={dimension.code} type="button" class="ra-chip" onClick={() => change({ weights: onlyIn(index, dimension) })}>
              {w("onlyOf", { title: t(dimension.title) })}
            </button>
          ))}
        {setting && (
          <button type="button" class="ra-chip" onClick={reset}>
            {w("publishedWeights")}
          </button>
        )}
      </p>
    </details>
  );
}

function allAt(index: Index, weight: (node: IndexNode) => number): Record<string, number> {
  return Object.fromEntries(index.nodes.map((node) => [node.code, weight(node)]));
}

/** All weight on one part of the index, the published weights within it. */
function onlyIn(index: Index, dimension: IndexNode): Record<string, number> {
  const beside = new Set(childrenOf(index, ROOT).filter((node) => node.code !== dimension.code).map((node) => node.code));
  return allAt(index, (node) => (beside.has(node.code) ? 0 : node.code === dimension.code ? 1 : node.weight));
}

interface NodeListProps {
  index: Index;
  parent: string;
  setting: Setting | null;
  depth: number;
  change: (code: string, weight: number) => void;
}

function NodeList({ index, parent, setting, depth, change }: NodeListProps) {
  const { t, percent } = useWords();
  const nodes = childrenOf(index, parent);
  const total = nodes.reduce((sum, node) => sum + weightOf(node, setting), 0);
  const most = Math.max(1, ...nodes.map((node) => node.weight));
  const share = (node: IndexNode) => percent(total > 0 ? weightOf(node, setting) / total : 0);
  return (
    <ul class="ra-weight-list" style={{ marginLeft: `${depth * 12}px` }}>
      {nodes.map((node) => (
        <li key={node.code}>
          <label class="ra-weight">
            <span>{t(node.title)}</span>
            <output>{share(node)}</output>
            <input
              type="range"
              min={0}
              max={most}
              step={most / 100}
              value={weightOf(node, setting)}
              aria-valuetext={share(node)}
              onInput={(event) => change(node.code, Number(event.currentTarget.value))}
            />
          </label>
          {childrenOf(index, node.code).length > 0 && <NodeList index={index} parent={node.code} setting={setting} depth={depth + 1} change={change} />}
        </li>
      ))}
    </ul>
  );
}
