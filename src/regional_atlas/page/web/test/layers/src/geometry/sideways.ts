import { scored } from "../scoring/scored.ts";

export const near = scored;
