/** Raster images of the plates, decoded when first shown. */
import { signal, type Signal } from "../state/signal.ts";
import type { Box, Raster } from "../format.ts";
import { degrees, type Place } from "../geometry/sphere.ts";
import { boxOfUnits, type Topology } from "../data/topology.ts";
import { projectionOf } from "../geometry/projection.ts";
import { remember } from "./remember.ts";
import { nearestCells, type Grid } from "./warp.ts";

export interface RasterImage {
  image: HTMLImageElement | HTMLCanvasElement;
  box: Box;
}

export class RasterImages {
  private readonly images = new Map<string, Signal<RasterImage | null>>();

  constructor(private readonly rasters: readonly Raster[]) {}

  /** The image of a field and year; null when there is none, or until it is decoded. */
  get(field: string, year: number): RasterImage | null {
    const key = `${field} ${year}`;
    let held = this.images.get(key);
    if (!held) this.images.set(key, (held = this.load(this.rasters.find((item) => item.field === field && item.year === year))));
    return held.value;
  }

  private load(raster: Raster | undefined): Signal<RasterImage | null> {
    const held = signal<RasterImage | null>(null);
    if (!raster) return held;
    const image = new Image();
    image.onload = () => (held.value = { image, box: raster.bounds });
    image.src = raster.image;
    return held;
  }
}

/** Draws rasters anew in web mercator, over the units as they lie there; where its scale is true, cells are as long as before. */
export function mercatorImages(definition: string): (image: RasterImage["image"], box: Box, topology: Topology) => RasterImage {
  const { forward } = projectionOf(definition);
  return imagesOn((x, y) => forward(...degrees(x, y)));
}

/** Draws rasters anew where another projection has the units; `place` leads back to where the raster has them. */
export function imagesOn(place: Place): (image: RasterImage["image"], box: Box, topology: Topology) => RasterImage {
  const cellsOf = remember((width: number, height: number, box: Box, topology: Topology) => {
    const target = gridOver(topology, (box[2] - box[0]) / width);
    return { target, cells: nearestCells(target, { width, height, box }, place) };
  });
  return remember((image: RasterImage["image"], box: Box, topology: Topology) => {
    const seen = pixelsOf(image);
    const { target, cells } = cellsOf(seen.width, seen.height, box, topology);
    return { image: warped(seen, target, cells), box: target.box };
  });
}

function gridOver(topology: Topology, cell: number): Grid {
  const [xmin, ymin, xmax, ymax] = boxOfUnits(topology, topology.rings.keys())!;
  const [width, height] = [Math.ceil((xmax - xmin) / cell) + 2, Math.ceil((ymax - ymin) / cell) + 2];
  const [left, upper] = [xmin - cell, ymax + cell];
  return { width, height, box: [left, upper - height * cell, left + width * cell, upper] };
}

function pixelsOf(image: RasterImage["image"]): ImageData {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function warped(seen: ImageData, { width, height }: Grid, cells: Int32Array): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d")!;
  const pixels = pen.createImageData(width, height);
  const [from, to] = [new Uint32Array(seen.data.buffer), new Uint32Array(pixels.data.buffer)];
  for (let at = 0; at < cells.length; at++) if (cells[at] >= 0) to[at] = from[cells[at]];
  pen.putImageData(pixels, 0, 0);
  return canvas;
}
