/** Hot and cold spots of a field: Gᵢ*, local Moran, or a field of codes made elsewhere. */
import type { HotspotsPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { coded } from "./coded.ts";

export const hotspots: PlateKind<HotspotsPlate> = coded((atlas, { codes }) => (codes === null ? null : atlas.store.spots[codes]));
