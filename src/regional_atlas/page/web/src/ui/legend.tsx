import { NOTHING } from "../state/app.ts";
import { countClasses, NO_DATA, PAPER } from "../classify/classes.ts";
import type { PlateView } from "../state/plate.ts";
import { useApp, useColors, useWords } from "./context.ts";
import { Reclass } from "./reclass.tsx";

export function Legend() {
  const app = useApp();
  const { w } = useWords();
  const { view } = app;
  if (!view) return null;
  const { Legend: Own } = app.kindOf(view.plate);
  return (
    <section class="ra-legend" aria-label={w("legend")}>
      <Own view={view} />
    </section>
  );
}

export type Counts = Pick<PlateView, "counts" | "missing" | "paper">;

/** The counts of what passes the filters. */
export function countedIn(view: PlateView, mask: Uint8Array | null): Counts {
  return mask ? countClasses(view.classOf.filter((_, unit) => mask[unit] === 1), view.counts.length) : view;
}

/** The rows of the classes, their unit, how they were made, and what changes them. */
export function ClassLegend({ unit, year, note = "", ...rows }: RowsProps & { unit?: string; year?: number | null; note?: string }) {
  const app = useApp();
  const { w, t, dotted } = useWords();
  const { plate, field } = rows.view;
  const text = (of: number | null) => of !== null && String(of);
  const classes = app.kindOf(plate).classes?.(plate);
  return (
    <>
      <ClassRows {...rows} />
      <p class="ra-quiet ra-small">{dotted([unit ?? (field ? t(field.unit.name) : ""), text(year === undefined ? yearOf(rows.view) : year), classes && `${w("classes")}: ${t(classes.scheme_title)}`, note])}</p>
      <Reclass />
    </>
  );
}

/** Of the values, where they are of one. */
const yearOf = ({ year, field }: PlateView): number | null => year ?? field?.year ?? null;

interface RowsProps {
  view: PlateView;
  /** Where filters do not narrow them. */
  counts?: Counts;
  /** What is on paper, and what has no class. */
  paper?: string;
  missing?: string;
}

/** The classes as rows: colour, range, how many; and what is not in any class. */
export function ClassRows({ view, counts: given, paper: onPaper, missing: without }: RowsProps) {
  const app = useApp();
  const { w, integer } = useWords();
  const { lang } = app.state;
  const colors = useColors(view);
  const { counts, missing, paper } = given ?? countedIn(view, app.mask);
  const most = Math.max(1, ...counts);
  const light = (at: number) => {
    const units = [...view.classOf.keys()].filter((unit) => view.classOf[unit] === at);
    app.point({ ...NOTHING, units });
  };
  const row = (key: string, swatch: preact.JSX.Element, label: string, count: number, bar: string | null, at: number) => (
    <tr key={key} onPointerEnter={() => light(at)} onPointerLeave={() => app.point(NOTHING)}>
      <td class="ra-legend-swatch">{swatch}</td>
      <th scope="row">{label}</th>
      <td class="ra-legend-bar">{bar && <span style={{ width: `${(100 * count) / most}%`, background: bar }} />}</td>
      <td class="ra-number">{integer(count)}</td>
    </tr>
  );
  return (
    <table class="ra-legend-table">
      <caption class="ra-hidden">{w("legend")}</caption>
      <tbody>
        {view.labels(lang).map((label, i) => row(label, <Swatch color={colors[i]} />, label, counts[i], colors[i], i))}
        {view.paper > 0 ? row("paper", <Swatch color={null} />, onPaper ?? w("unranked"), paper, null, PAPER) : null}
        {view.missing > 0 ? row("missing", <span class="ra-swatch ra-hatch" />, without ?? w("noData"), missing, null, NO_DATA) : null}
      </tbody>
    </table>
  );
}

function Swatch({ color }: { color: string | null }) {
  return <span class="ra-swatch" style={color ? { background: color } : undefined} />;
}

/** The classes as one strip of colours, for a phone's sheet when it is low. */
export function LegendStrip() {
  const app = useApp();
  const { view } = app;
  const { lang } = app.state;
  if (!view || !app.kindOf(view.plate).classes?.(view.plate)) return null;
  return <Strip view={view} marks={view.marks(lang)} />;
}

/** Colours with what begins each class. */
export function Strip({ view, marks }: { view: PlateView; marks: string[] }) {
  const colors = useColors(view);
  return (
    <div class="ra-strip" aria-hidden="true">
      {marks.map((mark, i) => (
        <span key={mark}>
          <i style={{ background: colors[i] }} />
          {mark}
        </span>
      ))}
    </div>
  );
}
