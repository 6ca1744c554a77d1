/** Classes of the reader's choosing in place of the plate's own. */
import { inEach, word, type Word } from "../text/language.ts";
import { ascending, breaksOf, distinctOf, MOST_DISTINCT, SCHEMES } from "../classify/breaks.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Classes, Offered, Plate, Text } from "../format.ts";
import type { ClassChoice } from "../state/state.ts";
import { bound } from "../text/numbers.ts";
import { kindIn, type FieldColumn, type Kinds } from "./plate.ts";

/** What a plate's own classes are made by. */
export function ownChoice({ classes }: { classes: Classes }): ClassChoice {
  const scheme = SCHEMES.find((name) => name === classes.scheme) ?? "manual";
  // A link takes 2 to 9, which bounds set by hand need not be.
  const count = classes.k ?? Math.min(9, Math.max(2, classes.breaks.length));
  return { scheme, count, palette: classes.palette, breaks: scheme === "manual" ? [...classes.breaks] : [] };
}

/** The classes of a reader's choice; the plate as it is where there are no values, no bounds or no colours for it. */
export function withClasses(atlas: Atlas, kinds: Kinds, plate: Plate, choice: ClassChoice | null): Plate {
  const kind = kindIn(kinds, plate);
  const { reclass } = kind;
  const own = kind.classes?.(plate);
  if (!choice || !reclass || !own) return plate;
  const manual = ascending(choice.breaks);
  const values = valuesOf(atlas, reclass.columns(plate));
  if (values.length === 0 || (choice.scheme === "manual" && manual.length === 0)) return plate;
  // Bounds that a reader sets are those of the values, as the legend shows them.
  const middle = choice.scheme === "manual" ? null : own.middle;
  const breaks = breaksOf(values, { scheme: choice.scheme, k: choice.count, manual, middle });
  const same = breaks.join() === own.breaks.join();
  const colors = rampOf(atlas.spec.classing, choice.palette, breaks.length);
  if (!colors) return plate;
  const classes: Classes = {
    scheme: choice.scheme,
    scheme_title: titleOf(atlas.spec.classing, choice, values, breaks, same ? own.middle : middle),
    k: choice.scheme === "manual" ? null : choice.count,
    middle: own.middle,
    breaks,
    minimum: values.reduce((least, value) => Math.min(least, value)),
    labels: null,
    palette: choice.palette,
    ...colors,
    counts: [],
  };
  return reclass.with(plate, classes);
}

const valuesOf = (atlas: Atlas, columns: readonly FieldColumn[]): number[] => columns.flatMap(({ field, year }) => columnOf(atlas, field, year).filter((value) => value !== null));

/** The colours for a number of classes on a light and on a dark page; null where there are none. */
export function rampOf({ palettes }: Offered, name: string, count: number): { colors: string[]; colors_dark: string[] } | null {
  const palette = palettes.find(({ id }) => id === name) ?? palettes[0];
  if (count > palette.light.length) return null;
  const [colors, colors_dark] = [palette.light, palette.dark].map((ramps) => (ramps[count - 1].match(/.{6}/g) ?? []).map((color) => `#${color}`));
  return { colors, colors_dark };
}

/** A scheme's title, with what a reader has to know of these values. */
function titleOf({ schemes }: Offered, { scheme, count }: ClassChoice, values: readonly number[], breaks: readonly number[], middle: number | null): Text {
  const { title } = schemes.find(({ id }) => id === scheme)!;
  if (middle !== null) return inEach((lang) => word("schemeMiddle", lang, { title: title[lang], middle: bound(middle, lang) }));
  const distinct = distinctOf(Float64Array.from(values).sort()).length;
  const fewer = breaks.length < Math.min(count, distinct);
  if (scheme === "quantile" && fewer) return noted("schemeRepeated", title, breaks.length);
  if (scheme === "log" && fewer) return noted("schemeNarrow", title, breaks.length);
  return scheme === "fisher_jenks" && distinct > MOST_DISTINCT ? noted("schemeMerged", title, distinct) : title;
}

const noted = (note: Word, title: Text, count: number): Text => inEach((lang) => word(note, lang, { title: title[lang], count }));

/** Bounds to go on from by hand: with as few digits, from three, as part the values in the same way. */
export function asManual(atlas: Atlas, { scheme, breaks }: Classes, columns: readonly FieldColumn[]): number[] {
  if (scheme === "manual") return [...breaks];
  const values = valuesOf(atlas, columns);
  const upTo = (bound: number) => values.filter((value) => value <= bound).length;
  return ascending(
    breaks.slice(0, -1).map((bound) => {
      const shorter = Array.from({ length: 14 }, (_, i) => Number(bound.toPrecision(i + 3)));
      return shorter.find((short) => upTo(short) === upTo(bound)) ?? bound;
    }),
  );
}
