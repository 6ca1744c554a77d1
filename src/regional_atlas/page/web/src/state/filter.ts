/** Filters: within one scope any may hold, across scopes all must. */
import { areaTitle, lookUp, parentName, unitsOfArea, type Atlas } from "../data/model.ts";
import { word, type Lang } from "../text/language.ts";
import type { Filter } from "./state.ts";
import { placeTitle, unitsOfPlace } from "./place-filter.ts";

export interface FilterGroup {
  scope: string;
  title: string;
  options: { value: string; title: string }[];
}

/** 1 for every unit that passes; null when nothing is filtered. */
export function filterMask(atlas: Atlas, filters: readonly Filter[]): Uint8Array | null {
  if (filters.length === 0) return null;
  const scopes = new Map<string, Uint8Array>();
  for (const filter of filters) {
    // Ranges of two fields must both hold.
    const scope = filter.scope === "range" ? `range:${filter.value.split(":")[0]}` : filter.scope;
    let mask = scopes.get(scope);
    if (!mask) scopes.set(scope, (mask = new Uint8Array(atlas.count)));
    for (const unit of unitsPassing(atlas, filter)) mask[unit] = 1;
  }
  const all = new Uint8Array(atlas.count).fill(1);
  for (const mask of scopes.values()) for (let unit = 0; unit < all.length; unit++) all[unit] &= mask[unit];
  return all;
}

function unitsPassing(atlas: Atlas, filter: Filter): number[] {
  if (filter.scope === "tier") {
    const [ranking, tier] = splitTier(filter.value);
    return where(lookUp(atlas.store.rankings, ranking)?.tier ?? [], tier);
  }
  if (filter.scope === "type") {
    return where(atlas.store.unit_type, atlas.spec.unit_types.findIndex((type) => type.id === filter.value));
  }
  return unitsOfPlace(atlas, filter) ?? unitsOfArea(atlas, { scope: filter.scope, id: filter.value });
}

function where(column: readonly (number | null)[], wanted: number): number[] {
  return column.flatMap((value, unit) => (value === wanted ? [unit] : []));
}

function splitTier(value: string): [string, number] {
  const at = value.lastIndexOf(":");
  return [value.slice(0, at), Number(value.slice(at + 1))];
}

/** What the chip says; null when the link names something that the atlas does not have. */
export function filterTitle(atlas: Atlas, filter: Filter, lang: Lang): string | null {
  if (filter.scope === "tier") {
    const [ranking, tier] = splitTier(filter.value);
    const title = atlas.rankings.get(ranking)?.title[lang];
    return title ? `${title} · ${tierTitle(tier, lang)}` : null;
  }
  if (filter.scope === "type") {
    return atlas.spec.unit_types.find((type) => type.id === filter.value)?.title[lang] ?? null;
  }
  const place = placeTitle(atlas, filter, lang);
  if (place !== undefined) return place;
  return areaTitle(atlas, { scope: filter.scope, id: filter.value }, lang);
}

export function tierTitle(tier: number, lang: Lang): string {
  return word("tierNumber", lang, { tier });
}

/** What can be filtered by, in the order that the menu shows it: of each list what the other filters leave. */
export function filterChoices(atlas: Atlas, filters: readonly Filter[], ranking: string | null, lang: Lang, words: { tier: string; type: string }): FilterGroup[] {
  const all = filterMask(atlas, filters);
  return filterGroups(atlas, ranking, lang, words).map((group) => {
    const others = filters.filter(({ scope }) => scope !== group.scope);
    const mask = others.length === filters.length ? all : filterMask(atlas, others);
    if (!mask) return group;
    return { ...group, options: group.options.filter(({ value }) => unitsPassing(atlas, { scope: group.scope, value }).some((unit) => mask[unit])) };
  });
}

/** Everything that can be filtered by. */
function filterGroups(atlas: Atlas, ranking: string | null, lang: Lang, words: { tier: string; type: string }): FilterGroup[] {
  const groups: FilterGroup[] = atlas.spec.levels.map((level) => {
    const parents = atlas.store.parents[level.id];
    return {
      scope: level.id,
      title: level.title[lang],
      options: parents.ids.map((id, at) => ({
        value: id,
        title: parentName(atlas, level.id, at, lang),
      })),
    };
  });
  for (const kind of atlas.spec.kinds) {
    groups.push({
      scope: kind.id,
      title: kind.title[lang],
      options: kind.regions.map((region) => ({ value: region.id, title: region.title[lang] })),
    });
  }
  const tiers = ranking ? (atlas.rankings.get(ranking)?.tiers ?? []) : [];
  if (ranking && tiers.length > 0) {
    groups.push({
      scope: "tier",
      title: words.tier,
      options: tiers.map(({ tier }) => ({ value: `${ranking}:${tier}`, title: tierTitle(tier, lang) })),
    });
  }
  groups.push({
    scope: "type",
    title: words.type,
    options: atlas.spec.unit_types.map((type) => ({ value: type.id, title: type.title[lang] })),
  });
  return groups;
}
