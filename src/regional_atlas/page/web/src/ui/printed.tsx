/** What stands on paper in place of the map: a picture of it as it was on the screen, whole whatever the page's size. */
import { useEffect, useRef } from "preact/hooks";
import type { MapView } from "../map/view.ts";
import { mapPicture } from "../output/picture.ts";
import type { App } from "../state/app.ts";
import { filterTitle } from "../state/filter.ts";
import { Compare } from "./compare.tsx";
import { useApp, useShared, useWords } from "./context.ts";
import { ReviewNumber } from "./furniture.tsx";
import { StepText } from "./story.tsx";

/** Of the steps of the story, while all are printed. */
let pictures: HTMLCanvasElement[] = [];

/** Prints what is shown; in the story, every step with its picture. */
export async function printPage(app: App, map: MapView): Promise<void> {
  if (app.step) pictures = await storyPictures(app, map);
  window.print();
  pictures = [];
}

/** The map at every step; the page is then as it was. */
async function storyPictures(app: App, map: MapView): Promise<HTMLCanvasElement[]> {
  const before = app.state;
  const made: HTMLCanvasElement[] = [];
  app.printing(true);
  map.still = true;
  for (let step = 1; step <= app.atlas.spec.story.length; step++) {
    app.tell(step, true);
    await drawn();
    made.push(mapPicture(app, map, true));
  }
  app.store.dispatch({ type: "replace", state: before });
  await drawn();
  map.still = false;
  app.printing(false);
  return made;
}

const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))));

export function Printed() {
  const { map } = useShared();
  const app = useApp();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => {
      app.printing(true);
      box.current!.querySelectorAll(".ra-picture").forEach((slot, at) => {
        const here = !app.step || at + 1 === app.state.story;
        const picture = pictures.at(at) ?? (here ? mapPicture(app, map, app.step !== null) : null);
        if (picture) slot.replaceChildren(picture);
      });
    };
    const clear = () => {
      app.printing(false);
      for (const slot of box.current!.querySelectorAll(".ra-picture")) slot.replaceChildren();
    };
    window.addEventListener("beforeprint", draw);
    window.addEventListener("afterprint", clear);
    return () => {
      window.removeEventListener("beforeprint", draw);
      window.removeEventListener("afterprint", clear);
    };
  }, [app, map]);
  return <div ref={box} class="ra-papers">{app.step ? <PrintedStory /> : <Picture />}</div>;
}

function Picture() {
  return (
    <figure class="ra-printed">
      <div class="ra-picture" />
      <ReviewNumber />
    </figure>
  );
}

function PrintedStory() {
  const app = useApp();
  const { w, t, dotted } = useWords();
  const { spec, citations } = app.atlas;
  const sourceOf = (at: number) => {
    const { plate, year } = app.toldPlate(at);
    const citation = plate?.citation ? citations.get(plate.citation) : null;
    return dotted([plate && t(plate.title), year === null ? null : String(year), citation && t(citation.source)]);
  };
  return (
    <ol class="ra-on-paper" aria-label={w("story")}>
      {spec.story.map((_, at) => (
        <li key={at} class="ra-printed-step">
          <StepText at={at} />
          <Picture />
          <p class="ra-quiet ra-small">{sourceOf(at)}</p>
        </li>
      ))}
    </ol>
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
