/** Regions, no two neighbours alike. */
import { PAPER } from "../classify/classes.ts";
import { CATEGORIES, mix } from "../classify/colour.ts";
import type { Atlas } from "../data/model.ts";
import { countRanked } from "../data/rollup.ts";
import type { RegionsPlate } from "../format.ts";
import type { PlateKind, PlateView } from "../state/plate.ts";
import type { Table, TableColumn } from "../state/table.ts";
import { counted, list, everyWay, word, type Lang } from "../text/language.ts";
import { integer } from "../text/numbers.ts";
import { useColors, useWords } from "../ui/context.ts";
import { NAMED } from "../ui/describe.ts";
import { unitCharts } from "./charts.ts";
import { column, plain, whole } from "./tables.ts";
import { noText, unclassed } from "./view.ts";

/** Each region in a pale tint of its colour; the ranked units in the full colour. */
function view(atlas: Atlas, plate: RegionsPlate): PlateView<RegionsPlate> {
  const kind = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const slots = CATEGORIES.length;
  const ranks = plate.ranking ? atlas.store.rankings[plate.ranking].rank : new Array<null>(atlas.count).fill(null);
  const marked = Uint8Array.from(ranks, (rank) => (rank === null ? 0 : 1));
  const region = atlas.belongings.map((list) => list.find((item) => item.kind === kind && item.exclusive)?.region ?? -1);
  return unclassed(atlas, plate, {
    classOf: Int16Array.from(region, (at, unit) => {
      if (at < 0) return marked[unit] ? slots * 2 : PAPER;
      return (plate.colors[at] % slots) + (marked[unit] ? slots : 0);
    }),
    colors: [...CATEGORIES.map((color) => mix("#fbfaf6", color, 0.38)), ...CATEGORIES.map((color) => mix(color, "#1a1a1a", 0.15)), "#a8a49a"],
    colorsDark: [...CATEGORIES.map((color) => mix("#1d1f22", color, 0.3)), ...CATEGORIES.map((color) => mix(color, "#ffffff", 0.12)), "#6b6860"],
    paper: region.filter((at) => at < 0).length,
    values: ranks,
    ranks,
    ranking: plate.ranking ? (atlas.rankings.get(plate.ranking) ?? null) : null,
    marked,
  });
}

function Legend({ view: shown }: { view: PlateView<RegionsPlate> }) {
  const { w, t } = useWords();
  const colors = useColors(shown);
  const slots = CATEGORIES.length;
  return (
    <ul class="ra-keys">
      {shown.ranking && (
        <li>
          <span class="ra-swatch ra-swatch-pair">
            {[0, 4].map((slot) => (
              <i key={slot} style={{ background: colors[slot + slots] }} />
            ))}
          </span>
          {t(shown.ranking.title)}
        </li>
      )}
      <li>
        <span class="ra-swatch ra-swatch-pair">
          {[0, 4].map((slot) => (
            <i key={slot} style={{ background: colors[slot] }} />
          ))}
        </span>
        {w("otherMembers")}
      </li>
      {shown.ranking && (
        <li>
          <span class="ra-swatch" style={{ background: colors[slots * 2] }} />
          {w("notInRegion")}
        </li>
      )}
      <li>
        <span class="ra-swatch ra-swatch-outline" />
        {w("outline")}
      </li>
    </ul>
  );
}

function table(atlas: Atlas, { plate }: PlateView<RegionsPlate>, lang: Lang): Table {
  const kindAt = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const kind = atlas.spec.kinds[kindAt];
  const rank = plate.ranking ? atlas.store.rankings[plate.ranking].rank : null;
  const held = atlas.store.membership[kind.id];
  const members = kind.regions.map(() => ({ units: [] as number[], own: new Set<number>() }));
  held.unit.forEach((unit, row) => {
    const { units, own } = members[held.region[row]];
    units.push(unit);
    if (held.exclusive[row]) own.add(unit);
  });
  const tallies = members.map(({ units, own }) => countRanked(units, rank ?? [], () => true, (unit) => own.has(unit)));
  const columns: TableColumn[] = [{ id: "unit", title: kind.title[lang], kind: "name", format: plain }];
  if (rank) {
    columns.push(
      { ...column(lang, "counted", "number", whole(lang)), bar: Math.max(...tallies.map((tally) => tally.count)) },
      column(lang, "all", "number", whole(lang)),
    );
  }
  columns.push(column(lang, "units", "number", whole(lang)));
  return {
    columns,
    rows: kind.regions.map((region, at) => {
      const tally = tallies[at];
      return {
        key: region.id,
        units: members[at].units,
        area: { scope: kind.id, id: region.id },
        slot: plate.colors[at] % CATEGORIES.length,
        cells: [region.title[lang], ...(rank ? [tally.count, tally.all] : []), tally.units],
        text: everyWay(region.title).join(" ").toLowerCase(),
      };
    }),
    sort: { column: rank ? "counted" : "units", descending: true },
  };
}

function describe(atlas: Atlas, view: PlateView<RegionsPlate>, _: Uint8Array | null, lang: Lang): string[] {
  const { plate } = view;
  const kind = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const { title, regions } = atlas.spec.kinds[kind];
  const held = regions.map((region) => ({ name: region.title[lang], units: 0, ranked: 0 }));
  atlas.belongings.forEach((belongs, unit) => {
    const own = belongs.find((item) => item.kind === kind && item.exclusive);
    if (!own) return;
    held[own.region].units += 1;
    held[own.region].ranked += view.ranks[unit] === null ? 0 : 1;
  });
  const key = view.ranking ? "ranked" : "units";
  const most = [...held].sort((a, b) => b[key] - a[key]).slice(0, NAMED);
  const said = list(most.map((item) => `${item.name} ${integer(item[key], lang)}`), lang);
  const what = view.ranking ? view.ranking.title[lang] : atlas.spec.unit_level.title[lang];
  return [counted(regions.length, title, lang), word("mapMost", lang, { what, names: said })];
}

/** The regions of the kind that a unit is in. */
function regionsOf(atlas: Atlas, { plate }: PlateView<RegionsPlate>, unit: number, lang: Lang): string | null {
  const kind = atlas.spec.kinds.findIndex((item) => item.id === plate.region_kind);
  const names = atlas.belongings[unit].filter((item) => item.kind === kind).map((item) => atlas.spec.kinds[kind].regions[item.region].title[lang]);
  return names.length === 0 ? null : names.join(" / ");
}

export const regions: PlateKind<RegionsPlate> = {
  view,
  Legend,
  charts: unitCharts,
  table,
  valueText: noText,
  before: regionsOf,
  describe,
  drawing: (_, plate) => ({ outlines: plate.region_kind, named: true }),
};
