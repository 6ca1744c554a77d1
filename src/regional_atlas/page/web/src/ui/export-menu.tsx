import { useEffect, useState } from "preact/hooks";
import { csvOf, fileName, geoJsonOf, save } from "../output/download.ts";
import { chartBox, chartPng, chartSvg } from "../output/chart-picture.ts";
import { pngOf, svgOf } from "../output/picture.ts";
import { useApp, useShared, useSignal, useWords } from "./context.ts";
import { DownloadIcon } from "./icons.tsx";
import { useMenu } from "./menu.ts";

/** Files of the current view, and ways to pass it on. */
export function ExportMenu() {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const tiles = useSignal(map.tiles.wanted);
  const { open, setOpen, box, onKeyDown } = useMenu();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (open) setCopied(false);
  }, [open]);

  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  const embed = () => {
    const frame = document.createElement("iframe");
    frame.src = location.href;
    frame.title = t(app.atlas.spec.title);
    frame.width = "100%";
    frame.height = "640";
    frame.style.border = "0";
    return new XMLSerializer().serializeToString(frame).replace(' xmlns="http://www.w3.org/1999/xhtml"', "").replace("/>", "></iframe>");
  };
  const root = () => box.current!.closest(".ra")!;
  const items = [
    { name: w("asPng"), act: () => void pngOf(app, map).then((blob) => save(fileName(app, "png"), blob, "image/png")) },
    { name: w("asSvg"), act: () => save(fileName(app, "svg"), svgOf(app, map), "image/svg+xml") },
    ...(open && chartBox(root())
      ? [
          { name: w("chartAsPng"), act: () => void chartPng(app, root()).then((blob) => save(fileName(app, "chart.png"), blob, "image/png")) },
          { name: w("chartAsSvg"), act: () => save(fileName(app, "chart.svg"), chartSvg(app, root()).text, "image/svg+xml") },
        ]
      : []),
    { name: w("asCsv"), act: () => save(fileName(app, "csv"), csvOf(app), "text/csv") },
    { name: w("asGeoJson"), act: () => save(fileName(app, "geojson"), geoJsonOf(app), "application/geo+json") },
    { name: w("copyLink"), act: () => copy(location.href) },
    { name: w("copyEmbed"), act: () => copy(embed()) },
  ];
  return (
    <div ref={box} class="ra-menu" onKeyDown={onKeyDown}>
      <button type="button" class="ra-button" aria-label={w("export")} aria-expanded={open} title={w("export")} onClick={() => setOpen(!open)}>
        <DownloadIcon />
      </button>
      {open && (
        <div class="ra-popover">
          {items.map(({ name, act }) => (
            <button key={name} type="button" onClick={act}>
              {name}
            </button>
          ))}
          {app.state.mercator && tiles && <p class="ra-quiet ra-small">{w("withoutTiles")}</p>}
          <span class="ra-quiet ra-small" role="status">
            {copied ? w("copied") : ""}
          </span>
        </div>
      )}
    </div>
  );
}
