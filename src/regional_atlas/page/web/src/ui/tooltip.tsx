import { useLayoutEffect, useRef } from "preact/hooks";
import type { App, Hover } from "../state/app.ts";
import { groupTitle, parentName, unitName } from "../data/model.ts";
import { exact, withUnit } from "../text/numbers.ts";
import { rankText, valueText } from "../plates/view.ts";
import { useApp, useSignal } from "./context.ts";

/** Follows the pointer over the map: name, value, rank, and where the unit lies, since names repeat. */
export function Tooltip() {
  const app = useApp();
  const hover = useSignal(app.hover);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !hover.point) return;
    const { offsetWidth: width, offsetHeight: height, parentElement } = element;
    const across = parentElement!.clientWidth;
    const x = hover.point.x + 14 + width > across ? hover.point.x - width - 10 : hover.point.x + 14;
    const y = hover.point.y - height - 10 < 0 ? hover.point.y + 18 : hover.point.y - height - 10;
    element.style.transform = `translate(${Math.max(4, Math.round(x))}px, ${Math.round(y)}px)`;
  });

  if (!hover.point) return null;
  const lines = hover.symbol ? clusterLines(app, hover) : unitLines(app, hover.units[0]);
  return (
    <div ref={box} class="ra-tooltip" aria-hidden="true">
      <strong>{lines.title}</strong>
      <span class="ra-quiet">{lines.place}</span>
      {lines.facts.length > 0 && <span class="ra-tooltip-facts">{lines.facts.join(" · ")}</span>}
    </div>
  );
}

interface Lines {
  title: string;
  place: string;
  facts: string[];
}

function unitLines(app: App, unit: number): Lines {
  const { atlas, view, state } = app;
  const facts = view ? [valueText(view, unit, state.lang), rankText(atlas, view, unit, state.lang)] : [];
  if ((view?.plate.kind === "categories" || view?.plate.kind === "hotspots")) facts.push(view.labels(state.lang)[view.classOf[unit]] ?? null);
  if (view?.plate.kind === "regions") facts.unshift(regionOf(app, unit, view.plate.region_kind));
  if (view && view.values[unit] === null && (view.plate.kind === "choropleth" || view.plate.kind === "years")) {
    facts.push(state.lang === "zh" ? "无数据" : "no data");
  }
  return {
    title: unitName(atlas, unit, state.lang),
    place: chain(app, unit),
    facts: facts.filter((fact) => fact !== null),
  };
}

/** The full chain: province and prefecture by their whole names, once each. */
function chain(app: App, unit: number): string {
  const { atlas, state } = app;
  const names = atlas.spec.levels.slice(-2).flatMap((level) => {
    const at = atlas.store.parents[level.id].of[unit];
    return at < 0 ? [] : [parentName(atlas, level.id, at, state.lang)];
  });
  return [...new Set(names)].join(" · ");
}

function regionOf(app: App, unit: number, kindId: string): string | null {
  const kind = app.atlas.spec.kinds.findIndex((item) => item.id === kindId);
  const names = app.atlas.belongings[unit]
    .filter((item) => item.kind === kind)
    .map((item) => app.atlas.spec.kinds[kind].regions[item.region].title[app.state.lang]);
  return names.length === 0 ? null : names.join(" / ");
}

function clusterLines(app: App, hover: Hover): Lines {
  const { plate, atlas, state } = app;
  const set = plate?.kind === "clusters" ? atlas.spec.clusters.find((item) => item.id === plate.set) : undefined;
  const item = set?.items[hover.symbol!.item];
  return {
    title: item?.title[state.lang] ?? "",
    place: hover.units.map((unit) => unitName(atlas, unit, state.lang)).join(state.lang === "zh" ? "、" : ", "),
    facts: [item ? groupTitle(set, item, state.lang) : null, item?.size == null ? null : withUnit(exact(item.size, 0, set!.size_unit, state.lang), set!.size_unit, state.lang)].filter((fact) => fact !== null),
  };
}
