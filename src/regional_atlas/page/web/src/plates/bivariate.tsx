/** Two fields that cross: the first across, the second up. */
import { countClasses, NO_DATA } from "../classify/classes.ts";
import type { Atlas } from "../data/model.ts";
import { word, type Lang } from "../text/language.ts";
import type { BivariatePlate } from "../format.ts";
import type { PlateKind, PlateView, ViewProps } from "../state/plate.ts";
import { Scatter } from "../ui/charts/compare-fields.tsx";
import { useApp, useColors, useWords } from "../ui/context.ts";
import { unitCharts } from "./charts.ts";
import { describeMissing } from "./describe.ts";
import { unitTable } from "./tables.ts";
import { fieldClasses, fieldText, unclassed } from "./view.ts";

/** Class of the first field across, of the second up; the value and rank are the first field's. */
function view(atlas: Atlas, plate: BivariatePlate): PlateView<BivariatePlate> {
  const [across, up] = plate.fields.map((field, i) => fieldClasses(atlas, field, plate.years[i], plate.classes[i]));
  const size = plate.classes[0].breaks.length;
  const classOf = Int16Array.from(across.classOf, (a, unit) => {
    const b = up.classOf[unit];
    return a === NO_DATA || b === NO_DATA ? NO_DATA : b * size + a;
  });
  return unclassed(atlas, plate, {
    year: plate.years[0],
    colors: plate.colors,
    colorsDark: plate.colors_dark,
    ...countClasses(classOf, plate.colors.length),
    ...across,
    classOf,
  });
}

/** Two fields at once: a square of colours, the first field to the right, the second upwards. */
function Legend({ view }: { view: PlateView<BivariatePlate> }) {
  const { plate } = view;
  const app = useApp();
  const { t, integer } = useWords();
  const colors = useColors(view);
  const [across, up] = plate.fields.map((id) => app.atlas.fields.get(id)?.title);
  const size = plate.classes[0].breaks.length;
  const rows = plate.classes[1].breaks.map((_, b) => b).reverse();
  return (
    <figure class="ra-pair">
      <figcaption>↑ {up && t(up)}</figcaption>
      <div class="ra-pair-grid" style={{ gridTemplateColumns: `repeat(${size}, 44px)` }}>
        {rows.flatMap((b) =>
          plate.classes[0].breaks.map((_, a) => (
            <span key={`${b} ${a}`} style={{ background: colors[b * size + a] }}>
              <b>{integer(view.counts[b * size + a])}</b>
            </span>
          )),
        )}
      </div>
      <figcaption>{across && t(across)} →</figcaption>
    </figure>
  );
}

function describe(atlas: Atlas, view: PlateView<BivariatePlate>, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  const [across, up] = plate.fields.map((id) => atlas.fields.get(id)?.title[lang] ?? id);
  const size = plate.classes[0].breaks.length;
  const at = (a: number, b: number) => view.counts[b * size + a];
  const last = size - 1;
  return [
    word("mapAxes", lang, { across, up }),
    word("mapBoth", lang, { high: at(last, last), low: at(0, 0) }),
    word("mapEither", lang, { first: at(last, 0), second: at(0, last) }),
    ...describeMissing(view, lang),
  ];
}

/** The first field against the second, unless the reader chooses another. */
const Against = ({ view: shown, measure }: ViewProps<BivariatePlate>) => <Scatter view={shown} measure={measure} against={shown.plate.fields[1]} />;

export const bivariate: PlateKind<BivariatePlate> = {
  view,
  Legend,
  charts: (atlas, shown) => ({ ...unitCharts(atlas, shown), scatter: Against }),
  table: (atlas, shown, lang) => unitTable(atlas, shown, lang),
  widths: "choropleth",
  valueText: fieldText,
  describe,
};
