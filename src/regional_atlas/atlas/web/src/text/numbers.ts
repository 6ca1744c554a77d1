/** Numbers as readers of either language expect them. */
import type { Language } from "../data/spec.ts";

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

/** Not by Intl.NumberFormat, which costs the opening of the page a twentieth of a second. */
function grouped(value: number, digits: number): string {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  return value < 0 ? `−${text}` : text;
}

/** All the digits that the field has: "12,345.6". */
export const exact = (value: number, digits: number): string => grouped(value, digits);

export const integer = (value: number): string => grouped(value, 0);

/** At most three significant digits, with 万/亿 or m/bn where large: "1.23亿", "12,300". */
export function short(value: number, lang: Language): string {
  const rounded = significant(value);
  const size = Math.abs(rounded);
  for (const [scale, name] of SCALES[lang]) {
    if (size >= scale && !(lang === "zh" && scale === 1e4 && size < 1e5)) {
      const scaled = significant(rounded / scale);
      return `${grouped(scaled, decimals(scaled))}${lang === "zh" ? "" : " "}${name}`;
    }
  }
  return grouped(rounded, decimals(rounded));
}

/** "57.5%"; whole percents without a digit after the point. */
export function percent(share: number): string {
  const value = Math.round(share * 1000) / 10;
  return `${grouped(value, Number.isInteger(value) ? 0 : 1)}%`;
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
