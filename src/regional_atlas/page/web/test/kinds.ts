/** The registry of kinds and what tells it the languages, for one bundle. */
export { KINDS } from "../src/plates/index.ts";
export { offer } from "../src/text/offered.ts";
