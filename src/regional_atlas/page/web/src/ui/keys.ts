/** Keys that work anywhere on the page, and arrows within a list. */
import type { App } from "../state/app.ts";
import { SOURCES } from "../state/state.ts";

export function listenForKeys(root: HTMLElement, app: App, showHelp: (show: boolean) => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const writing = event.target instanceof HTMLElement && event.target.matches("input:not([type=range]), select, textarea");
    if (event.key === "Escape") {
      showHelp(false);
      if (!writing) app.back();
      return;
    }
    if (writing) return;
    switch (event.key) {
      case "/":
        root.querySelector<HTMLInputElement>(".ra-search-input")?.focus();
        break;
      case "[":
        stepPlate(app, -1);
        break;
      case "]":
        stepPlate(app, 1);
        break;
      case ",":
        stepYear(app, -1);
        break;
      case ".":
        stepYear(app, 1);
        break;
      case "c": {
        const unit = app.state.selection.at(0);
        if (unit !== undefined) app.store.dispatch({ type: "compare", units: [...app.state.compare, unit] });
        break;
      }
      case "?":
        showHelp(true);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

function stepPlate(app: App, step: number): void {
  const ids = [...app.atlas.spec.plates.map((plate) => plate.id), SOURCES];
  const next = (ids.indexOf(app.state.plate) + step + ids.length) % ids.length;
  app.store.dispatch({ type: "plate", plate: ids[next] });
}

/** To the next year that the plate has, or its next small map; stays at either end. */
export function stepYear(app: App, step: number): void {
  const { declared, view, state } = app;
  const next = declared && app.kindOf(declared).step?.(declared, { year: view?.year ?? null, panel: state.panel }, step);
  if (next) app.store.dispatch(next);
}

/** Arrow keys, Home and End move the focus among the elements that match. */
export function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }, selector: string): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (at < 0 || !(event.key in to)) return;
  items[to[event.key]]?.focus();
  event.preventDefault();
}
