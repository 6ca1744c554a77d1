/** Ties the map to the app: draws the state, answers the pointer, keeps the position in the link. */
import { NOTHING, type App } from "../state/app.ts";
import { unitsOfArea, type Atlas } from "../data/model.ts";
import type { Box, Inset } from "../format.ts";
import { hitsOf } from "../geometry/hit.ts";
import { onMap } from "../geometry/inset.ts";
import { inMercator, mercatorOf, turnOf } from "../geometry/mercator.ts";
import { circle, type LonLat } from "../geometry/near.ts";
import { projectionOf } from "../geometry/projection.ts";
import { mercator } from "../geometry/sphere.ts";
import { boxOfUnits } from "../data/topology.ts";
import { readNear } from "../state/place-filter.ts";
import type { State, View } from "../state/state.ts";
import type { Mark } from "../state/marks.ts";
import { computed, effect, signal, untracked } from "../state/signal.ts";
import { metresAtPixel, pixelOf, zoomOf } from "./crs.ts";
import { calm } from "./motion.ts";
import type { TileLayers } from "./tiles.ts";
import { AtlasLayer } from "./layer.ts";
import { mercatorImages, RasterImages } from "./rasters.ts";
import { bordersOf, labelsOf, mapTheme, placeNames, regionOutlines, unitFills, type Borders, type Scene } from "./scene.ts";
import { clusterSymbols, type ClusterSymbol } from "./symbols.ts";

const MARGIN = 18;
/** Seconds from one step of the story to the next. */
const FLIGHT = 1.1;
const NO_SYMBOLS: ClusterSymbol[] = [];
/** Zoom levels above the whole map from which it counts as zoomed in. */
const CLOSER = 0.75;
/** Points across and down at which a part of the window is looked at for units. */
const PROBES = 7;
/** Pixels that a pointer may move and still click. */
const STILL = 6;

export class MapView {
  readonly layer: AtlasLayer;
  private readonly borders: Borders;
  /** Where parents are coloured, what divides them inside only disturbs. */
  private readonly outerBorders: Borders;
  private readonly rasters: RasterImages;
  private readonly mercatorImage: ReturnType<typeof mercatorImages>;
  /** What is drawn: the scene, but not while small maps stand in its place. */
  private readonly drawn;
  /** Pixels of the window's lower edge that a sheet covers. */
  private covered = 0;
  /** The position that shows the whole atlas, or what the story's step shows; it is not kept in the link. */
  private home: View | null = null;
  /** The step that `home` is of. */
  private homeOf: number | null = null;
  /** Pictures are being made: the map is where it goes at once. */
  still = false;
  /** Where a flight of the map ends. */
  private goal: View | null = null;
  /** The units that were shown last, and the position that shows them. */
  private framed: { units: readonly number[]; at: View } | null = null;
  private resizing = false;
  private pressed: L.Point | null = null;
  /** The link that opened the page says both the region and where the map is. */
  private placed: boolean;
  private readonly mercator = signal(false);
  private readonly equalArea: L.CRS;
  /** Longitudes are said, and kept, as they lie around the middle of the map. */
  private readonly turn: (lon: number) => number;

  constructor(
    private readonly app: App,
    readonly map: L.Map,
    readonly tiles: TileLayers,
  ) {
    this.borders = bordersOf(app.atlas);
    this.outerBorders = { ...this.borders, unit: new Int32Array(), prefecture: new Int32Array() };
    this.rasters = new RasterImages(app.atlas.spec.rasters);
    this.mercatorImage = mercatorImages(app.atlas.spec.projection.proj4);
    this.equalArea = map.options.crs!;
    this.turn = turnOf(app.atlas.spec);
    this.layer = new AtlasLayer(app.atlas, map);
    this.placed = app.state.view !== null && app.state.area !== null;
    this.setUpMap();
    this.goHome();
    map.on("moveend", () => {
      this.layer.flying = false;
      this.goal = null;
      this.keepPosition();
    });
    this.drawn = signal(this.scene.value);
    this.layer.setScene(this.placedScene.value);
    effect(() => this.update());
    effect(() => this.lightUp());
  }

  /** Hands every new scene to a listener, beginning with the one shown. */
  onScene(listener: (scene: Scene) => void): () => void {
    return this.drawn.subscribe((scene) => untracked(() => listener(scene)));
  }

  /** The atlas at the positions that the map shows. */
  private get atlas(): Atlas {
    return this.placedAtlas.value;
  }

  goHome(fly = false): void {
    const { center, zoom } = this.fitting(this.homeBox());
    this.home = { lon: this.turn(center.lng), lat: center.lat, zoom };
    this.homeOf = this.app.state.story;
    const least = Math.min(zoom, this.fitting(this.atlas.spec.view).zoom) - 0.7;
    if (fly && !this.still && !calm()) {
      if (least < this.map.getMinZoom()) this.map.setMinZoom(least);
      this.fly(this.home);
      return;
    }
    this.goal = null;
    this.map.setView(center, zoom, { animate: false });
    this.map.setMinZoom(least);
  }

  /** What the map shows when nothing else is asked for: the whole atlas; in the story, what its step says. */
  private homeBox(): Box {
    const { app, atlas } = this;
    const { step } = app;
    if (step?.bounds) {
      const [west, south, east, north] = step.bounds;
      const across = [0, 0.25, 0.5, 0.75, 1].map((part) => west + part * (east - west));
      const edge = [south, (south + north) / 2, north].flatMap((lat) => across.map((lon) => this.map.options.crs!.project(L.latLng(lat, lon))));
      const { min, max } = L.bounds(edge) as { min: L.Point; max: L.Point };
      return [min.x, min.y, max.x, max.y];
    }
    const box = step && app.state.area ? boxOfUnits(atlas.topology, unitsOfArea(app.atlas, app.state.area)) : null;
    return box ? grown(box, 0.08) : atlas.spec.view;
  }

  private fly(to: View): void {
    this.goal = to;
    this.layer.flying = true;
    this.map.flyTo([to.lat, to.lon], to.zoom, { duration: FLIGHT });
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
      if (before) this.map.setView([before.lat, this.turn(before.lon)], before.zoom, { animate: false });
      else this.goHome();
    };
  }

  goToUnits(units: readonly number[], animate = !calm()): void {
    const box = boxOfUnits(this.atlas.topology, units);
    if (!box) return;
    const { center, zoom } = this.fitting(grown(box, 0.35));
    this.framed = { units, at: { lon: this.turn(center.lng), lat: center.lat, zoom } };
    this.map.setView(center, zoom, { animate });
  }

  /**
   * Whether an inset has something to add in a part of the window, in client pixels: not where the map itself shows its
   * area or is zoomed in, nor where it would lie over a unit.
   */
  wants(inset: Inset, { left, top, width, height }: DOMRect): boolean {
    const home = this.home?.zoom ?? 0;
    if (this.map.getZoom() > home + CLOSER || this.shows(inset)) return false;
    const window = this.map.getContainer().getBoundingClientRect();
    const steps = Array.from({ length: PROBES }, (_, i) => i / (PROBES - 1));
    return !steps.some((across) => steps.some((down) => this.unitAt(L.point(left - window.left + across * width, top - window.top + down * height)) >= 0));
  }

  /** Whether the free part of the window shows the area of an inset, but for its outermost tenth. */
  private shows(inset: Inset): boolean {
    const { spec } = this.app.atlas;
    const place = onMap(spec, inset);
    const further = this.mercator.value ? mercatorOf(spec) : null;
    const { x: width, y } = this.map.getSize();
    const [xmin, ymin, xmax, ymax] = inset.bounds;
    const [mx, my] = [(xmax - xmin) / 20, (ymax - ymin) / 20];
    return [xmin + mx, xmax - mx].every((east) =>
      [ymin + my, ymax - my].every((north) => {
        const [px, py] = place(east, north);
        const [x, z] = further ? further(px, py) : [px, py];
        const at = pixelAt(this.map, x, z);
        return at.x >= 0 && at.x <= width && at.y >= 0 && at.y <= y - this.covered;
      }),
    );
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

  /** The next click on the map hands over its longitude and latitude. */
  pickPoint(done: (place: LonLat) => void): void {
    const { map } = this;
    const shade = document.createElement("div");
    shade.className = "ra-draw";
    map.getContainer().append(shade);
    for (const event of ["mousedown", "pointerdown", "dblclick"]) shade.addEventListener(event, (pressed) => pressed.stopPropagation());
    shade.addEventListener("click", (event) => {
      event.stopPropagation();
      shade.remove();
      const { lat, lng } = map.containerPointToLatLng(map.mouseEventToContainerPoint(event));
      done([lng, lat]);
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
    if (this.app.step && !this.app.carded) {
      if (this.app.state.view === null) this.goHome(true);
      return;
    }
    if (area && selection.length === 0) {
      this.goToUnits(this.areaUnits.value);
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
    const { atHome, framed } = this;
    const inFrame = framed !== null && near(framed.at, this.position());
    this.covered = covered;
    this.resizing = true;
    this.map.invalidateSize({ pan: false, animate: false });
    this.resizing = false;
    if (atHome) this.goHome();
    else if (inFrame) this.goToUnits(framed.units, false);
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
    map.on("mouseout", () => this.app.point(NOTHING));
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

  position(): View {
    const center = this.map.getCenter();
    return { lon: this.turn(center.lng), lat: center.lat, zoom: this.map.getZoom() };
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
    if (this.app.state.story !== this.homeOf) this.changeHome();
    else if (!view) {
      if (!this.atHome && !this.goal) this.goHome();
    } else if (!near({ ...view, lon: this.turn(view.lon) }, this.position())) {
      this.map.setView([view.lat, this.turn(view.lon)], view.zoom, { animate: false });
    }
  }

  /** Another step of the story, its beginning or its end: the map goes where the state says, smoothly once the page is open. */
  private changeHome(): void {
    const { view, story } = this.app.state;
    if (!view) {
      this.goHome(this.app.opened);
      return;
    }
    const { center, zoom } = this.fitting(this.homeBox());
    this.home = { lon: this.turn(center.lng), lat: center.lat, zoom };
    this.homeOf = story;
    this.followState();
  }

  /** Changes the projection; the middle of the window and the scale there stay. */
  private followProjection({ mercator, view }: State): void {
    if (mercator !== this.mercator.value) {
      const { atHome } = this;
      const { lon, lat, zoom } = this.position();
      const stretch = Math.log2(1 / Math.cos((lat * Math.PI) / 180));
      this.mercator.value = mercator;
      this.map.options.crs = mercator ? L.CRS.EPSG3857 : this.equalArea;
      this.layer.use(this.atlas);
      const at = view && !near(view, { lon, lat, zoom }) ? view : { lon, lat, zoom: zoom + (mercator ? stretch : -stretch) };
      this.resizing = atHome;
      this.map.setView([at.lat, this.turn(at.lon)], at.zoom, { reset: true, animate: false } as L.ZoomPanOptions);
      if (atHome) this.goHome();
      this.resizing = false;
    }
  }

  /** Follows the state, the scene and the tiles. */
  private update(): void {
    const { app } = this;
    const { state } = app;
    untracked(() => this.followProjection(state));
    this.tiles.show(state.mercator);
    // While small maps stand in its place nobody sees the map: it is drawn when it is seen again.
    if (app.gridded) return;
    const [scene, placed] = [this.scene.value, this.placedScene.value];
    untracked(() => {
      if (scene !== this.drawn.value) {
        this.layer.setScene(placed);
        this.drawn.value = scene;
      }
      this.followState();
    });
  }

  private lightUp(): void {
    if (this.app.gridded) return;
    this.layer.setLit({ hover: this.app.hover.value.units, marks: this.marks.value });
  }

  private readonly area = computed(() => this.app.state.area);
  private readonly areaUnits = computed(() => (this.area.value ? unitsOfArea(this.app.atlas, this.area.value) : []));
  private readonly noUnits = computed(() => this.app.selected.length === 0);
  /** What is selected, else the units of the open region; and what is compared. */
  private readonly marks = computed((): readonly Mark[] =>
    this.noUnits.value && this.area.value ? [...this.areaUnits.value.map((unit) => ({ unit, color: null })), ...this.app.marks] : this.app.marks,
  );
  /** What passes the filters and, while a region's card is open, lies in it. */
  private readonly mask = computed((): Uint8Array | null => {
    const { mask, atlas } = this.app;
    if (!this.area.value) return mask;
    const inside = new Uint8Array(atlas.count);
    for (const unit of this.areaUnits.value) inside[unit] = mask ? mask[unit] : 1;
    return inside;
  });
  private readonly placedAtlas = computed(() => (this.mercator.value ? inMercator(this.app.atlas) : this.app.atlas));
  private readonly lang = computed(() => this.app.state.lang);
  private readonly theme = computed(() => mapTheme(this.app.view, this.app.dark));
  private readonly fills = computed(() => unitFills(this.app.view, this.mask.value, this.theme.value, this.app.dark, this.app.atlas.count));
  private readonly outlined = computed(() => {
    const { outlines } = this.app.drawing;
    return this.app.atlas.spec.kinds.find((kind) => kind.id === outlines)?.id ?? null;
  });
  private readonly regions = computed(() => (this.outlined.value === null ? null : regionOutlines(untracked(() => this.app.atlas), this.outlined.value)));
  private readonly names = computed(() => placeNames(this.placedAtlas.value, this.lang.value));
  private readonly labels = computed(() => labelsOf(this.placedAtlas.value, this.app.view, this.app.drawing.named ? this.outlined.value : null, this.lang.value, this.names.value));
  private readonly symbols = computed((): ClusterSymbol[] => {
    const { symbols } = this.app.drawing;
    return symbols ? clusterSymbols(this.placedAtlas.value, symbols, this.mask.value) : NO_SYMBOLS;
  });
  private readonly filters = computed(() => this.app.state.filters);
  private readonly circles = computed(() => {
    const { spec } = this.app.atlas;
    const place = this.mercator.value ? (lon: number, lat: number) => mercator(this.turn(lon), lat) : projectionOf(spec.projection.proj4).forward;
    return this.filters.value
      .filter(({ scope }) => scope === "near")
      .flatMap(({ value }) => readNear(this.app.atlas, value) ?? [])
      .map((near) => circle(near.place, near.km).map(([lon, lat]) => place(lon, lat)));
  });
  private readonly opacity = computed(() => this.app.state.raster);
  private readonly raster = computed((): Scene["raster"] => {
    const { drawing, view } = this.app;
    const image = drawing.raster && view?.year != null ? this.rasters.get(drawing.raster, view.year) : null;
    return image && this.opacity.value > 0 ? { ...image, opacity: this.opacity.value } : null;
  });
  private readonly overTiles = computed(() => this.mercator.value && this.tiles.any && this.tiles.wanted.value);
  private readonly scene = computed((): Scene => ({
    theme: this.theme.value,
    ...this.fills.value,
    borders: this.app.drawing.outerBordersOnly ? this.outerBorders : this.borders,
    regions: this.regions.value,
    drawn: this.app.atlas.topology.drawn,
    raster: this.raster.value,
    labels: this.labels.value,
    symbols: this.symbols.value,
    circles: this.circles.value,
    overTiles: this.overTiles.value,
  }));
  /** With its raster where the map's projection has it; insets keep the atlas's own. */
  private readonly placedScene = computed((): Scene => {
    const { raster } = this.scene.value;
    if (!this.mercator.value || !raster) return this.scene.value;
    return { ...this.scene.value, raster: { ...raster, ...this.mercatorImage(raster.image, raster.box, this.placedAtlas.value.topology) } };
  });

  private point(event: L.LeafletMouseEvent): void {
    const point = { x: event.containerPoint.x, y: event.containerPoint.y };
    const symbol = this.layer.symbolAt(event.containerPoint);
    const unit = symbol ? -1 : this.unitAt(event.containerPoint);
    if (symbol) this.app.point({ units: symbol.units, row: null, point, symbol });
    else if (unit >= 0) this.app.point({ units: [unit], row: this.app.atlas.store.unit_id[unit], point, symbol: null });
    else this.app.point(NOTHING);
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
    return hitsOf(this.atlas.topology).at(x, y);
  }
}

/** A box with room around it, as a share of its larger side. */
function grown([left, lower, right, upper]: Box, by: number): Box {
  const room = Math.max(right - left, upper - lower, 60_000) * by;
  return [left - room, lower - room, right + room, upper + room];
}

/** Whether two positions look the same: Leaflet counts in whole pixels, which are degrees when zoomed out. */
function near(a: View, b: View): boolean {
  const pixels = (2 * 360) / (256 * 2 ** a.zoom);
  return Math.abs(a.lon - b.lon) + Math.abs(a.lat - b.lat) < Math.max(0.02, pixels) && Math.abs(a.zoom - b.zoom) < 0.02;
}

/** Projected metres at a point of the map's window, without the detour through latitude and longitude. */
function metresAt(map: L.Map, point: L.Point): [number, number] {
  const pixel = map.containerPointToLayerPoint(point).add(map.getPixelOrigin());
  const { x, y } = metresAtPixel(map, pixel, map.getZoom());
  return [x, y];
}

/** The opposite: where projected metres lie in the map's window. */
function pixelAt(map: L.Map, x: number, y: number): L.Point {
  const plane = pixelOf(map, L.point(x, y), map.getZoom());
  return map.layerPointToContainerPoint(plane.subtract(map.getPixelOrigin()));
}
