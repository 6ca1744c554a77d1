import { areaTitle, placeOf, unitName } from "../data/model.ts";
import { useApp, useWords } from "./context.ts";
import { rankText } from "./describe.ts";

/** Says aloud what changed: the plate with its finding, or the selection. */
export function Live() {
  const app = useApp();
  const { w, t } = useWords();
  const { plate, selected, state, atlas, view } = app;
  let text = plate ? `${t(plate.title)}. ${t(plate.finding)}` : w("sources");
  if (app.step && !app.carded) {
    text = `${w("storyStep", { step: state.story!, count: atlas.spec.story.length })}. ${t(app.step.title)}. ${t(app.step.text)}`;
  } else if (selected.length > 0) {
    const names = selected.map((unit) => {
      const rank = view ? rankText(atlas, view, unit, state.lang) : null;
      return [unitName(atlas, unit, state.lang), placeOf(atlas, unit, state.lang), rank].filter(Boolean).join(", ");
    });
    text = `${w("selected")}: ${names.join("; ")}`;
  } else if (state.area) {
    text = `${w("selected")}: ${areaTitle(atlas, state.area, state.lang) ?? ""}`;
  } else if (view?.year != null) {
    text = `${text} ${view.year}`;
  }
  return (
    <div class="ra-hidden" aria-live="polite" role="status">
      {text}
    </div>
  );
}
