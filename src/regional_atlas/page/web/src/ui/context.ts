/** What every component can reach: the app, the words in the language of the page, and changes of state. */
import { integer, percent } from "../text/numbers.ts";
import { createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { App } from "../state/app.ts";
import type { Text } from "../format.ts";
import type { MapView } from "../map/view.ts";
import { word, dotted, type Word, type Given, type Lang } from "../text/language.ts";
import type { PlateView } from "../state/plate.ts";
import type { ReadonlySignal } from "../state/signal.ts";

export interface Shared {
  app: App;
  map: MapView;
}

export const SharedContext = createContext<Shared | null>(null);

export function useShared(): Shared {
  return useContext(SharedContext)!;
}

/** The app; the component is drawn again when the state changes. */
export function useApp(): App {
  const { app } = useShared();
  const [, redraw] = useState({});
  useEffect(() => app.store.subscribe(() => redraw({})), [app]);
  return app;
}

/** Whatever is written in the language of the page: its words, texts of the atlas, numbers. */
export interface Words {
  lang: Lang;
  w: (key: Word, given?: Given) => string;
  t: (text: Text) => string;
  integer: (value: number) => string;
  percent: (share: number) => string;
  dotted: (parts: readonly (string | null | undefined | false)[]) => string;
}

export function useWords(): Words {
  const { lang } = useShared().app.state;
  return {
    lang,
    w: (key, given) => word(key, lang, given),
    t: (text) => text[lang],
    integer: (value) => integer(value, lang),
    percent: (share) => percent(share, lang),
    dotted: (parts) => dotted(parts, lang),
  };
}

/** Whether a media query holds, now and later. */
export function useMedia(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  const [holds, setHolds] = useState(list.matches);
  useEffect(() => {
    const changed = () => setHolds(list.matches);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, [list]);
  return holds;
}

/** A text that is not seen: it is made when what is seen has been drawn. */
export function useLater(make: () => string, inputs: readonly unknown[]): string {
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(make()));
    return () => clearTimeout(timer);
  }, inputs);
  return text;
}

/** The colours of the classes, by day or by night. */
export function useColors(view: PlateView): readonly string[] {
  const dark = useSignal(useShared().app.night);
  return dark ? view.colorsDark : view.colors;
}

export function useSignal<T>(signal: ReadonlySignal<T>): T {
  const [value, setValue] = useState(() => signal.value);
  useEffect(() => signal.subscribe((next) => setValue(() => next)), [signal]);
  return value;
}
