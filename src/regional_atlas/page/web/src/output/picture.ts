/** The current view as a picture: title, finding, map, legend, source. */
import type { App } from "../state/app.ts";
import { FONT } from "../map/labels.ts";
import { mapTheme } from "../map/scene.ts";
import type { MapTheme } from "../map/theme.ts";
import type { MapView } from "../map/view.ts";
import { word } from "../text/language.ts";
import { filterTitle } from "../state/filter.ts";
import { SvgContext } from "./svg-context.ts";

const EDGE = 14;
const SWATCH = 16;
/** Pixels of a picture for paper to one of the screen: about 300 to the inch over a page's width. */
const PAPER_RATIO = 3;
const KEYED_RATIO = 2;
/** Longest line of running text, in pixels. */
const MEASURE = 820;
/** What stays together when text is broken: a word, or one character of Chinese; stops end a line, brackets begin one. */
const PIECES = /[（「『《“]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）」』》”！？]*\s*/gu;

export type Pen = CanvasRenderingContext2D;

/** A line of the frame, at its baseline. */
interface Line {
  text: string;
  y: number;
  font: string;
  quiet: boolean;
}

interface Frame {
  width: number;
  height: number;
  head: number;
  foot: number;
  lines: Line[];
}

export function pngOf(app: App, map: MapView): Promise<Blob> {
  const frame = frameOf(document.createElement("canvas").getContext("2d")!, app, map.map.getSize());
  const { width, height, head } = frame;
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(ratio, 0, 0, ratio, 0, head * ratio);
  drawMaps(ctx, app, map);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawFrame(ctx, app, frame);
  if (app.view) legend(ctx, app, frame.height - frame.foot);
  return blobOf(canvas);
}

export function svgOf(app: App, map: MapView): string {
  const theme = mapTheme(app.view, app.dark);
  const size = map.map.getSize();
  const drawing = new SvgContext(size.x, size.y, theme.hatch);
  drawMaps(drawing as unknown as Pen, app, map);
  const frame = frameOf(drawing as unknown as Pen, app, size);
  const outer = new SvgContext(frame.width, frame.height, theme.hatch);
  drawing.root.setAttribute("y", String(frame.head));
  outer.root.append(drawing.root);
  drawFrame(outer as unknown as Pen, app, frame);
  if (app.view) legend(outer as unknown as Pen, app, frame.height - frame.foot);
  return outer.text();
}

/** Throws where the browser holds no picture of that size. */
export function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png"));
}

/** The map for paper; with its legend where nothing beside it has one, and then less fine: there are several. */
export function mapPicture(app: App, map: MapView, keyed = false): HTMLCanvasElement {
  const ratio = keyed ? KEYED_RATIO : PAPER_RATIO;
  const { x, y } = map.map.getSize();
  const canvas = document.createElement("canvas");
  canvas.width = x * ratio;
  canvas.height = y * ratio;
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  // On paper a canvas is drawn stroke by stroke, and nothing else would end the strokes at its edge.
  ctx.beginPath();
  ctx.rect(0, 0, x, y);
  ctx.clip();
  drawMaps(ctx, app, map);
  if (keyed && app.view && !app.gridded) legend(ctx, app, y);
  return canvas;
}

/** The map with its insets and its scale, or the grid of small maps that stands in its place. */
function drawMaps(pen: Pen, app: App, map: MapView): void {
  const theme = mapTheme(app.view, app.dark);
  const container = map.map.getContainer();
  const root = container.closest(".ra")!;
  const { left, top, width, height } = container.getBoundingClientRect();
  if (!app.gridded) {
    map.drawOn(pen);
    let right = width - EDGE;
    for (const inset of [...root.querySelectorAll<HTMLCanvasElement>(".ra-inset canvas")].reverse()) {
      if (getComputedStyle(inset).visibility === "hidden") continue;
      const box = inset.getBoundingClientRect();
      right -= box.width + 2;
      const top = height - EDGE - box.height - 2;
      pen.drawImage(inset, right + 1, top + 1, box.width, box.height);
      pen.fillStyle = theme.labelQuiet;
      for (const y of [top, top + box.height + 1]) pen.fillRect(right, y, box.width + 2, 1);
      for (const x of [right, right + box.width + 1]) pen.fillRect(x, top, 1, box.height + 2);
      right -= 6;
    }
    scaleBar(pen, root.querySelector(".ra-scale")!, theme, right - EDGE, height - EDGE);
    return;
  }
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, height);
  for (const small of root.querySelectorAll(".ra-multiple")) {
    const title = small.querySelector(".ra-multiple-title")!.getBoundingClientRect();
    pen.font = `600 13px ${FONT}`;
    pen.fillStyle = theme.ink;
    pen.textBaseline = "middle";
    pen.fillText(small.querySelector("b")!.textContent, title.left - left, title.top - top + title.height / 2);
    for (const canvas of small.querySelectorAll("canvas")) {
      const box = canvas.getBoundingClientRect();
      pen.drawImage(canvas, box.left - left, box.top - top, box.width, box.height);
    }
    for (const part of small.querySelectorAll<HTMLElement>(".ra-strip span")) {
      const swatch = part.querySelector("i")!;
      const [box, words] = [swatch.getBoundingClientRect(), part.getBoundingClientRect()];
      pen.fillStyle = getComputedStyle(swatch).backgroundColor;
      pen.fillRect(box.left - left, box.top - top, box.width, box.height);
      pen.font = `400 11px ${FONT}`;
      pen.fillStyle = theme.ink;
      pen.fillText(part.textContent, words.left - left, (box.bottom + words.bottom) / 2 - top);
    }
  }
}

function scaleBar(pen: Pen, bar: Element, theme: MapTheme, right: number, bottom: number): void {
  const { width } = bar.getBoundingClientRect();
  pen.font = `400 12px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.strokeStyle = theme.halo;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.strokeText(bar.textContent, right - width / 2, bottom - 6);
  pen.fillStyle = theme.ink;
  pen.fillText(bar.textContent, right - width / 2, bottom - 6);
  for (const [x, y, across, down] of [[right - width, bottom - 1, width, 1], [right - width, bottom - 6, 1, 6], [right - 1, bottom - 6, 1, 6]]) pen.fillRect(x, y, across, down);
  pen.textAlign = "start";
}

/** The lines above and below a map or chart of some size, broken to its width, and the room that they take. */
export function frameOf(pen: Pen, app: App, { x: width, y }: { x: number; y: number }): Frame {
  const { view, atlas, state } = app;
  const { lang } = state;
  const plate = view?.plate;
  const year = app.year === null ? "" : ` ${app.year}`;
  const review = atlas.spec.review_number;
  const citation = plate?.citation ? atlas.citations.get(plate.citation) : undefined;
  const only = state.filters.map((filter) => filterTitle(atlas, filter, lang)).filter(Boolean);
  const note = [only.length > 0 ? `${word("filtered", lang)} ${only.join(", ")}` : null, atlas.spec.title[lang], citation?.source[lang], review === null ? null : review === "" ? word("notReviewed", lang) : `${word("reviewNumber", lang)} ${review}`];
  const lines: Line[] = [];
  let at = 0;
  const add = (text: string, font: string, step: number, quiet: boolean) => {
    pen.font = `${font} ${FONT}`;
    for (const line of broken(pen, text, Math.min(MEASURE, width - 2 * EDGE))) lines.push({ text: line, y: (at += step), font, quiet });
  };
  at = 4;
  add(`${plate?.title[lang] ?? atlas.spec.title[lang]}${year}`, "600 20px", 25, false);
  at += 3;
  add(plate?.finding[lang] ?? "", "400 13px", 19, true);
  const head = at + 12;
  at = head + y + 3;
  add(note.filter(Boolean).join(" · "), "400 11px", 15, true);
  return { width, height: at + 9, head, foot: at + 9 - head - y, lines };
}

export function drawFrame(pen: Pen, app: App, { width, height, head, foot, lines }: Frame): void {
  const theme = mapTheme(null, app.dark);
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, head);
  pen.fillRect(0, height - foot, width, foot);
  pen.textAlign = "start";
  pen.textBaseline = "alphabetic";
  for (const { text, y, font, quiet } of lines) {
    pen.font = `${font} ${FONT}`;
    pen.fillStyle = quiet ? theme.labelQuiet : theme.ink;
    pen.fillText(text, EDGE, y);
  }
}

function legend(pen: Pen, app: App, bottom: number): void {
  const view = app.view!;
  const { lang } = app.state;
  const theme = mapTheme(view, app.dark);
  const colors = app.dark ? view.colorsDark : view.colors;
  const labels = view.labels(lang);
  if (labels.length === 0) return;
  pen.font = `400 12px ${FONT}`;
  const room = Math.max(...labels.map((label) => pen.measureText(label).width)) + SWATCH + 30;
  const top = bottom - labels.length * 18 - 12;
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

function broken(pen: Pen, text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(PIECES) ?? []) {
    if (line && pen.measureText((line + piece).trimEnd()).width > room) {
      lines.push(line);
      line = "";
    }
    line += piece;
  }
  return [...lines, line].filter(Boolean).map((line) => clipped(pen, line.trimEnd(), room));
}

function clipped(pen: Pen, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 0 && pen.measureText(`${text.slice(0, end)}…`).width > room) end -= 1;
  return `${text.slice(0, end)}…`;
}
