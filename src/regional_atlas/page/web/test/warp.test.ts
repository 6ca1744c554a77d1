import assert from "node:assert/strict";
import { test } from "node:test";
import proj4 from "proj4";
import { degrees, mercator } from "../src/geometry/sphere.ts";
import { nearestCells, type Grid } from "../src/map/warp.ts";

test("longitude and latitude come back from web mercator", () => {
  for (const [lon, lat] of [[0, 0], [104.2, 35.9], [-70, -53.5], [179.9, 84]]) {
    const [back, up] = degrees(...mercator(lon, lat));
    assert.ok(Math.abs(back - lon) < 1e-9 && Math.abs(up - lat) < 1e-9);
  }
});

test("a grid laid over itself keeps its cells, beside itself has none", () => {
  const grid: Grid = { width: 40, height: 21, box: [0, 0, 40, 21] };
  assert.deepEqual([...nearestCells(grid, grid, (x, y) => [x, y])], Array.from({ length: 840 }, (_, i) => i));
  assert.ok(nearestCells(grid, grid, (x, y) => [x + 40, y]).every((cell) => cell === -1));
});

test("a part of a cell takes that cell, turned over takes the opposite one", () => {
  const source: Grid = { width: 2, height: 2, box: [0, 0, 2, 2] };
  assert.deepEqual([...nearestCells({ width: 4, height: 1, box: [0, 1.2, 2, 1.4] }, source, (x, y) => [x, y])], [0, 0, 1, 1]);
  assert.deepEqual([...nearestCells(source, source, (x, y) => [2 - x, 2 - y])], [3, 2, 1, 0]);
});

test("between the places that are projected cells are a twentieth of a cell off at most", () => {
  const albers = proj4("+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84 +units=m");
  const forward = (lon: number, lat: number) => albers.forward([lon, lat]) as [number, number];
  const cell = 7200;
  const source: Grid = { width: 6720, height: 7670, box: [-2628000, 403200, 2210400, 5925600] };
  const [left, lower] = mercator(73, 3);
  const target: Grid = { width: 960, height: 960, box: [left, lower, left + 960 * cell, lower + 960 * cell] };
  const cells = nearestCells(target, source, (x, y) => forward(...degrees(x, y)));
  let worst = 0;
  for (let row = 7; row < 960; row += 31) {
    for (let column = 5; column < 960; column += 29) {
      const at = cells[row * 960 + column];
      if (at < 0) continue;
      const place = degrees(left + (column + 0.5) * cell, target.box[3] - (row + 0.5) * cell);
      const [x, y] = forward(...place);
      // The finer source has cells of 720 m: the middle of the one found stands for the place found.
      const [fx, fy] = [source.box[0] + ((at % 6720) + 0.5) * 720, source.box[3] - (Math.floor(at / 6720) + 0.5) * 720];
      worst = Math.max(worst, Math.abs(fx - x), Math.abs(fy - y));
    }
  }
  assert.ok(worst > 0 && worst < 0.05 * cell + 360, `off by ${Math.round(worst)} m`);
});
