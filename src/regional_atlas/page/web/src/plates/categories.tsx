/** A field of whole numbers, each of which stands for something. */
import type { CategoriesPlate } from "../format.ts";
import type { PlateKind } from "../state/plate.ts";
import { coded } from "./coded.ts";

export const categories: PlateKind<CategoriesPlate> = coded();
