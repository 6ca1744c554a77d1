/** Entry of the bundle: `RegionalAtlas.registerCrs` before the map is made, `RegionalAtlas.mount` after. */
import { offer, spoken } from "./text/offered.ts";
import { render } from "preact";
import { App } from "./state/app.ts";
import { buildAtlas, columnOf, type Atlas } from "./data/model.ts";
import { readJson, readPacked } from "./data/decode.ts";
import type { Box, Language, Plate, Spec, Store } from "./format.ts";
import type { Geometry } from "./data/topology.ts";
import { detailOf } from "./geometry/detail.ts";
import { hitsOf } from "./geometry/hit.ts";
import { publish } from "./interface.ts";
import { createCrs } from "./map/crs.ts";
import { TileLayers } from "./map/tiles.ts";
import { MapView } from "./map/view.ts";
import { KINDS } from "./plates/index.ts";
import { kindIn, type PlateView } from "./state/plate.ts";
import { withClasses as reclassed } from "./state/reclass.ts";
import type { ClassChoice } from "./state/state.ts";
import { openingLanguage, word, type Word } from "./text/language.ts";
import { SharedContext } from "./ui/context.ts";
import { Root } from "./ui/root.tsx";
import "./styles/page.css";
import "./styles/map.css";
import "./styles/panel.css";
import "./styles/phone.css";
import "./styles/print.css";

export { computeIndex } from "./scoring/index.ts";
export { ownChoice } from "./state/reclass.ts";

/** What a plate puts on the map, and the plate in classes of a reader's choice. */
export const viewPlate = (atlas: Atlas, plate: Plate, year: number | null): PlateView => kindIn(KINDS, plate).view(atlas, plate, year);
export const withClasses = (atlas: Atlas, plate: Plate, choice: ClassChoice): Plate => reclassed(atlas, KINDS, plate, choice);

/** Makes `L.CRS[name]` from a PROJ string, for `L.map(id, {crs: L.CRS[name]})`. */
export function registerCrs(name: string, definition: string, viewBox: Box): void {
  (L.CRS as unknown as Record<string, L.CRS>)[name] = createCrs(name, definition, viewBox);
}

const MAX_ZOOM = 12;

/** The version of the page format that this script reads. */
const FORMAT: Spec["format"] = 4;

/** Milliseconds that a piece of idle work may take. */
const SPARE = 8;

export interface Blocks {
  words: string;
  spec: string;
  store: string;
  topology: string;
}

/** Builds the page around a Leaflet map from the blocks embedded in the document. */
export function mount(map: L.Map, blocks: Blocks): Promise<void> {
  const host = document.createElement("div");
  host.className = "ra-host";
  map.getContainer().before(host);
  map.getContainer().style.visibility = "hidden";
  offer(readJson(blocks.words) as Language[]);
  const lang = openingLanguage([new URLSearchParams(location.hash.slice(1)).get("lang") ?? "", ...navigator.languages]);
  const say = (...words: Word[]) => words.map((key) => word(key, lang));
  host.lang = lang;
  host.dir = spoken(lang).direction;
  host.append(notice(...say("loading")));
  // At once, before what else was added to the map; clusters of markers ask for the last zoom.
  map.setMaxZoom(MAX_ZOOM);
  const spec = readJson(blocks.spec) as Spec;
  const { format }: { format: number } = spec;
  if (format !== FORMAT) {
    host.replaceChildren(notice(...say("failed", "otherFormat"), `format ${format} ≠ ${FORMAT}`));
    return Promise.resolve();
  }
  const tiles = new TileLayers(map, spec.tiles);
  const started = start(map, tiles, spec, blocks, host);
  const painted = async () => {
    await publish(started);
    whenIdle(postponed((await started).app));
  };
  return painted().catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    host.replaceChildren(notice(...say("failed", "failedHint"), detail));
    console.error(error);
  });
}

async function start(map: L.Map, tiles: TileLayers, spec: Spec, blocks: Blocks, host: HTMLElement): Promise<{ app: App; view: MapView }> {
  const [store, topology] = await Promise.all([readPacked(blocks.store), readPacked(blocks.topology, true)]);
  const app = new App(buildAtlas(spec, store as Store, topology as Geometry), KINDS);
  const view = new MapView(app, map, tiles);
  host.replaceChildren();
  host.removeAttribute("lang");
  host.removeAttribute("dir");
  map.getContainer().style.visibility = "";
  render(
    <SharedContext.Provider value={{ app, map: view }}>
      <Root />
    </SharedContext.Provider>,
    host,
  );
  return { app, view };
}

/** What the opening did not wait for, so that the first look at a plate does not either. */
function postponed({ atlas, search }: App): (() => unknown)[] {
  const columns = atlas.spec.fields.flatMap(({ id, years }) => (years ?? [null]).map((year) => () => columnOf(atlas, id, year)));
  return [() => detailOf(atlas.topology).settle(), () => hitsOf(atlas.topology), () => search.prepare(), ...columns];
}

/** Works off a list when nothing else waits, a little at a time. */
function whenIdle(tasks: (() => unknown)[]): void {
  const some = (deadline?: IdleDeadline) => {
    do tasks.shift()?.();
    while (tasks.length > 0 && deadline && deadline.timeRemaining() > SPARE);
    if (tasks.length > 0) whenIdle(tasks);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(some, { timeout: 1000 });
  else setTimeout(some, 50);
}

function notice(...lines: string[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "ra-notice";
  box.setAttribute("role", "status");
  for (const line of lines) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  return box;
}
