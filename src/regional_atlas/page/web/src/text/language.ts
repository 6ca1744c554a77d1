/** The page's own words in the languages that it offers. Words of the atlas come from the specification. */
import { FluentBundle, FluentNumber, FluentResource, type FluentValue } from "@fluent/bundle";
import type { Language, Text } from "../format.ts";
import { integer } from "./numbers.ts";
import { languages, spoken, type Lang } from "./offered.ts";
import type { Word } from "./words.ts";

export { offers, type Lang } from "./offered.ts";
export type { Word } from "./words.ts";

/** The reader's language where the page is offered in it, a wider or narrower one of the same, else the first. */
export function openingLanguage(wanted: readonly string[]): Lang {
  const tags = languages().map(({ tag }) => tag);
  const base = (tag: string) => tag.split("-")[0].toLowerCase();
  for (const tag of wanted) {
    const found = tags.find((own) => own.toLowerCase() === tag.toLowerCase()) ?? tags.find((own) => base(own) === base(tag));
    if (found) return found;
  }
  return tags[0];
}

/** A whole number in a message: it chooses the plural form, and is written as all numbers of the page are. */
class Whole extends FluentNumber {
  constructor(
    value: number,
    private readonly lang: Lang,
  ) {
    super(value);
  }

  override toString(): string {
    return integer(this.value, this.lang);
  }
}

export type Given = Record<string, string | number>;

/** A message of the catalogues. */
export function word(key: Word, lang: Lang, given: Given = {}): string {
  const bundle = bundleOf(lang);
  const message = bundle.getMessage(`page-${key}`);
  if (!message?.value) throw new Error(`No message "page-${key}" in "${lang}".`);
  const values = Object.entries(given).map(([name, value]): [string, FluentValue] => [name, typeof value === "number" ? new Whole(value, lang) : value]);
  return bundle.formatPattern(message.value, Object.fromEntries(values));
}

/** Read when a language is first used. */
const bundles = new WeakMap<Language, FluentBundle>();

function bundleOf(lang: Lang): FluentBundle {
  const language = spoken(lang);
  const held = bundles.get(language);
  if (held) return held;
  const bundle = new FluentBundle(lang, { useIsolating: false, functions: { NOUN: ([title, count]) => noun(String(title), (count as FluentNumber).value, lang) } });
  bundle.addResource(new FluentResource(language.messages));
  bundles.set(language, bundle);
  return bundle;
}

/** A noun of the atlas in the number that a count asks for; the catalogue says how, as for the build. */
export function noun(title: string, count: number, lang: Lang): string {
  if (new Intl.PluralRules(lang).select(count) === "one") return title;
  const head = new RegExp(`^(?:${word("nounHead", lang)})`).exec(title)?.[0] ?? title;
  const rules = word("nounPlural", lang).split("; ").filter(Boolean);
  const changed = rules.reduce((text, rule) => {
    const at = rule.lastIndexOf("=");
    return text.replace(new RegExp(rule.slice(0, at), "g"), rule.slice(at + 1));
  }, head);
  return changed + title.slice(head.length);
}

/** A text of the page's own, in every language that it offers. */
export const inEach = (make: (lang: Lang) => string): Text => Object.fromEntries(languages().map(({ tag }) => [tag, make(tag)]));

/** What a search looks in: a text in every language. */
export const everyWay = (text: Text): string[] => [...new Set(Object.values(text))];

const HAN = /[\u3400-\u9fff]/;
const HAN_LANGUAGES = ["zh", "ja"];

const speaks = (lang: Lang, ...bases: string[]): boolean => bases.includes(lang.split("-")[0]);

/** A name that data has: its own everywhere, the English one to readers of English, and of a name in Chinese characters to whoever does not write them. `named` of the build's texts.py does the same. */
export function nameIn(own: string, english: string | null, lang: Lang): string {
  const foreign = HAN.test(own) ? !speaks(lang, ...HAN_LANGUAGES) : speaks(lang, "en");
  return (foreign ? english : null) ?? own;
}

/** The language that a name is marked with: Chinese stays Chinese on an English page. */
export const tongueOf = (name: string): string | undefined => (HAN.test(name) ? "zh" : undefined);

export const list = (texts: readonly string[], lang: Lang): string => texts.join(word("listSeparator", lang));

/** Parts of a line. Where the language runs from right to left, figures and names keep their own direction. */
export function dotted(parts: readonly (string | null | undefined | false)[], lang: Lang): string {
  const mixed = spoken(lang).direction === "rtl";
  return parts.flatMap((part) => (part ? [mixed ? `\u2068${part}\u2069` : part] : [])).join(" · ");
}

export const labelled = (label: string, text: string, lang: Lang): string => word("labelled", lang, { label, text });

const places = new WeakMap<Language, string>();

/** "city, province" or 省 市: a table has thousands, and the message is read once. */
export function within(inner: string, outer: string, lang: Lang): string {
  const language = spoken(lang);
  let pattern = places.get(language);
  if (pattern === undefined) places.set(language, (pattern = word("within", lang, { inner: "\u0001", outer: "\u0002" })));
  return pattern.replace("\u0001", () => inner).replace("\u0002", () => outer);
}

/** "95 counties", "95 个县级单位". */
export const counted = (count: number, title: Text, lang: Lang): string => word("unitsCounted", lang, { count, unit: title[lang] });
