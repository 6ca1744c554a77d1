// The layers of the script, and the lint rules that hold them: no circle, no import from above.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Lowest first. A module imports from its own folder and from lower layers, not from others of its layer. */
export const LAYERS = [
  ["format.ts"],
  ["text"],
  ["data"],
  ["classify"],
  ["geometry", "scoring"],
  ["state"],
  ["map"],
  ["output"],
  ["ui"],
  ["plates"],
  ["interface.ts"],
  ["main.tsx"],
];

function zonesOf(root) {
  const present = LAYERS.map((layer) => layer.filter((part) => existsSync(join(root, "src", part))));
  return present.flatMap((layer, at) => {
    const below = LAYERS.slice(0, at).flat().join(", ");
    return layer.flatMap((target) => {
      const from = [...layer.filter((other) => other !== target), ...present.slice(at + 1).flat()].map((other) => `./src/${other}`);
      const message = `src/${target} may import its own modules and lower layers${below && `: ${below}`}.`;
      return from.length > 0 ? [{ target: `./src/${target}`, from, message }] : [];
    });
  });
}

/** For the script whose sources are in `src` of a folder. */
export const layerRules = (root) => ({
  files: ["src/**/*.ts", "src/**/*.tsx"],
  plugins: { "import-x": importX },
  languageOptions: { parser: tseslint.parser },
  settings: {
    "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx"] })],
    "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
  },
  rules: {
    "import-x/no-cycle": "error",
    "import-x/no-unresolved": ["error", { ignore: ["^[^.]"] }],
    "import-x/no-restricted-paths": ["error", { basePath: root, zones: zonesOf(root) }],
  },
});
