/** The open chart as a picture: what stands in its box, as shapes and words that any program can show. */
import type { App } from "../state/app.ts";
import { mapTheme } from "../map/scene.ts";
import { blobOf, drawFrame, frameOf, type Pen } from "./picture.ts";
import { SvgContext } from "./svg-context.ts";

const RATIO = 3;
/** What the style sheet says of a shape, and what must go with it. */
const STYLE = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "paint-order", "opacity", "font-size", "font-weight", "font-family", "font-variant-numeric", "text-anchor", "dominant-baseline"];
/** Controls, which do nothing on paper. */
const CONTROLS = "select, input, label:has(select)";

/** Null while no chart is open. */
export const chartBox = (root: Element): Element | null => root.querySelector(".ra-chart-box");

export function chartSvg(app: App, root: Element): { text: string; width: number; height: number } {
  const copy = chartBox(root)!.cloneNode(true) as HTMLElement;
  copy.className = "ra-chart-box ra-chart-copy";
  root.append(copy);
  try {
    const { width, height } = copy.getBoundingClientRect();
    const measure = document.createElement("canvas").getContext("2d")!;
    const frame = frameOf(measure, app, { x: width, y: height });
    const drawing = new SvgContext(frame.width, frame.height, "none");
    const pen = drawing as unknown as Pen;
    pen.fillStyle = mapTheme(null, app.dark).paper;
    pen.fillRect(0, 0, frame.width, frame.height);
    drawFrame(pen, app, frame);
    const { left, top } = copy.getBoundingClientRect();
    draw(copy, drawing, { left, top: top - frame.head });
    return { text: drawing.text(), width: frame.width, height: frame.height };
  } finally {
    copy.remove();
  }
}

export async function chartPng(app: App, root: Element): Promise<Blob> {
  const { text, width, height } = chartSvg(app, root);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * RATIO, height * RATIO];
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return blobOf(canvas);
}

type Corner = Pick<DOMRect, "left" | "top">;

function draw(element: Element, drawing: SvgContext, corner: Corner): void {
  if (element.matches(CONTROLS)) return;
  if (element instanceof SVGSVGElement) {
    drawing.root.append(styled(element, corner));
    return;
  }
  const style = getComputedStyle(element);
  const { left, top, width, height } = element.getBoundingClientRect();
  drawing.fillStyle = style.backgroundColor;
  if (style.backgroundColor !== "rgba(0, 0, 0, 0)") {
    if (style.borderRadius === "50%") {
      drawing.beginPath();
      drawing.arc(left - corner.left + width / 2, top - corner.top + height / 2, width / 2);
      drawing.fill();
    } else drawing.fillRect(left - corner.left, top - corner.top, width, height);
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(child, drawing, corner);
    else if (child instanceof Text) write(child, style, drawing, corner);
  }
}

/** Each line of a text where the page breaks it. */
function write(node: Text, style: CSSStyleDeclaration, drawing: SvgContext, corner: Corner): void {
  drawing.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  drawing.fillStyle = style.color;
  drawing.textBaseline = "middle";
  const range = document.createRange();
  const lines: { text: string; left: number; middle: number }[] = [];
  for (let at = 0; at < node.data.length; at++) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const { left, top, height } = range.getBoundingClientRect();
    if (height === 0) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.middle - top - height / 2) < height / 2) line.text += node.data[at];
    else lines.push({ text: node.data[at], left, middle: top + height / 2 });
  }
  for (const { text, left, middle } of lines) drawing.fillText(text, left - corner.left, middle - corner.top);
}

/** A chart's drawing with its style in itself. */
function styled(svg: SVGSVGElement, corner: Corner): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const shapes = [...svg.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((shape, at) => {
    const style = getComputedStyle(shapes[at]);
    shape.removeAttribute("class");
    shape.setAttribute("style", STYLE.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  });
  const { left, top, width, height } = svg.getBoundingClientRect();
  for (const name of ["class", "role", "style"]) copy.removeAttribute(name);
  for (const [name, value] of Object.entries({ x: left - corner.left, y: top - corner.top, width, height })) copy.setAttribute(name, String(value));
  return copy;
}
