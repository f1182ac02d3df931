// What a page of the built book has besides the browser's own.
declare const DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean }; // Sphinx
// Sphinx's search
type Found = [page: string, title: string, anchor: string, described: string, score: number, file: string];
declare const Scorer: { score?: (result: Found) => number };
declare const Search: {
  htmlToText: (html: string, anchor: string) => string;
  _performSearch: (...given: unknown[]) => Found[];
  _index: { docnames: string[]; titles: string[] };
};
declare const BEST_PAGES: Record<string, string>; // made of _ext/book/found.json

interface Window {
  TransposedConvolutionExplorer?: { boot(root: ParentNode): void }; // made of lib/explorer
  TransposedConvolutionCalculator?: { boot(root: ParentNode): void }; // made of lib/calculator
  TransposedConvolutionPhoto?: { boot(root: ParentNode): void }; // made of lib/explorer/front/photo.js
}
