/** Finding units and areas by name, code, parent or region. */
import { lookUp, parentName, placeOf, unitName, type Area, type Atlas } from "../data/model.ts";
import { everyWay, type Lang } from "../text/language.ts";

export type Found =
  | { kind: "unit"; unit: number; title: string; place: string }
  | { kind: "area"; area: Area; title: string; place: string };

interface Entry {
  found: (lang: Lang) => Found;
  names: string[];
  context: string;
}

export class SearchIndex {
  private made: Entry[] | null = null;

  constructor(private readonly atlas: Atlas) {}

  /** Made when first asked for; before that, so that the first letter typed does not wait. */
  prepare(): Entry[] {
    return (this.made ??= [...areaEntries(this.atlas), ...unitEntries(this.atlas)]);
  }

  /** Best first: the whole name, its beginning, inside it, and last what is around it. */
  find(query: string, lang: Lang, limit: number): Found[] {
    const terms = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (terms.length === 0) return [];
    const scored: [number, number][] = [];
    const entries = this.prepare();
    entries.forEach((entry, at) => {
      const score = Math.min(...terms.map((term) => closeness(entry, term)));
      if (score > 0) scored.push([score, at]);
    });
    scored.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    return scored.slice(0, limit).map(([, at]) => entries[at].found(lang));
  }
}

function closeness(entry: Entry, term: string): number {
  if (entry.names.includes(term)) return 5;
  if (entry.names.some((name) => name.startsWith(term))) return 4;
  if (entry.names.some((name) => name.includes(term))) return 3;
  if (HAN.test(term) && entry.names.some((name) => abbreviates(term, name))) return 2;
  return entry.context.includes(term) ? 1 : 0;
}

const HAN = /^[\u3400-\u9fff]{2,}$/;

/** 长三角 for 长江三角洲城市群: its characters in their order, from the first on. */
function abbreviates(term: string, name: string): boolean {
  if (name[0] !== term[0]) return false;
  let at = 0;
  for (const character of name) if (character === term[at]) at += 1;
  return at === term.length;
}

function lower(names: (string | null | undefined)[]): string[] {
  return names.flatMap((name) => (name ? [name.toLowerCase()] : []));
}

/** Pinyin without spaces, its initials, and all but its last part: "kun shan shi" is found by kunshanshi, kss and kunshan. */
export function spelled(pinyin: string | null): string[] {
  if (!pinyin) return [];
  const syllables = pinyin.split(/\s+/);
  const specific = syllables.length > 2 ? [syllables.slice(0, -1).join("")] : [];
  return [syllables.join(""), syllables.map((syllable) => syllable[0]).join(""), ...specific];
}

function areaEntries(atlas: Atlas): Entry[] {
  const entries: Entry[] = [];
  for (const level of atlas.spec.levels) {
    const parents = atlas.store.parents[level.id];
    parents.ids.forEach((id, at) => {
      entries.push({
        found: (lang) => ({ kind: "area", area: { scope: level.id, id }, title: parentName(atlas, level.id, at, lang), place: level.title[lang] }),
        names: lower([parents.names[at], parents.names_en[at], parents.short[at], ...spelled(parents.pinyin?.[at] ?? null)]),
        context: id.toLowerCase(),
      });
    });
  }
  for (const kind of atlas.spec.kinds) {
    kind.regions.forEach((region, at) => {
      entries.push({
        found: (lang) => ({ kind: "area", area: { scope: kind.id, id: region.id }, title: region.title[lang], place: kind.title[lang] }),
        names: lower([...everyWay(region.title), ...spelled(lookUp(atlas.store.region_pinyin, kind.id)?.[at] ?? null)]),
        context: "",
      });
    });
  }
  return entries;
}

function unitEntries(atlas: Atlas): Entry[] {
  return atlas.store.unit_id.map((id, unit) => {
    const around = [
      ...atlas.spec.levels.map((level) => {
        const parents = atlas.store.parents[level.id];
        const at = parents.of[unit];
        return at < 0 ? null : `${parents.names[at]} ${parents.names_en[at] ?? ""}`;
      }),
      ...atlas.belongings[unit].map(({ kind, region }) => {
        const { title } = atlas.spec.kinds[kind].regions[region];
        return everyWay(title).join(" ");
      }),
    ];
    return {
      found: (lang) => ({ kind: "unit", unit, title: unitName(atlas, unit, lang), place: placeOf(atlas, unit, lang) }),
      names: lower([atlas.store.unit[unit], atlas.store.unit_en[unit], id, ...(lookUp(atlas.store.aliases, String(unit)) ?? []), ...spelled(atlas.store.unit_pinyin?.[unit] ?? null)]),
      context: lower(around).join(" "),
    };
  });
}
