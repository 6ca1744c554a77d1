/** What stands on paper in place of the map: a picture of it as it was on the screen, whole whatever the page's size. */
import { useEffect, useRef } from "preact/hooks";
import { mapPicture } from "../output/picture.ts";
import { filterTitle } from "../state/filter.ts";
import { Compare } from "./compare.tsx";
import { useApp, useShared, useWords } from "./context.ts";
import { ReviewNumber } from "./furniture.tsx";

export function Printed() {
  const { app, map } = useShared();
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => {
      app.printing(true);
      slot.current!.replaceChildren(mapPicture(app, map));
    };
    const clear = () => {
      app.printing(false);
      slot.current!.replaceChildren();
    };
    window.addEventListener("beforeprint", draw);
    window.addEventListener("afterprint", clear);
    return () => {
      window.removeEventListener("beforeprint", draw);
      window.removeEventListener("afterprint", clear);
    };
  }, [app, map]);
  return (
    <figure class="ra-printed">
      <div ref={slot} />
      <ReviewNumber />
    </figure>
  );
}

/** What the slider says on the screen. */
export function PaperYear() {
  const { year } = useApp();
  return year === null ? null : <span class="ra-on-paper"> {year}</span>;
}

/** What chips say on the screen, and what lies over the map there. */
export function PaperExtras() {
  const app = useApp();
  const { w } = useWords();
  const { atlas, state } = app;
  const only = state.filters.map((filter) => filterTitle(atlas, filter, state.lang)).filter(Boolean);
  return (
    <div class="ra-on-paper ra-paper-extras">
      {only.length > 0 && (
        <p>
          {w("filtered")} {only.join(", ")}
        </p>
      )}
      <Compare />
    </div>
  );
}
