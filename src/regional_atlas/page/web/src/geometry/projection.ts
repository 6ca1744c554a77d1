/** A projection by its PROJ string: metres for longitude and latitude, and back. */
import proj4 from "proj4/lib/core";
import Proj from "proj4/lib/Proj";
import aea from "proj4/lib/projections/aea";
import cea from "proj4/lib/projections/cea";
import eqc from "proj4/lib/projections/eqc";
import eqdc from "proj4/lib/projections/eqdc";
import etmerc from "proj4/lib/projections/etmerc";
import laea from "proj4/lib/projections/laea";
import lcc from "proj4/lib/projections/lcc";
import poly from "proj4/lib/projections/poly";
import somerc from "proj4/lib/projections/somerc";
import stere from "proj4/lib/projections/stere";
import sterea from "proj4/lib/projections/sterea";
import utm from "proj4/lib/projections/utm";

// `etmerc` is what PROJ calls tmerc; `merc` is in the core. The list is that of `PROJECTIONS` in config/map.py.
for (const projection of [aea, cea, eqc, eqdc, etmerc, laea, lcc, poly, somerc, stere, sterea, utm])
  Proj.projections.add(projection);

export interface Projection {
  forward: (lon: number, lat: number) => [number, number];
  inverse: (x: number, y: number) => [number, number];
}

export function projectionOf(definition: string): Projection {
  // proj4 takes a missing false origin for NaN in some projections; what the definition says later wins.
  const converter = proj4("WGS84", `+x_0=0 +y_0=0 ${definition}`);
  return {
    forward: (lon, lat) => converter.forward([lon, lat]),
    inverse: (x, y) => {
      const [lon, lat] = converter.inverse([x, y]);
      // Corners of a wide window can lie beyond what the projection reaches; Leaflet refuses NaN.
      return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : [0, y > 0 ? 90 : -90];
    },
  };
}
