// How the page's script is bundled; run by itself, it writes a script of what tests ask of the page, `Shared`.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = import.meta.dirname;

/** proj4 reads WKT and PROJJSON too, and knows hundreds of datums by their EPSG names; pages hold PROJ strings only. */
const DATUMS = ["wgs84", "ggrs87", "nad83", "nad27", "potsdam", "carthage", "hermannskogel", "ire65", "nzgd49", "osgb36"];
const leanProj4 = {
  name: "lean-proj4",
  setup(builder) {
    builder.onResolve({ filter: /^wkt-parser$/ }, () => ({ path: "wkt-parser", namespace: "absent" }));
    builder.onLoad({ filter: /.*/, namespace: "absent" }, () => ({
      contents: "export default () => { throw new Error('The projection must be a PROJ string.'); };",
    }));
    builder.onLoad({ filter: /proj4[\\/]lib[\\/]constants[\\/]Datum\.js$/ }, async ({ path }) => {
      const { default: all } = await import(`data:text/javascript,${encodeURIComponent(await readFile(path, "utf8"))}`);
      return { contents: JSON.stringify(Object.fromEntries(DATUMS.map((name) => [name, all[name]]))), loader: "json" };
    });
  },
};

/** The charts' scales run over numbers alone, never over colours. */
const withoutColours = {
  name: "without-colours",
  setup(builder) {
    const names = ["color", "rgb", "hsl", "lab", "hcl", "cubehelix"];
    builder.onResolve({ filter: /^d3-color$/ }, () => ({ path: "d3-color", namespace: "colourless" }));
    builder.onLoad({ filter: /.*/, namespace: "colourless" }, () => ({
      contents: names.map((name) => `export function ${name}() { throw new Error("A scale runs over numbers."); }`).join("\n"),
    }));
  },
};

export const options = {
  bundle: true,
  minify: true,
  target: ["chrome100", "firefox113", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [leanProj4, withoutColours],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

/** The page's calculations, bundled as the page is: a module, or a script that sets `Shared`. */
export async function calculations(format) {
  const entry = join(here, "test", "calculations.ts");
  const { outputFiles } = await build({ ...options, entryPoints: [entry], format, globalName: "Shared", write: false });
  return outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await calculations("iife"));
