/** A field with a year slider, classes the same in all years. */
import type { YearsPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { useWords } from "../ui/context.ts";
import { unitCharts } from "./charts.ts";
import { describeValues } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, fieldClasses, fieldText, withoutData } from "./view.ts";

export const years: PlateKind<YearsPlate> = {
  view(atlas, plate, year) {
    const shown = year !== null && plate.years.includes(year) ? year : plate.year;
    const view = classed(plate, shown, plate.classes, fieldClasses(atlas, plate.field, shown, plate.classes));
    // A light image is made for a dark map, and the classes beside it have to read the same way.
    return plate.raster === null ? view : { ...view, colors: view.colorsDark, night: true };
  },
  classes: (plate) => plate.classes,
  reclass: {
    columns: ({ field, years: all }) => all.map((year) => ({ field, year })),
    with(plate, classes) {
      const sameNote = (classes.scheme === "manual") === (plate.classes.scheme === "manual");
      return { ...plate, classes, breaks_note: sameNote ? plate.breaks_note : null };
    },
  },
  Legend({ view }) {
    const { t } = useWords();
    const { breaks_note: note } = view.plate;
    return <ClassLegend view={view} note={note ? t(note) : ""} />;
  },
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang),
  valueText: fieldText,
  after: withoutData,
  describe: describeValues,
  drawing: (_, plate) => ({ raster: plate.raster }),
  years: (plate) => plate.years,
  shifts: (plate, field) => (field === plate.field ? plate.level_shifts : []),
  step(plate, { year: now }, by) {
    if (now === null) return null;
    const year = plate.years.at(Math.max(0, plate.years.indexOf(now) + by));
    return year === undefined ? null : { type: "year", year };
  },
};
