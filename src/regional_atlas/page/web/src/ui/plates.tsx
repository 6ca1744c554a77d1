import { useEffect, useRef } from "preact/hooks";
import { SOURCES } from "../state/state.ts";
import type { Plate } from "../format.ts";
import { useApp, useWords } from "./context.ts";
import { moveFocus } from "./keys.ts";
import { StoryItem } from "./story.tsx";

/** The list of plates in their groups, with the Sources page last. */
export function PlateList({ onChoose }: { onChoose: () => void }) {
  const app = useApp();
  const list = useRef<HTMLElement>(null);
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [app.state.plate]);
  const { w, t } = useWords();
  const groups = new Map<string, Plate[]>();
  for (const plate of app.atlas.spec.plates) {
    const title = t(plate.group);
    groups.set(title, [...(groups.get(title) ?? []), plate]);
  }
  const choose = (plate: string) => {
    app.store.dispatch({ type: "plate", plate });
    onChoose();
  };
  const item = (id: string, title: string) => (
    <li key={id}>
      <button type="button" class="ra-plate" aria-current={id === app.state.plate && !app.step ? "page" : undefined} onClick={() => choose(id)}>
        {title}
      </button>
    </li>
  );
  return (
    <nav ref={list} class="ra-plates" aria-label={w("plates")} onKeyDown={(event) => moveFocus(event, ".ra-plate")}>
      <StoryItem onChoose={onChoose} />
      {[...groups].map(([group, plates]) => (
        <section key={group}>
          <h2 class="ra-group">{group}</h2>
          <ul>{plates.map((plate) => item(plate.id, t(plate.title)))}</ul>
        </section>
      ))}
      <section>
        <h2 class="ra-group">{w("about")}</h2>
        <ul>{item(SOURCES, w("sources"))}</ul>
      </section>
    </nav>
  );
}
