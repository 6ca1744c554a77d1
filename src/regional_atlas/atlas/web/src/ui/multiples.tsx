/** Small multiples: one small map for each year, all from the one geometry, with one legend. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { NOTHING } from "../app.ts";
import { columnOf, unitName, type Atlas } from "../data/model.ts";
import type { Box, YearsPlate } from "../data/spec.ts";
import { outlineOf } from "../geometry/outlines.ts";
import { makeFrame, type Frame } from "../map/frame.ts";
import { paint, stroke } from "../map/paint.ts";
import { bordersOf, mapTheme, unitFills, type Scene } from "../map/scene.ts";
import { short } from "../text/numbers.ts";
import { viewPlate } from "../view/plate.ts";
import { useApp, useSignal, useWords } from "./context.ts";

const CAPTION = 22;
const GAP = 8;
const EDGE = 6;
/** Width of an inset, as a share of its map's. */
const INSET = 0.17;

interface Layout {
  columns: number;
  width: number;
  height: number;
}

/** The number of columns that makes the maps largest. */
export function layoutOf(count: number, width: number, height: number, box: Box): Layout {
  const [across, up] = [box[2] - box[0], box[3] - box[1]];
  let best: Layout & { scale: number } = { columns: 1, width: 0, height: 0, scale: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = { width: (width - GAP * (columns + 1)) / columns, height: (height - GAP * (rows + 1)) / rows - CAPTION };
    const scale = Math.min(cell.width / across, cell.height / up);
    const tall = (cell.width * up) / across + 2 * EDGE;
    if (scale > best.scale) best = { columns, width: Math.floor(cell.width), height: Math.floor(Math.min(cell.height, tall)), scale };
  }
  return best;
}

export function Multiples() {
  const app = useApp();
  if (!app.gridded) return null;
  return <Grid plate={app.plate as YearsPlate} />;
}

function Grid({ plate }: { plate: YearsPlate }) {
  const app = useApp();
  const { w, t } = useWords();
  const root = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = root.current!;
    const observer = new ResizeObserver(() => {
      const style = getComputedStyle(element);
      setSize({ width: element.clientWidth, height: element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const layout = layoutOf(plate.years.length, size.width, size.height, app.atlas.spec.view);
  return (
    <div ref={root} class="ra-multiples" role="group" aria-label={t(plate.title)} style={{ gridTemplateColumns: `repeat(${layout.columns}, auto)` }} onPointerLeave={() => app.hover.set(NOTHING)}>
      {layout.width > 40 && plate.years.map((year) => <SmallMap key={year} plate={plate} year={year} layout={layout} open={`${w("show")} ${year}`} />)}
    </div>
  );
}

function SmallMap({ plate, year, layout, open }: { plate: YearsPlate; year: number; layout: Layout; open: string }) {
  const app = useApp();
  const { atlas, mask, state } = app;
  const dark = useSignal(app.night);
  const hover = useSignal(app.hover);
  const areas = useRef<HTMLCanvasElement>(null);
  const lit = useRef<HTMLCanvasElement>(null);
  const scene = useMemo((): Scene => {
    const view = viewPlate(atlas, plate, year);
    const theme = mapTheme(view, dark);
    const borders = { ...bordersOf(atlas), unit: new Int32Array(), prefecture: new Int32Array() };
    return { theme, ...unitFills(view, mask, theme, dark, atlas.count), borders, regions: null, drawn: atlas.topology.drawn, raster: null, labels: [], symbols: [], overTiles: false };
  }, [atlas, plate, year, mask, dark]);

  useLayoutEffect(() => {
    const frame = frameOn(areas.current!, atlas, layout);
    paint(frame, atlas.topology, scene, { labels: false });
    paintInsets(frame, atlas, scene);
  }, [scene, layout.width, layout.height]);

  const marked = hover.units.length > 0 && hover.units.length < 40 ? hover.units : app.selected;
  useLayoutEffect(() => {
    const frame = frameOn(lit.current!, atlas, layout);
    if (marked.length > 0) {
      const arcs = outlineOf(atlas.topology, marked);
      stroke(frame, atlas.topology, arcs, scene.theme.halo, 3.6, 0.9);
      stroke(frame, atlas.topology, arcs, hover.units.length > 0 ? scene.theme.ink : scene.theme.accent, 1.8, 1);
    }
  }, [marked, scene.theme, layout.width, layout.height]);

  const unitAt = (event: PointerEvent): number => {
    const canvas = areas.current!;
    const rect = canvas.getBoundingClientRect();
    const { box, scale } = placed(atlas, layout);
    return atlas.hits.at(box[0] + (event.clientX - rect.left) / scale, box[3] - (event.clientY - rect.top) / scale);
  };
  const one = marked.length === 1 ? marked[0] : null;
  const value = one === null ? null : columnOf(atlas, plate.field, year)[one];
  return (
    <button
      type="button"
      class="ra-multiple"
      title={open}
      onPointerMove={(event) => {
        const unit = unitAt(event);
        app.hover.set(unit < 0 ? NOTHING : { ...NOTHING, units: [unit], row: atlas.store.unit_id[unit] });
      }}
      onClick={() => app.store.dispatch({ type: "year", year })}
    >
      <span class="ra-multiple-title">
        <b>{year}</b>
        {one !== null && <span>{`${unitName(atlas, one, state.lang)} ${value === null ? "–" : short(value, state.lang, atlas.fields.get(plate.field)?.unit ?? null)}`}</span>}
      </span>
      <span class="ra-multiple-map" style={{ width: `${layout.width}px`, height: `${layout.height}px` }}>
        <canvas ref={areas} />
        <canvas ref={lit} />
      </span>
    </button>
  );
}

/** The part of the plane that a small map shows, and pixels per metre. */
function placed(atlas: Atlas, { width, height }: Layout): { box: Box; scale: number } {
  const { view } = atlas.spec;
  const scale = Math.min((width - 2 * EDGE) / (view[2] - view[0]), (height - 2 * EDGE) / (view[3] - view[1]));
  const [x, y] = [(view[0] + view[2]) / 2, (view[1] + view[3]) / 2];
  return { scale, box: [x - width / scale / 2, y - height / scale / 2, x + width / scale / 2, y + height / scale / 2] };
}

function frameOn(canvas: HTMLCanvasElement, atlas: Atlas, layout: Layout): Frame {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(layout.height * ratio);
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { scale, box } = placed(atlas, layout);
  return makeFrame(ctx, layout.width, layout.height, scale, box[0], box[3], atlas.detail.at(1 / scale));
}

/** What lies off the main part, in the corner of every small map. */
function paintInsets(frame: Frame, atlas: Atlas, scene: Scene): void {
  let right = frame.width - 1;
  for (const { bounds } of [...atlas.spec.insets].reverse()) {
    const width = Math.round(frame.width * INSET);
    const height = Math.round((width * (bounds[3] - bounds[1])) / (bounds[2] - bounds[0]));
    const scale = width / (bounds[2] - bounds[0]);
    const ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const ctx = canvas.getContext("2d")!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(makeFrame(ctx, width, height, scale, bounds[0], bounds[3], atlas.detail.at(1 / scale)), atlas.topology, scene, { labels: false });
    const top = frame.height - height - 1;
    frame.ctx.drawImage(canvas, right - width, top, width, height);
    frame.ctx.strokeStyle = scene.theme.line;
    frame.ctx.lineWidth = 0.7;
    frame.ctx.strokeRect(right - width, top, width, height);
    right -= width + 4;
  }
}
