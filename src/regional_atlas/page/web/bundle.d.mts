export function calculations(format: "esm" | "iife"): Promise<string>;
