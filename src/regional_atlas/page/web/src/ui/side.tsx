/** The right column; on a phone, the sheet. The plate stays under an open card, so that its scroll is kept. */
import { useEffect, useRef } from "preact/hooks";
import { placeOf, unitName } from "../data/model.ts";
import { list } from "../text/language.ts";
import { useApp, useWords } from "./context.ts";
import { AreaCard } from "./area-card.tsx";
import { DataPanel } from "./charts/panel.tsx";
import { BackIcon } from "./icons.tsx";
import { Legend, LegendStrip } from "./legend.tsx";
import { PaperExtras, PaperYear } from "./printed.tsx";
import { BackToStory, Story } from "./story.tsx";
import { SourceLine, UnitCard } from "./unit-card.tsx";
import { Weights } from "./weights.tsx";

/** Names that a sentence bears. */
const NAMED = 3;

export function Side() {
  const app = useApp();
  const { selected, state } = app;
  const open = app.carded;
  // A chart stays beside the card: it shows where the unit is.
  const beside = open && app.chart !== null && app.step === null;
  const panel = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(open);

  // The focus goes back to the row that it came from.
  useEffect(() => {
    if (wasOpen.current && !open && document.activeElement === document.body) {
      panel.current?.querySelector<HTMLElement>('tbody [tabindex="0"], .ra-chart, .ra-bar-row')?.focus({ preventScroll: true });
    }
    wasOpen.current = open;
  }, [open]);

  return (
    <div class="ra-panels" data-beside={beside ? "chart" : undefined}>
      <div ref={panel} class="ra-panel" inert={open && !beside}>
        {app.step ? <Story /> : <PlatePanel />}
      </div>
      {open && (
        <Drawer key={selected.join() || `${state.area!.scope}:${state.area!.id}`}>
          {selected.length === 1 && <UnitCard unit={selected[0]} />}
          {selected.length > 1 && <UnitList units={selected} />}
          {selected.length === 0 && state.area && <AreaCard area={state.area} />}
        </Drawer>
      )}
    </div>
  );
}

function PlatePanel() {
  const app = useApp();
  const { t } = useWords();
  const { plate } = app;
  if (!plate) return null;
  return (
    <>
      <div class="ra-plate-head">
        <BackToStory />
        <h2 class="ra-plate-title">
          {t(plate.title)}
          <PaperYear />
        </h2>
        <LegendStrip />
        <p class="ra-finding" dir="auto">{t(plate.finding)}</p>
        <Shown />
        {plate.note && <p class="ra-quiet ra-small">{t(plate.note)}</p>}
      </div>
      <Legend />
      <Weights />
      <PaperExtras />
      <DataPanel />
      <dl class="ra-source ra-plate-source">
        <SourceLine citation={plate.citation ? (app.atlas.citations.get(plate.citation) ?? null) : null} />
      </dl>
    </>
  );
}

/** What the filters leave of the table: how many, and the first by name. */
function Shown() {
  const { table, rows, mask, state } = useApp();
  const { w } = useWords();
  if (!table || !mask || rows.length === table.rows.length) return null;
  const name = table.columns.findIndex((column) => column.kind === "name");
  const names = rows.slice(0, NAMED).map((row) => table.columns[name].format(row.cells[name]));
  const shown = { count: rows.length, total: table.rows.length };
  if (names.length === 0) return null;
  return (
    <p class="ra-shown" dir="auto" lang={state.lang}>
      {w(rows.length > NAMED ? "shownFirst" : "shownAll", { ...shown, names: list(names, state.lang) })}
    </p>
  );
}

function Drawer({ children }: { children: preact.ComponentChildren }) {
  const app = useApp();
  const { w } = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What had the focus is now behind the card; the map keeps it, for its own keys, and so does a page just opened.
    if (app.opened && document.activeElement === document.body) box.current?.querySelector("button")?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={box} class="ra-panel ra-drawer">
      <button type="button" class="ra-back" onClick={() => app.back()}>
        <BackIcon />
        {w("back")}
      </button>
      {children}
    </div>
  );
}

/** Several units at once: those of a cluster. */
function UnitList({ units }: { units: readonly number[] }) {
  const app = useApp();
  const { w } = useWords();
  const { atlas, state } = app;
  return (
    <article class="ra-card">
      <h2 class="ra-card-title">
        {w("selected")} <small>{units.length}</small>
      </h2>
      <ul class="ra-list">
        {units.map((unit) => (
          <li key={unit}>
            <button type="button" class="ra-link" onClick={() => app.select([unit])}>
              {unitName(atlas, unit, state.lang)}
            </button>
            <span class="ra-quiet">{placeOf(atlas, unit, state.lang)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}
