/** Clusters: their programmes over time, and their sizes as packed circles. */
import { hierarchy, pack } from "d3-hierarchy";
import { NOTHING } from "../../state/app.ts";
import { parentName, unitName } from "../../data/model.ts";
import type { Cluster, ClustersPlate } from "../../format.ts";
import { tongueOf } from "../../text/language.ts";
import { exact, integer } from "../../text/numbers.ts";
import { CATEGORIES, mix } from "../../classify/colour.ts";
import { colorIn } from "../../state/marks.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import type { ViewProps } from "./distribution.tsx";
import { Chart, WIDTH } from "./frame.tsx";

/** Groups from the oldest on, each with its clusters; a group without a year stands last. */
export function Timeline({ view }: ViewProps) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, state, mask } = app;
  const set = atlas.spec.clusters.find((item) => item.id === (view.plate as ClustersPlate).set)!;
  const groups = [...set.groups].sort((a, b) => (a.since ?? Infinity) - (b.since ?? Infinity));
  return (
    <ol class="ra-timeline" aria-label={w("timeline")} onPointerLeave={() => app.hover.set(NOTHING)}>
      {groups.map((group) => {
        const items = set.items.filter((item) => item.group === group.id && (!mask || item.units.some((unit) => mask[unit])));
        return (
          <li key={group.id} onPointerEnter={() => app.hover.set({ ...NOTHING, units: items.flatMap((item) => item.units) })}>
            <b class={group.since === null ? "ra-quiet ra-small" : ""}>{group.since ?? w("noYear")}</b>
            <h3>
              {t(group.title)} <span class="ra-quiet">{integer(items.length)}</span>
            </h3>
            {group.source && <p class="ra-quiet ra-small">{t(group.source)}</p>}
            <ul>
              {items.map((item) => (
                <li key={item.id} onPointerEnter={() => app.hover.set({ ...NOTHING, units: item.units })}>
                  <button type="button" class="ra-link" lang={tongueOf(t(item.title))} aria-current={item.units.some((unit) => app.selected.includes(unit)) ? "true" : undefined} style={{ color: colorIn(app.marks, item.units) ?? undefined }} onClick={() => app.select(item.units)}>
                    {t(item.title)}
                  </button>{" "}
                  <span class="ra-quiet ra-small">{item.units.map((unit) => unitName(atlas, unit, state.lang)).join(w("listSeparator"))}</span>
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}

interface Node {
  item: Cluster | null;
  children: Node[];
}

/** Area is size; colour is the outermost parent of the first unit. */
export function Bubbles({ view }: ViewProps) {
  const app = useApp();
  const { w, t } = useWords();
  const hover = useSignal(app.hover);
  const { atlas, state, mask } = app;
  const { lang } = state;
  const set = atlas.spec.clusters.find((item) => item.id === (view.plate as ClustersPlate).set)!;
  const items = set.items.filter((item) => item.size !== null && (!mask || item.units.some((unit) => mask[unit])));
  if (items.length === 0) return <p class="ra-empty">{w("noRows")}</p>;
  const root = hierarchy<Node>({ item: null, children: items.map((item) => ({ item, children: [] })) })
    .sum(({ item }) => item?.size ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const circles = pack<Node>().size([WIDTH, WIDTH]).padding(2)(root).leaves();
  const level = atlas.spec.levels.at(0);
  const outer = (item: Cluster) => (level ? (atlas.store.parents[level.id].of[item.units[0]] ?? -1) : -1);
  const present = [...new Set(items.map(outer))].filter((at) => at >= 0).sort((a, b) => a - b);
  const found = (px: number, py: number) => circles.find(({ x, y, r }) => Math.hypot(px - x, py - y) <= r)?.data.item ?? null;
  const largest = circles.slice(0, 3).map(({ data }) => `${t(data.item!.title)} ${exact(data.item!.size!, 0, set.size_unit, lang)}`);
  return (
    <>
      <p class="ra-keys-line">
        {level &&
          present.map((at) => (
            <span key={at}>
              <i class="ra-dot" style={{ background: CATEGORIES[at % CATEGORIES.length] }} />
              {parentName(atlas, level.id, at, lang)}
            </span>
          ))}
        <span class="ra-quiet">{set.size_unit ? t(set.size_unit) : ""}</span>
      </p>
      <Chart
        height={WIDTH}
        label={`${w("bubble")}: ${t(set.title)}. ${largest.join("; ")}`}
        stops={circles.map(({ data }) => ({ units: data.item!.units, label: () => `${t(data.item!.title)}: ${integer(data.item!.size!)}` }))}
        unitsAt={(px, py) => found(px, py)?.units ?? []}
        open={(px, py) => {
          const item = found(px, py);
          if (item && item.units.length > 1) app.select(item.units);
        }}
      >
        {circles.map(({ x, y, r, data }) => {
          const item = data.item!;
          const name = item.units.length > 0 ? unitName(atlas, item.units[0], lang) : "";
          const lit = hover.units.length > 0 && item.units.includes(hover.units[0]);
          const color = colorIn(app.marks, item.units) ?? (lit ? "var(--ra-ink)" : null);
          return (
            <g key={item.id}>
              <circle cx={x} cy={y} r={r} fill={mix("#fbfaf6", CATEGORIES[Math.max(0, outer(item)) % CATEGORIES.length], 0.7)} class={color ? "ra-held" : ""} style={color ? { stroke: color } : undefined}>
                <title>{`${t(item.title)}, ${name}: ${exact(item.size!, 0, set.size_unit, lang)}`}</title>
              </circle>
              {lines(t(item.title), name, r).map((line, i, all) => (
                <text key={line} class={i === 0 ? "ra-treemap-text" : "ra-on-pale"} x={x} y={y + 3.5 + (i - (all.length - 1) / 2) * 11} text-anchor="middle">
                  {line}
                </text>
              ))}
            </g>
          );
        })}
      </Chart>
    </>
  );
}

/** The unit's name, and below it the cluster's without its kind, where there is room. */
function lines(title: string, name: string, r: number): string[] {
  const short = title.replace(/(产业)?集群$/, "");
  const width = (line: string) => Array.from(line).reduce((sum, character) => sum + (character > "\u2e7f" ? 10 : 5.8), 0);
  return [name, short].filter((line) => line && width(line) <= r * 1.8);
}
