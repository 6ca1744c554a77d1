import { useState } from "preact/hooks";
import { SCHEMES, type ClassChoice, type Scheme } from "../state/state.ts";
import { PALETTES } from "../classify/palettes.ts";
import { shownIn, storedFrom } from "../text/numbers.ts";
import { canReclass, SCHEME_TITLES } from "../state/reclass.ts";
import { useApp, useWords } from "./context.ts";

/** Scheme, number and colours of the classes, for the reader to change. */
export function Reclass() {
  const app = useApp();
  const { w, t } = useWords();
  const { plate, view, state } = app;
  const { lang } = state;
  const unit = view?.field?.unit ?? null;
  const [typed, setTyped] = useState<string | null>(null);
  if (!plate || !view || !canReclass(plate) || !canReclass(view.plate)) return null;
  const { classes } = view.plate;
  const own = SCHEMES.find((scheme) => scheme === plate.classes.scheme) ?? "quantile";
  const choice: ClassChoice = state.classes ?? { scheme: own, count: plate.classes.breaks.length, palette: plate.classes.palette in PALETTES ? plate.classes.palette : "YlGnBu", breaks: [] };
  const change = (part: Partial<ClassChoice>) => app.store.dispatch({ type: "classes", choice: { ...choice, ...part } });
  const setBreaks = (text: string) => {
    const breaks = text.split(/[\s;；，]+/).flatMap((item) => item.split(/,(?!\d{3})/)).filter(Boolean).map((item) => storedFrom(Number(item.replaceAll(",", "")), unit, lang));
    if (breaks.length > 0 && breaks.every(Number.isFinite)) change({ breaks, count: Math.min(9, Math.max(2, breaks.length + 1)) });
  };
  return (
    <details class="ra-reclass">
      <summary>{w("changeClasses")}</summary>
      <label class="ra-field">
        <span>{w("scheme")}</span>
        <select
          value={choice.scheme}
          onChange={(event) => {
            const scheme = event.currentTarget.value as Scheme;
            change({ scheme, breaks: scheme === "manual" ? classes.breaks.slice(0, -1) : [] });
          }}
        >
          {SCHEMES.map((scheme) => (
            <option key={scheme} value={scheme}>
              {t(SCHEME_TITLES[scheme])}
            </option>
          ))}
        </select>
      </label>
      {choice.scheme === "manual" ? (
        <label class="ra-field">
          <span>{w("breaks")}</span>
          <input type="text" value={typed ?? choice.breaks.map((value) => shownIn(value, unit, lang)).join(" ")} onInput={(event) => setTyped(event.currentTarget.value)} onChange={(event) => setBreaks(event.currentTarget.value)} />
        </label>
      ) : (
        <label class="ra-field">
          <span>{w("classes")}</span>
          <select value={choice.count} onChange={(event) => change({ count: Number(event.currentTarget.value) })}>
            {[3, 4, 5, 6, 7, 8, 9].map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="ra-field">
        <span>{w("palette")}</span>
        <select value={choice.palette} onChange={(event) => change({ palette: event.currentTarget.value })}>
          {Object.keys(PALETTES).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {state.classes && (
        <button type="button" class="ra-chip" onClick={() => app.store.dispatch({ type: "classes", choice: null })}>
          {w("publishedClasses")}
        </button>
      )}
    </details>
  );
}
