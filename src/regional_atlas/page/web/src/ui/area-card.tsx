import { useEffect } from "preact/hooks";
import { areaTitle, unitsOfArea, type Area } from "../data/model.ts";
import { csvOfUnits, geoJsonOfUnits, save } from "../output/download.ts";
import { counted, tongueOf } from "../text/language.ts";
import { AreaValues, Counts, kindTitle, Members, sourceOf, Within } from "./area-parts.tsx";
import { CopyLink } from "./copy-link.tsx";
import { useApp, useShared, useWords } from "./context.ts";

/** A parent or region: what it holds, its units, and the map around it. */
export function AreaCard({ area }: { area: Area }) {
  const app = useApp();
  const { map } = useShared();
  const { w, integer, percent, dotted } = useWords();
  const { atlas, state } = app;
  const units = unitsOfArea(atlas, area);
  const filtered = state.filters.some((filter) => filter.scope === area.scope && filter.value === area.id);
  const title = areaTitle(atlas, area, state.lang) ?? "";
  const source = sourceOf(app, area);
  const size = (list: readonly number[]) => list.reduce((sum, unit) => sum + atlas.store.area_km2[unit], 0);
  const all = size([...atlas.store.area_km2.keys()]);
  useEffect(() => map.visit(units), [area.scope, area.id]);
  const file = (extension: string) => `${atlas.spec.id}-${area.scope}-${area.id}.${extension}`;
  return (
    <article class="ra-card">
      <h2 class="ra-card-title">{title}</h2>
      <p class="ra-quiet">
        {dotted([kindTitle(app, area), counted(units.length, atlas.spec.unit_level.title, state.lang), `${integer(size(units))} km² (${percent(size(units) / all)})`])}
      </p>
      <p class="ra-actions">
        <button
          type="button"
          class="ra-chip"
          aria-pressed={filtered}
          onClick={() => app.store.dispatch({ type: filtered ? "unfilter" : "filter", filter: { scope: area.scope, value: area.id } })}
        >
          {w("onlyThis")}
        </button>
        <button type="button" class="ra-chip" onClick={() => map.goToUnits(units)}>
          {w("zoomTo")}
        </button>
        <button type="button" class="ra-chip" title={w("asCsv")} onClick={() => save(file("csv"), csvOfUnits(app, units), "text/csv")}>
          CSV
        </button>
        <button type="button" class="ra-chip" title={w("asGeoJson")} onClick={() => save(file("geojson"), geoJsonOfUnits(app, units), "application/geo+json")}>
          GeoJSON
        </button>
        <CopyLink />
      </p>
      <Counts area={area} units={units} />
      <AreaValues area={area} units={units} />
      <Within area={area} units={units} />
      <Members units={units} />
      {source && (
        <dl class="ra-source">
          <dt>{w("source")}</dt>
          <dd lang={tongueOf(source)}>{source}</dd>
        </dl>
      )}
    </article>
  );
}
