import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Unit } from "../src/format.ts";
import { language } from "./language.ts";
import { offer } from "../src/text/offered.ts";
import { exact, integer, percent, readable, short, shownIn, storedFrom, storedUnit, withUnit } from "../src/text/numbers.ts";

const YUAN: Unit = { name: { zh: "亿元", en: "bn yuan" }, power: { zh: 0, en: -1 } };
const PEOPLE: Unit = { name: { zh: "万人", en: "people" }, power: { zh: 0, en: 4 } };
/** Shared with tests/page/test_text.py: the build's findings write the same. */
const shared = JSON.parse(readFileSync(join(import.meta.dirname, "numbers.json"), "utf8")) as {
  numerals: Record<string, unknown>;
  quantities: [number, number, Unit, Record<string, string>][];
  percents: [number, Record<string, string>][];
};
offer(Object.keys(shared.numerals).map(language));

test("quantities are written as the build writes them", () => {
  assert.ok(shared.quantities.length > 20);
  for (const [value, digits, unit, written] of shared.quantities) {
    for (const [lang, text] of Object.entries(written)) assert.equal(withUnit(exact(value, digits, unit, lang), unit, lang), text, lang);
  }
  for (const [share, written] of shared.percents) {
    for (const [lang, text] of Object.entries(written)) assert.equal(percent(share, lang), text, lang);
  }
});

test("numbers are rounded and grouped as Intl does it in both languages", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (const [lang, locale] of [["zh", "zh-CN"], ["en", "en"]] as const) {
    for (let digits = 0; digits < 5; digits++) {
      const intl = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      for (let i = 0; i < 2000; i++) {
        const value = Number(((random() - 0.3) * 10 ** (1 + (i % 9))).toPrecision(1 + (i % 8)));
        if (Math.abs(value) < 1) continue;
        assert.equal(exact(value, digits, null, lang), intl.format(value).replace("-", "−"), `${value} with ${digits} digits`);
      }
    }
  }
});

test("short numbers have at most three significant digits", () => {
  assert.equal(short(12345, "en", null), "12,300");
  assert.equal(short(0.012345, "en", null), "0.0123");
  assert.equal(short(0, "en", null), "0");
  assert.equal(short(-24.5999, "en", null), "−24.6");
});

test("large numbers are in bn and m, 亿 and 万", () => {
  assert.equal(short(1_234_567, "en", null), "1.23\u00a0m");
  assert.equal(short(35_000_000_000, "en", null), "35\u00a0bn");
  assert.equal(short(35_000_000_000, "zh", null), "350亿");
  assert.equal(short(123_456, "zh", null), "12.3万");
  assert.equal(short(12_345, "zh", null), "12,300");
  assert.equal(short(2.5e12, "zh", null), "2.5万亿");
});

test("a unit of its own for each language leaves the digits alone", () => {
  assert.equal(short(4276.84, "zh", YUAN), "4,280");
  assert.equal(short(4276.84, "en", YUAN), "428");
  assert.equal(short(0.7, "en", YUAN), "0.07");
  assert.equal(short(209.25, "zh", PEOPLE), "209");
  assert.equal(short(209.25, "en", PEOPLE), "2.09\u00a0m");
  for (const value of [0.1, 0.3, 1.1, 2.2, 123.4, 0.007, 65.7]) {
    const digits = (text: string) => text.replace(/[^1-9]/g, "");
    assert.equal(digits(short(value, "en", YUAN)), digits(short(value, "zh", YUAN)));
    assert.equal(storedFrom(shownIn(value, YUAN, "en"), YUAN, "en"), value);
  }
});

test("files name the unit that their numbers are in", () => {
  assert.equal(storedUnit(YUAN, "zh"), "亿元");
  assert.equal(storedUnit(YUAN, "en"), "0.1 bn yuan");
  assert.equal(storedUnit(PEOPLE, "en"), "10,000 people");
});

test("a column is exact up to a million of what it shows", () => {
  assert.equal(readable(45.27, 1, PEOPLE, "en"), "453,000");
  assert.equal(readable(145.27, 1, PEOPLE, "en"), "1.45\u00a0m");
  assert.equal(readable(145.27, 1, PEOPLE, "zh"), "145.3");
});

test("rounding up to the next scale takes that scale", () => {
  assert.equal(short(999_999, "en", null), "1\u00a0m");
  assert.equal(short(99_999_999, "zh", null), "1亿");
});

test("very small numbers keep their digits", () => {
  assert.equal(short(0.0001, "en", null), "0.0001");
  assert.equal(short(1.5e-7, "en", null), "0.00000015");
});

test("counts", () => {
  assert.equal(integer(2875, "en"), "2,875");
  assert.equal(integer(-0.2, "en"), "0");
});
