import { one } from "../data/well.ts";

export const scored = one;
