/** Holds the state, and keeps the link in step with it. */
import { fromHash, toHash } from "./hash.ts";
import { listen, signal, type ReadonlySignal } from "./signal.ts";
import { isLandmark, reduce, type State, type Step } from "./state.ts";

export class StateStore {
  private readonly current;

  constructor(
    private readonly opening: State,
    private readonly told: readonly State[],
    private readonly accept: (state: State) => State,
  ) {
    this.current = signal(accept(fromHash(location.hash, opening, told)));
    window.addEventListener("popstate", () => {
      this.current.value = this.accept(fromHash(location.hash, this.opening, this.told));
    });
  }

  get state(): State {
    return this.current.value;
  }

  get signal(): ReadonlySignal<State> {
    return this.current;
  }

  readonly dispatch = (step: Step): void => {
    const next = this.accept(reduce(this.current.peek(), step));
    if (next === this.current.peek()) return;
    const link = `#${toHash(next, this.opening, this.told)}`;
    if (link !== (location.hash || "#")) {
      keepLink(link, isLandmark(step));
    }
    this.current.value = next;
  };

  subscribe(listener: () => void): () => void {
    return listen(this.current, listener);
  }
}

/** A frame without an address of its own (about:srcdoc, as in a notebook) has no link to keep: its state lives as long as it does. */
function keepLink(link: string, landmark: boolean): void {
  if (location.protocol === "about:") return;
  if (landmark) history.pushState(null, "", link);
  else history.replaceState(null, "", link);
}
