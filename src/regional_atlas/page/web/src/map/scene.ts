/** What the map is to show now, worked out once per change of state: styles of units, outlines, labels, symbols. */
import type { Atlas } from "../data/model.ts";
import { parentName, unitName, unitsOfArea } from "../data/model.ts";
import type { Lang } from "../text/language.ts";
import { boundaryArcs, innerArcs, outlinesOf } from "../geometry/outlines.ts";
import { boxOfUnits } from "../data/topology.ts";
import { NO_DATA, PAPER } from "../classify/classes.ts";
import { mix } from "../classify/colour.ts";
import type { PlateView } from "../state/plate.ts";
import type { Label } from "./labels.ts";
import type { RasterImage } from "./rasters.ts";
import type { ClusterSymbol } from "./symbols.ts";
import { DAY, NIGHT, type MapTheme } from "./theme.ts";

export const HATCH = "hatch";

export interface Borders {
  unit: Int32Array;
  /** Per parent level, innermost first. */
  prefecture: Int32Array;
  province: Int32Array;
}

export interface Scene {
  theme: MapTheme;
  /** Index into fills for every unit. */
  styleOf: Uint8Array;
  /** Colours, and HATCH for no data. */
  fills: string[];
  borders: Borders;
  regions: Int32Array | null;
  drawn: Int32Array;
  /** In the atlas's own projection, whatever the map shows. */
  raster: (RasterImage & { opacity: number }) | null;
  labels: Label[];
  symbols: ClusterSymbol[];
  /** Closed lines of the radius filters, in metres of the map's projection. */
  circles: readonly (readonly [number, number])[][];
  /** Tiles lie below: the ground is left out, the fills let them through. */
  overTiles: boolean;
}

/** Outlines that every plate shares. */
export function bordersOf(atlas: Atlas): Borders {
  const inner = atlas.spec.levels.slice(-2).map((level) => atlas.store.parents[level.id].of);
  const prefecture = inner.at(-1) ?? [];
  const province = inner.at(0) ?? [];
  return {
    unit: innerArcs(atlas.topology),
    prefecture: boundaryArcs(atlas.topology, prefecture),
    province: boundaryArcs(atlas.topology, province),
  };
}

/** Outlines of every region of a kind, overlaps included. */
export function regionOutlines(atlas: Atlas, kindId: string): Int32Array {
  const kind = atlas.spec.kinds.find((item) => item.id === kindId)!;
  return outlinesOf(atlas.topology, kind.regions.map((region) => unitsOfArea(atlas, { scope: kindId, id: region.id })));
}

export const mapTheme = (view: PlateView | null, dark: boolean): MapTheme => (dark || view?.night ? NIGHT : DAY);

/** Fills twice over: as they are, and faded for the units that a filter leaves out. */
export function unitFills(view: PlateView | null, mask: Uint8Array | null, theme: MapTheme, dark: boolean, count: number): Pick<Scene, "styleOf" | "fills"> {
  const colors = view ? (dark ? view.colorsDark : view.colors) : [];
  const base = [...colors, theme.paper, HATCH];
  const faded = [...colors.map((color) => mix(theme.paper, color, 0.16)), theme.paper, theme.paper];
  const styleOf = new Uint8Array(count);
  for (let unit = 0; unit < count; unit++) {
    const at = view ? view.classOf[unit] : PAPER;
    const style = at === PAPER ? colors.length : at === NO_DATA ? colors.length + 1 : at;
    styleOf[unit] = mask && !mask[unit] ? style + base.length : style;
  }
  return { styleOf, fills: [...base, ...faded] };
}

/** Names in the order in which they get room: regions of the kind that the plate names, provinces, ranked units, cities, prefectures, all units. */
export function labelsOf(atlas: Atlas, view: PlateView | null, named: string | null, lang: Lang, { provinces, cities, prefectures, units }: PlaceNames): Label[] {
  const labels: Label[] = [];
  const kind = atlas.spec.kinds.find((item) => item.id === named);
  if (kind) {
    for (const region of kind.regions) {
      const units = unitsOfArea(atlas, { scope: kind.id, id: region.id });
      const point = middle(atlas, units);
      if (point) labels.push({ text: shortRegion(region.title[lang]), point, room: widthOf(atlas, units), size: 12, weight: 600, quiet: false, from: 0, to: Infinity });
    }
  }
  labels.push(...provinces);
  if (view) {
    const ranked = view.ranks
      .flatMap((rank, unit) => (rank !== null && rank <= 100 ? [{ rank, unit }] : []))
      .sort((a, b) => a.rank - b.rank);
    for (const { rank, unit } of ranked) {
      labels.push(unitLabel(atlas, unit, lang, { weight: 500, quiet: false, to: rank <= 10 ? 3600 : 2200 }));
    }
  }
  return [...labels, ...cities, ...prefectures, ...units];
}

/** Names that are the same on every plate. */
export interface PlaceNames {
  provinces: Label[];
  cities: Label[];
  prefectures: Label[];
  units: Label[];
}

export function placeNames(atlas: Atlas, lang: Lang): PlaceNames {
  const province = atlas.spec.levels.slice(-2).at(0);
  const prefecture = atlas.spec.levels.at(-1);
  const order = Array.from({ length: atlas.count }, (_, unit) => unit).sort((a, b) => atlas.store.area_km2[b] - atlas.store.area_km2[a]);
  const provinces = province ? parentLabels(atlas, province.id, lang, { size: 13, weight: 500, from: 800, to: Infinity }) : [];
  const prefectures = prefecture && prefecture !== province ? parentLabels(atlas, prefecture.id, lang, { size: 12, weight: 500, from: 500, to: 2200 }) : [];
  const named = new Set([...provinces, ...prefectures].map(({ text }) => text));
  return {
    provinces,
    cities: cityLabels(atlas, lang).filter(({ text }) => !named.has(text)),
    prefectures,
    units: order.map((unit) => unitLabel(atlas, unit, lang, { weight: 400, quiet: true, to: 800 })),
  };
}

const cityLabels = ({ spec }: Atlas, lang: Lang): Label[] =>
  spec.places.map(({ title, point, major }) => ({ text: title[lang], point, room: Infinity, size: 11, weight: 400, quiet: true, dot: true, from: 0, to: major ? Infinity : 2500 }));

/** 长三角城市群 is labelled 长三角: the kind is in the plate's title. */
const shortRegion = (title: string) => title.replace(/(城市群|都市圈|经济区)$/, "");

function unitLabel(atlas: Atlas, unit: number, lang: Lang, style: Pick<Label, "weight" | "quiet" | "to">): Label {
  return { text: unitName(atlas, unit, lang), point: atlas.store.point[unit], room: Infinity, size: 12, from: 0, ...style };
}

function parentLabels(atlas: Atlas, level: string, lang: Lang, style: Pick<Label, "size" | "weight" | "from" | "to">): Label[] {
  const parents = atlas.store.parents[level];
  const members = parents.ids.map((): number[] => []);
  parents.of.forEach((parent, unit) => {
    if (parent >= 0) members[parent].push(unit);
  });
  return parents.ids
    .map((_, at) => at)
    .sort((a, b) => area(atlas, members[b]) - area(atlas, members[a]))
    .flatMap((at) => {
      const point = middle(atlas, members[at]);
      const text = lang === "en" ? parentName(atlas, level, at, lang) : parents.short[at];
      return point ? [{ text, point, room: widthOf(atlas, members[at]), quiet: true, ...style }] : [];
    });
}

function widthOf(atlas: Atlas, units: readonly number[]): number {
  const box = boxOfUnits(atlas.topology, units);
  return box ? box[2] - box[0] : 0;
}

const area = (atlas: Atlas, units: readonly number[]) => units.reduce((sum, unit) => sum + atlas.store.area_km2[unit], 0);

/** The unit point nearest to the area-weighted mean of the members: inside the area, near its middle. */
function middle(atlas: Atlas, units: readonly number[]): readonly [number, number] | null {
  const total = area(atlas, units);
  if (total === 0) return null;
  let [x, y] = [0, 0];
  for (const unit of units) {
    const share = atlas.store.area_km2[unit] / total;
    x += atlas.store.point[unit][0] * share;
    y += atlas.store.point[unit][1] * share;
  }
  const away = (unit: number) => Math.hypot(atlas.store.point[unit][0] - x, atlas.store.point[unit][1] - y);
  const nearest = units.reduce((best, unit) => (away(unit) < away(best) ? unit : best));
  // The mean itself looks better centred; it is used where a member lies right at it.
  return away(nearest) < 40_000 ? [x, y] : atlas.store.point[nearest];
}
