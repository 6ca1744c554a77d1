import js from "@eslint/js";
import tseslint from "typescript-eslint";
import { layerRules } from "./layers.mjs";

export default tseslint.config(
  { ignores: ["node_modules/", "test/layers/"] },
  js.configs.recommended,
  layerRules(import.meta.dirname),
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Build nodes: names in the data are not markup." },
        { property: "outerHTML", message: "Build nodes: names in the data are not markup." },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    ignores: ["src/plates/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "BinaryExpression[operator=/^[!=]==$/] MemberExpression[property.name='kind']:matches([object.name=/^(plate|declared)$/], [object.property.name='plate'])",
          message: "Ask the kind of the plate, app.kindOf(plate): plates/<kind>.tsx says what differs.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    extends: [...tseslint.configs.recommended],
  },
  {
    files: ["*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
