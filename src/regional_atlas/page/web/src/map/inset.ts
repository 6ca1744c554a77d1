/** A second, fixed map of a small part, in a projection of its own: the South China Sea, Alaska. */
import type { Atlas } from "../data/model.ts";
import type { Topology } from "../data/topology.ts";
import type { Inset as Part } from "../format.ts";
import { detailOf } from "../geometry/detail.ts";
import { hitsOf } from "../geometry/hit.ts";
import { insetTopology, onMap } from "../geometry/inset.ts";
import { makeFrame, type Frame } from "./frame.ts";
import type { Mark } from "../state/marks.ts";
import { outlineMarks, paint } from "./paint.ts";
import { imagesOn } from "./rasters.ts";
import type { Scene } from "./scene.ts";

export class Inset {
  private readonly frame: Frame;
  private readonly topology: Topology;
  private readonly image: ReturnType<typeof imagesOn>;

  constructor(
    atlas: Atlas,
    private readonly canvas: HTMLCanvasElement,
    part: Part,
    width: number,
  ) {
    const box = part.bounds;
    this.topology = insetTopology(atlas.topology, atlas.spec, part);
    this.image = imagesOn(onMap(atlas.spec, part));
    const height = Math.round((width * (box[3] - box[1])) / (box[2] - box[0]));
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const ctx = canvas.getContext("2d")!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const resolution = (box[2] - box[0]) / width;
    this.frame = makeFrame(ctx, width, height, 1 / resolution, box[0], box[3], detailOf(this.topology).at(resolution));
  }

  draw(scene: Scene, marks: readonly Mark[]): void {
    const { raster } = scene;
    const placed = raster && { ...raster, ...this.image(raster.image, raster.box, this.topology) };
    paint(this.frame, this.topology, { ...scene, raster: placed, symbols: [], circles: [], overTiles: false }, { labels: false });
    outlineMarks(this.frame, this.topology, scene.theme, marks, 2.2);
  }

  unitAt(clientX: number, clientY: number): number {
    const rect = this.canvas.getBoundingClientRect();
    const { scale, box } = this.frame;
    return hitsOf(this.topology).at(box[0] + (clientX - rect.left) / scale, box[3] - (clientY - rect.top) / scale);
  }
}
