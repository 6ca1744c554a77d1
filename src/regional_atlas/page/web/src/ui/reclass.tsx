import { useState } from "preact/hooks";
import type { Scheme } from "../classify/breaks.ts";
import type { ClassChoice } from "../state/state.ts";
import { shownIn, storedFrom } from "../text/numbers.ts";
import { asManual, ownChoice } from "../state/reclass.ts";
import { useApp, useWords } from "./context.ts";

/** Scheme, number and colours of the classes, for the reader to change. */
export function Reclass() {
  const app = useApp();
  const { w, t } = useWords();
  const { plate, view, state, atlas } = app;
  const { lang } = state;
  const unit = view?.field?.unit ?? null;
  const [typed, setTyped] = useState<string | null>(null);
  if (!plate || !view) return null;
  const kind = app.kindOf(view.plate);
  const { reclass } = kind;
  const [own, shown] = [kind.classes?.(plate), kind.classes?.(view.plate)];
  if (!reclass || !own || !shown) return null;
  const columns = reclass.columns(view.plate);
  const { schemes, palettes } = atlas.spec.classing;
  const choice = state.classes ?? ownChoice({ classes: own });
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
            change({ scheme, breaks: scheme === "manual" ? asManual(atlas, shown, columns) : [] });
          }}
        >
          {schemes.map(({ id, title }) => (
            <option key={id} value={id}>
              {t(title)}
            </option>
          ))}
        </select>
      </label>
      <p class="ra-quiet ra-small">{t(schemes.find(({ id }) => id === choice.scheme)!.formula)}</p>
      {choice.scheme === "manual" ? (
        <label class="ra-field">
          <span>{w("breaks")}</span>
          <input type="text" value={typed ?? choice.breaks.map((value) => shownIn(value, unit, lang)).join(" ")} onInput={(event) => setTyped(event.currentTarget.value)} onChange={(event) => setBreaks(event.currentTarget.value)} />
        </label>
      ) : (
        <label class="ra-field">
          <span>{w("classes")}</span>
          <select value={choice.count} onChange={(event) => change({ count: Number(event.currentTarget.value) })}>
            {[2, 3, 4, 5, 6, 7, 8, 9].map((count) => (
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
          {palettes.map(({ id }) => (
            <option key={id} value={id}>
              {id}
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
