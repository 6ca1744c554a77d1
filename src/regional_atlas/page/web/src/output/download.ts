/** Files of the reader's own: what the table lists, and the units as GeoJSON. */
import type { App } from "../state/app.ts";
import { columnOf, type Atlas } from "../data/model.ts";
import type { Field } from "../format.ts";
import { turnOf } from "../geometry/mercator.ts";
import { projectionOf } from "../geometry/projection.ts";
import type { Place } from "../geometry/sphere.ts";
import { csvCell } from "../text/csv.ts";
import { storedUnit } from "../text/numbers.ts";

export function save(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export const fileName = (app: App, extension: string): string => `${app.atlas.spec.id}-${app.state.plate}.${extension}`;

/** The rows of the table as they stand, exact values, UTF-8 with a mark that Excel needs. */
export function csvOf(app: App): string {
  const { table, rows } = app;
  if (!table) return "";
  const head = ["id", ...table.columns.map((column) => column.stored ?? column.title)].map(csvCell);
  const lines = rows.map((row) => [row.key, ...row.cells].map(csvCell).join(","));
  return `\uFEFF${[head.join(","), ...lines].join("\r\n")}\r\n`;
}

/** Every value of some units: ids, parents, ranks, fields. */
export function csvOfUnits(app: App, units: readonly number[]): string {
  const { atlas } = app;
  const rows = units.map((unit) => {
    const ranks = Object.fromEntries(atlas.spec.rankings.map(({ id }) => [`rank_${id}`, atlas.store.rankings[id].rank[unit]]));
    return { ...propertiesOf(atlas, unit), ...ranks };
  });
  const named = unitsOfFields(app);
  const head = Object.keys(rows.at(0) ?? {}).map((key) => (named[key] ? `${key} [${named[key]}]` : key));
  const lines = rows.map((row) => Object.values(row).map(csvCell).join(","));
  return `\uFEFF${[head.map(csvCell).join(","), ...lines].join("\r\n")}\r\n`;
}

/** The units of the table's rows, in longitude and latitude. */
export function geoJsonOf(app: App): string {
  return geoJsonOfUnits(app, [...new Set(app.rows.flatMap((row) => row.units))].sort((a, b) => a - b));
}

export function geoJsonOfUnits(app: App, units: readonly number[]): string {
  const { atlas, view } = app;
  const { inverse } = projectionOf(atlas.spec.projection.proj4);
  const turn = turnOf(atlas.spec);
  const place: Place = (x, y) => {
    const [lon, lat] = inverse(x, y);
    return [turn(lon), lat];
  };
  const features = units.map((unit) => ({
    type: "Feature",
    id: atlas.store.unit_id[unit],
    properties: { ...propertiesOf(atlas, unit), ...(view?.ranking ? { rank: view.ranks[unit] } : {}) },
    geometry: { type: "MultiPolygon", coordinates: polygons(ringsOf(atlas, unit, place)) },
  }));
  return JSON.stringify({ type: "FeatureCollection", units: unitsOfFields(app), features });
}

/** By the name of a property, the unit of its numbers. */
function unitsOfFields({ atlas, state }: App): Record<string, string> {
  const named = atlas.spec.fields.flatMap((field): [string, string][] => {
    const unit = storedUnit(field.unit, state.lang);
    return unit ? (field.years ?? [null]).map((year) => [propertyOf(field, year), unit]) : [];
  });
  return Object.fromEntries<string>(named);
}

const propertyOf = (field: Field, year: number | null): string => (year === null ? field.id : `${field.id}_${year}`);

function propertiesOf(atlas: Atlas, unit: number): Record<string, string | number | null> {
  const properties: Record<string, string | number | null> = { unit_id: atlas.store.unit_id[unit], unit: atlas.store.unit[unit] };
  for (const level of atlas.spec.levels) {
    const at = atlas.store.parents[level.id].of[unit];
    properties[level.id] = at < 0 ? null : atlas.store.parents[level.id].names[at];
  }
  for (const field of atlas.spec.fields) {
    for (const year of field.years ?? [null]) properties[propertyOf(field, year)] = columnOf(atlas, field.id, year)[unit];
  }
  return properties;
}

type Ring = [number, number][];

/** Rings in degrees, outer ones anticlockwise as RFC 7946 asks. */
function ringsOf(atlas: Atlas, unit: number, inverse: (x: number, y: number) => [number, number]): Ring[] {
  const { x, y, start } = atlas.topology.arcs;
  return atlas.topology.rings[unit].map((refs) => {
    const ring: Ring = [];
    for (const ref of refs) {
      const arc = ref < 0 ? ~ref : ref;
      const size = start[arc + 1] - start[arc];
      for (let i = ring.length > 0 ? 1 : 0; i < size; i++) {
        const k = ref < 0 ? start[arc + 1] - 1 - i : start[arc] + i;
        ring.push(inverse(x[k], y[k]).map((degrees) => Math.round(degrees * 1e6) / 1e6) as [number, number]);
      }
    }
    return ring;
  });
}

function signedArea(ring: Ring): number {
  let area = 0;
  for (let i = 0; i + 1 < ring.length; i++) area += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  return area / 2;
}

function inside([px, py]: [number, number], ring: Ring): boolean {
  let within = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** A ring within an odd number of others is a hole of the smallest that holds it. */
export function polygons(rings: Ring[]): Ring[][] {
  const holders = rings.map((ring, i) => rings.filter((other, j) => i !== j && Math.abs(signedArea(other)) > Math.abs(signedArea(ring)) && inside(ring[0], other)));
  const turned = (ring: Ring, anticlockwise: boolean) => (signedArea(ring) > 0 === anticlockwise ? ring : [...ring].reverse());
  const shells = rings.flatMap((ring, i) => (holders[i].length % 2 === 0 ? [{ ring, polygon: [turned(ring, true)] }] : []));
  rings.forEach((ring, i) => {
    if (holders[i].length % 2 === 0) return;
    const around = shells.filter((shell) => holders[i].includes(shell.ring)).sort((a, b) => Math.abs(signedArea(a.ring)) - Math.abs(signedArea(b.ring)));
    around.at(0)?.polygon.push(turned(ring, false));
  });
  return shells.map((shell) => shell.polygon);
}
