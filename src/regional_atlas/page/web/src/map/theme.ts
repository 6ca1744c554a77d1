/** Colours of the map itself, by day and by night. */

export interface MapTheme {
  /** Water; abroad too, where the atlas has no land around its units. */
  ground: string;
  /** Around the units. */
  land: string;
  river: string;
  graticule: string;
  /** Land without a class. */
  paper: string;
  hatch: string;
  ink: string;
  line: string;
  label: string;
  labelQuiet: string;
  halo: string;
  accent: string;
  symbol: string;
}

export const DAY: MapTheme = {
  ground: "#e3e7e9",
  land: "#f1f1ed",
  river: "#8db4cf",
  graticule: "#d3d9dc",
  paper: "#fbfaf6",
  hatch: "#c9c6bd",
  ink: "#1c1b19",
  line: "#3b3a37",
  label: "#1c1b19",
  labelQuiet: "#55524c",
  halo: "#fbfaf6",
  accent: "#b3261e",
  symbol: "#1f5f99",
};

export const NIGHT: MapTheme = {
  ground: "#0e1012",
  land: "#181a1d",
  river: "#456377",
  graticule: "#1d2125",
  paper: "#22252a",
  hatch: "#4a4e55",
  ink: "#f4f1ea",
  line: "#9aa0a8",
  label: "#f4f1ea",
  labelQuiet: "#b9b5ab",
  halo: "#15171a",
  accent: "#ff8a70",
  symbol: "#7db6ea",
};
