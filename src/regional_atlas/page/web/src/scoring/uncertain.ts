/** Ranks that cannot be told apart: their intervals overlap. */
import { lookUp, type Atlas } from "../data/model.ts";

export interface RankInterval {
  low: number;
  high: number;
}

export function intervalOf(atlas: Atlas, ranking: string, unit: number): RankInterval | null {
  const columns = lookUp(atlas.store.rankings, ranking);
  const [low, high] = [columns?.low?.[unit], columns?.high?.[unit]];
  return low == null || high == null ? null : { low, high };
}

/** Both have an interval, and neither ends before the other begins. */
export const alike = (a: RankInterval | null, b: RankInterval | null): boolean => a !== null && b !== null && a.low <= b.high && b.low <= a.high;

/** Other units whose rank cannot be told from this one's. */
export function countAlike(atlas: Atlas, ranking: string, unit: number): number {
  const own = intervalOf(atlas, ranking, unit);
  if (!own) return 0;
  let count = 0;
  for (let other = 0; other < atlas.count; other++) if (other !== unit && alike(own, intervalOf(atlas, ranking, other))) count += 1;
  return count;
}

/** How many of the first N an area holds, with the interval over the draws. */
export function countOfArea(atlas: Atlas, ranking: string, scope: string, at: number): (RankInterval & { count: number; top: number }) | null {
  const entry = lookUp(atlas.store.counts, ranking);
  const columns = entry && lookUp(entry.areas, scope);
  if (!entry || !columns) return null;
  const [count, low, high] = [columns.count[at], columns.low[at], columns.high[at]];
  return count === null || low === null || high === null ? null : { count, low, high, top: entry.top };
}
