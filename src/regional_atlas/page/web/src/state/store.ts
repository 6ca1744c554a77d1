/** Holds the state, keeps the link in step with it, and tells whoever listens. */
import { fromHash, toHash } from "./hash.ts";
import { isLandmark, reduce, type State, type Step } from "./state.ts";

export class StateStore {
  private current: State;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly opening: State,
    private readonly accept: (state: State) => State,
  ) {
    this.current = accept(fromHash(location.hash, opening));
    window.addEventListener("popstate", () => {
      this.current = this.accept(fromHash(location.hash, this.opening));
      this.tell();
    });
  }

  get state(): State {
    return this.current;
  }

  readonly dispatch = (step: Step): void => {
    const next = this.accept(reduce(this.current, step));
    if (next === this.current) return;
    this.current = next;
    const link = `#${toHash(next, this.opening)}`;
    if (link !== (location.hash || "#")) {
      keepLink(link, isLandmark(step));
    }
    this.tell();
  };

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A frame without an address of its own (about:srcdoc, as in a notebook) has no link to keep: its state lives as long as it does. */
function keepLink(link: string, landmark: boolean): void {
  if (location.protocol === "about:") return;
  if (landmark) history.pushState(null, "", link);
  else history.replaceState(null, "", link);
}
