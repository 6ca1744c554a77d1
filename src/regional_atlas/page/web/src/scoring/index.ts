/** An index computed anew in the page: normalise, aggregate up the tree, rank, tier. */
import { kept } from "../data/kept.ts";
import type { Aggregation, Column, Index, IndexNode, Normalisation } from "../format.ts";
import { breaksOf, classOf } from "../classify/breaks.ts";
import { descendingRanks, settled } from "../classify/classes.ts";
import { AGGREGATIONS, needsPositive, weightedMean } from "./aggregate.ts";
import { belowZero, NORMALISATIONS, normalise, type Scale } from "./normalise.ts";

/** What a reader may change of an index; what is not named is as the index has it. */
export interface Setting {
  index: string;
  weights: Readonly<Record<string, number>>;
  normalise: Normalisation | null;
  aggregate: Aggregation | null;
}

export interface Scores {
  /** Every node by its code, and "index". */
  nodes: Record<string, Column>;
  score: Column;
  rank: Column;
  tier: Column;
}

export const ROOT = "index";

export const weightOf = (node: IndexNode, setting: Setting | null): number => setting?.weights[node.code] ?? node.weight;

export function childrenOf(index: Index, parent: string): IndexNode[] {
  return index.nodes.filter((node) => node.parent === parent);
}

export function isLeaf(index: Index, node: IndexNode): boolean {
  return !index.nodes.some((other) => other.parent === node.code);
}

const scaleOf = (index: Index, setting: Setting): Scale => ({ ...index.normalise, method: setting.normalise ?? index.normalise.method });

/** Why a setting cannot be computed; null when it can. */
export function problem(index: Index, setting: Setting): string | null {
  const unknown = Object.keys(setting.weights).filter((code) => !index.nodes.some((node) => node.code === code));
  if (unknown.length > 0) return `The index ${index.id} has no ${unknown.join(", ")}; it has ${index.nodes.map((node) => node.code).join(", ")}.`;
  if (Object.values(setting.weights).some((weight) => !Number.isFinite(weight) || weight < 0)) return "Weights are numbers of 0 and more.";
  for (const [key, names] of [["normalise", NORMALISATIONS], ["aggregate", AGGREGATIONS]] as const) {
    const name = setting[key];
    if (name != null && !(names as readonly string[]).includes(name)) return `"${key}" is null or ${names.join(", ")}.`;
  }
  const mean = setting.aggregate ?? index.aggregate.method;
  if (needsPositive(mean) && belowZero(scaleOf(index, setting))) return `The ${mean} mean needs values of 0 and more.`;
  if (!childrenOf(index, ROOT).some((node) => weightOf(node, setting) > 0)) return "Some weight must be above 0.";
  return null;
}

export function computeIndex(index: Index, raw: Readonly<Record<string, Column>>, setting: Setting): Scores {
  const scale = scaleOf(index, setting);
  const method = setting.aggregate ?? index.aggregate.method;
  const nodes: Record<string, Column> = {};
  /** Whether any indicator below has a value: what has none is absent, and its weight goes to the others. */
  const visit = (parent: string): boolean => {
    const below = childrenOf(index, parent);
    const present = below.map((node) => {
      if (!isLeaf(index, node)) return visit(node.code);
      nodes[node.code] = normalised(raw[node.code], node.direction, scale);
      return nodes[node.code].some((value) => value !== null);
    });
    const weights = below.map((node, at) => (present[at] ? weightOf(node, setting) : 0));
    nodes[parent] = weightedMean(below.map((node) => nodes[node.code]), weights, method, index.aggregate.availability);
    return present.includes(true);
  };
  visit(ROOT);
  const score = nodes[ROOT];
  return { nodes, score, rank: descendingRanks(score), tier: tiersOf(score, index.tiers) };
}

/** 1 holds the highest scores. k tiers need k different scores: of fewer, nobody has a tier. */
function tiersOf(scores: Column, k: number): Column {
  const score = settled(scores);
  const bounds = k === 0 ? [] : breaksOf(score.filter((value) => value !== null), { scheme: "fisher_jenks", k });
  if (bounds.length === 0 || bounds.length < k) return new Array<null>(scores.length).fill(null);
  return score.map((value) => (value === null ? null : bounds.length - classOf(value, bounds)));
}

/** Normalised columns, kept: only the weights change while a slider moves. */
const scaledOf = kept<Column, Map<string, Column>>(() => new Map());

function normalised(values: Column, direction: 1 | -1, scale: Scale): Column {
  const known = scaledOf(values);
  const key = `${scale.method} ${scale.low} ${scale.high} ${direction}`;
  let column = known.get(key);
  if (!column) known.set(key, (column = normalise(values, direction, scale)));
  return column;
}
