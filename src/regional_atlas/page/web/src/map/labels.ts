/** Names on the map: placed in order of priority, never over one another, with a halo. */
import type { Frame } from "./frame.ts";
import type { MapTheme } from "./theme.ts";

export interface Label {
  text: string;
  point: readonly [number, number];
  size: number;
  weight: number;
  quiet: boolean;
  /** A dot marks the point, and the name stands beside it. */
  dot?: true;
  /** Width in metres of what it names: the name is left out where it would stand far over. */
  room: number;
  /** Shown between these resolutions, in metres per pixel. */
  from: number;
  to: number;
}

export const FONT = '-apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';
const GAP = 3;
/** Radius of a city's dot. */
const DOT = 1.6;
/** How much wider than its place a name may be. */
const OVERHANG = 1.9;

/** Widths of names by font: measuring takes longer than drawing. */
const widths = new Map<string, Map<string, number>>();

function widthOf(ctx: CanvasRenderingContext2D, font: string, text: string): number {
  let known = widths.get(font);
  if (!known) widths.set(font, (known = new Map<string, number>()));
  let width = known.get(text);
  if (width === undefined) {
    ctx.font = font;
    width = ctx.measureText(text).width;
    known.set(text, width);
  }
  return width;
}

type Rect = [number, number, number, number];

export function drawLabels(frame: Frame, labels: readonly Label[], theme: MapTheme, taken: Rect[] = []): void {
  const { ctx } = frame;
  const resolution = 1 / frame.scale;
  const placed = [...taken];
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const label of labels) {
    if (resolution < label.from || resolution > label.to) continue;
    const at = label.point[0] * frame.scale + frame.dx;
    const y = frame.dy - label.point[1] * frame.scale;
    if (at < 0 || y < 0 || at > frame.width || y > frame.height) continue;
    const font = `${label.weight} ${label.size}px ${FONT}`;
    const width = widthOf(ctx, font, label.text);
    if (width > label.room * frame.scale * OVERHANG) continue;
    const x = label.dot ? at + width / 2 + DOT + GAP : at;
    const half = width / 2 + GAP;
    const rect: Rect = [label.dot ? at - DOT : x - half, y - label.size / 2 - GAP, x + half, y + label.size / 2 + GAP];
    if (placed.some((other) => overlaps(rect, other))) continue;
    placed.push(rect);
    ctx.font = font;
    ctx.strokeStyle = theme.halo;
    ctx.globalAlpha = 0.85;
    ctx.lineWidth = 3;
    ctx.strokeText(label.text, x, y);
    ctx.globalAlpha = 1;
    ctx.fillStyle = label.quiet ? theme.labelQuiet : theme.label;
    ctx.fillText(label.text, x, y);
    if (label.dot) {
      ctx.beginPath();
      ctx.arc(at, y, DOT, 0, Math.PI * 2);
      ctx.fill();
    }
  }
}

function overlaps(a: Rect, b: Rect): boolean {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}
