import assert from "node:assert/strict";
import { test } from "node:test";
import { dissolve } from "../src/geometry/dissolve.ts";
import { decodeTopology, type Ring, type Topology } from "../src/data/topology.ts";

const SIDE = 12;

/** A grid of squares whose edges are arcs of their own. */
function grid(): Topology {
  const across = (row: number, column: number) => row * SIDE + column;
  const up = (row: number, column: number) => (SIDE + 1) * SIDE + row * (SIDE + 1) + column;
  const arcs: [number, number][][] = [];
  for (let row = 0; row <= SIDE; row++) for (let column = 0; column < SIDE; column++) arcs.push([[column, row], [column + 1, row]]);
  for (let row = 0; row < SIDE; row++) for (let column = 0; column <= SIDE; column++) arcs.push([[column, row], [column, row + 1]]);
  const refs = Array.from({ length: SIDE * SIDE }, (_, unit) => {
    const [row, column] = [Math.floor(unit / SIDE), unit % SIDE];
    return [across(row, column), up(row, column + 1), ~across(row + 1, column), ~up(row, column)];
  });
  return decodeTopology({
    scale: [1, 1],
    translate: [0, 0],
    arc_sizes: arcs.map(() => 2),
    x: arcs.flat().map(([x]) => x),
    y: arcs.flat().map(([, y]) => y),
    unit_rings: refs.map(() => 1),
    ring_sizes: refs.map((ring) => ring.length),
    refs: refs.flat(),
    lines: [],
    context: null,
  });
}

function inside({ arcs: { x, y, start } }: Topology, rings: Ring[], px: number, py: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (const ref of ring) {
      const k = start[ref < 0 ? ~ref : ref];
      if (y[k] > py !== y[k + 1] > py && px < x[k] + ((x[k + 1] - x[k]) * (py - y[k])) / (y[k + 1] - y[k])) odd = !odd;
    }
  }
  return odd;
}

test("outlines of a style hold its units and no other, and every ring is closed", () => {
  const topology = grid();
  for (let seed = 1; seed <= 40; seed++) {
    let state = seed;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const styleOf = Uint8Array.from({ length: SIDE * SIDE }, () => Math.floor(random() * 3));
    const shapes = dissolve(topology, styleOf, 4);
    assert.deepEqual(shapes[3], []);
    styleOf.forEach((style, unit) => {
      const [x, y] = [(unit % SIDE) + 0.5, Math.floor(unit / SIDE) + 0.4];
      shapes.forEach((rings, other) => assert.equal(inside(topology, rings, x, y), other === style, `unit ${unit}, style ${other}`));
    });
    const { x, y, start } = topology.arcs;
    const end = (ref: number, last: boolean) => {
      const k = start[ref < 0 ? ~ref : ref] + (ref >= 0 === last ? 1 : 0);
      return [x[k], y[k]];
    };
    for (const ring of shapes.flat()) ring.forEach((ref, i) => assert.deepEqual(end(ref, true), end(ring[(i + 1) % ring.length], false)));
  }
});

test("borders within a style are left out", () => {
  const topology = grid();
  const [all] = dissolve(topology, new Uint8Array(SIDE * SIDE), 1);
  assert.equal(all.length, 1);
  assert.equal(all[0].length, 4 * SIDE);
});
