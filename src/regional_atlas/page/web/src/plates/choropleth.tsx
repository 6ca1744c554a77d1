/** One field in one year. */
import type { ChoroplethPlate, Panel } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeValues } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, fieldClasses, fieldText, withoutData } from "./view.ts";

/** One of several small maps, with the columns that its classes are made from where all maps share them. */
export interface PanelPlate extends ChoroplethPlate {
  readonly pooled?: readonly Panel[];
}

export const choropleth: PlateKind<PanelPlate> = {
  view: (atlas, plate) => classed(plate, plate.year, plate.classes, fieldClasses(atlas, plate.field, plate.year, plate.classes)),
  classes: (plate) => plate.classes,
  reclass: {
    columns: (plate) => plate.pooled ?? [plate],
    with: (plate, classes) => ({ ...plate, classes }),
  },
  Legend: ClassLegend,
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang),
  valueText: fieldText,
  after: withoutData,
  describe: describeValues,
  score: (plate) => plate.field,
};
