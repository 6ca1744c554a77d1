/** The atlas with an index computed anew: its ranking, its score and the plates that show them. */
import { inEach, list, word } from "../text/language.ts";
import { lookUp, unitName, type Atlas } from "../data/model.ts";
import type { Column, Index, Plate, Ranking, Text } from "../format.ts";
import { signed } from "../text/numbers.ts";
import { kindIn, type Kinds } from "./plate.ts";
import { computeIndex, problem, type Scores, type Setting } from "../scoring/index.ts";

/** Units that gain or lose most that the sentence names. */
const NAMED = 5;

export function indexById(atlas: Atlas, id: string): Index | null {
  return atlas.spec.indices.find((index) => index.id === id) ?? null;
}

/** The index behind a plate's ranking or field, where its weights can be changed. */
export function indexOfPlate(atlas: Atlas, kinds: Kinds, plate: Plate): Index | null {
  const score = kindIn(kinds, plate).score?.(plate);
  return (
    atlas.spec.indices.find((index) => {
      if ("ranking" in plate && plate.ranking === index.ranking) return true;
      return score !== undefined && score === atlas.rankings.get(index.ranking)?.score;
    }) ?? null
  );
}

export function settable(atlas: Atlas, setting: Setting): boolean {
  const index = indexById(atlas, setting.index);
  return index !== null && rawOf(atlas, index) !== null && problem(index, setting) === null;
}

function rawOf(atlas: Atlas, index: Index): Readonly<Record<string, Column>> | null {
  return lookUp(atlas.store.indices, index.id) ?? null;
}

export function scoresOf(atlas: Atlas, setting: Setting): Scores {
  const index = indexById(atlas, setting.index)!;
  return computeIndex(index, rawOf(atlas, index)!, setting);
}

export function withSetting(atlas: Atlas, kinds: Kinds, setting: Setting): Atlas {
  const index = indexById(atlas, setting.index)!;
  const scores = scoresOf(atlas, setting);
  const published = atlas.rankings.get(index.ranking)!;
  const ranking: Ranking = { ...published, n: scores.score.filter((value) => value !== null).length, tiers: tierRanges(scores) };
  const before = atlas.store.rankings[ranking.id].rank;
  const gained = scores.rank.map((rank, unit) => (rank === null || before[unit] === null ? null : before[unit] - rank));
  const finding = weightedFinding(atlas, scores, gained);
  const plates = atlas.spec.plates.map((plate) => (indexOfPlate(atlas, kinds, plate) === index ? restated(kinds, plate, ranking, finding) : plate));
  const rankings = atlas.spec.rankings.map((item) => (item.id === ranking.id ? ranking : item));
  return {
    ...atlas,
    spec: { ...atlas.spec, plates, rankings },
    plates: new Map(plates.map((plate) => [plate.id, plate])),
    rankings: new Map(rankings.map((item) => [item.id, item])),
    gained: new Map([[ranking.id, gained]]),
    store: {
      ...atlas.store,
      rankings: { ...atlas.store.rankings, [ranking.id]: { rank: scores.rank, tier: scores.tier, low: null, high: null, p_tier: null, coverage: null } },
      fields: ranking.score ? { ...atlas.store.fields, [ranking.score]: scores.score } : atlas.store.fields,
    },
  };
}

export function tierRanges({ rank, tier }: Pick<Scores, "rank" | "tier">): Ranking["tiers"] {
  const ranges = new Map<number, { tier: number; first: number; last: number }>();
  rank.forEach((at, unit) => {
    const inTier = tier[unit];
    if (at === null || inTier === null) return;
    const range = ranges.get(inTier);
    if (!range) ranges.set(inTier, { tier: inTier, first: at, last: at });
    else [range.first, range.last] = [Math.min(range.first, at), Math.max(range.last, at)];
  });
  return [...ranges.values()].sort((a, b) => a.tier - b.tier);
}

/** What a plate says of the published index no longer holds: it says who leads, gains and loses under these weights. */
function weightedFinding(atlas: Atlas, scores: Scores, gained: Column): Text {
  const leading = ranked(scores.rank, (rank) => rank).filter(({ value }) => value <= 3).slice(0, 3);
  const winners = ranked(gained, (places) => -places).filter(({ value }) => value > 0).slice(0, NAMED);
  const losers = ranked(gained, (places) => places).filter(({ value }) => value < 0).slice(0, NAMED);
  return inEach((lang) => {
    const names = (units: { unit: number }[]) => list(units.map(({ unit }) => unitName(atlas, unit, lang)), lang);
    const moves = (units: { unit: number; value: number }[]) => list(units.map(({ unit, value }) => `${unitName(atlas, unit, lang)} (${signed(value, lang)})`), lang);
    const parts = [
      word("leadWithWeights", lang, { names: names(leading) }),
      ...(winners.length > 0 ? [word("gainMost", lang, { names: moves(winners) })] : []),
      ...(losers.length > 0 ? [word("loseMost", lang, { names: moves(losers) })] : []),
    ];
    return parts.join(word("clauseSeparator", lang));
  });
}

/** Units that have a value, in an order; of equal ones the first in the atlas. */
function ranked(column: Column, order: (value: number) => number): { unit: number; value: number }[] {
  return column.flatMap((value, unit) => (value === null ? [] : [{ unit, value }])).sort((a, b) => order(a.value) - order(b.value));
}

function restated(kinds: Kinds, plate: Plate, ranking: Ranking, finding: Text): Plate {
  const found = { ...plate, finding };
  return kindIn(kinds, plate).restated?.(found, ranking) ?? found;
}
