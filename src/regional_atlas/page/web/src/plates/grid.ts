/** Small multiples: what each of the small maps shows, and the one that is opened. */
import type { Atlas } from "../data/model.ts";
import type { Classes, MultiplesPlate, Plate, Text } from "../format.ts";
import type { Step } from "../state/state.ts";
import { viewPlate, type PlateView } from "./view.ts";

export interface SmallMap {
  id: string;
  title: Text;
  view: PlateView;
  /** What shows it alone, in place of the others. */
  open: Step;
}

/** Classes of its own, or those that all maps share. */
const classesAt = (plate: MultiplesPlate, at: number): Classes => plate.classes[at] ?? plate.classes[0];

export const sharesClasses = (plate: MultiplesPlate): boolean => plate.classes.length === 1;

/** The plate of one small map, as a choropleth; the plate itself where none is open. */
export function openedPanel(plate: MultiplesPlate, field: string | null): Plate {
  const at = plate.panels.findIndex((panel) => panel.field === field);
  if (at < 0) return plate;
  const { id, group, note, citation } = plate;
  const panel = plate.panels[at];
  const title: Text = { zh: `${plate.title.zh}：${panel.title.zh}`, en: `${plate.title.en}: ${panel.title.en}` };
  return { id, group, note, citation, title, kind: "choropleth", field: panel.field, year: panel.year, finding: panel.finding, classes: classesAt(plate, at), middle: null, chart: null };
}

export function smallMaps(atlas: Atlas, plate: Plate): SmallMap[] {
  if (plate.kind === "years") {
    return plate.years.map((year) => ({ id: String(year), title: { zh: String(year), en: String(year) }, view: viewPlate(atlas, plate, year), open: { type: "year", year } }));
  }
  if (plate.kind !== "multiples") return [];
  return plate.panels.map(({ field, title }) => ({ id: field, title, view: viewPlate(atlas, openedPanel(plate, field), null), open: { type: "panel", panel: field } }));
}
