/** Small multiples: one small map for each year or field, all from the one geometry. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { NOTHING } from "../state/app.ts";
import { unitName, type Atlas } from "../data/model.ts";
import type { Box } from "../format.ts";
import type { Topology } from "../data/topology.ts";
import { detailOf } from "../geometry/detail.ts";
import { hitsOf } from "../geometry/hit.ts";
import { insetTopology } from "../geometry/inset.ts";
import { makeFrame, type Frame } from "../map/frame.ts";
import { outlineMarks, paintBorders } from "../map/paint.ts";
import { colourPixels, sharesOf, type Shares, type Window } from "../map/pixels.ts";
import { bordersOf, mapTheme, unitFills, type Borders } from "../map/scene.ts";
import { remember } from "../map/remember.ts";
import { Soon } from "../map/soon.ts";
import type { MapTheme } from "../map/theme.ts";
import { short } from "../text/numbers.ts";
import type { SmallMap } from "../state/plate.ts";
import { useApp, useLater, useSignal, useWords } from "./context.ts";
import { mapText } from "./describe.ts";
import { Strip } from "./legend.tsx";

const CAPTION = 24;
const STRIP = 30;
const GAP = 8;
const EDGE = 6;
/** Width of an inset, as a share of its map's: narrower where it would cover land, down to the least. */
const INSET = 0.17;
const LEAST_INSET = 0.1;
/** Units that are lit together: more would hide the map. */
const MOST_LIT = 40;

interface Layout {
  columns: number;
  width: number;
  height: number;
}

/** The number of columns that makes the maps largest. */
export function layoutOf(count: number, width: number, height: number, box: Box, beside = CAPTION): Layout {
  const [across, up] = [box[2] - box[0], box[3] - box[1]];
  let best: Layout & { scale: number } = { columns: 1, width: 0, height: 0, scale: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = { width: (width - GAP * (columns + 1)) / columns, height: (height - GAP * (rows + 1)) / rows - beside };
    const scale = Math.min(cell.width / across, cell.height / up);
    const tall = (cell.width * up) / across + 2 * EDGE;
    if (scale > best.scale) best = { columns, width: Math.floor(cell.width), height: Math.floor(Math.min(cell.height, tall)), scale };
  }
  return best;
}

export function Multiples() {
  const app = useApp();
  const { grid } = app;
  return grid && <Grid maps={grid} />;
}

function Grid({ maps }: { maps: SmallMap[] }) {
  const app = useApp();
  const { t } = useWords();
  const root = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = root.current!;
    const measure = () => {
      const style = getComputedStyle(element);
      const padding = (...sides: string[]) => sides.reduce((sum, side) => sum + parseFloat(side), 0);
      const width = element.clientWidth - padding(style.paddingLeft, style.paddingRight);
      const height = element.clientHeight - padding(style.paddingTop, style.paddingBottom);
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { atlas } = app;
  const plate = app.plate!;
  const own = !app.kindOf(plate).classes?.(plate);
  const layout = layoutOf(maps.length, size.width, size.height, atlas.spec.view, own ? CAPTION + STRIP : CAPTION);
  return (
    <div ref={root} class="ra-multiples" role="group" aria-label={t(plate.title)} style={{ gridTemplateColumns: `repeat(${layout.columns}, auto)` }} onPointerLeave={() => app.point(NOTHING)}>
      {layout.width > 40 && layout.height > 40 && maps.map((map) => <Small key={map.id} map={map} layout={layout} own={own} />)}
    </div>
  );
}

function Small({ map, layout, own }: { map: SmallMap; layout: Layout; own: boolean }) {
  const app = useApp();
  const { w, t } = useWords();
  const { atlas, mask, marks, state } = app;
  const { view } = map;
  const dark = useSignal(app.night);
  const hover = useSignal(app.hover);
  const areas = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const theme = mapTheme(view, dark);
  const fills = useMemo(() => unitFills(view, mask, theme, dark, atlas.count), [view, mask, theme, dark]);
  const { width, height } = layout;
  const ratio = window.devicePixelRatio || 1;
  // Not while the text and the controls around it are made: the first map of a size takes as long as they do.
  const ground = () => groundOf(atlas.topology, atlas, width, height, ratio);

  useLayoutEffect(() => {
    const soon = new Soon(() => {
      const { main, insets } = ground();
      const ctx = sized(areas.current!, main.width, main.height);
      for (const { shares, left, top } of [{ shares: main, left: 0, top: 0 }, ...insets]) colourPixels(ctx, shares, { theme, ...fills }, left, top);
      ctx.drawImage(linesOf(ground(), atlas, theme), 0, 0);
    });
    soon.ask();
    return soon.cancel;
  }, [fills, theme, atlas, width, height, ratio]);

  const lit = hover.units.length < MOST_LIT ? hover.units : [];
  useLayoutEffect(() => {
    const soon = new Soon(() => {
      const { main } = ground();
      const canvas = above.current!;
      if (lit.length + marks.length === 0 && canvas.width !== main.width) return;
      const ctx = sized(canvas, main.width, main.height);
      ctx.clearRect(0, 0, canvas.width, canvas.height);
      const frame = frameOf(ctx, atlas, ground());
      outlineMarks(frame, atlas.topology, theme, [...marks, ...lit.map((unit) => ({ unit, color: theme.ink }))], 1.8);
    });
    soon.ask();
    return soon.cancel;
  }, [marks, lit, theme, atlas, width, height, ratio]);

  const unitAt = (event: MouseEvent): number => {
    const rect = areas.current!.getBoundingClientRect();
    const { x0, y0, scale } = ground().window;
    return hitsOf(atlas.topology).at(x0 + ((event.clientX - rect.left) * ratio) / scale, y0 - ((event.clientY - rect.top) * ratio) / scale);
  };
  const said = useLater(() => mapText(app, view, mask, app.selected, state.lang), [atlas, view, mask, app.selected, state.lang]);
  const one = lit.at(0) ?? marks.at(0)?.unit ?? null;
  const value = one === null ? null : view.values[one];
  return (
    <div class="ra-multiple">
      <button type="button" class="ra-multiple-title" title={`${w("show")} ${t(map.title)}`} onClick={() => app.store.dispatch(map.open)}>
        <b>{t(map.title)}</b>
        {one !== null && <span>{`${unitName(atlas, one, state.lang)} ${value === null ? "–" : short(value, state.lang, view.field?.unit ?? null)}`}</span>}
      </button>
      <div
        class="ra-multiple-map"
        role="img"
        aria-label={said || t(map.title)}
        style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
        onPointerMove={(event) => {
          const unit = unitAt(event);
          app.point(unit < 0 ? NOTHING : { ...NOTHING, units: [unit], row: atlas.store.unit_id[unit] });
        }}
        onClick={(event) => {
          const unit = unitAt(event);
          if (unit >= 0) app.select([unit]);
          else if (state.selection.length > 0) app.select([]);
        }}
      >
        <canvas ref={areas} aria-hidden="true" />
        <canvas ref={above} aria-hidden="true" />
      </div>
      {own && <Strip view={view} marks={view.marks(state.lang)} />}
    </div>
  );
}

/** What all small maps of a size have in common: which units their pixels show, in the map and its insets. */
interface Ground {
  window: Window;
  ratio: number;
  main: Shares;
  insets: { shares: Shares; topology: Topology; window: Window; left: number; top: number }[];
}

const groundOf = remember((topology: Topology, atlas: Atlas, across: number, up: number, ratio: number): Ground => {
  const { view, insets } = atlas.spec;
  const [width, height, edge] = [Math.round(across * ratio), Math.round(up * ratio), EDGE * ratio];
  const scale = Math.min((width - 2 * edge) / (view[2] - view[0]), (height - 2 * edge) / (view[3] - view[1]));
  const window = { x0: (view[0] + view[2]) / 2 - width / scale / 2, y0: (view[1] + view[3]) / 2 + height / scale / 2, scale, width, height };
  const shares = (drawn: Topology, part: Window) => sharesOf(drawn, detailOf(drawn).at(ratio / part.scale), part);
  const main = shares(topology, window);
  let right = Math.round(width - ratio);
  const corner = [...insets].reverse().map((inset) => {
    const { bounds } = inset;
    const own = insetTopology(topology, atlas.spec, inset);
    const at = (wide: number) => {
      const scale = wide / (bounds[2] - bounds[0]);
      const part = { x0: bounds[0], y0: bounds[3], scale, width: wide, height: Math.round((bounds[3] - bounds[1]) * scale) };
      return { window: part, left: right - wide, top: Math.round(height - part.height - ratio) };
    };
    let wide = Math.round(width * INSET);
    while (wide > width * LEAST_INSET && coversLand(main, at(wide))) wide -= 1;
    const placed = at(wide);
    right = Math.round(placed.left - 4 * ratio);
    return { ...placed, topology: own, shares: shares(own, placed.window) };
  });
  return { window, ratio, main, insets: corner };
});

function coversLand({ width, start, unit }: Shares, { window, left, top }: { window: Window; left: number; top: number }): boolean {
  for (let y = Math.max(0, top); y < top + window.height; y++) {
    for (let k = start[y * width + Math.max(0, left)]; k < start[y * width + left + window.width]; k++) if (unit[k] >= 0) return true;
  }
  return false;
}

/** The borders above all small maps of a size, drawn once. */
const linesOf = remember((ground: Ground, atlas: Atlas, theme: MapTheme): HTMLCanvasElement => {
  const canvas = document.createElement("canvas");
  const ctx = sized(canvas, ground.main.width, ground.main.height);
  const borders = outerBorders(atlas);
  const scene = { theme, borders, drawn: atlas.topology.drawn };
  paintBorders(frameOf(ctx, atlas, ground), atlas.topology, scene);
  for (const { topology, window, left, top } of ground.insets) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(left, top, window.width, window.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, window.width, window.height);
    ctx.clip();
    ctx.translate(left, top);
    paintBorders(frameAt(ctx, topology, window, ground.ratio), topology, scene);
    ctx.restore();
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 0.7 * ground.ratio;
    ctx.strokeRect(left, top, window.width, window.height);
  }
  return canvas;
});

const outerBorders = remember((atlas: Atlas): Borders => ({ ...bordersOf(atlas), unit: new Int32Array(), prefecture: new Int32Array() }));

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  return ctx;
}

const frameOf = (ctx: CanvasRenderingContext2D, atlas: Atlas, { window, ratio }: Ground): Frame => frameAt(ctx, atlas.topology, window, ratio);

/** Lines are as wide as on a screen of one pixel to the point. */
function frameAt(ctx: CanvasRenderingContext2D, topology: Topology, { x0, y0, scale, width, height }: Window, ratio: number): Frame {
  ctx.scale(ratio, ratio);
  return makeFrame(ctx, width / ratio, height / ratio, scale / ratio, x0, y0, detailOf(topology).at(ratio / scale));
}
