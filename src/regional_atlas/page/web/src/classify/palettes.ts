/** Ramps that the reader can choose from, light to dark; all can be told apart without red or green. */
import { mix } from "./colour.ts";

export const PALETTES: Readonly<Record<string, readonly string[]>> = {
  YlGnBu: ["#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58"],
  OrRd: ["#fff7ec", "#fee8c8", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#d7301f", "#b30000", "#7f0000"],
  Blues: ["#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"],
  batlow: ["#faccfa", "#fdb9c2", "#fba689", "#e09651", "#b38e2f", "#828231", "#577646", "#30685c", "#185562", "#103d5f", "#011959"],
  lajolla: ["#fffecb", "#f9e384", "#f0bd57", "#e99d53", "#e38050", "#d9604e", "#b34947", "#7d3b35", "#512d1e", "#31220e", "#191900"],
};

/** Land without a class on a dark page, and how much of a colour is left over it in the lowest and the highest class. */
const NIGHT = "#22252a";
const TONED = [0.4, 0.88];
/** Ramps that begin in the dark. */
const NIGHTLY = new Set(["batlow", "lajolla"]);

/** Colours for a number of classes, low first: on a light page the high end is dark, on a dark page light. */
export function ramp(name: string, count: number): { colors: string[]; dark: string[] } {
  const anchors = PALETTES[name] ?? PALETTES.YlGnBu;
  // The lightest tenth is the page's own, the darkest the night's.
  const at = (share: number) => {
    const place = share * (anchors.length - 1);
    const low = Math.min(Math.floor(place), anchors.length - 2);
    return mix(anchors[low], anchors[low + 1], place - low);
  };
  const colors = Array.from({ length: count }, (_, i) => at(0.1 + 0.84 * (count > 1 ? i / (count - 1) : 0.5)));
  const dark = [...colors].reverse();
  if (NIGHTLY.has(name)) return { colors, dark };
  const left = (i: number) => TONED[0] + (TONED[1] - TONED[0]) * (count > 1 ? i / (count - 1) : 1);
  return { colors, dark: dark.map((color, i) => mix(NIGHT, color, left(i))) };
}
