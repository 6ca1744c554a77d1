/** Draws a scene into a frame. */
import { dissolve } from "../geometry/dissolve.ts";
import { outlineOf } from "../geometry/outlines.ts";
import type { Ring, Topology } from "../data/topology.ts";
import type { Paths, Surroundings } from "../data/surroundings.ts";
import { showsMost, traceArcs, tracePaths, traceRings, traceUnit, type Frame } from "./frame.ts";
import { drawLabels } from "./labels.ts";
import { drawSymbols, placeSymbols, type Placed } from "./symbols.ts";
import { HATCH, type Scene } from "./scene.ts";
import type { MapTheme } from "./theme.ts";
import { byColor, type Mark } from "../state/marks.ts";

const OVER_TILES = 0.7;

/** Draws everything; returns where the symbols stand. */
export function paint(frame: Frame, topology: Topology, scene: Scene, parts: { labels: boolean }): Placed[] {
  paintAreas(frame, topology, scene);
  paintBorders(frame, topology, scene);
  return paintMarks(frame, topology, scene, parts);
}

/** The ground, the units and the raster: what changes with every plate, year and filter. */
export function paintAreas(frame: Frame, topology: Topology, scene: Scene): void {
  const { ctx } = frame;
  if (!scene.overTiles) {
    ctx.fillStyle = scene.theme.ground;
    ctx.fillRect(0, 0, frame.width, frame.height);
    if (topology.around) paintLand(frame, topology.around, scene.theme);
  }
  ctx.globalAlpha = scene.overTiles ? OVER_TILES : 1;
  fillUnits(frame, topology, scene);
  ctx.globalAlpha = 1;
  if (topology.around && !scene.overTiles) paintWater(frame, topology.around, scene.theme);
  drawRaster(frame, scene);
}

/** What lies below the units. */
function paintLand(frame: Frame, { land, graticule }: Surroundings, theme: MapTheme): void {
  fillPaths(frame, land, theme.land);
  strokePaths(frame, graticule, theme.graticule, 0.6);
}

/** What lies above the units: borders and names stand above it. */
function paintWater(frame: Frame, { lakes, rivers }: Surroundings, theme: MapTheme): void {
  const resolution = 1 / frame.scale;
  strokePaths(frame, rivers, theme.river, resolution > 2500 ? 0.6 : resolution > 700 ? 1.3 : 1.9);
  fillPaths(frame, lakes, theme.ground);
  strokePaths(frame, lakes, theme.river, 0.5);
}

function fillPaths(frame: Frame, paths: Paths, color: string): void {
  const { ctx } = frame;
  ctx.beginPath();
  if (!tracePaths(frame, paths)) return;
  ctx.fillStyle = color;
  ctx.fill("evenodd");
}

function strokePaths(frame: Frame, paths: Paths, color: string, width: number): void {
  const { ctx } = frame;
  ctx.beginPath();
  if (!tracePaths(frame, paths)) return;
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.stroke();
}

/** What stands above the borders: outlines of regions, symbols, names. */
export function paintMarks(frame: Frame, topology: Topology, scene: Scene, parts: { labels: boolean }): Placed[] {
  if (scene.regions) {
    stroke(frame, topology, scene.regions, scene.theme.halo, 3.2, 0.8);
    stroke(frame, topology, scene.regions, scene.theme.accent, 1.4, 1);
  }
  for (const circle of scene.circles) drawCircle(frame, circle, scene.theme);
  const placed = placeSymbols(frame, scene.symbols);
  drawSymbols(frame, placed, scene.theme);
  if (parts.labels) {
    const taken = placed.map(({ x, y, symbol: { radius: r } }): [number, number, number, number] => [x - r, y - r, x + r, y + r]);
    drawLabels(frame, scene.labels, scene.theme, taken);
  }
  return placed;
}

function drawCircle({ ctx, scale, dx, dy }: Frame, corners: readonly (readonly [number, number])[], theme: MapTheme): void {
  ctx.beginPath();
  for (const [x, y] of corners) ctx.lineTo(x * scale + dx, dy - y * scale);
  for (const [style, width] of [[theme.halo, 4], [theme.accent, 1.8]] as const) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

function fillUnits(frame: Frame, topology: Topology, scene: Scene): void {
  const { ctx } = frame;
  const trace = showsMost(frame, topology) ? outlinesIn(frame, topology, scene) : unitsIn(frame, topology, scene);
  scene.fills.forEach((fill, style) => {
    ctx.beginPath();
    if (!trace(style)) return;
    if (fill === HATCH) {
      ctx.fillStyle = scene.theme.paper;
      ctx.fill("evenodd");
      ctx.fillStyle = hatchPattern(ctx, scene.theme);
    } else {
      ctx.fillStyle = fill;
    }
    ctx.fill("evenodd");
  });
}

type Trace = (style: number) => boolean;

/** Adds what has a style to the path, unit by unit where the window shows them; false: nothing has it. */
function unitsIn(frame: Frame, topology: Topology, scene: Scene): Trace {
  const members = scene.fills.map((): number[] => []);
  scene.styleOf.forEach((style, unit) => members[style].push(unit));
  return (style) => {
    for (const unit of members[style]) traceUnit(frame, topology, unit);
    return members[style].length > 0;
  };
}

/** The same by outlines. They are kept with the styles, for the map is drawn again when it moves. */
function outlinesIn(frame: Frame, topology: Topology, { styleOf, fills }: Scene): Trace {
  let kept = dissolved.get(styleOf);
  if (kept?.topology !== topology) dissolved.set(styleOf, (kept = { topology, rings: dissolve(topology, styleOf, fills.length) }));
  const { rings } = kept;
  return (style) => {
    traceRings(frame, rings[style]);
    return rings[style].length > 0;
  };
}

const dissolved = new WeakMap<Uint8Array, { topology: Topology; rings: Ring[][] }>();

function hatchPattern(ctx: CanvasRenderingContext2D, theme: MapTheme): CanvasPattern {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d")!;
  pen.strokeStyle = theme.hatch;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const offset of [-6, 0, 6]) {
    pen.moveTo(offset - 1, 7);
    pen.lineTo(offset + 7, -1);
  }
  pen.stroke();
  return ctx.createPattern(tile, "repeat")!;
}

function drawRaster(frame: Frame, scene: Scene): void {
  if (!scene.raster || scene.raster.opacity === 0) return;
  const { ctx, scale, dx, dy } = frame;
  const [xmin, ymin, xmax, ymax] = scene.raster.box;
  ctx.globalAlpha = scene.raster.opacity;
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(scene.raster.image, xmin * scale + dx, dy - ymax * scale, (xmax - xmin) * scale, (ymax - ymin) * scale);
  ctx.globalAlpha = 1;
}

/** Lines fade in as there is room for them: nothing finer than the eye can part. */
export function paintBorders(frame: Frame, topology: Topology, scene: Pick<Scene, "theme" | "borders" | "drawn">): void {
  const resolution = 1 / frame.scale;
  const { theme, borders } = scene;
  const fade = (none: number, full: number) => Math.min(1, Math.max(0, (none - resolution) / (none - full)));
  stroke(frame, topology, borders.unit, theme.line, 0.25, 0.9 * fade(5500, 1800));
  stroke(frame, topology, borders.prefecture, theme.line, 0.5, 0.75 * fade(9000, 3500));
  stroke(frame, topology, borders.province, theme.line, 0.9, 0.8);
  stroke(frame, topology, scene.drawn, theme.line, 0.9, 0.9);
}

/** Outlines of what is marked, each in its colour above a halo. */
export function outlineMarks(frame: Frame, topology: Topology, theme: MapTheme, marks: readonly Mark[], width: number): void {
  for (const [color, units] of byColor(marks, theme.accent)) {
    const arcs = outlineOf(topology, units);
    stroke(frame, topology, arcs, theme.halo, width + 2.2, 0.9);
    stroke(frame, topology, arcs, color, width, 1);
  }
}

export function stroke(frame: Frame, topology: Topology, arcs: ArrayLike<number>, color: string, width: number, alpha: number): void {
  if (alpha <= 0) return;
  const { ctx } = frame;
  ctx.beginPath();
  traceArcs(frame, topology, arcs);
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.stroke();
  ctx.globalAlpha = 1;
}
