/** `window.regionalAtlas`: the page's own interface for embedding, bookmarks and tests. */
import type { App } from "./state/app.ts";
import type { Index, Text } from "./format.ts";
import type { MapView } from "./map/view.ts";
import { scoresOf } from "./state/weighted.ts";
import { problem, type Setting } from "./scoring/index.ts";
import { misfit } from "./state/shape.ts";
import { SOURCES, type State } from "./state/state.ts";

export interface PageInterface {
  /** Resolves when the first plate is painted. */
  readonly ready: Promise<void>;
  plates(): { id: string; title: Text }[];
  /** Shows a plate, or "sources"; resolves when it is painted. */
  show(id: string): Promise<void>;
  select(unitIds: string[]): void;
  /** The steps of the story. */
  steps(): { title: Text; text: Text }[];
  /** Shows a step, counted from 1; null leaves the story. Resolves when painted. */
  step(number: number | null): Promise<void>;
  readonly state: State;
  setState(state: Partial<State>): Promise<void>;
  /** Computes an index anew, the first one unless options name another; null: as published. Resolves when painted. */
  setWeights(weights: Record<string, number> | null, options?: Partial<Omit<Setting, "weights">>): Promise<void>;
  /** Scores, ranks and tiers of an index as shown now, in the order of the units. */
  scores(index?: string): { unit_id: string; score: number | null; rank: number | null; tier: number | null }[];
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
      const wrong = misfit({ selection: unitIds });
      if (wrong) throw new Error(wrong);
      const unknown = unitIds.filter((id) => !app.atlas.index.has(id));
      if (unknown.length > 0) throw new Error(`No unit ${unknown.join(", ")}.`);
      app.store.dispatch({ type: "select", units: unitIds });
    },
    steps: () => loaded().atlas.spec.story.map(({ title, text }) => ({ title, text })),
    step: async (number) => {
      await ready;
      const app = loaded();
      const { length } = app.atlas.spec.story;
      if (number === null) app.leaveStory(parts!.view.position());
      else if (Number.isInteger(number) && number >= 1 && number <= length) app.tell(number);
      else throw new Error(length > 0 ? `No step ${number}; there are 1 to ${length}.` : "This atlas has no story.");
      await painted();
    },
    get state() {
      return loaded().state;
    },
    setState: async (state) => {
      await ready;
      const wrong = misfit(state);
      if (wrong) throw new Error(wrong);
      loaded().store.dispatch({ type: "replace", state });
      await painted();
    },
    setWeights: async (weights, options = {}) => {
      await ready;
      const app = loaded();
      const index = namedIndex(app, options.index);
      if (!weights) app.store.dispatch({ type: "weights", setting: null });
      else {
        const setting: Setting = { normalise: null, aggregate: null, ...options, index: index.id, weights };
        const wrong = problem(index, setting);
        if (wrong) throw new Error(wrong);
        app.store.dispatch({ type: "weights", setting });
      }
      await painted();
    },
    scores: (id) => {
      const app = loaded();
      const index = namedIndex(app, id);
      const set = app.state.weights?.index === index.id ? app.state.weights : null;
      const { score, rank, tier } = scoresOf(app.atlas, set ?? { index: index.id, weights: {}, normalise: null, aggregate: null });
      return app.atlas.store.unit_id.map((unit, at) => ({ unit_id: unit, score: score[at], rank: rank[at], tier: tier[at] }));
    },
  };
  return ready;
}

function namedIndex(app: App, id: string | undefined): Index {
  const indices = app.atlas.spec.indices;
  const index = id === undefined ? indices.at(0) : indices.find((item) => item.id === id);
  if (!index) throw new Error(`No index ${id === undefined ? "" : `"${id}" `}whose weights can be changed; there are: ${indices.map((item) => item.id).join(", ") || "none"}.`);
  return index;
}

/** After the frame in which the change is drawn; a page in the background draws none. */
function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}
