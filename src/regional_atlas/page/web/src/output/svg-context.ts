/** As much of a canvas context as the map draws with, writing SVG. */

const ns = "http://www.w3.org/2000/svg";

export class SvgContext {
  fillStyle: string | CanvasPattern = "#000000";
  strokeStyle = "#000000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  lineJoin: CanvasLineJoin = "round";
  imageSmoothingEnabled = true;
  readonly root: SVGSVGElement;
  private path: string[] = [];
  private readonly measure = document.createElement("canvas").getContext("2d")!;

  constructor(width: number, height: number, hatch: string) {
    this.root = document.createElementNS(ns, "svg");
    for (const [key, value] of Object.entries({ xmlns: ns, width, height, viewBox: `0 0 ${width} ${height}` })) this.root.setAttribute(key, String(value));
    const pattern = this.add("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse" });
    const stroke = document.createElementNS(ns, "path");
    stroke.setAttribute("d", "M-1 7L7 -1M-1 1L1 -1M5 7L7 5");
    stroke.setAttribute("stroke", hatch);
    pattern.append(stroke);
  }

  /** The file. What no XML may hold, a browser writes as it is: U+FFFD stands in its place. */
  text(): string {
    return new XMLSerializer().serializeToString(this.root).replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  }

  beginPath(): void {
    this.path = [];
  }

  moveTo(x: number, y: number): void {
    this.path.push(`M${x.toFixed(1)} ${y.toFixed(1)}`);
  }

  lineTo(x: number, y: number): void {
    this.path.push(`L${x.toFixed(1)} ${y.toFixed(1)}`);
  }

  arc(x: number, y: number, r: number): void {
    this.path.push(`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`);
  }

  fill(rule: CanvasFillRule = "nonzero"): void {
    if (this.path.length > 0) this.add("path", { d: this.path.join(""), fill: this.paint(this.fillStyle), "fill-rule": rule, opacity: this.globalAlpha });
  }

  stroke(): void {
    if (this.path.length === 0) return;
    this.add("path", { d: this.path.join(""), fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round", opacity: this.globalAlpha });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add("rect", { x, y, width, height, fill: this.paint(this.fillStyle), opacity: this.globalAlpha });
  }

  fillText(text: string, x: number, y: number): void {
    this.word(text, x, y, { fill: this.paint(this.fillStyle) });
  }

  strokeText(text: string, x: number, y: number): void {
    this.word(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round", opacity: this.globalAlpha });
  }

  measureText(text: string): TextMetrics {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  drawImage(image: HTMLImageElement | HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.add("image", { href: "src" in image ? image.src : image.toDataURL(), x, y, width, height, preserveAspectRatio: "none", opacity: this.globalAlpha });
  }

  createPattern(tile: HTMLCanvasElement, repetition: string): CanvasPattern | null {
    return this.measure.createPattern(tile, repetition);
  }

  /** Every pattern is the hatch. */
  private paint(style: string | CanvasPattern): string {
    return typeof style === "string" ? style : "url(#hatch)";
  }

  private word(text: string, x: number, y: number, style: Record<string, string | number>): void {
    const anchor = this.textAlign === "center" ? "middle" : "start";
    const shift = this.textBaseline === "middle" ? "0.35em" : "0";
    this.add("text", { x: x.toFixed(1), y: y.toFixed(1), dy: shift, "text-anchor": anchor, style: `font: ${this.font}`, ...style }).textContent = text;
  }

  private add(name: string, attributes: Record<string, string | number>): SVGElement {
    const element = document.createElementNS(ns, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    this.root.append(element);
    return element;
  }
}
