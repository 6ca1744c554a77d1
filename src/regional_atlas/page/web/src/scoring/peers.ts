/** Units most alike: of the same type, nearest in the percentile ranks of every field, as the build's `peers_of` finds them. */
import { kept } from "../data/kept.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Column } from "../format.ts";
import { normalise, percentileRank } from "./normalise.ts";

/** Of the fields, what two units must both have values of. */
const LEAST_SHARED = 0.6;

/** Percentile ranks in standard deviations; nothing where all are equal, which tells no unit from another. */
const standardised = (values: Column): Column => normalise(percentileRank(values, 0, 1), 1, { method: "z_score", low: 0, high: 1 });

const profilesOf = kept((atlas: Atlas): Column[] =>
  atlas.spec.fields.map((field) => standardised(columnOf(atlas, field.id, field.years?.at(-1) ?? null))).filter((column) => column.some((value) => value !== null)),
);

export function nearestPeers(atlas: Atlas, unit: number, count: number): number[] {
  const columns = profilesOf(atlas);
  // Mean squares are rounded, so that units tie whose distances differ by the rounding of sums alone.
  const away: [number, number][] = [];
  for (let other = 0; other < atlas.count; other++) {
    if (other === unit || atlas.store.unit_type[other] !== atlas.store.unit_type[unit]) continue;
    let [sum, shared] = [0, 0];
    for (const column of columns) {
      const [one, two] = [column[unit], column[other]];
      if (one === null || two === null) continue;
      sum += (one - two) ** 2;
      shared += 1;
    }
    if (shared > 0 && shared >= LEAST_SHARED * columns.length - 1e-9) away.push([Math.round((sum / shared) * 1e12), other]);
  }
  return away
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, count)
    .map(([, other]) => other);
}
