/** Clusters as proportional symbols; the units of a cluster are linked. */
import { hierarchy, pack } from "d3-hierarchy";
import { CATEGORIES, mix } from "../classify/colour.ts";
import { groupTitle, parentName, unitName, type Atlas } from "../data/model.ts";
import type { Cluster, ClusterSet, ClustersPlate } from "../format.ts";
import { radiusOf } from "../map/symbols.ts";
import { NOTHING } from "../state/app.ts";
import { colorIn } from "../state/marks.ts";
import type { PlateKind, PlateView, ViewProps } from "../state/plate.ts";
import type { Table, TableColumn } from "../state/table.ts";
import { counted, tongueOf, word, list, everyWay, type Lang } from "../text/language.ts";
import { exact, storedUnit, withUnit } from "../text/numbers.ts";
import { Chart, WIDTH } from "../ui/charts/frame.tsx";
import { useApp, useSignal, useWords } from "../ui/context.ts";
import { NAMED } from "../ui/describe.ts";
import { column } from "./tables.ts";
import { noText, unclassed } from "./view.ts";

const setOf = (atlas: Atlas, plate: ClustersPlate): ClusterSet => atlas.spec.clusters.find((item) => item.id === plate.set)!;

/** Circles of three sizes with what they stand for. */
function Legend({ view: { plate } }: { view: PlateView<ClustersPlate> }) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const set = setOf(app.atlas, plate);
  const sizes = [...new Set(set.items.flatMap((item) => (item.size === null ? [] : [item.size])))].sort((a, b) => b - a);
  const most = sizes.at(0);
  const shown = sizes.length > 3 ? [sizes[0], sizes[Math.floor(sizes.length / 2)], sizes[sizes.length - 1]] : sizes;
  return (
    <div>
      {most !== undefined && (
        <ul class="ra-sizes">
          {shown.map((size) => (
            <li key={size}>
              <span class="ra-circle" style={{ width: `${2 * radiusOf(size, sizes[0])}px` }} />
              <span>{exact(size, 0, set.size_unit, app.state.lang)}</span>
            </li>
          ))}
          <li class="ra-quiet">{set.size_unit ? t(set.size_unit.name) : ""}</li>
        </ul>
      )}
      <p class="ra-quiet ra-small">
        {integer(set.items.length)} {w("clusters")} · {w("clusterNote")}
      </p>
    </div>
  );
}

function table(atlas: Atlas, { plate }: PlateView<ClustersPlate>, lang: Lang): Table {
  const set = setOf(atlas, plate);
  const sized = set.items.some((item) => item.size !== null);
  const grouped = set.items.some((item) => item.group !== null);
  const columns: TableColumn[] = [column(lang, "cluster", "name")];
  columns.push(column(lang, "place", "text"));
  if (grouped) columns.push(column(lang, "group", "text"));
  if (sized) {
    columns.push({
      ...column(lang, "size", "number", (cell) => (typeof cell === "number" ? exact(cell, 0, set.size_unit, lang) : "–")),
      title: set.size_unit?.name[lang] ?? word("size", lang),
      stored: set.size_unit ? storedUnit(set.size_unit, lang) : word("size", lang),
      bar: Math.max(...set.items.map((item) => item.size ?? 0)),
    });
  }
  return {
    columns: columns.map((item) => (item.id === "cluster" ? { ...item, id: "unit" } : item)),
    rows: set.items.map((item) => {
      const names = list(item.units.map((unit) => unitName(atlas, unit, lang)), lang);
      return {
        key: item.id,
        units: item.units,
        area: null,
        slot: null,
        cells: [item.title[lang], names, ...(grouped ? [groupTitle(set, item, lang)] : []), ...(sized ? [item.size] : [])],
        text: `${everyWay(item.title).join(" ")} ${names}`.toLowerCase(),
      };
    }),
    sort: sized ? { column: "size", descending: true } : { column: "unit", descending: false },
  };
}

function describe(atlas: Atlas, { plate }: PlateView<ClustersPlate>, _: Uint8Array | null, lang: Lang): string[] {
  const set = setOf(atlas, plate);
  const where = new Set(set.items.flatMap((item) => item.units)).size;
  const sized = set.items.filter((item) => item.size !== null).sort((a, b) => b.size! - a.size!);
  const one = (item: (typeof sized)[number]) => `${item.units.length > 0 ? `${unitName(atlas, item.units[0], lang)} ` : ""}${item.title[lang]} ${withUnit(exact(item.size!, 0, set.size_unit, lang), set.size_unit, lang)}`;
  const spread = word("mapClusters", lang, { count: set.items.length, where: counted(where, atlas.spec.unit_level.title, lang) });
  if (sized.length === 0) return [spread];
  return [spread, word("mapLargest", lang, { names: list(sized.slice(0, NAMED).map(one), lang) })];
}

/** Groups from the oldest on, each with its clusters; a group without a year stands last. */
function Timeline({ view: { plate } }: ViewProps<ClustersPlate>) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const { atlas, state, mask } = app;
  const set = setOf(atlas, plate);
  const groups = [...set.groups].sort((a, b) => (a.since ?? Infinity) - (b.since ?? Infinity));
  return (
    <ol class="ra-timeline" aria-label={w("timeline")} onPointerLeave={() => app.point(NOTHING)}>
      {groups.map((group) => {
        const items = set.items.filter((item) => item.group === group.id && (!mask || item.units.some((unit) => mask[unit])));
        return (
          <li key={group.id} onPointerEnter={() => app.point({ ...NOTHING, units: items.flatMap((item) => item.units) })}>
            <b class={group.since === null ? "ra-quiet ra-small" : ""}>{group.since ?? w("noYear")}</b>
            <h3>
              {t(group.title)} <span class="ra-quiet">{integer(items.length)}</span>
            </h3>
            {group.source && <p class="ra-quiet ra-small">{t(group.source)}</p>}
            <ul>
              {items.map((item) => (
                <li key={item.id} onPointerEnter={() => app.point({ ...NOTHING, units: item.units })}>
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
function Bubbles({ view: { plate } }: ViewProps<ClustersPlate>) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const hover = useSignal(app.hover);
  const { atlas, state, mask } = app;
  const { lang } = state;
  const set = setOf(atlas, plate);
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
        <span class="ra-quiet">{set.size_unit ? t(set.size_unit.name) : ""}</span>
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

export const clusters: PlateKind<ClustersPlate> = {
  view: (atlas, plate) => unclassed(atlas, plate, { paper: atlas.count }),
  Legend,
  charts(atlas, { plate }) {
    const { groups, items } = setOf(atlas, plate);
    return {
      timeline: groups.some((group) => group.since !== null) ? Timeline : null,
      bubble: items.some((item) => item.size !== null) ? Bubbles : null,
    };
  },
  ownRows: true,
  table,
  valueText: noText,
  describe,
  drawing: (atlas, plate) => ({ symbols: setOf(atlas, plate) }),
};
