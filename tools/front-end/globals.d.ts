// What a page of the built book has besides the browser's own.
declare const DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean }; // Sphinx

interface Window {
  TransposedConvolutionExplorer?: { boot(root: ParentNode): void }; // made of lib/explorer
}
