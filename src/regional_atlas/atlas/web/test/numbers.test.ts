import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, integer, percent, short } from "../src/text/numbers.ts";

test("short numbers have at most three significant digits", () => {
  assert.equal(short(12345, "en"), "12,300");
  assert.equal(short(0.012345, "en"), "0.0123");
  assert.equal(short(0, "en"), "0");
  assert.equal(short(-24.5999, "en"), "−24.6");
});

test("large numbers are in bn and m, 亿 and 万", () => {
  assert.equal(short(1_234_567, "en"), "1.23 m");
  assert.equal(short(35_000_000_000, "en"), "35 bn");
  assert.equal(short(35_000_000_000, "zh"), "350亿");
  assert.equal(short(123_456, "zh"), "12.3万");
  assert.equal(short(12_345, "zh"), "12,300");
  assert.equal(short(2.5e12, "zh"), "2.5万亿");
});

test("rounding up to the next scale takes that scale", () => {
  assert.equal(short(999_999, "en"), "1 m");
  assert.equal(short(99_999_999, "zh"), "1亿");
});

test("very small numbers keep their digits", () => {
  assert.equal(short(0.0001, "en"), "0.0001");
  assert.equal(short(1.5e-7, "en"), "0.00000015");
});

test("exact numbers have the digits of the field and separators", () => {
  assert.equal(exact(1234567.891, 2), "1,234,567.89");
  assert.equal(integer(2875), "2,875");
});

test("percentages", () => {
  assert.equal(percent(0.575), "57.5%");
  assert.equal(percent(0.0123), "1.2%");
  assert.equal(percent(0), "0%");
});
