/** The page: header, plates, map, right column. */
import { spoken } from "../text/offered.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { SOURCES } from "../state/state.ts";
import { useApp, useShared, useSignal, useWords } from "./context.ts";
import { Compare } from "./compare.tsx";
import { Filters } from "./filters.tsx";
import { Background, Insets, ReviewNumber, ScaleBar, ZoomButtons } from "./furniture.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { LeftIcon, RightIcon } from "./icons.tsx";
import { listenForKeys } from "./keys.ts";
import { Live } from "./live.tsx";
import { MapText } from "./map-text.tsx";
import { Multiples } from "./multiples.tsx";
import { PlateList } from "./plates.tsx";
import { Printed } from "./printed.tsx";
import { Sheet } from "./sheet.tsx";
import { Side } from "./side.tsx";
import { Sources } from "./sources.tsx";
import { Tooltip } from "./tooltip.tsx";
import { Years } from "./years.tsx";

export function Root() {
  const app = useApp();
  const { map } = useShared();
  const { w } = useWords();
  const dark = useSignal(app.night);
  const [plates, setPlates] = useState({ wide: true, narrow: false });
  const [side, setSide] = useState(true);
  const [help, setHelp] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const slot = useRef<HTMLDivElement>(null);
  const sources = app.state.plate === SOURCES;
  const tiles = useSignal(map.tiles.wanted) && app.state.mercator;

  useEffect(() => {
    slot.current!.appendChild(map.map.getContainer());
    const observer = new ResizeObserver(() => map.resize(coveredBelow(slot.current!)));
    observer.observe(slot.current!);
    const forget = listenForKeys(root.current!, app, setHelp);
    app.opened = true;
    return () => {
      observer.disconnect();
      forget();
    };
  }, []);

  useEffect(() => {
    document.documentElement.lang = app.state.lang;
    document.documentElement.dir = spoken(app.state.lang).direction;
    document.title = app.atlas.spec.title[app.state.lang];
  }, [app.state.lang]);

  return (
    <div
      ref={root}
      class="ra"
      data-theme={dark ? "dark" : "light"}
      data-ground={dark || app.view?.night ? "dark" : "light"}
      data-tiles={tiles ? "shown" : "none"}
      data-plates={plates.wide ? "open" : "closed"}
      data-drawer={plates.narrow ? "open" : "closed"}
      data-side={side ? "open" : "closed"}
      data-grid={app.gridded ? "open" : "closed"}
      data-page={sources ? "sources" : "map"}
      data-story={app.step ? "open" : undefined}
    >
      <Header onPlates={() => setPlates({ ...plates, narrow: !plates.narrow })} onHelp={() => setHelp(true)} />
      <div class="ra-left">
        <PlateList onChoose={() => setPlates({ ...plates, narrow: false })} />
      </div>
      {plates.narrow && <div class="ra-scrim" onClick={() => setPlates({ ...plates, narrow: false })} />}
      <main class="ra-map" hidden={sources} aria-label={w("mapLabel")}>
        <div ref={slot} class="ra-map-slot" />
        <MapText />
        <Multiples />
        <Filters />
        <Background />
        <ZoomButtons />
        <Years />
        <div class="ra-corner">
          <Insets />
          <ReviewNumber />
        </div>
        <ScaleBar />
        <Compare />
        <Tooltip />
        <button
          type="button"
          class="ra-fold ra-fold-left"
          aria-label={`${w("plates")}: ${w(plates.wide ? "collapse" : "expand")}`}
          onClick={() => setPlates({ ...plates, wide: !plates.wide })}
        >
          {plates.wide ? <LeftIcon /> : <RightIcon />}
        </button>
        <button
          type="button"
          class="ra-fold ra-fold-right"
          aria-label={`${w("table")}: ${w(side ? "collapse" : "expand")}`}
          onClick={() => setSide(!side)}
        >
          {side ? <RightIcon /> : <LeftIcon />}
        </button>
      </main>
      {sources ? (
        <Sources />
      ) : (
        <>
          <Printed />
          <Sheet>
            <Side />
          </Sheet>
        </>
      )}
      <Live />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

/** Pixels at the map's lower edge that something lies over. */
function coveredBelow(slot: HTMLElement): number {
  return parseFloat(getComputedStyle(slot).getPropertyValue("--ra-covered")) || 0;
}
