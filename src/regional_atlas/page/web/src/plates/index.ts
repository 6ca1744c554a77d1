/** Every kind of plate, by the name that it has from atlas.toml to the page. */
import type { Atlas } from "../data/model.ts";
import type { Plate } from "../format.ts";
import { kindIn, type Kinds, type PlateView } from "../state/plate.ts";
import { bivariate } from "./bivariate.tsx";
import { categories } from "./categories.tsx";
import { change } from "./change.tsx";
import { choropleth } from "./choropleth.tsx";
import { clusters } from "./clusters.tsx";
import { coverage } from "./coverage.tsx";
import { figure } from "./figure.tsx";
import { hotspots } from "./hotspots.tsx";
import { multiples } from "./multiples.tsx";
import { ranking } from "./ranking.tsx";
import { regions } from "./regions.tsx";
import { tiers } from "./tiers.tsx";
import { years } from "./years.tsx";

export const KINDS: Kinds = { bivariate, categories, change, choropleth, clusters, coverage, figure, hotspots, multiples, ranking, regions, tiers, years };

/** What a plate puts on the map. */
export const viewPlate = (atlas: Atlas, plate: Plate, year: number | null): PlateView => kindIn(KINDS, plate).view(atlas, plate, year);
