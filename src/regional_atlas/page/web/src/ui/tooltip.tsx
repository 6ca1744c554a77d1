import { dotted, list } from "../text/language.ts";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { App, Hover } from "../state/app.ts";
import { groupTitle, parentName, unitName } from "../data/model.ts";
import { exact, withUnit } from "../text/numbers.ts";
import { rankText } from "./describe.ts";
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
      {lines.facts.length > 0 && <span class="ra-tooltip-facts">{dotted(lines.facts, app.state.lang)}</span>}
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
  const { lang } = state;
  const kind = view && app.kindOf(view.plate);
  const facts = kind ? [kind.before?.(atlas, view, unit, lang), kind.valueText(view, unit, lang), rankText(atlas, view, unit, lang), kind.after?.(atlas, view, unit, lang)] : [];
  return {
    title: unitName(atlas, unit, lang),
    place: chain(app, unit),
    facts: facts.filter((fact) => fact != null),
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

function clusterLines(app: App, hover: Hover): Lines {
  const { plate, atlas, state } = app;
  const set = plate && app.kindOf(plate).drawing?.(atlas, plate).symbols;
  const item = set?.items[hover.symbol!.item];
  return {
    title: item?.title[state.lang] ?? "",
    place: list(hover.units.map((unit) => unitName(atlas, unit, state.lang)), state.lang),
    facts: [item ? groupTitle(set, item, state.lang) : null, item?.size == null ? null : withUnit(exact(item.size, 0, set!.size_unit, state.lang), set!.size_unit, state.lang)].filter((fact) => fact !== null),
  };
}
