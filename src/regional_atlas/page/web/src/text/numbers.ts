/** Numbers as readers of either language expect them. `number` and `quantity` of the build's text.py write the same. */
import type { Language, Unit } from "../format.ts";

const SCALES: Record<Language, [number, string][]> = {
  zh: [
    [1e12, "万亿"],
    [1e8, "亿"],
    [1e4, "万"],
  ],
  en: [
    [1e12, "tn"],
    [1e9, "bn"],
    [1e6, "m"],
  ],
};

const powerOf = (unit: Unit | null, lang: Language): number => unit?.power?.[lang] ?? 0;

/** Moves the point of a decimal; a product would not be exact. */
function shifted(value: number, power: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e");
  return Number(`${mantissa}e${Number(exponent) + power}`);
}

/** A stored number as it is written in a language's unit, and one that a reader wrote as it is stored. */
export const shownIn = (value: number, unit: Unit | null, lang: Language): number => shifted(value, powerOf(unit, lang));
export const storedFrom = (value: number, unit: Unit | null, lang: Language): number => shifted(value, -powerOf(unit, lang));

/** What Intl.NumberFormat writes, which costs the opening of the page a twentieth of a second: halves away from zero. */
function grouped(value: number, digits: number, power = 0): string {
  const count = Math.round(shifted(Math.abs(value), digits));
  if (!(count < 1e21)) return String(value);
  const places = Math.max(0, digits - power);
  const text = (count === 0 ? "0" : String(count) + "0".repeat(Math.max(0, power - digits))).padStart(places + 1, "0");
  const whole = text.slice(0, text.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = places > 0 ? `.${text.slice(-places)}` : "";
  // A whole number needs no zeros that only its unit adds.
  return `${value < 0 && count > 0 ? "−" : ""}${whole}${digits === 0 ? part.replace(/\.?0+$/, "") : part}`;
}

/** All the digits that the field has, at least two significant ones below one: "12,345.6". */
export function exact(value: number, digits: number, unit: Unit | null, lang: Language): string {
  let held = digits;
  if (value !== 0 && Math.abs(value) < 1) while (held < 6 && Math.abs(value) < 10 ** (1 - held)) held += 1;
  return grouped(value, held, powerOf(unit, lang));
}

export const integer = (value: number): string => grouped(value, 0);

/** At most three significant digits, with 万/亿 or m/bn where large: "1.23亿", "12,300". */
export function short(value: number, lang: Language, unit: Unit | null): string {
  const rounded = shownIn(significant(value), unit, lang);
  const size = Math.abs(rounded);
  for (const [scale, name] of SCALES[lang]) {
    if (size >= scale && !(lang === "zh" && scale === 1e4 && size < 1e5)) {
      const scaled = significant(rounded / scale);
      return `${grouped(scaled, decimals(scaled))}${lang === "zh" ? "" : " "}${name}`;
    }
  }
  return grouped(rounded, decimals(rounded));
}

/** Exact up to a million, where a column of numbers would not be read. */
export function readable(value: number, digits: number, unit: Unit | null, lang: Language): string {
  return Math.abs(shownIn(value, unit, lang)) < 1e6 ? exact(value, digits, unit, lang) : short(value, lang, unit);
}

/** The unit of the numbers as they are stored, and as files hold them: "0.1 bn yuan". */
export function storedUnit(unit: Unit, lang: Language): string {
  const power = powerOf(unit, lang);
  return power === 0 ? unit[lang] : `${grouped(shifted(1, power), Math.max(0, -power))} ${unit[lang]}`;
}

/** A number with its unit. */
export function withUnit(text: string, unit: Unit | null, lang: Language): string {
  const name = unit?.[lang] ?? "";
  return `${text}${name === "" || unit!.en.startsWith("%") ? "" : " "}${name}`;
}

/** "57.5%"; whole percents without a digit after the point. */
export function percent(share: number): string {
  const digits = share === 0 || Math.abs(share) >= 0.001 ? 1 : 2;
  return `${grouped(100 * share, digits).replace(/\.0$/, "")}%`;
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
