/** `window.regionalAtlas`: the page's own interface for embedding, bookmarks and tests. */
import type { App } from "./app.ts";
import type { Text } from "./data/spec.ts";
import type { MapView } from "./map/view.ts";
import { SOURCES, type State } from "./state/state.ts";

export interface PageInterface {
  /** Resolves when the first plate is painted. */
  readonly ready: Promise<void>;
  plates(): { id: string; title: Text }[];
  /** Shows a plate, or "sources"; resolves when it is painted. */
  show(id: string): Promise<void>;
  select(unitIds: string[]): void;
  readonly state: State;
  setState(state: Partial<State>): Promise<void>;
}

declare global {
  interface Window {
    regionalAtlas?: PageInterface;
  }
}

interface Parts {
  app: App;
  view: MapView;
}

/** Installs the interface at once; what needs the atlas waits for it. */
export function publish(started: Promise<Parts>): Promise<void> {
  let parts: Parts | null = null;
  const loaded = (): App => {
    if (!parts) throw new Error("The atlas is not ready: await regionalAtlas.ready first.");
    return parts.app;
  };
  const ready = started.then(async (result) => {
    parts = result;
    await painted();
  });
  window.regionalAtlas = {
    ready,
    plates: () => loaded().atlas.spec.plates.map(({ id, title }) => ({ id, title })),
    show: async (id) => {
      await ready;
      const app = loaded();
      if (id !== SOURCES && !app.atlas.plates.has(id)) {
        throw new Error(`No plate "${id}"; there are ${[...app.atlas.plates.keys(), SOURCES].join(", ")}.`);
      }
      app.store.dispatch({ type: "plate", plate: id });
      await painted();
    },
    select: (unitIds) => {
      const app = loaded();
      const unknown = unitIds.filter((id) => !app.atlas.index.has(id));
      if (unknown.length > 0) throw new Error(`No unit ${unknown.join(", ")}.`);
      app.store.dispatch({ type: "select", units: unitIds });
    },
    get state() {
      return loaded().state;
    },
    setState: async (state) => {
      await ready;
      loaded().store.dispatch({ type: "replace", state });
      await painted();
    },
  };
  return ready;
}

/** After the frame in which the change is drawn; a page in the background draws none. */
function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
