/** Units coloured by rank; those without a rank on paper. */
import type { RankingPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeClasses, describeRanks } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, fieldText, rankingClasses } from "./view.ts";

export const ranking: PlateKind<RankingPlate> = {
  view: (atlas, plate) => classed(plate, null, plate.classes, rankingClasses(atlas, plate.ranking, "rank", plate.classes)),
  classes: (plate) => plate.classes,
  Legend: ClassLegend,
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang),
  valueText: fieldText,
  describe: (atlas, view, mask, lang) => [...describeClasses(view, lang), ...describeRanks(atlas, view, mask, lang)],
};
