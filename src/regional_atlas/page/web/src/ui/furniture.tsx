/** What stands around the map: scale bar, inset, review number, zoom buttons. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Inset } from "../map/inset.ts";
import type { Scene } from "../map/scene.ts";
import { useApp, useMedia, useShared, useSignal, useWords } from "./context.ts";
import { GlobeIcon, HomeIcon, MinusIcon, PlusIcon } from "./icons.tsx";

/** Pixels; on a phone the map needs the room. */
const INSET_WIDTH = { wide: 104, narrow: 68 };
const NARROW = "(max-width: 1023px)";
/** Longest scale bar, in pixels. */
const BAR = 140;

/** True along the parallel through the middle of the window, measured on the ellipsoid's sphere. */
export function ScaleBar() {
  const { map } = useShared();
  const { integer } = useWords();
  const [bar, setBar] = useState({ km: 0, px: 0 });
  useEffect(() => {
    const measure = () => {
      const size = map.map.getSize();
      const middle = size.y / 2;
      const metres = map.map.distance(
        map.map.containerPointToLatLng([(size.x - BAR) / 2, middle]),
        map.map.containerPointToLatLng([(size.x + BAR) / 2, middle]),
      );
      const km = round(metres / 1000);
      setBar({ km, px: (km * 1000 * BAR) / metres });
    };
    measure();
    map.map.on("moveend", measure);
    return () => void map.map.off("moveend", measure);
  }, [map]);
  return (
    <div class="ra-scale" style={{ width: `${bar.px}px` }}>
      {bar.km >= 1 ? `${integer(bar.km)} km` : `${integer(bar.km * 1000)} m`}
    </div>
  );
}

/** The largest of 1, 2, 5 × 10ⁿ that is not above. */
function round(value: number): number {
  const base = 10 ** Math.floor(Math.log10(value));
  return (value / base >= 5 ? 5 : value / base >= 2 ? 2 : 1) * base;
}

export function Insets() {
  const { spec } = useApp().atlas;
  return (
    <div class="ra-insets">
      {spec.insets.map((inset) => (
        <InsetMap key={inset.id} at={spec.insets.indexOf(inset)} />
      ))}
    </div>
  );
}

function InsetMap({ at }: { at: number }) {
  const { app, map } = useShared();
  const { t } = useWords();
  const narrow = useMedia(NARROW);
  const canvas = useRef<HTMLCanvasElement>(null);
  const inset = useRef<Inset | null>(null);
  const [size, setSize] = useState<{ width: number; wanted: boolean }>({ width: INSET_WIDTH.narrow, wanted: false });
  const part = app.atlas.spec.insets[at];
  const { title } = part;
  useEffect(() => {
    const drawn = new Inset(app.atlas, canvas.current!, part, size.width);
    inset.current = drawn;
    let scene: Scene;
    let marks = app.marks;
    const draw = () => drawn.draw(scene, (marks = app.marks));
    const forget = [
      map.onScene((next) => {
        scene = next;
        draw();
      }),
      app.store.subscribe(() => {
        // Marks that came with a new scene have been drawn with it.
        if (app.marks !== marks) draw();
      }),
    ];
    return () => forget.forEach((stop) => stop());
  }, [app, map, size.width]);
  useEffect(() => {
    const [xmin, ymin, xmax, ymax] = part.bounds;
    const look = () => {
      const { right, bottom } = canvas.current!.getBoundingClientRect();
      const fits = (narrow ? [INSET_WIDTH.narrow] : [INSET_WIDTH.wide, INSET_WIDTH.narrow]).find((width) => {
        const height = (width * (ymax - ymin)) / (xmax - xmin);
        return map.wants(part, new DOMRect(right - width, bottom - height, width, height));
      });
      setSize((before) => {
        const next = { width: fits ?? before.width, wanted: fits !== undefined };
        return next.width === before.width && next.wanted === before.wanted ? before : next;
      });
    };
    look();
    const unheard = map.onScene(look);
    map.map.on("moveend", look);
    return () => {
      unheard();
      map.map.off("moveend", look);
    };
  }, [map, narrow]);
  return (
    // It keeps its place while it is not seen: what lies there decides whether it is.
    <figure class="ra-inset" style={{ visibility: size.wanted ? "visible" : "hidden" }}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={[t(title), app.plate && t(app.plate.title)].filter(Boolean).join(": ")}
        onClick={(event) => {
          const unit = inset.current?.unitAt(event.clientX, event.clientY) ?? -1;
          if (unit >= 0) app.select([unit]);
        }}
      />
      <figcaption>{t(title)}</figcaption>
    </figure>
  );
}

export function ReviewNumber() {
  const { review_number: number } = useApp().atlas.spec;
  const { w } = useWords();
  if (number === null) return null;
  return <p class="ra-review">{number ? `${w("reviewNumber")} ${number}` : w("notReviewed")}</p>;
}

/** What a map in web mercator must say, and the way to its background: nothing is loaded before the reader asks. */
export function Background() {
  const app = useApp();
  const { tiles } = useShared().map;
  const { w, t } = useWords();
  const wanted = useSignal(tiles.wanted);
  const [key, setKey] = useState("");
  if (!app.state.mercator) return null;
  const { declared } = tiles;
  return (
    <div class="ra-background ra-small">
      <p>
        {w("webMercator")} · {w("mercatorHint")}
      </p>
      {declared && !declared.fits && <p role="note">{w("tilesShifted")} ({declared.datum.toUpperCase()}, {app.atlas.spec.projection.datum})</p>}
      {wanted && [...(declared ? [t(declared.attribution)] : []), ...tiles.credits].map((credit) => <p key={credit}>{credit}</p>)}
      {!wanted && tiles.any && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            tiles.ask(key.trim() || null);
          }}
        >
          {tiles.needsKey && <input type="text" required aria-label={w("tileKey")} placeholder={w("tileKey")} autocomplete="off" value={key} onInput={(event) => setKey(event.currentTarget.value)} />}
          <button type="submit" class="ra-chip">
            {w("loadTiles")} {declared?.hosts[0] ?? w("ownTiles")}
          </button>
        </form>
      )}
    </div>
  );
}

/** Closer, further, everything: for those who cannot or will not use a wheel or two fingers. */
export function ZoomButtons() {
  const app = useApp();
  const { map } = useShared();
  const { w } = useWords();
  const { mercator } = app.state;
  const buttons = [
    { label: w("zoomIn"), icon: <PlusIcon />, act: () => map.map.zoomIn() },
    { label: w("zoomOut"), icon: <MinusIcon />, act: () => map.map.zoomOut() },
    { label: w("wholeMap"), icon: <HomeIcon />, act: () => map.goHome() },
  ];
  return (
    <div class="ra-zoom">
      {buttons.map(({ label, icon, act }) => (
        <button key={label} type="button" class="ra-button" aria-label={label} title={label} onClick={act}>
          {icon}
        </button>
      ))}
      <button
        type="button"
        class="ra-button"
        aria-pressed={mercator}
        aria-label={w("webMercator")}
        title={w(mercator ? "equalArea" : "webMercator")}
        onClick={() => app.store.dispatch({ type: "mercator", mercator: !mercator })}
      >
        <GlobeIcon />
      </button>
    </div>
  );
}
