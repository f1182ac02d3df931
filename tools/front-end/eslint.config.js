// What is held against every script of the book: faults first, then the size a reader can take in.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js", "**/*.mjs"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      // Faults that run without a word.
      "array-callback-return": "error",
      "consistent-return": "error",
      eqeqeq: ["error", "always", { null: "ignore" }], // == null means null or undefined
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-unmodified-loop-condition": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "require-atomic-updates": "error",
      // One way to say a thing.
      "no-console": "error",
      "no-else-return": "error",
      "no-unneeded-ternary": "error",
      "no-useless-concat": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      // What a reader can hold in mind.
      complexity: ["error", 15],
      "max-depth": ["error", 4],
      "max-lines-per-function": ["error", { max: 120 }],
      "max-params": ["error", 5],
      "max-len": ["error", { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true }],
    },
  },
  {
    // Classic scripts: they run on a page as they are.
    files: ["_ext/static/*.js"],
    languageOptions: { sourceType: "script", globals: { DOCUMENTATION_OPTIONS: "readonly" } },
  },
  { files: ["tools/**/*.js", "_ext/live/compiling/*.mjs"], languageOptions: { globals: globals.node } },
];
