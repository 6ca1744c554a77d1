/** A language that a test offers: numbers as the build gives them, no words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language, Numerals } from "../src/format.ts";

const shared = JSON.parse(readFileSync(join(import.meta.dirname, "numbers.json"), "utf8")) as { numerals: Record<string, Numerals> };

export const language = (tag: string): Language => ({ tag, name: tag, direction: "ltr", numerals: shared.numerals[tag], messages: "" });
