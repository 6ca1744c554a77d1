/** Links and packed blocks near to right ones, drawn from a seed: none breaks the page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bytesOf } from "../src/data/decode.ts";
import { fromHash, toHash } from "../src/state/hash.ts";
import { openingState, type State } from "../src/state/state.ts";
import { offer } from "../src/text/offered.ts";
import { language } from "./language.ts";

offer(["zh", "en"].map(language));

const OPENING = openingState("first", "zh");
/** For each test; a few hundred inputs where nobody asks for more. */
const SECONDS = Number(process.env.REGIONAL_ATLAS_FUZZ_SECONDS ?? 0);
const FEW = 400;

/** Numbers from 0 to 1 (mulberry32), the same for the same seed. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = [
  ...["&", "=", "#", ":", ",", "~", "-", "%", "%00", "%ff", "%ed%a0%80", "+", "1e999", "NaN", "Infinity", "-1", "0", "__proto__", "constructor"],
  ...["plate=", "lang=en", "year=", "only=tier:a:1", "unit=", "sort=-", "at=", "at=1e308,1e308,1e308", "classes=manual:3:OrRd:", "weights=a~", "chart=table:", "area=a:", "compare=1", "raster=", "map=mercator", "find="],
  ...["\u0000", "\u202e", "\ud800", "'\"><script>", "9".repeat(400), "x".repeat(3000)],
];

function near(seeds: readonly string[], random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  let text = pick(seeds);
  for (let changes = 1 + Math.floor(5 * random()); changes > 0; changes--) {
    const [at, long] = [Math.floor(random() * (text.length + 1)), Math.floor(random() * 12)];
    const put = random() < 0.6 ? pick(WORDS) : random() < 0.5 ? text.slice(at, at + long) : String.fromCharCode(32 + Math.floor(95 * random()));
    text = text.slice(0, at) + put + text.slice(random() < 0.5 ? at : at + long);
  }
  return text;
}

function tryAll(seeds: readonly string[], check: (text: string) => void): void {
  const random = drawn(7);
  const end = Date.now() + 1000 * SECONDS;
  for (let count = 0; count < FEW || Date.now() < end; count++) {
    const text = near(seeds, random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`of ${JSON.stringify(text).replaceAll(/(.)\1{99,}/g, "$1…")}`, { cause: error });
    }
  }
}

const LINKS = [
  "#plate=lights&lang=en&dark=0&year=2018&panel=industrial/quality&only=province:320000&only=tier:industrial:1&area=metro:m:sxc",
  "#unit=320583&unit=320281&sort=-value&find=a%20%26%20b&raster=35&at=120.500,31.250,7.50&map=mercator",
  "#weights=vitality~light_sum:0.5,light_growth:0~min_max~geometric&classes=manual:3:OrRd:1.5,20&chart=scatter:light_growth&compare=320583",
];

test("any link is a state, and what the page makes of it stays as it is", () => {
  tryAll(LINKS, (text) => {
    const state = fromHash(text, OPENING);
    const link = toHash(state, OPENING);
    const again = fromHash(link, OPENING);
    assert.equal(toHash(again, OPENING), link);
    // What a link rounds; JSON has no minus zero.
    const exact = (held: State) => JSON.stringify({ ...held, view: null, raster: 0 });
    assert.equal(exact(again), exact(state));
    if (state.view) assert.ok(Math.abs(state.view.lat) <= 90 && Math.abs(state.view.lon) <= 540 && Math.abs(state.view.zoom) <= 30);
  });
});

test("any text is bytes, and no more than it has letters", () => {
  const { packed } = JSON.parse(readFileSync(join(import.meta.dirname, "packed.json"), "utf8")) as { packed: string };
  tryAll([packed], (text) => assert.ok(bytesOf(text).length <= text.length));
});
