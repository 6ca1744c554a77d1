import type { Shown } from "../ui/shown.ts";

export const none: Shown | null = null;
