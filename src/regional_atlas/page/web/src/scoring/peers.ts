/** Units most alike: of the same type, nearest in the percentile ranks of every field. */
import { kept } from "../data/kept.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Column } from "../format.ts";
import { percentileRank } from "./normalise.ts";

const profilesOf = kept((atlas: Atlas): Column[] =>
  atlas.spec.fields.map((field) => percentileRank(columnOf(atlas, field.id, field.years?.at(-1) ?? null), 0, 1)),
);

export function nearestPeers(atlas: Atlas, unit: number, count: number): number[] {
  const columns = profilesOf(atlas);
  const own = columns.filter((column) => column[unit] !== null);
  if (own.length < 2) return [];
  const away: [number, number][] = [];
  for (let other = 0; other < atlas.count; other++) {
    if (other === unit || atlas.store.unit_type[other] !== atlas.store.unit_type[unit]) continue;
    let sum = 0;
    for (const column of own) sum += ((column[other] ?? Infinity) - column[unit]!) ** 2;
    if (Number.isFinite(sum)) away.push([sum, other]);
  }
  return away
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, count)
    .map(([, other]) => other);
}
