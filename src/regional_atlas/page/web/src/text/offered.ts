/** The languages that the page offers: said once, before anything is written. */
import type { Language, Numerals } from "../format.ts";

/** A language tag (BCP 47). */
export type Lang = string;

const offered = new Map<Lang, Language>();

export function offer(all: readonly Language[]): void {
  offered.clear();
  for (const language of all) offered.set(language.tag, language);
}

export const languages = (): Language[] => [...offered.values()];

export const offers = (tag: string | null): tag is Lang => tag !== null && offered.has(tag);

export function spoken(lang: Lang): Language {
  const found = offered.get(lang);
  if (!found) throw new Error(`The page is not offered in "${lang}"; allowed: ${[...offered.keys()].join(", ")}.`);
  return found;
}

export const numeralsOf = (lang: Lang): Numerals => spoken(lang).numerals;
