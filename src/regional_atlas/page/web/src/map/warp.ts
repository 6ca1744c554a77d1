/** A raster of the map's own projection drawn anew in web mercator: each cell there takes the nearest cell here. */
import type { Box } from "../format.ts";
import type { Place } from "../geometry/sphere.ts";

/** Places are projected at every 16th cell and interpolated between: off by a twentieth of a cell at most on a map of China. */
const STEP = 16;

export interface Grid {
  width: number;
  height: number;
  box: Box;
}

/** For every cell of a grid the cell of another that lies at its middle, row by row; -1: none. */
export function nearestCells(target: Grid, source: Grid, place: Place): Int32Array {
  const { width, height } = target;
  const columns = Math.ceil(width / STEP) + 1;
  const rows = Math.ceil(height / STEP) + 1;
  const [atX, atY] = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = place(...middle(target, column * STEP, row * STEP));
      const at = row * columns + column;
      atX[at] = ((x - source.box[0]) / (source.box[2] - source.box[0])) * source.width;
      atY[at] = ((source.box[3] - y) / (source.box[3] - source.box[1])) * source.height;
    }
  }
  const cells = new Int32Array(width * height);
  for (let row = 0; row < height; row++) {
    const down = (row % STEP) / STEP;
    for (let column = 0; column < width; column++) {
      const corner = Math.floor(row / STEP) * columns + Math.floor(column / STEP);
      const across = (column % STEP) / STEP;
      const x = Math.floor(between(atX, corner, columns, across, down));
      const y = Math.floor(between(atY, corner, columns, across, down));
      const inside = x >= 0 && x < source.width && y >= 0 && y < source.height;
      cells[row * width + column] = inside ? y * source.width + x : -1;
    }
  }
  return cells;
}

function middle({ width, height, box }: Grid, column: number, row: number): [number, number] {
  return [box[0] + ((column + 0.5) / width) * (box[2] - box[0]), box[3] - ((row + 0.5) / height) * (box[3] - box[1])];
}

function between(values: Float64Array, corner: number, columns: number, across: number, down: number): number {
  const upper = values[corner] * (1 - across) + values[corner + 1] * across;
  const lower = values[corner + columns] * (1 - across) + values[corner + columns + 1] * across;
  return upper * (1 - down) + lower * down;
}
