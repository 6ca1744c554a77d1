/** A field of whole numbers, each of which stands for something. */
import type { CategoriesPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeClasses, describeMissing } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, codeClasses, fieldText, nameOfClass } from "./view.ts";

export const categories: PlateKind<CategoriesPlate> = {
  view: (atlas, plate) => classed(plate, plate.year, plate.classes, codeClasses(atlas, plate.field, plate.year, plate.classes)),
  classes: (plate) => plate.classes,
  Legend: ClassLegend,
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang, view.labels(lang)),
  widths: "choropleth",
  valueText: fieldText,
  after: nameOfClass,
  describe: (_, view, __, lang) => [...describeClasses(view, lang), ...describeMissing(view, lang)],
};
