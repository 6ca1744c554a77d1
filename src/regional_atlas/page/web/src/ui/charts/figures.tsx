/** Rows of bars, and columns of parts. */
import { scaleLinear } from "d3-scale";
import { NOTHING } from "../../state/app.ts";
import { columnOf, type Area } from "../../data/model.ts";
import type { Lang } from "../../text/language.ts";
import type { Unit } from "../../format.ts";
import { exact, short } from "../../text/numbers.ts";
import { CATEGORIES } from "../../classify/colour.ts";
import { sumsByParent } from "../../state/measure.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import { axisTitle } from "./distribution.tsx";
import type { ViewProps } from "../../state/plate.ts";
import { colorIn } from "../../state/marks.ts";
import { Chart, type Stop, HEIGHT, LEFT, NOTE, Note, RIGHT, TOP, WIDTH } from "./frame.tsx";

export interface Bar {
  key: string;
  title: string;
  value: number | null;
  text: string;
  units: readonly number[];
  area: Area | null;
}

/** Rows of bars that light their units and open their area. */
export function BarList({ label, bars, open }: { label: string; bars: readonly Bar[]; open?: (bar: Bar) => void }) {
  const app = useApp();
  const hover = useSignal(app.hover);
  const { marks } = app;
  const most = Math.max(...bars.map((bar) => bar.value ?? 0), 0);
  const lit = (bar: Bar) => hover.units.length > 0 && bar.units.includes(hover.units[0]);
  return (
    <ol class="ra-bars ra-bars-wide" aria-label={label} onPointerLeave={() => app.point(NOTHING)}>
      {bars.map((bar) => {
        const inside = (
          <>
            <span>{bar.title}</span>
            <i style={{ width: `${most > 0 ? Math.max(0, (100 * (bar.value ?? 0)) / most) : 0}%`, background: bar.area ? (colorIn(marks, bar.units) ?? undefined) : undefined }} />
            <b>{bar.text}</b>
          </>
        );
        return (
          <li key={bar.key} class={lit(bar) ? "ra-lit" : ""} onPointerEnter={() => app.point({ ...NOTHING, units: bar.units })}>
            {bar.area ? (
              <button type="button" class="ra-bar-row" aria-current={marks.some(({ unit, color }) => color === null && bar.units.includes(unit)) ? "true" : undefined} onClick={() => (open ? open(bar) : app.openArea(bar.area!))}>
                {inside}
              </button>
            ) : (
              <div class="ra-bar-row">{inside}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}

export interface Layer {
  title: string;
  slot: number;
  values: number[];
  /** Some members have no value in some of the columns. */
  partial?: boolean;
  units: readonly number[];
  area: Area | null;
}

/** The parts of a field that adds up, one column for each year. */
export function Stacked({ view, measure }: ViewProps) {
  const { lang } = useApp().state;
  const app = useApp();
  const { w } = useWords();
  const { atlas } = app;
  const level = atlas.spec.levels.at(0);
  const years = measure.field?.years;
  if (!years || !level) return <p class="ra-empty">{w("noRows")}</p>;
  const sums = years.map((year) => sumsByParent(atlas, level.id, { values: columnOf(atlas, measure.field!.id, year), members: measure.members }, lang));
  const layers = sums[sums.length - 1].map(({ parent, title, units }): Layer => {
    const found = sums.map((groups) => groups.find((group) => group.parent === parent));
    const partial = found.some((group) => group?.partial);
    return {
      title: `${title}${partial ? "*" : ""}`,
      slot: parent,
      values: found.map((group) => group?.sum ?? 0),
      partial,
      units,
      area: { scope: level.id, id: atlas.store.parents[level.id].ids[parent] },
    };
  });
  // The year is the plate's to change, where it has years.
  const pick = app.kindOf(view.plate).years ? (at: number) => app.store.dispatch({ type: "year", year: years[at] }) : undefined;
  return <Columns columns={years.map(String)} now={view.year === null ? -1 : years.indexOf(view.year)} layers={layers} title={axisTitle(measure.field, lang)} unit={measure.field!.unit} pick={pick} />;
}

interface ColumnsProps {
  columns: string[];
  layers: Layer[];
  title: string;
  unit: Unit;
  /** The column that the map shows, and what a click below a column does. */
  now?: number;
  pick?: ((column: number) => void) | undefined;
}

export function Columns({ columns, layers, title, unit, now = -1, pick }: ColumnsProps) {
  const app = useApp();
  const { w } = useWords();
  const { lang } = app.state;
  const hover = useSignal(app.hover);
  const totals = columns.map((_, c) => layers.reduce((sum, layer) => sum + layer.values[c], 0));
  const bottom = HEIGHT - 22;
  const y = scaleLinear([0, Math.max(...totals)], [bottom, TOP + 14]);
  const step = (WIDTH - LEFT - RIGHT) / columns.length;
  const width = Math.min(step * 0.72, 84);
  const boxes = columns.flatMap((_, c) => {
    let from = 0;
    return layers.map((layer, l) => {
      const box = { c, l, x: LEFT + (c + 0.5) * step - width / 2, top: y(from + layer.values[c]), bottom: y(from) };
      from += layer.values[c];
      return box;
    });
  });
  const at = (px: number, py: number) => boxes.find((box) => px >= box.x && px <= box.x + width && py >= box.top && py <= box.bottom);
  const openLayer = (layer: Layer | undefined) => {
    if (layer?.area) app.openArea(layer.area);
  };
  const stops: Stop[] = layers.map((layer) => ({
    units: layer.units,
    label: () => `${layer.title}: ${columns.map((column, c) => `${column} ${text(layer.values[c], unit, lang)}`).join(", ")}`,
    open: () => openLayer(layer),
  }));
  if (pick) stops.push(...columns.map((column, c) => ({ units: [], label: () => `${column}: ${text(totals[c], unit, lang)}`, open: () => pick(c) })));
  const { marks } = app;
  const colours = layers.map((layer) => colorIn(marks, layer.units));
  const lit = (layer: Layer) => hover.units.length > 0 && layer.units.includes(hover.units[0]);
  const someWithout = layers.some((layer) => layer.partial) ? w("someWithout") : null;
  return (
    <>
      <p class="ra-keys-line">
        {layers.map((layer) => (
          <span key={layer.title}>
            <i class="ra-dot" style={{ background: CATEGORIES[layer.slot % CATEGORIES.length] }} />
            {layer.title}
          </span>
        ))}
      </p>
      <Chart
        label={`${w("stacked")}: ${title}. ${layers.map((layer) => `${layer.title} ${[layer.values[0], layer.values[layer.values.length - 1]].map((value) => text(value, unit, lang)).join(" → ")}`).join("; ")}${someWithout ? `. ${someWithout}` : ""}`}
        height={someWithout ? HEIGHT + NOTE : HEIGHT}
        stops={stops}
        unitsAt={(px, py) => layers[at(px, py)?.l ?? -1]?.units ?? []}
        open={(px, py) => {
          const box = at(px, py);
          if (box) openLayer(layers[box.l]);
          else pick?.(Math.max(0, Math.min(columns.length - 1, Math.floor((px - LEFT) / step))));
        }}
      >
        <text class="ra-axis-text" x={2} y={9}>
          {title}
        </text>
        {y.ticks(4).map((value) => (
          <g key={value} class="ra-axis-text">
            <line class="ra-axis" x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 5} y={y(value) + 4} text-anchor="end">
              {text(value, unit, lang)}
            </text>
          </g>
        ))}
        {boxes.map(({ c, l, x, top, bottom: foot }) => (
          <g key={`${c} ${l}`}>
            <rect x={x} y={top} width={width} height={Math.max(0, foot - top - 0.8)} fill={CATEGORIES[layers[l].slot % CATEGORIES.length]} class={lit(layers[l]) ? "ra-chosen" : ""} />
            {colours[l] && <rect class="ra-held" x={x} y={top} width={width} height={Math.max(0, foot - top - 0.8)} style={{ stroke: colours[l] }} />}
            {width > 34 && foot - top > 13 && (
              <text class="ra-on-colour" x={x + width / 2} y={(top + foot) / 2 + 4} text-anchor="middle">
                {text(layers[l].values[c], unit, lang)}
              </text>
            )}
          </g>
        ))}
        {columns.map((column, c) =>
          c !== now && columns.length > 8 && (c % 2 === 1 || Math.abs(c - now) === 1) ? null : (
            <text key={column} class={c === now ? "ra-axis-text ra-line-value" : "ra-axis-text"} x={LEFT + (c + 0.5) * step} y={bottom + 14} text-anchor="middle">
              {column}
            </text>
          ),
        )}
        {someWithout && <Note text={someWithout} />}
      </Chart>
    </>
  );
}

const text = (value: number, unit: Unit, lang: Lang) => (Number.isInteger(value) && Math.abs(value) < 10_000 ? exact(value, 0, unit, lang) : short(value, lang, unit));
