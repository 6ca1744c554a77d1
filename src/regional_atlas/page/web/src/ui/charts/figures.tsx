/** Published figures as bars and stacks, and what a province holds of a list as bars. */
import { scaleLinear } from "d3-scale";
import { NOTHING } from "../../state/app.ts";
import { columnOf, parentName, type Area } from "../../data/model.ts";
import type { CoveragePlate, FigurePlate, Language, Unit } from "../../format.ts";
import { exact, integer, percent, short } from "../../text/numbers.ts";
import { areaOf, cellText, titleOfRow, unitsOfRow } from "../../plates/figure.ts";
import { CATEGORIES } from "../../classify/colour.ts";
import { sumsByParent } from "../../plates/measure.ts";
import { useApp, useSignal, useWords } from "../context.ts";
import { axisTitle, type ViewProps } from "./distribution.tsx";
import { colorIn } from "../../state/marks.ts";
import { Chart, type Stop, HEIGHT, LEFT, NOTE, Note, RIGHT, TOP, WIDTH } from "./frame.tsx";

interface Bar {
  key: string;
  title: string;
  value: number | null;
  text: string;
  units: readonly number[];
  area: Area | null;
}

/** Rows of bars that light their units and open their area. */
function BarList({ label, bars, open }: { label: string; bars: readonly Bar[]; open?: (bar: Bar) => void }) {
  const app = useApp();
  const hover = useSignal(app.hover);
  const { marks } = app;
  const most = Math.max(...bars.map((bar) => bar.value ?? 0), 0);
  const lit = (bar: Bar) => hover.units.length > 0 && bar.units.includes(hover.units[0]);
  return (
    <ol class="ra-bars ra-bars-wide" aria-label={label} onPointerLeave={() => app.hover.set(NOTHING)}>
      {bars.map((bar) => {
        const inside = (
          <>
            <span>{bar.title}</span>
            <i style={{ width: `${most > 0 ? Math.max(0, (100 * (bar.value ?? 0)) / most) : 0}%`, background: bar.area ? (colorIn(marks, bar.units) ?? undefined) : undefined }} />
            <b>{bar.text}</b>
          </>
        );
        return (
          <li key={bar.key} class={lit(bar) ? "ra-lit" : ""} onPointerEnter={() => app.hover.set({ ...NOTHING, units: bar.units })}>
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

/** One list of bars for each series, largest first; what is no area stands last. */
export function FigureBars({ view }: ViewProps) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, state } = app;
  const plate = view.plate as FigurePlate;
  const last = (title: string | null) => (title === null ? 0 : 1);
  return (
    <>
      {plate.series.map((series, at) => {
        const name = [t(series.title), t(series.unit) === "%" ? "" : t(series.unit)].filter(Boolean).join(", ");
        const bars = plate.rows
          .map((row, i): Bar & { order: number } => ({
            key: String(i),
            title: titleOfRow(atlas, plate, row, state.lang),
            value: row.values[at],
            text: cellText(row, at, series.unit, state.lang),
            units: unitsOfRow(atlas, plate, row, true),
            area: areaOf(atlas, plate, row),
            order: plate.scope ? last(row.title === null ? null : "") : 0,
          }))
          .sort((a, b) => a.order - b.order || (b.value ?? -1) - (a.value ?? -1));
        return (
          <section key={at}>
            {name && <h3 class="ra-chart-title">{name}</h3>}
            <BarList label={`${w("bar")}: ${name}`} bars={bars} />
          </section>
        );
      })}
    </>
  );
}

/** Parents by the share or the number of their units in the list. */
export function CoverageBars({ view }: ViewProps) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, state } = app;
  const plate = view.plate as CoveragePlate;
  const { of, ids } = atlas.store.parents[plate.level];
  const bars = plate.rows
    .filter((row) => row.count > 0)
    .sort((a, b) => b[plate.measure]! - a[plate.measure]! || b.count - a.count)
    .map((row): Bar => ({
      key: String(row.parent),
      title: parentName(atlas, plate.level, row.parent, state.lang),
      value: row[plate.measure],
      text: plate.measure === "share" ? percent(row.share!) : integer(row.count),
      units: of.flatMap((parent, unit) => (parent === row.parent ? [unit] : [])),
      area: { scope: plate.level, id: ids[row.parent] },
    }));
  const title = `${w(plate.measure === "share" ? "share" : "counted")} · ${t(atlas.rankings.get(plate.ranking)!.title)}`;
  return (
    <>
      <h3 class="ra-chart-title">{title}</h3>
      <BarList label={`${w("bar")}: ${title}`} bars={bars} />
    </>
  );
}

interface Layer {
  title: string;
  slot: number;
  values: number[];
  /** Some members have no value in some of the columns. */
  partial?: boolean;
  units: readonly number[];
  area: Area | null;
}

/** Columns of parts, one column for each series of a figure or each year of a field. */
export function Stacked({ view, measure }: ViewProps) {
  const { lang } = useApp().state;
  const app = useApp();
  const { w } = useWords();
  const { atlas } = app;
  const { plate } = view;
  const level = atlas.spec.levels.at(0);
  if (plate.kind === "figure") {
    const layers = plate.rows.map((row, i): Layer => ({
      title: titleOfRow(atlas, plate, row, lang),
      slot: row.area ?? i,
      values: row.values.map((value) => value ?? 0),
      units: unitsOfRow(atlas, plate, row, true),
      area: areaOf(atlas, plate, row),
    }));
    return <Columns columns={plate.series.map((series) => series.title[lang])} layers={layers} title={plate.series[0].unit[lang]} unit={plate.series[0].unit} />;
  }
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
  const pick = plate.kind === "years" ? (at: number) => app.store.dispatch({ type: "year", year: years[at] }) : undefined;
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

function Columns({ columns, layers, title, unit, now = -1, pick }: ColumnsProps) {
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

const text = (value: number, unit: Unit, lang: Language) => (Number.isInteger(value) && Math.abs(value) < 10_000 ? exact(value, 0, unit, lang) : short(value, lang, unit));
