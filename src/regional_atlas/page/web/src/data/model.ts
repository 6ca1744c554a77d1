/** The atlas in memory: specification, columns and geometry, with the look-ups that everything else shares. */
import { whenRead } from "./decode.ts";
import { decodeTopology, type Geometry, type Topology } from "./topology.ts";
import { nameIn, within, type Lang } from "../text/language.ts";
import type { Citation, Cluster, ClusterSet, Column, Field, Named, Plate, Ranking, Spec, Store, UnitType } from "../format.ts";

/** One region that a unit belongs to. */
export interface Belonging {
  kind: number;
  region: number;
  share: number;
  exclusive: boolean;
}

export interface Atlas {
  spec: Spec;
  store: Store;
  topology: Topology;
  count: number;
  index: ReadonlyMap<string, number>;
  plates: ReadonlyMap<string, Plate>;
  rankings: ReadonlyMap<string, Ranking>;
  fields: ReadonlyMap<string, Field>;
  citations: ReadonlyMap<string, Citation>;
  /** By ranking that the reader's weights change: places gained by each unit, below 0 lost. */
  gained: ReadonlyMap<string, Column>;
  /** belongings[unit]: every region the unit is in. */
  belongings: Belonging[][];
  /** clustersOf[unit]: [set, item] pairs. */
  clustersOf: [number, number][][];
}

export function buildAtlas(spec: Spec, store: Store, geometry: Geometry): Atlas {
  const topology = decodeTopology(geometry);
  const count = store.unit_id.length;
  if (topology.rings.length !== count) {
    throw new Error(`The geometry has ${topology.rings.length} units, the store ${count}.`);
  }
  return {
    spec,
    store,
    topology,
    count,
    index: new Map(store.unit_id.map((id, i) => [id, i])),
    plates: byId(spec.plates),
    rankings: byId(spec.rankings),
    fields: byId([...spec.fields, ...dimensionFields(spec, store)]),
    citations: byId(spec.citations),
    gained: new Map(),
    belongings: belongingsOf(spec, store, count),
    clustersOf: clustersOf(spec, count),
  };
}

/** Dimensions of indices as fields that plates and links can name; lists of fields leave them out. */
function dimensionFields(spec: Spec, store: Store): Field[] {
  return spec.rankings.flatMap((ranking) => {
    const columns = lookUp(store.dimensions, ranking.id);
    const score = spec.fields.find((field) => field.id === ranking.score);
    if (!columns || !score) return [];
    return (ranking.dimensions ?? []).map(({ id, title }) => {
      const field = { ...score, id: `${ranking.id}/${id}`, title, digits: 0 };
      whenRead(store.fields as Record<string, Column>, field.id, () => columns[id]);
      return field;
    });
  });
}

function byId<T extends Named>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function belongingsOf(spec: Spec, store: Store, count: number): Belonging[][] {
  const lists: Belonging[][] = Array.from({ length: count }, () => []);
  spec.kinds.forEach((kind, k) => {
    const table = store.membership[kind.id];
    table.unit.forEach((unit, row) => {
      lists[unit].push({ kind: k, region: table.region[row], share: table.share[row], exclusive: table.exclusive[row] === 1 });
    });
  });
  return lists;
}

function clustersOf(spec: Spec, count: number): [number, number][][] {
  const lists: [number, number][][] = Array.from({ length: count }, () => []);
  spec.clusters.forEach((set, s) => set.items.forEach((item, i) => item.units.forEach((unit) => lists[unit].push([s, i]))));
  return lists;
}

/** Whether a field has one column, not one for each year. */
export const isColumn = (held: Store["fields"][string]): held is Column => Array.isArray(held);

/** The column of a field, of one year where it has years. */
export function columnOf(atlas: Atlas, field: string, year: number | null): Column {
  const columns = atlas.store.fields[field];
  if (isColumn(columns)) return columns;
  return lookUp(columns, String(year)) ?? new Array<null>(atlas.count).fill(null);
}

/** A value by a key that may come from a link, and so may be anything. */
export function lookUp<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A place that is not a unit: a parent or a region. */
export interface Area {
  scope: string;
  id: string;
}

export function areaTitle(atlas: Atlas, area: Area, lang: Lang): string | null {
  const parents = lookUp(atlas.store.parents, area.scope);
  if (parents) {
    const at = parents.ids.indexOf(area.id);
    return at < 0 ? null : parentName(atlas, area.scope, at, lang);
  }
  const kind = atlas.spec.kinds.find((item) => item.id === area.scope);
  return kind?.regions.find((region) => region.id === area.id)?.title[lang] ?? null;
}

/** Its place among the parents of its level or the regions of its kind; -1 for none. */
export function placeOfArea(atlas: Atlas, area: Area): number {
  const parents = lookUp(atlas.store.parents, area.scope);
  if (parents) return parents.ids.indexOf(area.id);
  return atlas.spec.kinds.find((kind) => kind.id === area.scope)?.regions.findIndex((region) => region.id === area.id) ?? -1;
}

/** The units of a parent or region, counting every membership. */
export function unitsOfArea(atlas: Atlas, area: Area): number[] {
  const parents = lookUp(atlas.store.parents, area.scope);
  const units: number[] = [];
  if (parents) {
    const at = parents.ids.indexOf(area.id);
    parents.of.forEach((parent, unit) => {
      if (at >= 0 && parent === at) units.push(unit);
    });
    return units;
  }
  const kind = atlas.spec.kinds.find((item) => item.id === area.scope);
  const at = kind?.regions.findIndex((region) => region.id === area.id) ?? -1;
  const table = lookUp(atlas.store.membership, area.scope);
  table?.unit.forEach((unit, row) => {
    if (at >= 0 && table.region[row] === at) units.push(unit);
  });
  return units;
}

/** The title of a cluster's group in a language; the table's own word where the project gives none. */
export function groupTitle(set: ClusterSet, { group }: Cluster, lang: Lang): string | null {
  return set.groups.find((item) => item.id === group)?.title[lang] ?? group;
}

export function unitName(atlas: Atlas, unit: number, lang: Lang): string {
  return nameIn(atlas.store.unit[unit], atlas.store.unit_en[unit], lang);
}

export function parentName(atlas: Atlas, level: string, parent: number, lang: Lang): string {
  const parents = atlas.store.parents[level];
  return nameIn(parents.names[parent], parents.names_en[parent], lang);
}

/** As `parentName`, its own name without the generic part. */
export function shortName(atlas: Atlas, level: string, parent: number, lang: Lang): string {
  const parents = atlas.store.parents[level];
  return nameIn(parents.short[parent], parents.names_en[parent], lang);
}

/** 省 市, or "city, province": the two innermost parent levels, short, without repeating a name. */
export function placeOf(atlas: Atlas, unit: number, lang: Lang): string {
  const own = atlas.store.unit[unit];
  const names: string[] = [];
  for (const level of atlas.spec.levels.slice(-2)) {
    const parents = atlas.store.parents[level.id];
    const at = parents.of[unit];
    if (at < 0 || parents.names[at] === own) continue;
    const name = shortName(atlas, level.id, at, lang);
    // 天津 天津市 says nothing more than 天津.
    if (!names.some((outer) => name.startsWith(outer))) names.push(name);
  }
  return names.length === 2 ? within(names[1], names[0], lang) : (names[0] ?? "");
}

export function unitType(atlas: Atlas, unit: number): UnitType | null {
  return atlas.spec.unit_types[atlas.store.unit_type[unit]] ?? null;
}

/** A unit's name with a mark where it is not like the others. */
export function markedName(atlas: Atlas, unit: number, lang: Lang): string {
  return `${unitName(atlas, unit, lang)}${unitType(atlas, unit)?.note ? " †" : ""}`;
}

/** Units that a ranking could have ranked. */
export function isEligible(atlas: Atlas, ranking: Ranking, unit: number): boolean {
  return ranking.among === null || ranking.among.includes(atlas.store.unit_type[unit]);
}
