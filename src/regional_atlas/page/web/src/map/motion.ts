/** Whether the reader wants nothing to move. */
export const calm = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
