/** A second, fixed map of a small part: the South China Sea. */
import type { Atlas } from "../data/model.ts";
import type { Box } from "../format.ts";
import { detailOf } from "../geometry/detail.ts";
import { hitsOf } from "../geometry/hit.ts";
import { makeFrame, type Frame } from "./frame.ts";
import type { Mark } from "../state/marks.ts";
import { outlineMarks, paint } from "./paint.ts";
import type { Scene } from "./scene.ts";

export class Inset {
  private readonly frame: Frame;

  constructor(
    private readonly atlas: Atlas,
    private readonly canvas: HTMLCanvasElement,
    box: Box,
    width: number,
  ) {
    const height = Math.round((width * (box[3] - box[1])) / (box[2] - box[0]));
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const ctx = canvas.getContext("2d")!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const resolution = (box[2] - box[0]) / width;
    this.frame = makeFrame(ctx, width, height, 1 / resolution, box[0], box[3], detailOf(atlas.topology).at(resolution));
  }

  draw(scene: Scene, marks: readonly Mark[]): void {
    paint(this.frame, this.atlas.topology, { ...scene, symbols: [], overTiles: false }, { labels: false });
    outlineMarks(this.frame, this.atlas.topology, scene.theme, marks, 2.2);
  }

  unitAt(clientX: number, clientY: number): number {
    const rect = this.canvas.getBoundingClientRect();
    const { scale, box } = this.frame;
    return hitsOf(this.atlas.topology).at(box[0] + (clientX - rect.left) / scale, box[3] - (clientY - rect.top) / scale);
  }
}
