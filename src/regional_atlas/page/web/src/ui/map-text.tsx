import { useEffect } from "preact/hooks";
import { mapText } from "./describe.ts";
import { useApp, useLater, useShared, useWords } from "./context.ts";

/** Names the map, and says what it shows for those who do not see it. The map keeps the keys that move it. */
export function MapText() {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const { plate, view, atlas, mask, selected, state } = app;
  const container = map.map.getContainer();
  const id = `${container.id}-text`;
  const label = plate ? `${w("mapLabel")}: ${t(plate.title)}` : w("mapLabel");
  useEffect(() => {
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", label);
    container.setAttribute("aria-describedby", id);
  }, [label]);
  const text = useLater(() => (view ? mapText(app, view, mask, selected, state.lang) : ""), [atlas, view, mask, selected, state.lang]);
  return (
    <p id={id} class="ra-hidden">
      {text}
    </p>
  );
}
