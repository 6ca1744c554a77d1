/** Which rows of a long table are in the document: those in sight and a few beyond, whatever scrolls or clips them. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows on either side of those in sight. */
const BEYOND = 8;
/** Rows that go on paper. */
export const PRINTED = 100;

export interface Rows {
  first: number;
  /** The row after the last one. */
  last: number;
}

/**
 * The rows that a span of pixels covers, counted from the top of the first row, and BEYOND on either side.
 * Of a table that lies wholly above or below the span, the nearest rows stay: the Tab key must find one.
 */
export function rowsWithin(top: number, bottom: number, height: number, count: number): Rows {
  const within = (row: number) => Math.max(0, Math.min(count, row));
  const first = within(Math.floor(top / height));
  const last = Math.max(first, within(Math.ceil(bottom / height)));
  return { first: within(first - BEYOND), last: within(last + BEYOND) };
}

/** Upper and lower edge, in the window, of what can be seen of an element: whatever clips it does, and so does the window. */
function sightOf(element: Element): [number, number] {
  let [top, bottom] = [0, window.innerHeight];
  for (let box = element.parentElement; box; box = box.parentElement) {
    if (getComputedStyle(box).overflowY === "visible") continue;
    const rect = box.getBoundingClientRect();
    [top, bottom] = [Math.max(top, rect.top), Math.min(bottom, rect.bottom)];
  }
  return [top, bottom];
}

/** The rows to draw now, their height, and a way to have any other row drawn. */
export function useRowWindow(body: { current: HTMLTableSectionElement | null }, rows: readonly unknown[]): Rows & { height: number; draw: (row: number) => void } {
  const [drawn, setDrawn] = useState({ first: 0, last: BEYOND, height: 32 });
  /** What of this window is seen of a page around it, where that scrolls a frame. */
  const frame = useRef({ top: 0, bottom: Infinity });
  const onPaper = useRef(false);
  const { first, last, height } = drawn;
  const count = rows.length;
  const setRows = (next: Rows, height: number) =>
    setDrawn((old) => (old.first === next.first && old.last === next.last && old.height === height ? old : { ...next, height }));
  const measure = () => {
    const element = body.current;
    if (!element || onPaper.current) return;
    const height = parseFloat(getComputedStyle(element).getPropertyValue("--ra-row")) || 32;
    const [top, bottom] = sightOf(element);
    const start = element.getBoundingClientRect().top;
    setRows(rowsWithin(Math.max(top, frame.current.top) - start, Math.min(bottom, frame.current.bottom) - start, height, count), height);
  };

  useLayoutEffect(() => {
    const printed = () => {
      onPaper.current = true;
      setDrawn((old) => ({ ...old, first: 0, last: Math.min(count, PRINTED) }));
    };
    const shown = () => {
      onPaper.current = false;
      measure();
    };
    measure();
    // Not of one element: which one scrolls depends on the width, the sheet and what is open.
    window.addEventListener("scroll", measure, { capture: true, passive: true });
    window.addEventListener("beforeprint", printed);
    window.addEventListener("afterprint", shown);
    return () => {
      window.removeEventListener("scroll", measure, { capture: true });
      window.removeEventListener("beforeprint", printed);
      window.removeEventListener("afterprint", shown);
    };
  }, [rows]);

  useLayoutEffect(() => {
    // Whatever else moves or resizes the table, also a page that scrolls its frame: a row comes into sight or leaves it.
    const page = body.current!.closest(".ra")!;
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.find(({ target }) => target === page);
      if (seen) {
        frame.current = seen.intersectionRect;
        measure();
      } else {
        observer.unobserve(page);
        observer.observe(page);
      }
    });
    for (const element of [page, ...body.current!.children]) observer.observe(element);
    return () => observer.disconnect();
  }, [rows, first, last]);

  return { first, last, height, draw: (row) => setRows(rowsWithin(row * height, (row + 1) * height, height, count), height) };
}
