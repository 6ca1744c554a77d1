import { useState } from "preact/hooks";
import type { Filter } from "../state/state.ts";
import { storedFrom } from "../text/numbers.ts";
import { areaTitle, unitName } from "../data/model.ts";
import { boxValue, nearValue, rangeValue, type Center } from "../state/place-filter.ts";
import { useApp, useShared, useWords } from "./context.ts";

/** What a radius may be around. */
type Around = "unit" | "area" | "point";

/** Filters that take a number or a place; before a box is drawn, what lies over the map makes room. */
export function MoreFilters({ onDraw }: { onDraw: () => void }) {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const { atlas, view, selected } = app;
  const [field, setField] = useState(view?.field?.id ?? atlas.spec.fields.at(0)?.id ?? "");
  const [least, setLeast] = useState("");
  const [most, setMost] = useState("");
  const [count, setCount] = useState("100");
  const [km, setKm] = useState("100");
  const [around, setAround] = useState<Around | null>(null);
  const add = (filter: Filter) => app.store.dispatch({ type: "filter", filter });
  const number = (text: string) => (text.trim() === "" || !Number.isFinite(Number(text)) ? null : Number(text));
  const unit = atlas.fields.get(field)?.unit ?? null;
  const stored = (text: string) => {
    const value = number(text);
    return value === null ? null : storedFrom(value, unit, app.state.lang);
  };
  const ranking = view?.ranking ?? atlas.spec.rankings.at(0);
  const id = selected.length > 0 ? atlas.store.unit_id[selected[0]] : null;
  const { area, lang } = app.state;
  const centers: { around: Around; title: string; from: Center | null }[] = [
    ...(id === null ? [] : [{ around: "unit" as const, title: unitName(atlas, selected[0], lang), from: { unit: id } }]),
    ...(area ? [{ around: "area" as const, title: areaTitle(atlas, area, lang) ?? "", from: { area } }] : []),
    { around: "point", title: w("pointOnMap"), from: null },
  ];
  const center = centers.find((item) => item.around === around) ?? centers[0];
  const addNear = () => {
    const distance = number(km);
    if (distance === null || distance <= 0) return;
    const addAround = (from: Center) => add({ scope: "near", value: nearValue(from, String(distance)) });
    if (center.from) addAround(center.from);
    else {
      onDraw();
      map.pickPoint((point) => addAround({ point }));
    }
  };
  const submit = (act: () => void) => (event: SubmitEvent) => {
    event.preventDefault();
    act();
  };
  const drawBox = () => {
    onDraw();
    map.drawBox((box) => add({ scope: "box", value: boxValue(box, app.state.mercator) }));
  };
  return (
    <>
      {field && (
        <form
          class="ra-field"
          onSubmit={submit(() => {
            const [from, to] = [stored(least), stored(most)];
            if (from !== null || to !== null) add({ scope: "range", value: rangeValue(field, from, to) });
          })}
        >
          <span>{w("range")}</span>
          <span class="ra-inputs">
            <select aria-label={w("range")} value={field} onChange={(event) => setField(event.currentTarget.value)}>
              {atlas.spec.fields.map((item) => (
                <option key={item.id} value={item.id}>
                  {t(item.title)}
                </option>
              ))}
            </select>
            <input type="text" inputMode="decimal" aria-label={w("least")} placeholder={`≥ ${unit ? t(unit.name) : ""}`} value={least} onInput={(event) => setLeast(event.currentTarget.value)} />
            <input type="text" inputMode="decimal" aria-label={w("most")} placeholder={`≤ ${unit ? t(unit.name) : ""}`} value={most} onInput={(event) => setMost(event.currentTarget.value)} />
            <button type="submit" class="ra-chip">
              {w("add")}
            </button>
          </span>
        </form>
      )}
      {ranking && (
        <form class="ra-field" onSubmit={submit(() => number(count) !== null && add({ scope: "top", value: `${ranking.id}:${count.trim()}` }))}>
          <span>{w("top")}</span>
          <span class="ra-inputs">
            <input type="text" inputMode="numeric" aria-label={`${w("top")}: ${t(ranking.title)}`} value={count} onInput={(event) => setCount(event.currentTarget.value)} />
            <button type="submit" class="ra-chip">
              {w("add")}
            </button>
          </span>
        </form>
      )}
      <form class="ra-field" onSubmit={submit(addNear)}>
        <span>{w("radius")}</span>
        <span class="ra-inputs">
          <select aria-label={`${w("radius")}: ${w("center")}`} value={center.around} onChange={(event) => setAround(event.currentTarget.value as Around)}>
            {centers.map((item) => (
              <option key={item.around} value={item.around}>
                {item.title}
              </option>
            ))}
          </select>
          <input type="text" inputMode="decimal" aria-label={w("radius")} value={km} onInput={(event) => setKm(event.currentTarget.value)} />
          <button type="submit" class="ra-chip">
            {w("add")}
          </button>
        </span>
      </form>
      <div class="ra-inputs">
        <button type="button" class="ra-chip" onClick={drawBox}>
          {w("drawBox")}
        </button>
        <button type="button" class="ra-chip" disabled={id === null} onClick={() => id !== null && add({ scope: "next", value: id })}>
          {w("neighbours")}
        </button>
      </div>
    </>
  );
}
