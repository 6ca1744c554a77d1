/** Classes of the reader's choosing in place of the plate's own. */
import { isColumn, type Atlas } from "../data/model.ts";
import type { Classes, Plate, Text } from "../format.ts";
import { fisherJenks } from "../classify/jenks.ts";
import type { ClassChoice, Scheme } from "./state.ts";
import { ramp } from "../classify/palettes.ts";

export const SCHEME_TITLES: Readonly<Record<Scheme, Text>> = {
  quantile: { zh: "分位数", en: "quantiles" },
  fisher_jenks: { zh: "自然断点（Fisher–Jenks）", en: "natural breaks (Fisher–Jenks)" },
  equal_interval: { zh: "等间距", en: "equal intervals" },
  log: { zh: "对数等距", en: "equal steps of the logarithm" },
  head_tail: { zh: "头尾断点", en: "head/tail breaks" },
  manual: { zh: "自定", en: "own breaks" },
};

/** Plates whose classes are of a field's values. */
export function canReclass(plate: Plate): plate is Extract<Plate, { kind: "choropleth" | "years" }> {
  return plate.kind === "choropleth" || plate.kind === "years";
}

export function withClasses(atlas: Atlas, plate: Plate, choice: ClassChoice | null): Plate {
  if (!choice || !canReclass(plate)) return plate;
  const values = valuesOf(atlas, plate);
  if (values.length === 0) return plate;
  const breaks = breaksOf(values, choice);
  const { colors, dark } = ramp(choice.palette, breaks.length);
  const classes: Classes = {
    scheme: choice.scheme,
    scheme_title: SCHEME_TITLES[choice.scheme],
    breaks,
    minimum: values[0],
    labels: null,
    palette: choice.palette,
    colors,
    colors_dark: dark,
    counts: [],
  };
  return plate.kind === "years" ? { ...plate, classes, breaks_note: null } : { ...plate, classes };
}

/** Sorted; of all years together, so that the classes hold across years. */
function valuesOf(atlas: Atlas, plate: Extract<Plate, { kind: "choropleth" | "years" }>): number[] {
  const stored = atlas.store.fields[plate.field];
  const years = plate.kind === "years" ? plate.years : [plate.year];
  const columns = isColumn(stored) ? [stored] : years.map((year) => stored[String(year)]);
  return columns.flatMap((column) => column.filter((value) => value !== null)).sort((a, b) => a - b);
}

/** Upper bounds, ascending and different, the last the largest value. */
export function breaksOf(sorted: readonly number[], { scheme, count, breaks }: Pick<ClassChoice, "scheme" | "count" | "breaks">): number[] {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const steps = Array.from({ length: count - 1 }, (_, i) => (i + 1) / count);
  const inner = (): number[] => {
    switch (scheme) {
      case "quantile":
        return steps.map((share) => sorted[Math.ceil(share * sorted.length) - 1]);
      case "fisher_jenks":
        return fisherJenks(sorted, count).slice(0, -1);
      case "equal_interval":
        return steps.map((share) => least + (most - least) * share);
      case "log": {
        const low = Math.log(sorted.find((value) => value > 0) ?? 1);
        return most > 0 ? steps.map((share) => Math.exp(low + (Math.log(most) - low) * share)) : [];
      }
      case "head_tail":
        return headTail(sorted, count);
      case "manual":
        return [...breaks].sort((a, b) => a - b);
    }
  };
  return [...new Set([...inner().filter((bound) => bound < most && bound >= least), most])];
}

/** Means of what is above the last mean, while the head is the smaller part (Jiang 2013). */
function headTail(sorted: readonly number[], count: number): number[] {
  const bounds: number[] = [];
  let head = sorted;
  while (bounds.length < count - 1 && head.length > 1) {
    const mean = head.reduce((sum, value) => sum + value, 0) / head.length;
    const above = head.filter((value) => value > mean);
    if (above.length === 0) break;
    bounds.push(mean);
    if (above.length > head.length * 0.5) break;
    head = above;
  }
  return bounds;
}
