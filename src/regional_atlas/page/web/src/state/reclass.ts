/** Classes of the reader's choosing in place of the plate's own. */
import { ascending, breaksOf, distinctOf, MOST_DISTINCT, SCHEMES } from "../classify/breaks.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Classes, Offered, Plate, Text } from "../format.ts";
import type { ClassChoice } from "./state.ts";
import { integer } from "../text/numbers.ts";
import type { OpenedPanel } from "./plate.ts";

type Reclassed = Extract<Plate, { kind: "choropleth" | "years" }>;

/** Plates whose classes are of a field's values. */
export function canReclass(plate: Plate): plate is Reclassed {
  return plate.kind === "choropleth" || plate.kind === "years";
}

/** What a plate's own classes are made by. */
export function ownChoice({ classes }: Reclassed): ClassChoice {
  const scheme = SCHEMES.find((name) => name === classes.scheme) ?? "manual";
  // A link takes 2 to 9, which bounds set by hand need not be.
  const count = classes.k ?? Math.min(9, Math.max(2, classes.breaks.length));
  return { scheme, count, palette: classes.palette, breaks: scheme === "manual" ? [...classes.breaks] : [] };
}

/** The classes of a reader's choice; the plate as it is where there are no values, no bounds or no colours for it. */
export function withClasses(atlas: Atlas, plate: Plate, choice: ClassChoice | null): Plate {
  if (!choice || !canReclass(plate)) return plate;
  const manual = ascending(choice.breaks);
  const values = valuesOf(atlas, plate);
  if (values.length === 0 || (choice.scheme === "manual" && manual.length === 0)) return plate;
  // Bounds that a reader sets are those of the values, as the legend shows them.
  const middle = choice.scheme === "manual" ? null : plate.classes.middle;
  const breaks = breaksOf(values, { scheme: choice.scheme, k: choice.count, manual, middle });
  const same = breaks.join() === plate.classes.breaks.join();
  const colors = rampOf(atlas.spec.classing, choice.palette, breaks.length);
  if (!colors) return plate;
  const classes: Classes = {
    scheme: choice.scheme,
    scheme_title: titleOf(atlas.spec.classing, choice, values, breaks, same ? plate.classes.middle : middle),
    k: choice.scheme === "manual" ? null : choice.count,
    middle: plate.classes.middle,
    breaks,
    minimum: values.reduce((least, value) => Math.min(least, value)),
    labels: null,
    palette: choice.palette,
    ...colors,
    counts: [],
  };
  if (plate.kind === "choropleth") return { ...plate, classes };
  const sameNote = (choice.scheme === "manual") === (plate.classes.scheme === "manual");
  return { ...plate, classes, breaks_note: sameNote ? plate.breaks_note : null };
}

/** Of all years or small maps together that share their classes. */
function valuesOf(atlas: Atlas, plate: Reclassed): number[] {
  const columns = plate.kind === "years" ? plate.years.map((year) => ({ field: plate.field, year })) : ((plate as Partial<OpenedPanel>).pooled ?? [plate]);
  return columns.flatMap(({ field, year }) => columnOf(atlas, field, year).filter((value) => value !== null));
}

/** The colours for a number of classes on a light and on a dark page; null where there are none. */
export function rampOf({ palettes }: Offered, name: string, count: number): { colors: string[]; colors_dark: string[] } | null {
  const palette = palettes.find(({ id }) => id === name) ?? palettes[0];
  if (count > palette.light.length) return null;
  const [colors, colors_dark] = [palette.light, palette.dark].map((ramps) => (ramps[count - 1].match(/.{6}/g) ?? []).map((color) => `#${color}`));
  return { colors, colors_dark };
}

/** A scheme's title, with what a reader has to know of these values. */
function titleOf({ schemes, notes }: Offered, { scheme, count }: ClassChoice, values: readonly number[], breaks: readonly number[], middle: number | null): Text {
  const { title } = schemes.find(({ id }) => id === scheme)!;
  if (middle !== null) return noted(title, notes.middle, String(middle));
  const distinct = distinctOf(Float64Array.from(values).sort()).length;
  const fewer = breaks.length < Math.min(count, distinct);
  if (scheme === "quantile" && fewer) return noted(title, notes.repeated, String(breaks.length));
  if (scheme === "log" && fewer) return noted(title, notes.narrow, String(breaks.length));
  return scheme === "fisher_jenks" && distinct > MOST_DISTINCT ? noted(title, notes.merged, integer(distinct)) : title;
}

function noted(title: Text, note: Text, said: string): Text {
  return { zh: `${title.zh}（${note.zh.replace("{}", said)}）`, en: `${title.en} (${note.en.replace("{}", said)})` };
}

/** Bounds to go on from by hand: with as few digits, from three, as part the values in the same way. */
export function asManual(atlas: Atlas, plate: Reclassed): number[] {
  const { scheme, breaks } = plate.classes;
  if (scheme === "manual") return [...breaks];
  const values = valuesOf(atlas, plate);
  const upTo = (bound: number) => values.filter((value) => value <= bound).length;
  return ascending(
    breaks.slice(0, -1).map((bound) => {
      const shorter = Array.from({ length: 14 }, (_, i) => Number(bound.toPrecision(i + 3)));
      return shorter.find((short) => upTo(short) === upTo(bound)) ?? bound;
    }),
  );
}
