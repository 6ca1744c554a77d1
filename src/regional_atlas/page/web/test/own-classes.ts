/**
 * Classes every plate of a saved page anew by its own scheme, number and colours, and counts the classes of all plates:
 * `node --import tsx test/own-classes.ts index.html` prints what was compared and what differs. tests/test_page.py runs it.
 */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { bytesOf, unpack } from "../src/data/decode.ts";
import { buildAtlas } from "../src/data/model.ts";
import type { Geometry } from "../src/data/topology.ts";
import type { Language, Plate, Spec, Store } from "../src/format.ts";
import { offer } from "../src/text/offered.ts";
import type * as kinds from "./kinds.ts";
import { kindIn } from "../src/state/plate.ts";
import { ownChoice, withClasses } from "../src/state/reclass.ts";
import { bundled } from "./bundle.ts";

// The bundle has its own copy of every module.
const { KINDS, offer: offerThere } = await bundled<typeof kinds>("../test/kinds.ts");
const html = readFileSync(process.argv[2], "utf8");
const block = (name: string): string => new RegExp(`<script[^>]*id="${name}"[^>]*>(.*?)</script>`, "s").exec(html)![1];
const packed = async (name: string, typed = false) => {
  const stream = new Blob([bytesOf(block(name))]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpack(new Uint8Array(await new Response(stream).arrayBuffer()), typed);
};
for (const take of [offer, offerThere]) take(JSON.parse(block("ra-words")) as Language[]);
const atlas = buildAtlas(JSON.parse(block("ra-spec")) as Spec, (await packed("ra-store")) as Store, (await packed("ra-topology", true)) as Geometry);

const [again, counted, faults]: string[][] = [[], [], []];

function compare(plate: Plate, name: string): void {
  const { classes: classesOf, reclass, years, view } = kindIn(KINDS, plate);
  const own = classesOf?.(plate);
  if (!reclass || !own) return;
  again.push(name);
  const chosen = withClasses(atlas, KINDS, plate, ownChoice({ classes: own }));
  const classes = classesOf?.(chosen);
  if (chosen === plate || !classes) return void faults.push(`${name}: not classed anew`);
  for (const key of ["breaks", "colors", "colors_dark", "minimum", "scheme_title", "k", "middle"] as const) {
    if (!isDeepStrictEqual(classes[key], own[key])) faults.push(`${name}: ${key} ${JSON.stringify(classes[key])}, published ${JSON.stringify(own[key])}`);
  }
  for (const year of years?.(plate) ?? [null]) {
    const [one, other] = [plate, chosen].map((each) => view(atlas, each, year).classOf);
    if (!isDeepStrictEqual(one, other)) faults.push(`${name}: classes of units differ in ${String(year)}`);
  }
}

for (const plate of atlas.spec.plates) {
  const { classes: classesOf, opened, panels, view } = kindIn(KINDS, plate);
  compare(opened?.(plate, null) ?? plate, plate.id);
  for (const panel of panels?.(plate) ?? []) compare(opened!(plate, panel), `${plate.id}/${panel}`);
  const classes = classesOf?.(plate);
  if (!classes || opened) continue;
  counted.push(plate.id);
  const { counts } = view(atlas, plate, null);
  if (!isDeepStrictEqual(counts, classes.counts)) faults.push(`${plate.id}: counts ${counts.join()}, published ${classes.counts.join()}`);
}
console.log(JSON.stringify({ again, counted, faults }));
