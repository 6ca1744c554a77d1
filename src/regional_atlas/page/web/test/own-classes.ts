/**
 * Classes every plate of a saved page anew by its own scheme, number and colours, and counts the classes of all plates:
 * `node --import tsx test/own-classes.ts index.html` prints what was compared and what differs. tests/test_page.py runs it.
 */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { bytesOf, unpack } from "../src/data/decode.ts";
import { buildAtlas } from "../src/data/model.ts";
import type { Plate, Spec, Store } from "../src/format.ts";
import type { Geometry } from "../src/data/topology.ts";
import { KINDS, viewPlate } from "../src/plates/index.ts";
import { kindIn } from "../src/state/plate.ts";
import { canReclass, ownChoice, withClasses } from "../src/state/reclass.ts";

const html = readFileSync(process.argv[2], "utf8");
const block = (name: string): string => new RegExp(`<script[^>]*id="${name}"[^>]*>(.*?)</script>`, "s").exec(html)![1];
const packed = async (name: string, typed = false) => {
  const stream = new Blob([bytesOf(block(name))]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpack(new Uint8Array(await new Response(stream).arrayBuffer()), typed);
};
const atlas = buildAtlas(JSON.parse(block("ra-spec")) as Spec, (await packed("ra-store")) as Store, (await packed("ra-topology", true)) as Geometry);

const [again, counted, faults]: string[][] = [[], [], []];

function compare(plate: Plate, name: string): void {
  if (!canReclass(plate)) return;
  again.push(name);
  const chosen = withClasses(atlas, plate, ownChoice(plate));
  if (chosen === plate || !canReclass(chosen)) return void faults.push(`${name}: not classed anew`);
  for (const key of ["breaks", "colors", "colors_dark", "minimum", "scheme_title", "k", "middle"] as const) {
    if (!isDeepStrictEqual(chosen.classes[key], plate.classes[key])) faults.push(`${name}: ${key} ${JSON.stringify(chosen.classes[key])}, published ${JSON.stringify(plate.classes[key])}`);
  }
  for (const year of plate.kind === "years" ? plate.years : [null]) {
    const [one, other] = [plate, chosen].map((each) => viewPlate(atlas, each, year).classOf);
    if (!isDeepStrictEqual(one, other)) faults.push(`${name}: classes of units differ in ${String(year)}`);
  }
}

for (const plate of atlas.spec.plates) {
  compare(plate, plate.id);
  if (plate.kind === "multiples") for (const { field } of plate.panels) compare(KINDS.multiples.opened!(plate, field), `${plate.id}/${field}`);
  const classes = kindIn(KINDS, plate).classes?.(plate);
  if (!classes || plate.kind === "multiples") continue;
  counted.push(plate.id);
  const { counts } = viewPlate(atlas, plate, null);
  if (!isDeepStrictEqual(counts, classes.counts)) faults.push(`${plate.id}: counts ${counts.join()}, published ${classes.counts.join()}`);
}
console.log(JSON.stringify({ again, counted, faults }));
