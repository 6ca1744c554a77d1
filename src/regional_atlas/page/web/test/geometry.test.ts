import assert from "node:assert/strict";
import { test } from "node:test";
import { Detail, importance, spaced, thin } from "../src/geometry/detail.ts";
import { HitIndex } from "../src/geometry/hit.ts";
import { boundaryArcs, innerArcs, outlineOf, outlinesOf } from "../src/geometry/outlines.ts";
import { boxOfUnits, decodeTopology } from "../src/data/topology.ts";
import { geometryOf, ROW } from "./row.ts";

test("an arc knows the unit on either side", () => {
  const { left, right, drawn } = decodeTopology(ROW);
  assert.deepEqual([...left], [0, 0, 1, 1, 2, 1, 1, -1]);
  assert.deepEqual([...right], [-1, 1, -1, 2, -1, -1, -1, -1]);
  assert.deepEqual([...drawn], [7]);
});

test("positions are steps on a grid", () => {
  const topology = decodeTopology({ ...geometryOf([[[1, 1], [3, 1], [3, 4], [1, 1]]], [[[0]]]), scale: [10, 100], translate: [1, 2] });
  assert.deepEqual([...topology.arcs.x], [11, 31, 31, 11]);
  assert.deepEqual([...topology.arcs.y], [102, 102, 402, 102]);
});

test("merging keeps the arcs between members and others, coasts included", () => {
  const topology = decodeTopology(ROW);
  assert.deepEqual([...boundaryArcs(topology, [0, 0, 1])], [0, 2, 3, 4, 5, 6]);
  assert.deepEqual([...outlineOf(topology, [0, 1])], [0, 2, 3, 5, 6]);
  assert.deepEqual([...innerArcs(topology)], [1, 3]);
});

test("overlapping regions each keep their outline", () => {
  const topology = decodeTopology(ROW);
  assert.deepEqual([...outlinesOf(topology, [[0, 1], [1, 2]])], [0, 1, 2, 3, 4, 5, 6]);
});

test("a point is in the unit that holds it, not in its hole", () => {
  const hits = new HitIndex(decodeTopology(ROW));
  assert.deepEqual(
    [[5, 5], [12, 5], [25, 5], [15, 5], [35, 5], [-1, 5]].map(([x, y]) => hits.at(x, y)),
    [0, 1, 2, -1, -1, -1],
  );
});

test("the box of several units holds them all", () => {
  assert.deepEqual(boxOfUnits(decodeTopology(ROW), [0, 2]), [0, 0, 30, 10]);
});

test("thinning drops the vertex that matters least, never an end", () => {
  const lines = {
    x: Float64Array.of(0, 5, 10, 15, 20),
    y: Float64Array.of(0, 0.1, 8, 0.5, 0),
    start: Uint32Array.of(0, 5),
  };
  const weight = importance(lines);
  assert.equal(weight[0], Infinity);
  assert.equal(weight[4], Infinity);
  assert.ok(weight[2] > weight[1] && weight[2] > weight[3]);
  const few = thin(lines, weight, weight[2]);
  assert.deepEqual([...few.x], [0, 10, 20]);
  assert.deepEqual([...few.start], [0, 3]);
});

test("close up, every vertex is drawn", () => {
  const { arcs } = decodeTopology(ROW);
  assert.equal(new Detail(arcs).at(1), arcs);
});

test("in a hurry vertices go by distance, ends stay, and the rest is as thorough after settling", () => {
  const { arcs } = decodeTopology(ROW);
  const line = { x: Float64Array.from([0, 1, 2, 3, 10, 10.5]), y: new Float64Array(6), start: Uint32Array.from([0, 6]) };
  assert.deepEqual([...spaced(line, 2).x], [0, 2, 10, 10.5]);
  const twice = spaced(arcs, 1e9);
  for (let arc = 0; arc + 1 < arcs.start.length; arc++) {
    assert.equal(twice.start[arc + 1] - twice.start[arc], 2);
    assert.equal(twice.x[twice.start[arc]], arcs.x[arcs.start[arc]]);
    assert.equal(twice.y[twice.start[arc + 1] - 1], arcs.y[arcs.start[arc + 1] - 1]);
  }
  const [hurried, thorough] = [new Detail(arcs, true), new Detail(arcs)];
  hurried.at(1000);
  hurried.settle();
  assert.deepEqual(hurried.at(1000), thorough.at(1000));
});
