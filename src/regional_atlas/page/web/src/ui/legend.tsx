import { NOTHING, type App } from "../state/app.ts";
import { radiusOf } from "../map/symbols.ts";
import { countClasses, NO_DATA } from "../classify/classes.ts";
import { CATEGORIES } from "../classify/colour.ts";
import type { BivariatePlate } from "../format.ts";
import { classesOf, type PlateView } from "../plates/view.ts";
import { exact, integer } from "../text/numbers.ts";
import { useApp, useSignal, useWords } from "./context.ts";
import { Reclass } from "./reclass.tsx";

/** The classes as rows: colour, range, how many; and what is not in any class. */
export function Legend() {
  const app = useApp();
  const { w, t } = useWords();
  const { view } = app;
  if (!view) return null;
  const classes = classesOf(view.plate);
  return (
    <section class="ra-legend" aria-label={w("legend")}>
      {view.plate.kind === "regions" ? <RegionKey view={view} /> : null}
      {view.plate.kind === "clusters" ? <SizeKey /> : null}
      {view.plate.kind === "multiples" && !classes ? <p class="ra-quiet ra-small">{w("ownClasses")}</p> : null}
      {view.plate.kind === "bivariate" ? <PairKey view={view} plate={view.plate} /> : null}
      {view.plate.kind === "figure" && !classes ? <ClassRows view={view} app={app} /> : null}
      {classes ? (
        <>
          <ClassRows view={view} app={app} />
          <p class="ra-quiet ra-small">
            {[unitOf(view, t), `${w("classes")}: ${t(classes.scheme_title)}`, breaksNote(view, t)].filter(Boolean).join(" · ")}
          </p>
          <Reclass />
        </>
      ) : null}
    </section>
  );
}

type Say = ReturnType<typeof useWords>["t"];

const unitOf = (view: PlateView, t: Say) => view.plate.kind === "figure" ? [view.plate.series[view.plate.shown].title, view.plate.series[view.plate.shown].unit].map(t).filter(Boolean).join(", ") : (view.field && view.plate.kind !== "tiers" ? t(view.field.unit) : "");
const breaksNote = (view: PlateView, t: Say) => (view.plate.kind === "years" && view.plate.breaks_note ? t(view.plate.breaks_note) : "");

function useColors(view: PlateView): readonly string[] {
  const dark = useSignal(useApp().night);
  return dark ? view.colorsDark : view.colors;
}

function ClassRows({ view, app }: { view: PlateView; app: App }) {
  const { w } = useWords();
  const { lang } = app.state;
  const colors = useColors(view);
  const { counts, missing, paper } = recounted(app, view);
  const most = Math.max(1, ...counts);
  const light = (at: number) => {
    const units = [...view.classOf.keys()].filter((unit) => view.classOf[unit] === at);
    app.hover.set({ ...NOTHING, units });
  };
  const row = (key: string, swatch: preact.JSX.Element, label: string, count: number, bar: string | null, at: number) => (
    <tr key={key} onPointerEnter={() => light(at)} onPointerLeave={() => app.hover.set(NOTHING)}>
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
        {view.paper > 0 && view.plate.kind !== "coverage"
          ? row("paper", <Swatch color={null} />, w("unranked"), paper, null, -2)
          : null}
        {view.paper > 0 && view.plate.kind === "coverage" ? row("paper", <Swatch color={null} />, "0", view.paper, null, -2) : null}
        {view.missing > 0 ? row("missing", <span class="ra-swatch ra-hatch" />, w(view.plate.kind === "coverage" ? "noneEligible" : "noData"), missing, null, NO_DATA) : null}
      </tbody>
    </table>
  );
}

/** The counts of what passes the filters; a coverage plate counts parents, which filters do not narrow. */
function recounted(app: App, view: PlateView): Pick<PlateView, "counts" | "missing" | "paper"> {
  const { grid, mask } = app;
  if (grid && view.plate.kind === "multiples") return together(grid.map((map) => recountedIn(map.view, mask)));
  return recountedIn(view, mask);
}

/** Small maps that share their classes are counted as one. */
function together(parts: readonly Pick<PlateView, "counts" | "missing" | "paper">[]): Pick<PlateView, "counts" | "missing" | "paper"> {
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  return { counts: parts[0].counts.map((_, i) => sum(parts.map((part) => part.counts[i]))), missing: sum(parts.map((part) => part.missing)), paper: sum(parts.map((part) => part.paper)) };
}

function recountedIn(view: PlateView, mask: Uint8Array | null): Pick<PlateView, "counts" | "missing" | "paper"> {
  if (!mask || view.plate.kind === "coverage" || view.plate.kind === "figure") return view;
  return countClasses(view.classOf.filter((_, unit) => mask[unit] === 1), view.counts.length);
}

/** Two fields at once: a square of colours, the first field to the right, the second upwards. */
function PairKey({ view, plate }: { view: PlateView; plate: BivariatePlate }) {
  const app = useApp();
  const { t } = useWords();
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

function Swatch({ color }: { color: string | null }) {
  return <span class="ra-swatch" style={color ? { background: color } : undefined} />;
}

function RegionKey({ view }: { view: PlateView }) {
  const { w, t } = useWords();
  const colors = useColors(view);
  const slots = CATEGORIES.length;
  return (
    <ul class="ra-keys">
      {view.ranking && (
        <li>
          <span class="ra-swatch ra-swatch-pair">
            {[0, 4].map((slot) => (
              <i key={slot} style={{ background: colors[slot + slots] }} />
            ))}
          </span>
          {t(view.ranking.title)}
        </li>
      )}
      <li>
        <span class="ra-swatch ra-swatch-pair">
          {[0, 4].map((slot) => (
            <i key={slot} style={{ background: colors[slot] }} />
          ))}
        </span>
        {w("otherMembers")}
      </li>
      {view.ranking && (
        <li>
          <span class="ra-swatch" style={{ background: colors[slots * 2] }} />
          {w("notInRegion")}
        </li>
      )}
      <li>
        <span class="ra-swatch ra-swatch-outline" />
        {w("outline")}
      </li>
    </ul>
  );
}

/** Circles of three sizes with what they stand for. */
function SizeKey() {
  const app = useApp();
  const { w, t } = useWords();
  const { plate } = app;
  const set = plate?.kind === "clusters" ? app.atlas.spec.clusters.find((item) => item.id === plate.set) : null;
  if (!set) return null;
  const sizes = [...new Set(set.items.flatMap((item) => (item.size === null ? [] : [item.size])))].sort((a, b) => b - a);
  const most = sizes.at(0);
  const shown = sizes.length > 3 ? [sizes[0], sizes[Math.floor(sizes.length / 2)], sizes[sizes.length - 1]] : sizes;
  return (
    <div>
      {most !== undefined && (
        <ul class="ra-sizes">
          {shown.map((size) => (
            <li key={size}>
              <span class="ra-circle" style={{ width: `${2 * radiusOf(size, sizes[0])}px` }} />
              <span>{exact(size, 0, set.size_unit, app.state.lang)}</span>
            </li>
          ))}
          <li class="ra-quiet">{set.size_unit ? t(set.size_unit) : ""}</li>
        </ul>
      )}
      <p class="ra-quiet ra-small">
        {integer(set.items.length)} {w("clusters")} · {w("clusterNote")}
      </p>
    </div>
  );
}

/** The classes as one strip of colours, for a phone's sheet when it is low. */
export function LegendStrip() {
  const app = useApp();
  const { view } = app;
  const { lang } = app.state;
  if (!view || !classesOf(view.plate)) return null;
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
