/** Whole and parts: bars by parent, treemap of parents. */
import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from "d3-hierarchy";
import { NOTHING } from "../../state/app.ts";
import { markedName, shortName } from "../../data/model.ts";
import { short } from "../../text/numbers.ts";
import { CATEGORIES, mix } from "../../classify/colour.ts";
import { colorIn } from "../../state/marks.ts";
import { sumsByParent, wholeOf } from "../../state/measure.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import { axisTitle } from "./distribution.tsx";
import type { ViewProps } from "../../state/plate.ts";
import { Chart, HEIGHT, NOTE, Note, WIDTH } from "./frame.tsx";

/** About how long a text is in pixels, when a Chinese character takes so many. */
const lengthOf = (text: string, wide: number): number => Array.from(text).reduce<number>((sum, sign) => sum + (/[\u2e80-\uffef]/.test(sign) ? wide : wide * 0.57), 0);

const BARS = 20;
/** Marked units that stand below the first. */
const MOST_FURTHER = 8;

/** The first units of a field, and the marked ones below them; of a ranking without scores, how many each province has. */
export function Bars({ view, measure }: ViewProps) {
  const app = useApp();
  const { w, integer } = useWords();
  const { atlas, state, marks } = app;
  const hover = useSignal(app.hover);
  const { lang } = state;
  const level = atlas.spec.levels.slice(-2).at(0);
  const sorted = [...measure.units].sort((a, b) => measure.values[b]! - measure.values[a]!);
  const first = new Set(sorted.slice(0, BARS));
  const further = marks.map(({ unit }) => unit).filter((unit) => !first.has(unit) && measure.units.includes(unit));
  const bars =
    measure.field || !level
      ? [...first, ...further.slice(0, MOST_FURTHER)].map((unit) => ({ key: String(unit), title: markedName(atlas, unit, lang), value: measure.values[unit]!, units: [unit], open: () => app.select([unit]) }))
      : sumsByParent(atlas, level.id, measure, lang)
          .slice(0, BARS)
          .map(({ parent, title, sum, units }) => ({
            key: String(parent),
            title,
            value: sum,
            units,
            open: () => app.openArea({ scope: level.id, id: atlas.store.parents[level.id].ids[parent] }),
          }));
  const most = Math.max(...bars.map((bar) => bar.value), 0);
  return (
    <ol class="ra-bars" aria-label={`${w("bar")}: ${axisTitle(view.field, lang)}`} onPointerLeave={() => app.point(NOTHING)}>
      {bars.map((bar) => (
        <li key={bar.key} class={hover.units.length > 0 && bar.units.includes(hover.units[0]) ? "ra-lit" : ""} onPointerEnter={() => app.point({ ...NOTHING, units: bar.units })}>
          <button type="button" class="ra-bar-row" aria-current={marks.some(({ unit, color }) => color === null && bar.units.includes(unit)) ? "true" : undefined} onClick={bar.open}>
            <span>{bar.title}</span>
            <i style={{ width: `${most > 0 ? Math.max(0, (100 * bar.value) / most) : 0}%`, background: colorIn(marks, bar.units) ?? undefined }} />
            <b>{measure.field ? short(bar.value, lang, measure.field.unit) : integer(bar.value)}</b>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface Item {
  title: string;
  level: string | null;
  parent: number;
  sum: number;
  units: number[];
  partial: boolean;
  children: Item[];
}

/** Macro-regions, provinces and prefectures by what they hold of the field, or of the ranking. */
export function Treemap({ view }: ViewProps) {
  const app = useApp();
  const { w, t, integer } = useWords();
  const { atlas, state } = app;
  const { lang } = state;
  const levels = atlas.spec.levels.map((level) => level.id);
  const measure = wholeOf(view, app.mask);
  const build = (depth: number, within: readonly number[]): Item[] => {
    if (depth >= levels.length) return [];
    const level = levels[depth];
    return sumsByParent(atlas, level, { values: measure.values, members: within }, lang).map(({ parent, sum, units, members, partial }) => ({
      title: `${shortName(atlas, level, parent, lang)}${partial ? "*" : ""}`,
      level,
      parent,
      sum,
      units,
      partial,
      children: build(depth + 1, members),
    }));
  };
  const root = hierarchy<Item>({ title: "", level: null, parent: -1, sum: 0, units: measure.units, partial: false, children: build(0, measure.members) })
    .sum((item) => (item.children.length === 0 ? Math.max(0, item.sum) : 0))
    .sort((a, b) => b.value! - a.value!);
  const tree = treemap<Item>().size([WIDTH, HEIGHT]).tile(treemapSquarify).paddingInner(0.6)(root);
  const leaves = tree.leaves();
  const provinces = tree.descendants().filter((node) => node.depth === Math.max(1, levels.length - 1));
  const outer = (node: HierarchyRectangularNode<Item>) => node.ancestors().at(-2)!.data.parent;
  const hover = useSignal(app.hover);
  const { marks } = app;
  const colours = leaves.map(({ data }) => colorIn(marks, data.units));
  const leafAt = (x: number, y: number) => leaves.find((node) => x >= node.x0 && x <= node.x1 && y >= node.y0 && y <= node.y1)?.data;
  const at = (x: number, y: number) => leafAt(x, y)?.units ?? [];
  const openLeaf = (leaf: Item | undefined) => {
    if (leaf?.level) app.openArea({ scope: leaf.level, id: atlas.store.parents[leaf.level].ids[leaf.parent] });
  };
  const stops = leaves.map(({ data, value }) => ({
    units: data.units,
    label: () => `${data.title}: ${measure.field ? short(value ?? 0, lang, measure.field.unit) : integer(value ?? 0)}`,
    open: () => openLeaf(data),
  }));
  const shares = tree.children?.slice(0, 3).map((node) => `${node.data.title} ${Math.round((100 * node.value!) / (tree.value ?? 1))}%`) ?? [];
  const someWithout = tree.descendants().some((node) => node.data.partial) ? w("someWithout") : null;
  return (
    <Chart
      label={[`${w("treemap")}: ${axisTitle(measure.field, lang) || t(view.plate.title)}`, shares.join(", "), someWithout].filter(Boolean).join(". ")}
      height={someWithout ? HEIGHT + NOTE : HEIGHT}
      stops={stops}
      unitsAt={at}
      open={(x, y) => openLeaf(leafAt(x, y))}
    >
      {leaves.map((node, i) => (
        <rect
          key={i}
          x={node.x0}
          y={node.y0}
          width={Math.max(0, node.x1 - node.x0)}
          height={Math.max(0, node.y1 - node.y0)}
          fill={mix("#fbfaf6", CATEGORIES[outer(node) % CATEGORIES.length], 0.55)}
        />
      ))}
      {leaves.map((node, i) => {
        // Its own name, below the name that its province bears.
        const { x0, x1, y0, y1, data } = node;
        const fits = x1 - x0 > lengthOf(data.title, 10) + 4 && y1 - y0 > (provinces.some((outer) => outer.x0 === x0 && outer.y0 === y0) ? 29 : 15);
        return fits ? (
          <text key={i} class="ra-on-pale" x={x0 + 3} y={y1 - 4}>
            {data.title}
          </text>
        ) : null;
      })}
      {leaves.map((node, i) => {
        const lit = hover.units.length > 0 && node.data.units.includes(hover.units[0]);
        const color = colours[i] ?? (lit ? "var(--ra-ink)" : null);
        return color && <rect key={i} class="ra-held" x={node.x0} y={node.y0} width={Math.max(0, node.x1 - node.x0)} height={Math.max(0, node.y1 - node.y0)} style={{ stroke: color }} />;
      })}
      {provinces.map((node, i) => (
        <g key={i}>
          <rect class="ra-treemap-border" x={node.x0} y={node.y0} width={node.x1 - node.x0} height={node.y1 - node.y0} />
          {node.x1 - node.x0 > lengthOf(node.data.title, 12) && node.y1 - node.y0 > 16 && (
            <text class="ra-treemap-text" x={node.x0 + 3} y={node.y0 + 13}>
              {node.data.title}
            </text>
          )}
        </g>
      ))}
      {someWithout && <Note text={someWithout} />}
    </Chart>
  );
}
