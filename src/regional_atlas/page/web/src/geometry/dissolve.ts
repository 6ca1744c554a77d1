/** Areas of one style as one shape: a path of outlines is drawn several times as fast as one of every unit. */
import { kept } from "../data/kept.ts";
import type { Ring, Topology } from "../data/topology.ts";

/** For each style the rings around its units; borders within a style are left out. Filled by the even-odd rule. */
export function dissolve(topology: Topology, styleOf: ArrayLike<number>, styles: number): Ring[][] {
  const { left, right } = topology;
  const directed = Array.from({ length: styles }, (): number[] => []);
  for (let arc = 0; arc < left.length; arc++) {
    const [one, other] = [left[arc] < 0 ? -1 : styleOf[left[arc]], right[arc] < 0 ? -1 : styleOf[right[arc]]];
    if (one === other) continue;
    if (one >= 0) directed[one].push(arc);
    if (other >= 0) directed[other].push(~arc);
  }
  const ends = endsOf(topology);
  return directed.map((refs) => linked(refs, ends));
}

/** Chains arcs to rings. As many begin as end at every node, so that each walk comes back to where it began. */
function linked(refs: readonly number[], { from, to }: Ends): Ring[] {
  const starts = new Map<number, number[]>();
  for (const ref of refs) {
    const node = ref >= 0 ? from[ref] : to[~ref];
    const waiting = starts.get(node);
    if (waiting) waiting.push(ref);
    else starts.set(node, [ref]);
  }
  const rings: Ring[] = [];
  for (const [first, waiting] of starts) {
    while (waiting.length > 0) {
      const ring: number[] = [];
      let node = first;
      do {
        const ref = starts.get(node)!.pop()!;
        ring.push(ref);
        node = ref >= 0 ? to[ref] : from[~ref];
      } while (node !== first);
      rings.push(Int32Array.from(ring));
    }
  }
  return rings;
}

/** The node at either end of each arc. */
interface Ends {
  from: Float64Array;
  to: Float64Array;
}

const endsOf = kept(({ arcs: { x, y, start }, left }: Topology): Ends => {
  // Whole metres of both in one exact double.
  const node = (k: number) => Math.round(x[k]) * 2 ** 26 + Math.round(y[k]);
  const ends = { from: new Float64Array(left.length), to: new Float64Array(left.length) };
  for (let arc = 0; arc < left.length; arc++) {
    ends.from[arc] = node(start[arc]);
    ends.to[arc] = node(start[arc + 1] - 1);
  }
  return ends;
});
