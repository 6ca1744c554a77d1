/** Polylines as flat typed arrays, and their boxes. */

/** Polylines: x and y of line i lie between start[i] and start[i + 1]. */
export interface Lines {
  x: Float64Array;
  y: Float64Array;
  start: Uint32Array;
}

/** Box of each line, four numbers each; of an empty one, an empty box. */
export function boxesOfArcs(arcs: Lines): Float64Array {
  const boxes = new Float64Array((arcs.start.length - 1) * 4);
  for (let arc = 0; arc + 1 < arcs.start.length; arc++) {
    let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = arcs.start[arc]; k < arcs.start[arc + 1]; k++) {
      xmin = Math.min(xmin, arcs.x[k]);
      ymin = Math.min(ymin, arcs.y[k]);
      xmax = Math.max(xmax, arcs.x[k]);
      ymax = Math.max(ymax, arcs.y[k]);
    }
    boxes.set([xmin, ymin, xmax, ymax], arc * 4);
  }
  return boxes;
}
