/** Raster images of the plates, decoded when first shown. */
import type { Box, Raster } from "../data/spec.ts";

export interface RasterImage {
  image: HTMLImageElement;
  box: Box;
}

export class RasterImages {
  private readonly images = new Map<string, RasterImage>();

  constructor(
    private readonly rasters: readonly Raster[],
    private readonly loaded: () => void,
  ) {}

  /** The image of a field and year; null when there is none, or until it is decoded. */
  get(field: string, year: number): RasterImage | null {
    const key = `${field} ${year}`;
    const known = this.images.get(key);
    if (known) return known.image.complete ? known : null;
    const raster = this.rasters.find((item) => item.field === field && item.year === year);
    if (!raster) return null;
    const image = new Image();
    this.images.set(key, { image, box: raster.bounds });
    image.onload = this.loaded;
    image.src = raster.png;
    return null;
  }
}
