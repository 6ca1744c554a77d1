import { join } from "node:path";
import { buildSync } from "esbuild";

/** A module of the script, bundled: proj4's modules name each other without endings, which Node alone does not read. */
export async function bundled<T>(path: string): Promise<T> {
  const [bundle] = buildSync({ entryPoints: [join(import.meta.dirname, "../src", path)], bundle: true, format: "esm", jsx: "automatic", jsxImportSource: "preact", write: false }).outputFiles;
  return (await import(`data:text/javascript,${encodeURIComponent(bundle.text)}`)) as T;
}
