import { useEffect, useRef, useState } from "preact/hooks";
import { useApp, useShared, useWords } from "./context.ts";

const HEIGHTS = ["peek", "half", "full"] as const;
type Height = (typeof HEIGHTS)[number];

/** A column on a wide screen; on a phone a sheet of three heights, dragged or stepped by its handle. */
export function Sheet({ children }: { children: preact.ComponentChildren }) {
  const app = useApp();
  const { map } = useShared();
  const { w } = useWords();
  const [height, setHeight] = useState<Height>("peek");
  const [pull, setPull] = useState<number | null>(null);
  const start = useRef<{ y: number; height: number } | null>(null);
  const sheet = useRef<HTMLElement>(null);
  const open = app.carded || app.step !== null;

  useEffect(() => {
    if (open) setHeight((now) => (now === "peek" ? "half" : now));
  }, [open, app.state.selection]);

  const compared = app.state.compare.length;
  useEffect(() => {
    // What stands side by side lies over the map, which a sheet would hide.
    if (compared > 1) setHeight("peek");
  }, [compared]);

  useEffect(() => {
    const element = sheet.current!;
    const settled = () => {
      if (getComputedStyle(element).position === "fixed") map.cover(Math.min(element.offsetHeight, window.innerHeight * 0.6));
    };
    element.addEventListener("transitionend", settled);
    return () => element.removeEventListener("transitionend", settled);
  }, [map]);

  const onPointerDown = (event: PointerEvent) => {
    start.current = { y: event.clientY, height: sheet.current!.offsetHeight };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!start.current) return;
    setPull(start.current.height + start.current.y - event.clientY);
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!start.current) return;
    const moved = start.current.y - event.clientY;
    start.current = null;
    setPull(null);
    if (Math.abs(moved) > 30) setHeight((now) => step(now, Math.sign(moved) * (Math.abs(moved) > window.innerHeight * 0.45 ? 2 : 1)));
  };
  const onClick = () => {
    if (pull === null) setHeight((now) => (now === "full" ? "peek" : step(now, 1)));
  };
  return (
    <aside ref={sheet} class="ra-side" data-height={height} style={pull === null ? undefined : { height: `${pull}px`, transition: "none" }}>
      <button
        type="button"
        class="ra-handle"
        aria-label={w(height === "full" ? "collapse" : "expand")}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onClick={onClick}
      />
      {children}
    </aside>
  );
}

function step(height: Height, by: number): Height {
  return HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, HEIGHTS.indexOf(height) + by))];
}
