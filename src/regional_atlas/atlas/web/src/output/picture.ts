/** The current view as a picture: title, finding, map, legend, source. */
import type { App } from "../app.ts";
import { FONT } from "../map/labels.ts";
import { mapTheme } from "../map/scene.ts";
import type { MapView } from "../map/view.ts";
import { word } from "../text/language.ts";
import { SvgContext } from "./svg-context.ts";

const HEAD = 64;
const FOOT = 26;
const EDGE = 14;
const SWATCH = 16;

type Pen = CanvasRenderingContext2D;

export function pngOf(app: App, map: MapView): Promise<Blob> {
  const { width, height } = sizeOf(map);
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(ratio, 0, 0, ratio, 0, HEAD * ratio);
  map.drawOn(ctx);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  frame(ctx, app, width, height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png"));
}

export function svgOf(app: App, map: MapView): string {
  const { width, height } = sizeOf(map);
  const theme = mapTheme(app.view, app.dark);
  const drawing = new SvgContext(width, height - HEAD - FOOT, theme.hatch);
  map.drawOn(drawing as unknown as Pen);
  const outer = new SvgContext(width, height, theme.hatch);
  drawing.root.setAttribute("y", String(HEAD));
  outer.root.append(drawing.root);
  frame(outer as unknown as Pen, app, width, height);
  return outer.text();
}

function sizeOf(map: MapView): { width: number; height: number } {
  const { x, y } = map.map.getSize();
  return { width: x, height: y + HEAD + FOOT };
}

/** Above, below and beside the map. */
function frame(pen: Pen, app: App, width: number, height: number): void {
  const { view, atlas, state, dark } = app;
  const theme = mapTheme(null, dark);
  const { lang } = state;
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, HEAD);
  pen.fillRect(0, height - FOOT, width, FOOT);
  pen.textAlign = "start";
  pen.textBaseline = "alphabetic";
  const write = (text: string, x: number, y: number, font: string, color: string, room: number) => {
    pen.font = `${font} ${FONT}`;
    pen.fillStyle = color;
    pen.fillText(clipped(pen, text, room), x, y);
  };
  const plate = view?.plate;
  const year = view?.year ? ` ${view.year}` : "";
  write(`${plate?.title[lang] ?? atlas.spec.title[lang]}${plate?.kind === "years" ? year : ""}`, EDGE, 28, "600 20px", theme.ink, width - 2 * EDGE);
  write(plate?.finding[lang] ?? "", EDGE, 50, "400 13px", theme.labelQuiet, width - 2 * EDGE);
  const review = atlas.spec.review_number;
  const citation = plate?.citation ? atlas.citations.get(plate.citation) : undefined;
  const note = [atlas.spec.title[lang], citation?.source[lang], review === null ? null : review === "" ? word("notReviewed", lang) : `${word("reviewNumber", lang)} ${review}`];
  write(note.filter(Boolean).join(" · "), EDGE, height - 9, "400 11px", theme.labelQuiet, width - 2 * EDGE);
  if (view) legend(pen, app, height);
}

function legend(pen: Pen, app: App, height: number): void {
  const view = app.view!;
  const { lang } = app.state;
  const theme = mapTheme(view, app.dark);
  const colors = app.dark ? view.colorsDark : view.colors;
  const labels = view.labels(lang);
  if (labels.length === 0) return;
  pen.font = `400 12px ${FONT}`;
  const room = Math.max(...labels.map((label) => pen.measureText(label).width)) + SWATCH + 30;
  const top = height - FOOT - labels.length * 18 - 12;
  pen.fillStyle = theme.paper;
  pen.fillRect(0, top - 8, room + EDGE, labels.length * 18 + 20);
  labels.forEach((label, i) => {
    const y = top + i * 18;
    pen.fillStyle = colors[i];
    pen.fillRect(EDGE, y, SWATCH + 6, 12);
    pen.fillStyle = theme.ink;
    pen.fillText(label, EDGE + SWATCH + 14, y + 10);
  });
}

function clipped(pen: Pen, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 0 && pen.measureText(`${text.slice(0, end)}…`).width > room) end -= 1;
  return `${text.slice(0, end)}…`;
}
