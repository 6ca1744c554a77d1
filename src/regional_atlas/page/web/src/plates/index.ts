/** Written by `make format`: every kind of plate, by its name in atlas.toml. */
import type { Kinds } from "../state/plate.ts";
import { areas } from "./areas.tsx";
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

export const KINDS: Kinds = { areas, bivariate, categories, change, choropleth, clusters, coverage, figure, hotspots, multiples, ranking, regions, tiers, years };
