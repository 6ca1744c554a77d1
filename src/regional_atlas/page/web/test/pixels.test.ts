import assert from "node:assert/strict";
import { test } from "node:test";
import { Detail } from "../src/geometry/detail.ts";
import { HitIndex } from "../src/geometry/hit.ts";
import { decodeTopology } from "../src/data/topology.ts";
import { colourPixels, sharesOf, unitsAt } from "../src/map/pixels.ts";
import { DAY } from "../src/map/theme.ts";
import { ROW } from "./row.ts";

const topology = decodeTopology(ROW);
const lines = new Detail(topology.arcs).at(1);

test("every pixel has the unit that its middle lies in", () => {
  const hits = new HitIndex(topology);
  for (const window of [
    { x0: -3, y0: 13, scale: 2, width: 90, height: 40 },
    { x0: 4.3, y0: 9.1, scale: 3.7, width: 31, height: 29 },
  ]) {
    const units = unitsAt(topology, lines, window);
    let inside = 0;
    for (let row = 0; row < window.height; row++) {
      for (let column = 0; column < window.width; column++) {
        const [x, y] = [window.x0 + (column + 0.5) / window.scale, window.y0 - (row + 0.5) / window.scale];
        assert.equal(units[row * window.width + column], hits.at(x, y), `${x}, ${y}`);
        if (units[row * window.width + column] >= 0) inside += 1;
      }
    }
    assert.ok(inside > 500);
  }
});

test("a pixel on a border holds both units by their share", () => {
  // The border of A and B, x = 10, stands at a third of the second pixel.
  const shares = sharesOf(topology, lines, { x0: 8 - 2 / 3, y0: 10, scale: 0.5, width: 2, height: 1 });
  assert.deepEqual([...shares.start], [0, 1, 3]);
  assert.deepEqual([...shares.unit], [0, 0, 1]);
  assert.deepEqual([...shares.count], [9, 3, 6]);
});

test("colours are mixed by share, the ground and missing values included", () => {
  const shares = sharesOf(topology, lines, { x0: -2 / 3, y0: 10, scale: 1, width: 31, height: 1 });
  const painted: Uint8ClampedArray[] = [];
  const ctx = {
    createImageData: (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: ({ data }: { data: Uint8ClampedArray }, left: number, top: number) => {
      assert.deepEqual([left, top], [5, 7]);
      painted.push(data);
    },
  } as unknown as CanvasRenderingContext2D;
  const theme = { ...DAY, ground: "#000000", paper: "#ffffff", hatch: "#808080" };
  colourPixels(ctx, shares, { theme, styleOf: Uint8Array.from([0, 1, 2]), fills: ["#ff0000", "#0000ff", "hatch"] }, 5, 7);
  const at = (column: number) => [...painted[0].slice(4 * column, 4 * column + 4)];
  assert.deepEqual(at(0), [85, 0, 0, 255]);
  assert.deepEqual(at(5), [255, 0, 0, 255]);
  assert.deepEqual(at(10), [170, 0, 85, 255]);
  assert.deepEqual(at(15), [0, 0, 255, 255]);
  assert.deepEqual(at(24), [128, 128, 128, 255]);
  assert.deepEqual(at(25), [255, 255, 255, 255]);
});
