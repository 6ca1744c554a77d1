/** What the page's script computes as the package does, by the names of tests/shared/calculations.py: from a question's JSON to JSON. */
import type { Atlas } from "../src/data/model.ts";
import type { Aggregation, ChangePlate, Column, Geometry, Index, IndexNode, Normalisation, Numerals, Unit } from "../src/format.ts";
import { importance } from "../src/geometry/detail.ts";
import { kilometres, mercator } from "../src/geometry/sphere.ts";
import { decodeTopology } from "../src/data/topology.ts";
import { projectionOf } from "../src/geometry/projection.ts";
import { change as changePlate } from "../src/plates/change.tsx";
import { weightedMean } from "../src/scoring/aggregate.ts";
import { tierRanges } from "../src/state/weighted.ts";
import { computeIndex, type Setting } from "../src/scoring/index.ts";
import { normalise } from "../src/scoring/normalise.ts";
import type { Filter } from "../src/state/state.ts";
import { exact, percent, withUnit } from "../src/text/numbers.ts";
import { offer, type Lang } from "../src/text/offered.ts";
import numbers from "./numbers.json" with { type: "json" };
import { descendingRanks } from "../src/classify/classes.ts";
import { filterMask } from "../src/state/filter.ts";
import { lorenz, medianOf, percentileOf, sumsByParent } from "../src/state/measure.ts";
import { nearestPeers } from "../src/scoring/peers.ts";
import { neighboursOf } from "../src/state/place-filter.ts";
import { countRanked } from "../src/data/rollup.ts";

offer(Object.entries(numbers.numerals).map(([tag, numerals]) => ({ tag, name: tag, direction: "ltr" as const, numerals: numerals as unknown as Numerals, messages: "" })));

type Place = [number, number];

interface IndexGiven {
  nodes: Pick<IndexNode, "code" | "parent" | "weight" | "direction">[];
  raw: Record<string, Column>;
  normalise: Index["normalise"];
  aggregate: Index["aggregate"];
  tiers: number;
  setting: Omit<Setting, "index">;
}

interface FilterGiven {
  types: string[];
  parents: number[];
  members: [number, string, boolean][];
  rank: Column;
  tier: Column;
  field: Column;
  filters: Filter[];
}

export interface Questions {
  aggregate: { columns: Column[]; weights: number[]; method: Aggregation; availability: number };
  change: { before: Column; after: Column; relative: boolean };
  counts: { units: number[]; rank: Column; eligible: boolean[]; own: boolean[] };
  distance: { from: Place; to: Place };
  filter: FilterGiven;
  gini: { values: Column };
  index: IndexGiven;
  median: { values: Column };
  mercator: { lonlat: Place };
  neighbours: { geometry: Geometry };
  normalise: { values: Column; direction: 1 | -1; method: Normalisation; low: number; high: number };
  number: { value: number; digits: number; unit: Unit | null; lang: Lang };
  peers: { types: number[]; fields: Column[]; unit: number; count: number };
  percent: { share: number; lang: Lang };
  place: { definition: string; xy: Place };
  projection: { definition: string; lonlat: Place };
  ranks: { values: Column };
  standing: { values: Column; unit: number; among: number[] | null };
  sums: { values: Column; members: number[]; of: number[]; groups: number };
  tier_ranges: { rank: Column; tier: Column };
  vertices: { points: Place[] };
}

export const CALCULATIONS: { [Name in keyof Questions]: (given: Questions[Name]) => unknown } = {
  aggregate: ({ columns, weights, method, availability }) => weightedMean(columns, weights, method, availability),
  change: ({ before, after, relative }) => {
    const atlas = { count: before.length, fields: new Map(), store: { fields: { x: { 2000: before, 2010: after } } } } as unknown as Atlas;
    const plate = { kind: "change", field: "x", since: 2000, until: 2010, relative, classes: { breaks: [], colors: [], colors_dark: [] } };
    return changePlate.view(atlas, plate as unknown as ChangePlate, null).values;
  },
  counts: ({ units, rank, eligible, own }) =>
    countRanked(
      units,
      rank,
      (unit) => eligible[unit],
      (unit) => own[units.indexOf(unit)],
    ),
  distance: ({ from, to }) => kilometres(from, to),
  filter: filtered,
  gini: ({ values }) => lorenz(values.filter((value) => value !== null))?.gini ?? null,
  index: ({ setting, ...given }) => {
    const index = { ...given, id: "demo", ranking: "demo", title: { zh: "", en: "" } } as unknown as Index;
    const { nodes, rank, tier } = computeIndex(index, given.raw, { ...setting, index: "demo" });
    return { nodes, rank, tier };
  },
  median: ({ values }) => medianOf(values),
  mercator: ({ lonlat }) => mercator(...lonlat),
  neighbours: ({ geometry }) => {
    const topology = decodeTopology(geometry);
    return topology.rings.map((_, unit) => neighboursOf({ topology } as Atlas, unit));
  },
  normalise: ({ values, direction, ...scale }) => normalise(values, direction, scale),
  number: ({ value, digits, unit, lang }) => withUnit(exact(value, digits, unit, lang), unit, lang),
  peers: ({ types, fields, unit, count }) => {
    const columns = Object.fromEntries(fields.map((values, at) => [String(at), values]));
    const atlas = { count: types.length, spec: { fields: fields.map((_, at) => ({ id: String(at), years: null })) }, store: { unit_type: types, fields: columns } };
    return nearestPeers(atlas as unknown as Atlas, unit, count);
  },
  percent: ({ share, lang }) => percent(share, lang),
  place: ({ definition, xy }) => projectionOf(definition).inverse(...xy),
  projection: ({ definition, lonlat }) => projectionOf(definition).forward(...lonlat),
  ranks: ({ values }) => descendingRanks(values),
  standing: ({ values, unit, among }) => percentileOf(values, unit, among),
  sums: ({ values, members, of, groups }) => {
    const ids = Array.from({ length: groups }, (_, at) => String(at));
    const atlas = { store: { parents: { group: { ids, of, names: ids, names_en: ids } } } } as unknown as Atlas;
    const found = sumsByParent(atlas, "group", { values, members }, "en").sort((a, b) => a.parent - b.parent);
    return found.map(({ parent, sum, units, partial }) => ({ group: parent, sum, data: units.length, partial }));
  },
  tier_ranges: (given) => tierRanges(given),
  vertices: ({ points }) => {
    const [x, y] = [0, 1].map((at) => Float64Array.from(points, (point) => point[at]));
    return Array.from(importance({ x, y, start: Uint32Array.of(0, points.length) }), (area) => (area === Infinity ? null : area));
  },
};

function filtered({ types, parents, members, rank, tier, field, filters }: FilterGiven): number[] {
  const kinds = [...new Set(types)];
  const regions = ["m0", "m1"];
  const atlas = {
    count: types.length,
    fields: new Map([["x", { id: "x", title: { zh: "", en: "" }, unit: null, years: null }]]),
    spec: { unit_types: kinds.map((id) => ({ id })), kinds: [{ id: "metro", regions: regions.map((id) => ({ id })) }] },
    store: {
      unit_type: types.map((type) => kinds.indexOf(type)),
      parents: { province: { ids: ["p0", "p1", "p2"], of: parents } },
      membership: { metro: { unit: members.map(([unit]) => unit), region: members.map(([, region]) => regions.indexOf(region)) } },
      rankings: { best: { rank, tier } },
      fields: { x: field },
    },
  } as unknown as Atlas;
  const mask = filterMask(atlas, filters);
  return types.flatMap((_, unit) => (!mask || mask[unit] ? [unit] : []));
}

/** By how much numbers may differ, as a share of the largest of their list, which is `scale` at least. */
export interface Bounds {
  within: number;
  scale: number;
}

/** Where two answers differ; null where they are the same. */
export function difference(found: unknown, expected: unknown, { within, scale }: Bounds, size = 0): string | null {
  if (typeof expected === "number" && typeof found === "number") {
    if (found === expected || Math.abs(found - expected) <= within * Math.max(scale, size, Math.abs(expected))) return null;
  } else if (Array.isArray(expected) && Array.isArray(found)) {
    if (found.length !== expected.length) return `${found.length} in place of ${expected.length}`;
    const largest = Math.max(0, ...expected.map((item) => (typeof item === "number" ? Math.abs(item) : 0)));
    return first(expected.keys(), (at) => difference(found[at], expected[at], { within, scale }, largest));
  } else if (expected !== null && typeof expected === "object" && found !== null && typeof found === "object") {
    const [held, wanted] = [found as Record<string, unknown>, expected as Record<string, unknown>];
    return first(Object.keys(wanted), (key) => difference(held[key], wanted[key], { within, scale }));
  } else if (found === expected) return null;
  return `${JSON.stringify(found)} in place of ${JSON.stringify(expected)}`;
}

function first<Key>(keys: Iterable<Key>, differs: (key: Key) => string | null): string | null {
  for (const key of keys) {
    const found = differs(key);
    if (found !== null) return `${String(key)}: ${found}`;
  }
  return null;
}

export interface Asked extends Bounds {
  calculation: keyof Questions;
  given: unknown;
  gives: unknown;
}

/** What the page answers otherwise, by the place of the question. */
export function differences(asked: readonly Asked[]): [number, string][] {
  return asked.flatMap(({ calculation, given, gives, ...bounds }, at): [number, string][] => {
    const found = difference(CALCULATIONS[calculation](given as never), gives, bounds);
    return found === null ? [] : [[at, found]];
  });
}
