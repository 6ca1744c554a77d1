/** Numbers as readers of a language expect them. The build's numerals.py writes the same, with the same signs. */
import type { Unit } from "../format.ts";
import { numeralsOf, type Lang } from "./offered.ts";

const powerOf = (unit: Unit | null, lang: Lang): number => unit?.power?.[lang] ?? 0;

/** Moves the point of a decimal; a product would not be exact. */
function shifted(value: number, power: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e");
  return Number(`${mantissa}e${Number(exponent) + power}`);
}

/** A stored number as it is written in a language's unit, and one that a reader wrote as it is stored. */
export const shownIn = (value: number, unit: Unit | null, lang: Lang): number => shifted(value, powerOf(unit, lang));
export const storedFrom = (value: number, unit: Unit | null, lang: Lang): number => shifted(value, -powerOf(unit, lang));

/** What Intl.NumberFormat writes, which costs the opening of the page a twentieth of a second: halves away from zero. */
function grouped(value: number, digits: number, lang: Lang, power = 0): string {
  const count = Math.round(shifted(Math.abs(value), digits));
  if (!(count < 1e21)) return String(value);
  const places = Math.max(0, digits - power);
  const text = (count === 0 ? "0" : String(count) + "0".repeat(Math.max(0, power - digits))).padStart(places + 1, "0");
  const part = places > 0 ? text.slice(-places) : "";
  // A whole number needs no zeros that only its unit adds.
  const kept = digits === 0 ? part.replace(/0+$/, "") : part;
  const signs = numeralsOf(lang);
  const whole = text.slice(0, text.length - places);
  const parted = whole.length < 3 + signs.least_group ? whole : whole.replace(/\B(?=(\d{3})+$)/g, signs.group);
  return inDigits(`${value < 0 && count > 0 ? "−" : ""}${parted}${kept ? signs.decimal + kept : ""}`, signs.digits);
}

const inDigits = (text: string, digits: string): string => (digits.startsWith("0") ? text : text.replace(/[0-9]/g, (digit) => digits[Number(digit)]));

/** All the digits that the field has, at least two significant ones below one: "12,345.6". */
export function exact(value: number, digits: number, unit: Unit | null, lang: Lang): string {
  let held = digits;
  if (value !== 0 && Math.abs(value) < 1) while (held < 6 && Math.abs(value) < 10 ** (1 - held)) held += 1;
  return grouped(value, held, lang, powerOf(unit, lang));
}

export const integer = (value: number, lang: Lang): string => grouped(value, 0, lang);
/** A whole number with its sign; 0 has none. */
export const signed = (value: number, lang: Lang): string => `${value > 0 ? "+" : ""}${integer(value, lang)}`;

/** All digits of a number that was given, none that it does not have. */
export const bound = (value: number, lang: Lang): string => grouped(value, decimals(value), lang);

/** With a number of digits after the point: a coefficient. */
export const fixed = (value: number, digits: number, lang: Lang): string => grouped(value, digits, lang);

/** At most three significant digits, with 万/亿 or m/bn where large: "1.23亿", "12,300". */
export function short(value: number, lang: Lang, unit: Unit | null): string {
  const rounded = shownIn(significant(value), unit, lang);
  const size = Math.abs(rounded);
  for (const [scale, name] of numeralsOf(lang).scales) {
    // Five digits are read as they are.
    if (size >= Math.max(scale, 1e5)) {
      const scaled = significant(rounded / scale);
      return `${grouped(scaled, decimals(scaled), lang)}${name}`;
    }
  }
  return grouped(rounded, decimals(rounded), lang);
}

/** Exact up to a million, where a column of numbers would not be read. */
export function readable(value: number, digits: number, unit: Unit | null, lang: Lang): string {
  return Math.abs(shownIn(value, unit, lang)) < 1e6 ? exact(value, digits, unit, lang) : short(value, lang, unit);
}

/** The unit of the numbers as they are stored, and as files hold them: "0.1 bn yuan". */
export function storedUnit(unit: Unit, lang: Lang): string {
  const power = powerOf(unit, lang);
  return power === 0 ? unit.name[lang] : `${grouped(shifted(1, power), Math.max(0, -power), lang)} ${unit.name[lang]}`;
}

/** A number with its unit. */
export function withUnit(text: string, unit: Unit | null, lang: Lang): string {
  const name = unit?.name[lang] ?? "";
  if (name === "") return text;
  const { percent, unit_gap } = numeralsOf(lang);
  const gap = name.startsWith("%") ? percent.slice(0, -1) : unit_gap;
  return `${text}${gap}${name}`;
}

/** "57.5%"; whole percents without a digit after the point. */
export function percent(share: number, lang: Lang): string {
  const digits = share === 0 || Math.abs(share) >= 0.001 ? 1 : 2;
  const text = grouped(100 * share, digits, lang);
  const { decimal, digits: signs, percent: sign } = numeralsOf(lang);
  const whole = decimal + signs[0];
  return `${digits === 1 && text.endsWith(whole) ? text.slice(0, -whole.length) : text}${sign}`;
}

function significant(value: number): number {
  return Number(value.toPrecision(3));
}

/** The digits after the point that three significant digits need, without trailing zeros. */
function decimals(value: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e");
  const own = mantissa.includes(".") ? mantissa.split(".")[1].length : 0;
  return Math.min(20, Math.max(0, own - Number(exponent)));
}
