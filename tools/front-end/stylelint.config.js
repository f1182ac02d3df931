// The standard rules. What they would say of a style's layout is left to its author.
export default {
  extends: "stylelint-config-standard",
  rules: {
    "declaration-block-single-line-max-declarations": null,
    "at-rule-empty-line-before": null,
    "comment-empty-line-before": null,
    "custom-property-empty-line-before": null,
    "declaration-empty-line-before": null,
    "rule-empty-line-before": null,
    "selector-attribute-quotes": null,
    "media-feature-range-notation": null, // Safari before 16.4 reads (min-width: ...) only
    "declaration-no-important": null,
    // Names are ours (tc-...), the theme's, MathJax's or Jupyter's.
    "selector-class-pattern": null,
    "selector-id-pattern": null,
    "no-descending-specificity": null,
  },
};
