/** Ties the map to the app: draws the state, answers the pointer, keeps the position in the link. */
import { NOTHING, remember, type App } from "../state/app.ts";
import { unitsOfArea, type Area, type Atlas } from "../data/model.ts";
import type { Box, Plate } from "../format.ts";
import { inMercator } from "../geometry/mercator.ts";
import { boxOfUnits } from "../data/topology.ts";
import type { View } from "../state/state.ts";
import type { Mark } from "../state/marks.ts";
import type { PlateView } from "../plates/view.ts";
import { metresAtPixel, zoomOf } from "./crs.ts";
import type { TileLayers } from "./tiles.ts";
import { AtlasLayer } from "./layer.ts";
import { mercatorImages, RasterImages, type RasterImage } from "./rasters.ts";
import { bordersOf, labelsOf, mapTheme, placeNames, regionOutlines, unitFills, type Borders, type Scene } from "./scene.ts";
import { clusterSymbols } from "./symbols.ts";

const MARGIN = 18;
/** Pixels that a pointer may move and still click. */
const STILL = 6;

export class MapView {
  readonly layer: AtlasLayer;
  private readonly borders: Borders;
  /** Where parents are coloured, what divides them inside only disturbs. */
  private readonly outerBorders: Borders;
  private readonly rasters: RasterImages;
  private readonly mercatorImage: ReturnType<typeof mercatorImages>;
  private readonly listeners = new Set<(scene: Scene) => void>();
  private current: Scene;
  /** Pixels of the window's lower edge that a sheet covers. */
  private covered = 0;
  /** The position that shows the whole atlas; it is not kept in the link. */
  private home: View | null = null;
  private resizing = false;
  private pressed: L.Point | null = null;
  /** The link that opened the page says both the region and where the map is. */
  private placed: boolean;
  private mercator = false;
  private readonly equalArea: L.CRS;

  constructor(
    private readonly app: App,
    readonly map: L.Map,
    readonly tiles: TileLayers,
  ) {
    this.borders = bordersOf(app.atlas);
    this.outerBorders = { ...this.borders, unit: new Int32Array(), prefecture: new Int32Array() };
    this.rasters = new RasterImages(app.atlas.spec.rasters, () => this.update());
    this.mercatorImage = mercatorImages(app.atlas.spec.projection.proj4);
    this.equalArea = map.options.crs!;
    this.layer = new AtlasLayer(app.atlas, map);
    this.placed = app.state.view !== null && app.state.area !== null;
    this.setUpMap();
    this.goHome();
    map.on("moveend", () => this.keepPosition());
    this.current = this.scene();
    this.layer.setScene(this.placedScene(this.current));
    this.lightUp();
    tiles.wanted.subscribe(() => this.update());
    app.store.subscribe(() => this.update());
    app.night.subscribe(() => this.update());
    app.hover.subscribe(() => this.lightUp());
    this.update();
  }

  /** Hands every new scene to a listener, beginning with the one shown. */
  onScene(listener: (scene: Scene) => void): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  /** The atlas at the positions that the map shows. */
  private get atlas(): Atlas {
    return this.mercator ? this.projected(this.app.atlas) : this.app.atlas;
  }

  goHome(): void {
    const { center, zoom } = this.fitting(this.atlas.spec.view);
    this.home = { lon: center.lng, lat: center.lat, zoom };
    this.map.setView(center, zoom, { animate: false });
    this.map.setMinZoom(zoom - 0.7);
  }

  /** Shows some units, and takes the map back to where it was when they are left. */
  visit(units: readonly number[]): () => void {
    const { view } = this.app.state;
    if (this.placed) {
      this.placed = false;
      return () => undefined;
    }
    const before = view;
    this.goToUnits(units, false);
    return () => {
      if (this.app.state.area !== null || this.app.state.selection.length > 0) return;
      if (before) this.map.setView([before.lat, before.lon], before.zoom, { animate: false });
      else this.goHome();
    };
  }

  goToUnits(units: readonly number[], animate = !calm()): void {
    const box = boxOfUnits(this.atlas.topology, units);
    if (!box) return;
    const grow = Math.max(box[2] - box[0], box[3] - box[1], 60_000) * 0.35;
    const { center, zoom } = this.fitting([box[0] - grow, box[1] - grow, box[2] + grow, box[3] + grow]);
    this.map.setView(center, zoom, { animate });
  }

  /** The next drag over the map draws a box and hands it over, in metres; a click without a drag ends it. */
  drawBox(done: (box: Box) => void): void {
    const { map } = this;
    const shade = document.createElement("div");
    shade.className = "ra-draw";
    const frame = document.createElement("div");
    shade.append(frame);
    map.getContainer().append(shade);
    let from: L.Point | null = null;
    const to = (event: PointerEvent) => map.mouseEventToContainerPoint(event);
    shade.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      shade.setPointerCapture(event.pointerId);
      from = to(event);
    });
    shade.addEventListener("mousedown", (event) => event.stopPropagation());
    shade.addEventListener("pointermove", (event) => {
      if (!from) return;
      const { min, max } = L.bounds([from, to(event)]) as { min: L.Point; max: L.Point };
      Object.assign(frame.style, { left: `${min.x}px`, top: `${min.y}px`, width: `${max.x - min.x}px`, height: `${max.y - min.y}px` });
    });
    shade.addEventListener("pointerup", (event) => {
      shade.remove();
      if (!from || from.distanceTo(to(event)) < STILL) return;
      const [a, b] = [metresAt(map, from), metresAt(map, to(event))];
      done([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
    });
  }

  /** Draws what the window shows on a canvas of another kind; returns the part of the window that is free. */
  drawOn(ctx: CanvasRenderingContext2D): void {
    this.layer.drawOn(ctx);
  }

  /** A sheet was drawn up or down over the map: what is selected is kept in sight. */
  cover(pixels: number): void {
    this.covered = pixels;
    const { area, selection } = this.app.state;
    if (area && selection.length === 0) {
      this.goToUnits(this.areaUnits(area));
      return;
    }
    const box = boxOfUnits(this.atlas.topology, this.app.selected);
    if (!box) return;
    const point = this.map.latLngToContainerPoint(this.map.options.crs!.unproject(L.point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)));
    const free = this.map.getSize().y - pixels;
    if (point.y > free - MARGIN) this.map.panBy([0, point.y - free / 2], { animate: !calm() });
  }

  /** The map's window changed size; its lower part may lie under something. */
  resize(covered: number): void {
    // Under the sources the map is hidden: a window without a size has no position to keep.
    if (this.map.getContainer().clientWidth === 0) return;
    const { atHome } = this;
    this.covered = covered;
    this.resizing = true;
    this.map.invalidateSize({ pan: false, animate: false });
    this.resizing = false;
    if (atHome) this.goHome();
    // Not before the window has its size: everything would be drawn twice.
    if (!this.map.hasLayer(this.layer.layer)) this.layer.layer.addTo(this.map);
  }

  private setUpMap(): void {
    const { map } = this;
    map.options.zoomSnap = 0;
    map.options.zoomDelta = 0.75;
    map.options.wheelPxPerZoomLevel = 110;
    // The page has zoom buttons of its own.
    if (map.options.zoomControl) map.zoomControl.remove();
    if (map.options.attributionControl) map.attributionControl.setPrefix(false);
    map.on("mousemove", (event: L.LeafletMouseEvent) => this.point(event));
    map.on("mouseout", () => this.app.hover.set(NOTHING));
    map.on("mousedown", (event: L.LeafletMouseEvent) => (this.pressed = event.containerPoint));
    map.on("click", (event: L.LeafletMouseEvent) => {
      // Leaflet lets a drag that begins during a zoom end as a click.
      if (!this.pressed || this.pressed.distanceTo(event.containerPoint) < STILL) this.click(event);
    });
  }

  /** The position that shows a box in the part of the window that nothing lies over. */
  private fitting(box: Box): { center: L.LatLng; zoom: number } {
    const size = this.map.getSize();
    const width = Math.max(size.x - 2 * MARGIN, 50);
    const height = Math.max(size.y - this.covered - 2 * MARGIN, 50);
    const resolution = Math.max((box[2] - box[0]) / width, (box[3] - box[1]) / height);
    const center = L.point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2 - (this.covered / 2) * resolution);
    return { center: this.map.options.crs!.unproject(center), zoom: Math.min(zoomOf(resolution), 10) };
  }

  private position(): View {
    const center = this.map.getCenter();
    return { lon: center.lng, lat: center.lat, zoom: this.map.getZoom() };
  }

  private get atHome(): boolean {
    return this.home !== null && near(this.home, this.position());
  }

  private keepPosition(): void {
    const { state, store } = this.app;
    if (this.resizing) return;
    const view = this.atHome ? null : this.position();
    if (view !== state.view) store.dispatch({ type: "view", view });
  }

  /** Moves the map where the link says, when that is not where it is. */
  private followState(): void {
    const { view } = this.app.state;
    if (!view) {
      if (!this.atHome) this.goHome();
    } else if (!near(view, this.position())) {
      this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    }
  }

  /** Changes the projection; the middle of the window and the scale there stay. */
  private followProjection(): void {
    const { mercator, view } = this.app.state;
    if (mercator !== this.mercator) {
      const { atHome } = this;
      const { lon, lat, zoom } = this.position();
      const stretch = Math.log2(1 / Math.cos((lat * Math.PI) / 180));
      this.mercator = mercator;
      this.map.options.crs = mercator ? L.CRS.EPSG3857 : this.equalArea;
      this.layer.use(this.atlas);
      const at = view && !near(view, { lon, lat, zoom }) ? view : { lon, lat, zoom: zoom + (mercator ? stretch : -stretch) };
      this.resizing = atHome;
      this.map.setView([at.lat, at.lon], at.zoom, { reset: true, animate: false } as L.ZoomPanOptions);
      if (atHome) this.goHome();
      this.resizing = false;
    }
    this.tiles.show(mercator);
  }

  private update(): void {
    this.followProjection();
    // While small maps stand in its place nobody sees the map: it is drawn when it is seen again.
    if (this.app.gridded) return;
    const next = this.scene();
    if (Object.entries(next).some(([key, value]) => this.current[key as keyof Scene] !== value)) {
      this.current = next;
      this.layer.setScene(this.placedScene(next));
      for (const listener of this.listeners) listener(next);
    }
    this.lightUp();
    this.followState();
  }

  private lightUp(): void {
    if (this.app.gridded) return;
    this.layer.setLit({ hover: this.app.hover.value.units, marks: this.marked() });
  }

  /** What is selected, else the units of the open region; and what is compared. */
  private marked(): readonly Mark[] {
    const { selected, marks, state } = this.app;
    return selected.length > 0 || !state.area ? marks : this.withArea(this.areaUnits(state.area), marks);
  }

  private scene(): Scene {
    const { app } = this;
    const { view, dark, plate, state } = app;
    const mask = this.clipped(app.mask, state.area);
    const theme = mapTheme(view, dark);
    return {
      theme,
      ...this.fillsOf(view, mask, theme, dark),
      borders: plate?.kind === "coverage" || (plate?.kind === "figure" && plate.classes) ? this.outerBorders : this.borders,
      regions: this.outlinedKind(plate),
      drawn: app.atlas.topology.drawn,
      raster: this.rasterOf(plate?.kind === "years" && plate.raster ? this.rasters.get(plate.raster, view?.year ?? plate.year) : null, state.raster),
      labels: this.labelsOf(this.atlas, view, state.lang),
      symbols: this.symbolsOf(this.atlas, plate, mask),
      overTiles: this.mercator && this.tiles.any && this.tiles.wanted.value,
    };
  }

  /** With its raster where the map's projection has it; insets keep the atlas's own. */
  private placedScene(scene: Scene): Scene {
    return this.mercator && scene.raster ? { ...scene, raster: this.warpedOf(scene.raster) } : scene;
  }

  private outlinedKind(plate: Plate | null): Int32Array | null {
    const id = plate?.kind === "regions" ? plate.region_kind : plate?.kind === "figure" ? plate.scope : null;
    return id && this.app.atlas.spec.kinds.some((kind) => kind.id === id) ? this.regionsOf(id) : null;
  }

  private readonly projected = remember(inMercator);
  private readonly fillsOf = remember((view: PlateView | null, mask: Uint8Array | null, theme: Scene["theme"], dark: boolean) =>
    unitFills(view, mask, theme, dark, this.app.atlas.count),
  );
  private readonly regionsOf = remember((kind: string) => regionOutlines(this.app.atlas, kind));
  private readonly namesOf = remember(placeNames);
  private readonly labelsOf = remember((atlas: Atlas, view: PlateView | null, lang: "zh" | "en") => labelsOf(atlas, view, lang, this.namesOf(atlas, lang)));
  /** What passes the filters and, while a region's card is open, lies in it. */
  private readonly clipped = remember((mask: Uint8Array | null, area: Area | null): Uint8Array | null => {
    if (!area) return mask;
    const inside = new Uint8Array(this.app.atlas.count);
    for (const unit of this.areaUnits(area)) inside[unit] = mask ? mask[unit] : 1;
    return inside;
  });
  private readonly withArea = remember((units: readonly number[], marks: readonly Mark[]): Mark[] => [...units.map((unit) => ({ unit, color: null })), ...marks]);
  private readonly areaUnits = remember((area: Area) => unitsOfArea(this.app.atlas, area));
  private readonly symbolsOf = remember((atlas: Atlas, plate: Plate | null, mask: Uint8Array | null) => {
    if (plate?.kind !== "clusters") return [];
    return clusterSymbols(atlas, atlas.spec.clusters.find((set) => set.id === plate.set)!, mask);
  });
  private readonly rasterOf = remember((raster: RasterImage | null, opacity: number): Scene["raster"] =>
    raster && opacity > 0 ? { ...raster, opacity } : null,
  );
  private readonly warpedOf = remember((raster: NonNullable<Scene["raster"]>) => ({ ...raster, ...this.mercatorImage(raster.image, raster.box, this.atlas.topology) }));

  private point(event: L.LeafletMouseEvent): void {
    const point = { x: event.containerPoint.x, y: event.containerPoint.y };
    const symbol = this.layer.symbolAt(event.containerPoint);
    const unit = symbol ? -1 : this.unitAt(event.containerPoint);
    if (symbol) this.app.hover.set({ units: symbol.units, row: null, point, symbol });
    else if (unit >= 0) this.app.hover.set({ units: [unit], row: this.app.atlas.store.unit_id[unit], point, symbol: null });
    else this.app.hover.set(NOTHING);
  }

  private click(event: L.LeafletMouseEvent): void {
    const symbol = this.layer.symbolAt(event.containerPoint);
    const unit = this.unitAt(event.containerPoint);
    if (symbol) this.app.select(symbol.units);
    else if (unit >= 0) this.app.select([unit]);
    else if (this.app.state.selection.length > 0) this.app.select([]);
  }

  private unitAt(point: L.Point): number {
    const [x, y] = metresAt(this.map, point);
    return this.atlas.hits.at(x, y);
  }
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function near(a: View, b: View): boolean {
  return Math.abs(a.lon - b.lon) + Math.abs(a.lat - b.lat) + Math.abs(a.zoom - b.zoom) < 0.02;
}

/** Projected metres at a point of the map's window, without the detour through latitude and longitude. */
function metresAt(map: L.Map, point: L.Point): [number, number] {
  const pixel = map.containerPointToLayerPoint(point).add(map.getPixelOrigin());
  const { x, y } = metresAtPixel(map, pixel, map.getZoom());
  return [x, y];
}

