/** The Leaflet layer: a canvas for each part of the scene that changes by itself, and one above for what is lit and selected. */
import type { Atlas } from "../data/model.ts";
import { detailOf } from "../geometry/detail.ts";
import { outlineOf } from "../geometry/outlines.ts";
import { unitBox } from "../data/topology.ts";
import { makeFrame, type Frame } from "./frame.ts";
import { byColor, type Mark } from "../state/marks.ts";
import { outlineMarks, paint, paintAreas, paintBorders, paintMarks, stroke } from "./paint.ts";
import type { Scene } from "./scene.ts";
import { Soon } from "./soon.ts";
import { symbolAt, type ClusterSymbol, type Placed } from "./symbols.ts";
import { metresAtPixel, resolutionAt } from "./crs.ts";

/** Drawn beyond the window on every side, so that a short drag shows no edge. */
const PADDING = 0.12;
/** Units narrower than this many pixels are ringed, when no more than a few are lit. */
const SMALL = 12;
const FEW = 5;
/** Milliseconds between two drawings on the way, at least; three times what one takes, so that the flight stays smooth. */
const REST = 80;

/** Canvases from below, and what of the scene each shows. */
const PARTS = {
  areas: ["theme", "styleOf", "fills", "raster", "overTiles"],
  borders: ["theme", "borders", "drawn"],
  marks: ["theme", "regions", "symbols", "circles", "labels"],
} satisfies Record<string, (keyof Scene)[]>;
type Part = keyof typeof PARTS;
const LIT = 3;

/** Leaflet's own helper for layers that follow an animated zoom; it has no public name. */
interface AnimatedMap {
  _latLngToNewLayerPoint(latlng: L.LatLng, zoom: number, center: L.LatLng): L.Point;
}

export interface Lit {
  hover: readonly number[];
  marks: readonly Mark[];
}

export class AtlasLayer {
  readonly layer: L.Layer;
  private readonly canvases: HTMLCanvasElement[];
  private placed: Placed[] = [];
  private origin = L.point(0, 0);
  private size = L.point(0, 0);
  private center = L.latLng(0, 0);
  private zoom = 0;
  private scene: Scene | null = null;
  /** The map is on its way: what comes into the window is drawn now and then, not only on arrival. */
  flying = false;
  /** When the canvases were drawn last, and for how long, in milliseconds. */
  private drawn = { at: 0, cost: 0 };
  private lit: Lit = { hover: [], marks: [] };
  /** Parts whose canvas shows an older scene until the next frame: text and controls change first. */
  private readonly stale = new Set<Part>();
  private readonly soon = new Soon(() => this.paintStale());

  constructor(
    private atlas: Atlas,
    private readonly map: L.Map,
  ) {
    this.canvases = [...Object.keys(PARTS), "lit"].map((name, order) => {
      const pane = map.createPane(`regional-atlas-${name}`);
      pane.style.zIndex = String(250 + order * 30);
      pane.style.pointerEvents = "none";
      const canvas = document.createElement("canvas");
      canvas.className = "leaflet-zoom-animated";
      canvas.setAttribute("aria-hidden", "true");
      pane.appendChild(canvas);
      return canvas;
    });
    const Layer = L.Layer.extend({
      onAdd: () => this.reset(),
      onRemove: () => this.canvases.forEach((canvas) => canvas.remove()),
      getEvents: () => ({
        viewreset: () => this.reset(),
        moveend: () => this.reset(),
        zoom: () => {
          if (this.flying && performance.now() - this.drawn.at > Math.max(REST, 3 * this.drawn.cost)) this.reset();
          else this.follow(map.getCenter(), map.getZoom());
        },
        zoomanim: (event: L.ZoomAnimEvent) => this.follow(event.center, event.zoom),
      }),
    }) as new () => L.Layer;
    this.layer = new Layer();
  }

  /** Draws an atlas at other positions; the scene that belongs to it comes next. */
  use(atlas: Atlas): void {
    this.atlas = atlas;
    this.scene = null;
  }

  setScene(scene: Scene): void {
    const before = this.scene;
    this.scene = scene;
    for (const part of Object.keys(PARTS) as Part[]) {
      if (!before || PARTS[part].some((key) => before[key] !== scene[key])) this.stale.add(part);
    }
    this.soon.ask();
    if (before?.theme !== scene.theme) this.paintLit();
  }

  setLit(lit: Lit): void {
    if (lit.hover === this.lit.hover && lit.marks === this.lit.marks) return;
    this.lit = lit;
    this.paintLit();
  }

  symbolAt(point: L.Point): ClusterSymbol | null {
    const at = this.map.containerPointToLayerPoint(point).subtract(this.origin);
    return symbolAt(this.placed, at.x, at.y);
  }

  /** Puts the canvases over the window as it is now and draws them anew. */
  private reset(): void {
    const start = performance.now();
    const size = this.map.getSize();
    const margin = size.multiplyBy(PADDING).round();
    this.origin = this.map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    this.size = size.add(margin.multiplyBy(2));
    this.center = this.map.getCenter();
    this.zoom = this.map.getZoom();
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of this.canvases) {
      const [width, height] = [Math.round(this.size.x * ratio), Math.round(this.size.y * ratio)];
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = `${this.size.x}px`;
        canvas.style.height = `${this.size.y}px`;
      }
      L.DomUtil.setTransform(canvas, this.origin, 1);
    }
    for (const part of Object.keys(PARTS) as Part[]) this.stale.add(part);
    this.paintStale();
    this.paintLit();
    this.drawn = { at: performance.now(), cost: performance.now() - start };
  }

  private follow(center: L.LatLng, zoom: number): void {
    const scale = this.map.getZoomScale(zoom, this.zoom);
    const moved = (this.map as unknown as AnimatedMap)._latLngToNewLayerPoint(this.center, zoom, center);
    const offset = moved.subtract(this.size.multiplyBy(scale / 2));
    for (const canvas of this.canvases) L.DomUtil.setTransform(canvas, offset, scale);
  }

  private frameOn(canvas: HTMLCanvasElement): Frame {
    const ctx = canvas.getContext("2d")!;
    const ratio = window.devicePixelRatio || 1;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.size.x, this.size.y);
    const resolution = resolutionAt(this.zoom);
    const corner = metresAtPixel(this.map, this.map.getPixelOrigin().add(this.origin), this.zoom);
    return makeFrame(ctx, this.size.x, this.size.y, 1 / resolution, corner.x, corner.y, detailOf(this.atlas.topology).at(resolution));
  }

  /** The whole scene as the window shows it, selection included, on another context of the window's size. */
  drawOn(ctx: CanvasRenderingContext2D): void {
    if (!this.scene) return;
    const size = this.map.getSize();
    const resolution = resolutionAt(this.map.getZoom());
    const corner = metresAtPixel(this.map, this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([0, 0])), this.map.getZoom());
    const frame = makeFrame(ctx, size.x, size.y, 1 / resolution, corner.x, corner.y, detailOf(this.atlas.topology).at(resolution));
    paint(frame, this.atlas.topology, { ...this.scene, overTiles: false }, { labels: true });
    outlineMarks(frame, this.atlas.topology, this.scene.theme, this.lit.marks, 2.2);
  }

  private paintStale(): void {
    this.soon.cancel();
    for (const part of this.stale) this.paintPart(part);
    this.stale.clear();
  }

  private paintPart(part: Part): void {
    if (!this.scene || this.size.x === 0) return;
    const { topology } = this.atlas;
    const frame = this.frameOn(this.canvases[Object.keys(PARTS).indexOf(part)]);
    if (part === "areas") paintAreas(frame, topology, this.scene);
    else if (part === "borders") paintBorders(frame, topology, this.scene);
    else this.placed = paintMarks(frame, topology, this.scene, { labels: true });
  }

  private paintLit(): void {
    if (!this.scene || this.size.x === 0) return;
    const frame = this.frameOn(this.canvases[LIT]);
    const { theme } = this.scene;
    const { topology } = this.atlas;
    if (this.lit.hover.length > 0) {
      const arcs = outlineOf(topology, this.lit.hover);
      stroke(frame, topology, arcs, theme.halo, 3.4, 0.9);
      stroke(frame, topology, arcs, theme.ink, 1.6, 1);
      this.ringSmall(frame, this.lit.hover, theme.ink, theme.halo);
    }
    outlineMarks(frame, topology, theme, this.lit.marks, 2.2);
    for (const [color, units] of byColor(this.lit.marks, theme.accent)) this.ringSmall(frame, units, color, theme.halo);
  }

  /** A ring around units too small to be found by their outline. */
  private ringSmall(frame: Frame, units: readonly number[], color: string, halo: string): void {
    if (units.length > FEW) return;
    const { ctx, scale, dx, dy } = frame;
    for (const unit of units) {
      const [xmin, ymin, xmax, ymax] = unitBox(this.atlas.topology, unit);
      if (Math.max(xmax - xmin, ymax - ymin) * scale > SMALL) continue;
      ctx.beginPath();
      ctx.arc(((xmin + xmax) / 2) * scale + dx, dy - ((ymin + ymax) / 2) * scale, SMALL, 0, Math.PI * 2);
      for (const [style, width] of [[halo, 4], [color, 1.6]] as const) {
        ctx.strokeStyle = style;
        ctx.lineWidth = width;
        ctx.stroke();
      }
    }
  }
}
