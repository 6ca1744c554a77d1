/** Proportional circles for clusters: area by size, moved apart where they would cover one another, linked to their units. */
import type { Atlas } from "../data/model.ts";
import type { ClusterSet } from "../format.ts";
import type { Frame } from "./frame.ts";
import type { MapTheme } from "./theme.ts";

export interface ClusterSymbol {
  item: number;
  units: readonly number[];
  points: (readonly [number, number])[];
  radius: number;
  faded: boolean;
}

/** Where a symbol stands on a canvas. */
export interface Placed {
  symbol: ClusterSymbol;
  x: number;
  y: number;
}

/** Radius of the largest circle, and of circles without a size. */
function radii(): { largest: number; plain: number } {
  return window.matchMedia("(max-width: 640px)").matches ? { largest: 13, plain: 5 } : { largest: 22, plain: 7 };
}

/** Radius in pixels of a circle whose area stands for a size. */
export function radiusOf(size: number | null, most: number): number {
  const { largest, plain } = radii();
  return size === null || most === 0 ? plain : Math.max(3, largest * Math.sqrt(size / most));
}

export function clusterSymbols(atlas: Atlas, set: ClusterSet, mask: Uint8Array | null): ClusterSymbol[] {
  const most = Math.max(...set.items.map((item) => item.size ?? 0));
  return set.items.flatMap((item, at) =>
    item.units.length === 0
      ? []
      : [
          {
            item: at,
            units: item.units,
            points: item.units.map((unit) => atlas.store.point[unit]),
            radius: radiusOf(item.size, most),
            faded: mask !== null && !item.units.some((unit) => mask[unit]),
          },
        ],
  );
}

/** Circles pushed apart in a fixed number of steps, so that the same view always looks the same. */
export function placeSymbols(frame: Frame, symbols: readonly ClusterSymbol[]): Placed[] {
  const placed = symbols
    .map((symbol) => {
      const [x, y] = symbol.points[0];
      return { symbol, x: x * frame.scale + frame.dx, y: frame.dy - y * frame.scale };
    })
    .sort((a, b) => b.symbol.radius - a.symbol.radius);
  for (let step = 0; step < 60; step++) {
    for (let i = 0; i < placed.length; i++) {
      for (let j = i + 1; j < placed.length; j++) separate(placed[i], placed[j], i * 2.4 + j);
    }
  }
  return placed;
}

function separate(a: Placed, b: Placed, angle: number): void {
  const needed = a.symbol.radius + b.symbol.radius + 1;
  let [dx, dy] = [b.x - a.x, b.y - a.y];
  const distance = Math.hypot(dx, dy);
  if (distance >= needed) return;
  if (distance < 0.01) [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  else [dx, dy] = [dx / distance, dy / distance];
  // The larger one gives way less, so that what is seen first stands where it belongs.
  const push = (needed - Math.max(distance, 0)) / 2;
  const share = b.symbol.radius ** 2 / (a.symbol.radius ** 2 + b.symbol.radius ** 2);
  a.x -= dx * push * share;
  a.y -= dy * push * share;
  b.x += dx * push * (1 - share);
  b.y += dy * push * (1 - share);
}

export function drawSymbols(frame: Frame, placed: readonly Placed[], theme: MapTheme): void {
  const { ctx } = frame;
  for (const { symbol, x, y } of placed) {
    ctx.beginPath();
    ctx.arc(x, y, symbol.radius, 0, Math.PI * 2);
    ctx.globalAlpha = symbol.faded ? 0.1 : 0.7;
    ctx.fillStyle = theme.symbol;
    ctx.fill();
    ctx.globalAlpha = symbol.faded ? 0.2 : 1;
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = theme.halo;
    ctx.stroke();
  }
  for (const item of placed) drawLinks(frame, item, theme);
  ctx.globalAlpha = 1;
}

/** From the circle to a dot in each of its units. */
function drawLinks(frame: Frame, { symbol, x, y }: Placed, theme: MapTheme): void {
  const { ctx } = frame;
  ctx.globalAlpha = symbol.faded ? 0.15 : 0.85;
  ctx.strokeStyle = ctx.fillStyle = theme.ink;
  ctx.lineWidth = 0.8;
  for (const [px, py] of symbol.points) {
    const [ux, uy] = [px * frame.scale + frame.dx, frame.dy - py * frame.scale];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(ux, uy);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(ux, uy, 1.8, 0, Math.PI * 2);
    ctx.fill();
  }
}

export function symbolAt(placed: readonly Placed[], x: number, y: number): ClusterSymbol | null {
  const hit = placed.filter((item) => Math.hypot(item.x - x, item.y - y) <= Math.max(item.symbol.radius, 8)).at(-1);
  return hit?.symbol ?? null;
}
