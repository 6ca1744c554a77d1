/** A language that a test offers: numbers as the build gives them, the words of its catalogue. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language, Numerals } from "../src/format.ts";

const shared = JSON.parse(readFileSync(join(import.meta.dirname, "numbers.json"), "utf8")) as { numerals: Record<string, Numerals> };

const catalogue = (tag: string) => join(import.meta.dirname, "../../../messages", `${tag}.ftl`);

export const language = (tag: string): Language => ({ tag, name: tag, direction: "ltr", numerals: shared.numerals[tag], messages: existsSync(catalogue(tag)) ? readFileSync(catalogue(tag), "utf8") : "" });
