import { useEffect, useRef } from "preact/hooks";
import { useWords } from "./context.ts";
import type { Word } from "../text/language.ts";

const KEYS: [string[], Word][] = [
  [["/"], "keySearch"],
  [["[", "]"], "keyPlates"],
  [[",", "."], "keyYears"],
  [["←", "→"], "keyStory"],
  [["↑", "↓"], "keyArrows"],
  [["Enter"], "keyEnter"],
  [["c"], "keyCompare"],
  [["Esc"], "keyBack"],
  [["?"], "keyHelp"],
];

export function Help({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="ra-help" aria-label={w("help")} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <h2>{w("help")}</h2>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} class="ra-key">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{w(what)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="ra-chip" onClick={onClose}>
        {w("close")}
      </button>
    </dialog>
  );
}
