/**
 * Small maps as bitmaps: which units a pixel shows is found once for a size; every plate is then a look-up of colours.
 * The loops take no arrays apart: they run for the first time in the frame that waits for them, before they are compiled.
 */
import type { Lines } from "../data/lines.ts";
import type { Topology } from "../data/topology.ts";
import { HATCH, type Scene } from "./scene.ts";

/** Samples along a pixel's side. */
const FINE = 3;
const HATCH_STEP = 6;
/** A crossing is one number that sorts by where it is: 1/PLACE of a pixel, then the unit, below UNITS. */
const PLACE = 2 ** 16;
const UNITS = 2 ** 20;

/** Of pixel p the units unit[k] with their samples count[k], start[p] ≤ k < start[p + 1]; −1: outside. */
export interface Shares {
  width: number;
  height: number;
  start: Uint32Array;
  unit: Int32Array;
  count: Uint8Array;
}

/** A window on the plane: its upper left corner in metres, pixels per metre, size in pixels. */
export interface Window {
  x0: number;
  y0: number;
  scale: number;
  width: number;
  height: number;
}

export function sharesOf(topology: Topology, lines: Lines, window: Window): Shares {
  const { width, height } = window;
  const samples = unitsAt(topology, lines, { ...window, scale: window.scale * FINE, width: width * FINE, height: height * FINE });
  const start = new Uint32Array(width * height + 1);
  const unit = new Int32Array(samples.length);
  const count = new Uint8Array(samples.length);
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const first = at;
      for (let y = row * FINE; y < row * FINE + FINE; y++) {
        for (let i = y * width * FINE + column * FINE, end = i + FINE; i < end; i++) {
          let k = first;
          while (k < at && unit[k] !== samples[i]) k += 1;
          if (k === at) unit[at++] = samples[i];
          count[k] += 1;
        }
      }
      start[row * width + column + 1] = at;
    }
  }
  return { width, height, start, unit: unit.slice(0, at), count: count.slice(0, at) };
}

/** The unit at the middle of every pixel, row by row: what lies east of each border that the row crosses. */
export function unitsAt(topology: Topology, lines: Lines, { x0, y0, scale, width, height }: Window): Int32Array {
  const { x, y, start } = lines;
  const borders = [...topology.left.keys()].filter((arc) => topology.left[arc] >= 0 || topology.right[arc] >= 0);
  const rows = crossed(lines, borders, y0, scale, height);
  const crossings = new Float64Array(rows[height]);
  const filled = rows.slice(0, height);
  for (const arc of borders) {
    const left = topology.left[arc];
    const right = topology.right[arc];
    for (let k = start[arc] + 1; k < start[arc + 1]; k++) {
      const top = (y0 - y[k - 1]) * scale - 0.5;
      const bottom = (y0 - y[k]) * scale - 0.5;
      // Rings have their unit on the left: downwards that is the east.
      const east = (bottom > top ? left : right) + 1;
      const slope = (x[k] - x[k - 1]) / (bottom - top);
      const end = Math.min(height - 1, Math.ceil(Math.max(top, bottom)) - 1);
      for (let row = Math.max(0, Math.ceil(Math.min(top, bottom))); row <= end; row++) {
        const at = (x[k - 1] + slope * (row - top) - x0) * scale;
        crossings[filled[row]++] = Math.round(at * PLACE) * UNITS + east;
      }
    }
  }
  const units = new Int32Array(width * height).fill(-1);
  for (let row = 0; row < height; row++) {
    const here = crossings.subarray(rows[row], rows[row + 1]).sort();
    let unit = -1;
    let from = 0;
    for (const crossing of here) {
      const place = Math.floor(crossing / UNITS);
      const column = Math.min(width, Math.max(0, Math.ceil(place / PLACE - 0.5)));
      if (unit >= 0 && from < column) units.fill(unit, row * width + from, row * width + column);
      unit = crossing - place * UNITS - 1;
      from = column;
    }
  }
  return units;
}

/** Where each row's crossings begin, and after the last row how many there are. */
function crossed({ y, start }: Lines, borders: readonly number[], y0: number, scale: number, height: number): Uint32Array {
  const rows = new Uint32Array(height + 1);
  for (const arc of borders) {
    for (let k = start[arc] + 1; k < start[arc + 1]; k++) {
      const top = (y0 - y[k - 1]) * scale - 0.5;
      const bottom = (y0 - y[k]) * scale - 0.5;
      const end = Math.min(height - 1, Math.ceil(Math.max(top, bottom)) - 1);
      for (let row = Math.max(0, Math.ceil(Math.min(top, bottom))); row <= end; row++) rows[row + 1] += 1;
    }
  }
  for (let row = 0; row < height; row++) rows[row + 1] += rows[row];
  return rows;
}

/** Colours the pixels as a scene does: units in its fills, hatched where there is no value, the ground around them. */
export function colourPixels(ctx: CanvasRenderingContext2D, shares: Shares, { theme, styleOf, fills }: Pick<Scene, "theme" | "styleOf" | "fills">, left: number, top: number): void {
  const { width, height, start, unit, count } = shares;
  const image = ctx.createImageData(width, height);
  const { data } = image;
  const rgb = (hex: string) => parseInt(hex.slice(1), 16);
  const [ground, paper, line] = [theme.ground, theme.paper, theme.hatch].map(rgb);
  const colours = Int32Array.from(fills, (fill) => (fill === HATCH ? -1 : rgb(fill)));
  for (let p = 0; p < width * height; p++) {
    const hatch = ((p % width) + Math.floor(p / width)) % HATCH_STEP === 0 ? line : paper;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = start[p]; k < start[p + 1]; k++) {
      const own = unit[k] < 0 ? ground : colours[styleOf[unit[k]]];
      const colour = own < 0 ? hatch : own;
      red += (colour >> 16) * count[k];
      green += ((colour >> 8) & 255) * count[k];
      blue += (colour & 255) * count[k];
    }
    data[4 * p] = red / FINE ** 2;
    data[4 * p + 1] = green / FINE ** 2;
    data[4 * p + 2] = blue / FINE ** 2;
    data[4 * p + 3] = 255;
  }
  ctx.putImageData(image, left, top);
}
