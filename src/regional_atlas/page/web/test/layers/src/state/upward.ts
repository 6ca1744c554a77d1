import { shown } from "../ui/shown.ts";

export const twice = 2 * shown;
