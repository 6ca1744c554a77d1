/** Values that change, and values that follow from them: worked out when they are asked for, once per change. */
import { effect, untracked, type ReadonlySignal } from "@preact/signals-core";

export { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals-core";

/** Calls whenever a value changes, not at once. */
export function listen<T>(source: ReadonlySignal<T>, heard: (value: T) => void): () => void {
  let first = true;
  return effect(() => {
    const { value } = source;
    if (!first) untracked(() => heard(value));
    first = false;
  });
}
