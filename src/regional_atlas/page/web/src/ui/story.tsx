/** The story in the right column, on a phone in the sheet: its steps one below the other, and the legend of what the map shows. */
import { useEffect, useRef } from "preact/hooks";
import { calm } from "../map/motion.ts";
import { ChartBox } from "./charts/panel.tsx";
import { useApp, useShared, useWords } from "./context.ts";
import { BackIcon, CloseIcon, LeftIcon, RightIcon } from "./icons.tsx";
import { Legend, LegendStrip } from "./legend.tsx";

/** A step is read from when its heading has passed this share of the column's height. */
const READ = 0.45;
/** Milliseconds without scrolling after which it has come to rest, and between two looks while it has not. */
const REST = 120;

export function Story() {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const { story, plates } = app.atlas.spec;
  const now = app.state.story!;
  const list = useRef<HTMLOListElement>(null);
  /** The page scrolls by itself: what passes by is not read. */
  const steered = useRef(false);
  const waiting = useRef(0);

  const passed = () => {
    const { scrollTop, clientHeight, children } = list.current!;
    const line = scrollTop + READ * clientHeight;
    return [...children].filter((step) => (step as HTMLElement).offsetTop <= line).length || 1;
  };
  useEffect(() => {
    if (app.opened) list.current!.focus({ preventScroll: true });
  }, []);
  const scrollTo = (behavior: ScrollBehavior) => {
    if (passed() === app.state.story) return;
    steered.current = true;
    const { offsetTop } = list.current!.children[app.state.story! - 1] as HTMLElement;
    list.current!.scrollTo({ top: offsetTop, behavior });
  };
  useEffect(() => scrollTo(calm() || !app.opened ? "auto" : "smooth"), [now]);
  useEffect(() => {
    // Another window breaks the texts in other lines.
    const observer = new ResizeObserver(() => {
      if (!steered.current && app.step) scrollTo("auto");
    });
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const moving = waiting.current > 0;
    if (moving && steered.current) clearTimeout(waiting.current);
    else if (moving) return;
    waiting.current = setTimeout(() => {
      waiting.current = 0;
      if (!list.current) return;
      if (steered.current) steered.current = false;
      else if (passed() !== app.state.story) app.tell(passed(), true);
    }, REST) as unknown as number;
  };
  const byHand = () => (steered.current = false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    app.tell(now + (document.documentElement.dir === "rtl" ? -step : step));
    event.preventDefault();
  };
  const plate = plates.find(({ id }) => id === app.state.plate);
  return (
    <section class="ra-story" aria-label={w("story")} onKeyDown={onKeyDown}>
      <div class="ra-story-bar">
        <button type="button" class="ra-button" aria-label={w("storyPrevious")} title={w("storyPrevious")} disabled={now === 1} onClick={() => app.tell(now - 1)}>
          <LeftIcon />
        </button>
        <span class="ra-story-at">
          <span aria-hidden="true">
            {now} / {story.length}
          </span>
          <select aria-label={w("storyStep", { step: now, count: story.length })} value={now} onChange={(event) => app.tell(Number(event.currentTarget.value))}>
            {story.map(({ title }, at) => (
              <option key={at} value={at + 1}>{`${at + 1} ${t(title)}`}</option>
            ))}
          </select>
        </span>
        <button type="button" class="ra-button" aria-label={w("storyNext")} title={w("storyNext")} disabled={now === story.length} onClick={() => app.tell(now + 1)}>
          <RightIcon />
        </button>
        <button type="button" class="ra-chip ra-story-leave" onClick={() => app.leaveStory(map.position())}>
          {w("storyLeave")}
          <CloseIcon />
        </button>
      </div>
      <ol ref={list} class="ra-story-steps" tabIndex={0} aria-label={w("story")} onScroll={onScroll} onWheel={byHand} onTouchMove={byHand} onPointerDown={byHand}>
        {story.map((_, at) => (
          <li key={at} aria-current={at + 1 === now ? "step" : undefined}>
            <StepText at={at} />
          </li>
        ))}
      </ol>
      <div class="ra-story-foot">
        {plate && <p class="ra-small ra-story-plate">{t(plate.title)}</p>}
        <LegendStrip />
        <Legend />
        {app.state.chart && <ChartBox />}
      </div>
    </section>
  );
}

/** Heading and paragraphs of a step. */
export function StepText({ at }: { at: number }) {
  const { t } = useWords();
  const { title, text } = useApp().atlas.spec.story[at];
  return (
    <>
      <h2>{t(title)}</h2>
      {t(text)
        .split(/\n\s*\n/)
        .map((paragraph, part) => (
          <p key={part} dir="auto">
            {paragraph}
          </p>
        ))}
    </>
  );
}

/** The way into the story, at the top of the list of plates. */
export function StoryItem({ onChoose }: { onChoose: () => void }) {
  const app = useApp();
  const { w } = useWords();
  const { length } = app.atlas.spec.story;
  if (length === 0) return null;
  const tell = () => {
    if (!app.step) app.tell(app.lastTold ?? 1);
    onChoose();
  };
  return (
    <button type="button" class="ra-plate ra-story-item" aria-current={app.step ? "page" : undefined} onClick={tell}>
      {w("story")} <span class="ra-quiet ra-small">{length}</span>
    </button>
  );
}

/** Above the plate of a reader who left the story. */
export function BackToStory() {
  const app = useApp();
  const { w } = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const { lastTold } = app;
  useEffect(() => {
    if (app.opened && document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  if (lastTold === null) return null;
  return (
    <button ref={button} type="button" class="ra-back ra-story-back" onClick={() => app.tell(lastTold)}>
      <BackIcon />
      {w("storyBack")}
    </button>
  );
}
