import { useEffect, useState } from "preact/hooks";
import { useApp, useWords } from "./context.ts";
import { PauseIcon, PlayIcon } from "./icons.tsx";

const STEP = 900;

/** The year slider with play, and the opacity of the raster where the plate has one. */
export function Years() {
  const app = useApp();
  const { w } = useWords();
  const [playing, setPlaying] = useState(false);
  const { declared, state, year, years } = app;

  useEffect(() => setPlaying(false), [state.plate]);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      const { years: all, year: now } = app;
      if (now === null) return;
      const at = all.indexOf(now) + 1;
      if (at >= all.length) setPlaying(false);
      else app.store.dispatch({ type: "year", year: all[at] });
    }, STEP);
    return () => clearInterval(timer);
  }, [playing]);

  const way = app.gridded || !declared ? null : app.kindOf(declared).back?.(declared);
  const back = way && (
    <button type="button" class="ra-chip" onClick={() => app.store.dispatch(way.step)}>
      {w(way.word)}
    </button>
  );
  if (year === null) return back ? <div class="ra-years">{back}</div> : null;
  const raster = app.drawing.raster ?? null;
  const at = years.indexOf(year);
  const play = () => {
    if (!playing && at === years.length - 1) app.store.dispatch({ type: "year", year: years[0] });
    setPlaying(!playing);
  };
  return (
    <div class="ra-years">
      <button type="button" class="ra-button" aria-label={w(playing ? "pause" : "play")} onClick={play}>
        {playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <output class="ra-year">{year}</output>
      <div class="ra-slider">
        <input
          type="range"
          min={0}
          max={years.length - 1}
          step={1}
          value={at}
          aria-label={w("year")}
          aria-valuetext={String(year)}
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
      {back}
      {raster !== null && (
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
