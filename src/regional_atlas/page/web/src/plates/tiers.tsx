/** Units coloured by tier, 1 darkest. */
import { inEach, word } from "../text/language.ts";
import type { Ranking, Text, TiersPlate } from "../format.ts";
import { tierTitle } from "../state/filter.ts";
import type { PlateKind } from "../state/plate.ts";
import { ClassLegend } from "../ui/legend.tsx";
import { unitCharts } from "./charts.ts";
import { describeClasses, describeRanks } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { classed, fieldText, rankingClasses } from "./view.ts";

/** The tiers' ranks as they are under the reader's weights. */
function restated(plate: TiersPlate, ranking: Ranking): TiersPlate {
  const labels = plate.classes.breaks.map((tier): Text => {
    const range = ranking.tiers.find((item) => item.tier === tier);
    return inEach((lang) => (range ? word("tierRanks", lang, { ...range }) : tierTitle(tier, lang)));
  });
  return { ...plate, classes: { ...plate.classes, labels } };
}

export const tiers: PlateKind<TiersPlate> = {
  view: (atlas, plate) => classed(plate, null, plate.classes, rankingClasses(atlas, plate.ranking, "tier", plate.classes)),
  classes: (plate) => plate.classes,
  Legend: ({ view }) => <ClassLegend view={view} unit="" />,
  charts: unitCharts,
  table: (atlas, view, lang) => unitTable(atlas, view, lang),
  valueText: fieldText,
  describe: (atlas, view, mask, lang) => [...describeClasses(view, lang), ...describeRanks(atlas, view, mask, lang)],
  restated,
};
