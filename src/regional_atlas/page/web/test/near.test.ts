import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeTopology } from "../src/data/topology.ts";
import { circle, middleOf, unitsWithin } from "../src/geometry/near.ts";
import { kilometres } from "../src/geometry/sphere.ts";
import { ROW } from "./row.ts";

/** Metres from a place on the equator: near enough to true there. */
const METRES = 111_195;
const plane = {
  forward: (lon: number, lat: number): [number, number] => [(lon - 100) * METRES, lat * METRES],
  inverse: (x: number, y: number): [number, number] => [100 + x / METRES, y / METRES],
};
// A row of three squares of 10 km, side by side to the east.
const row = decodeTopology({ ...ROW, scale: [1000, 1000] });
const within = (x: number, y: number, km: number) => unitsWithin(row, plane, plane.inverse(x, y), km);

test("a distance is to the nearest part, also in the middle of a side", () => {
  assert.deepEqual(within(-5000, 5000, 4.9), []);
  assert.deepEqual(within(-5000, 5000, 5.1), [0]);
  assert.deepEqual(within(-5000, 5000, 15.1), [0, 1]);
  assert.deepEqual(within(-5000, 5000, 1000), [0, 1, 2]);
});

test("the unit that holds the place is at no distance, its hole's edge is at some", () => {
  assert.deepEqual(within(5000, 5000, 1), [0]);
  assert.deepEqual(within(15000, 5000, 0.9), []);
  assert.deepEqual(within(15000, 5000, 1.1), [1]);
});

test("corners of a circle are at its distance", () => {
  for (const place of [[121.5, 31.2], [0, 0], [-150, 64], [179.9, -44]] as const) {
    for (const km of [1, 100, 2000]) {
      for (const corner of circle(place, km)) assert.ok(Math.abs(kilometres(place, corner) / km - 1) < 1e-3, `${place} ${km} ${corner}`);
    }
  }
});

test("the middle of places is weighted", () => {
  const [lon, lat] = middleOf([[10, 0], [20, 0]], [1, 1]);
  assert.ok(Math.abs(lon - 15) < 1e-9 && Math.abs(lat) < 1e-9);
  assert.ok(middleOf([[10, 0], [20, 0]], [3, 1])[0] < 13);
});
