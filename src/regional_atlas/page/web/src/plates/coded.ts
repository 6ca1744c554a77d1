/** What plates of fields of codes have in common: a class for each code, named in the legend and beside the unit. */
import type { Atlas } from "../data/model.ts";
import type { CategoriesPlate, Column, HotspotsPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeClasses, describeMissing } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, codeClasses, fieldText, nameOfClass } from "./view.ts";

/** `codes`: where they are not the values of the field. */
export const coded = <P extends CategoriesPlate | HotspotsPlate>(codes: (atlas: Atlas, plate: P) => Column | null = () => null): PlateKind<P> => ({
  view: (atlas, plate) => classed(plate, plate.year, plate.classes, codeClasses(atlas, plate.field, plate.year, plate.classes, codes(atlas, plate))),
  classes: (plate) => plate.classes,
  Legend: ClassLegend,
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang, view.labels(lang)),
  widths: "choropleth",
  valueText: fieldText,
  after: nameOfClass,
  describe: (_, view, __, lang) => [...describeClasses(view, lang), ...describeMissing(view, lang)],
});
