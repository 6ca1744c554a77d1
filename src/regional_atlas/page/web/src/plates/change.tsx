/** The change of a field between two years. */
import { inEach } from "../text/language.ts";
import { classOf, percentChange } from "../classify/breaks.ts";
import { descendingRanks, NO_DATA } from "../classify/classes.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { ChangePlate } from "../format.ts";
import type { PlateKind, PlateView } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeValues } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, fieldText } from "./view.ts";

function view(atlas: Atlas, plate: ChangePlate): PlateView<ChangePlate> {
  const [before, after] = [plate.since, plate.until].map((year) => columnOf(atlas, plate.field, year));
  const values = after.map((value, unit) => {
    const base = before[unit];
    if (value === null || base === null) return null;
    return plate.relative ? percentChange(base, value) : value - base;
  });
  const field = atlas.fields.get(plate.field);
  return classed(plate, null, plate.classes, {
    classOf: Int16Array.from(values, (value) => (value === null ? NO_DATA : classOf(value, plate.classes.breaks))),
    values,
    // Changes in per cent do not add up.
    field: field ? { ...field, title: plate.title, years: null, year: null, ...(plate.relative ? { unit: { name: inEach(() => "%"), power: null }, extensive: false } : {}) } : null,
    ranks: descendingRanks(values),
    ranking: null,
  });
}

export const change: PlateKind<ChangePlate> = {
  view,
  classes: (plate) => plate.classes,
  Legend: ClassLegend,
  charts: unitCharts,
  table: (atlas, shown, lang) => unitTable(atlas, shown, lang),
  widths: "choropleth",
  valueText: fieldText,
  describe: describeValues,
};
