import { useEffect, useState } from "preact/hooks";
import { opensAsGrid } from "../data/model.ts";
import { useApp, useWords } from "./context.ts";
import { PauseIcon, PlayIcon } from "./icons.tsx";

const STEP = 900;

/** The year slider with play, and the opacity of the raster where the plate has one. */
export function Years() {
  const app = useApp();
  const { w } = useWords();
  const [playing, setPlaying] = useState(false);
  const { plate, view, state } = app;

  useEffect(() => setPlaying(false), [state.plate]);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const { plate: shown, view: now } = app;
      if (shown?.kind !== "years" || now?.year == null) return;
      const at = shown.years.indexOf(now.year) + 1;
      if (at >= shown.years.length) setPlaying(false);
      else app.store.dispatch({ type: "year", year: shown.years[at] });
    }, STEP);
    return () => clearInterval(timer);
  }, [playing]);

  if (app.declared?.kind === "multiples" && !app.gridded) {
    return (
      <div class="ra-years">
        <button type="button" class="ra-chip" onClick={() => app.store.dispatch({ type: "panel", panel: null })}>
          {w("allMaps")}
        </button>
      </div>
    );
  }
  if (plate?.kind !== "years" || view?.year == null || app.gridded) return null;
  const { years } = plate;
  const at = years.indexOf(view.year);
  const play = () => {
    if (!playing && at === years.length - 1) app.store.dispatch({ type: "year", year: years[0] });
    setPlaying(!playing);
  };
  return (
    <div class="ra-years">
      <button type="button" class="ra-button" aria-label={w(playing ? "pause" : "play")} onClick={play}>
        {playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <output class="ra-year">{view.year}</output>
      <div class="ra-slider">
        <input
          type="range"
          min={0}
          max={years.length - 1}
          step={1}
          value={at}
          aria-label={w("year")}
          aria-valuetext={String(view.year)}
          onInput={(event) => {
            setPlaying(false);
            app.store.dispatch({ type: "year", year: years[Number(event.currentTarget.value)] });
          }}
        />
        <div class="ra-slider-ends" aria-hidden="true">
          <span>{years[0]}</span>
          <span>{years[years.length - 1]}</span>
        </div>
      </div>
      {opensAsGrid(plate) && (
        <button type="button" class="ra-chip" onClick={() => app.store.dispatch({ type: "year", year: null })}>
          {w("allYears")}
        </button>
      )}
      {plate.raster && (
        <label class="ra-opacity">
          <span>{w("raster")}</span>
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={Math.round(state.raster * 100)}
            aria-valuetext={`${Math.round(state.raster * 100)}%`}
            onInput={(event) => app.store.dispatch({ type: "raster", opacity: Number(event.currentTarget.value) / 100 })}
          />
        </label>
      )}
    </div>
  );
}
