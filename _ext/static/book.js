// Runs on every page, after its content is there.

// Bring the explorers of the page to life (explorer.js is made from lib/explorer/explorer.js).
window.TransposedConvolutionExplorer?.boot(document);

// Opened from a folder, a page may not read its neighbours: the search then lists titles without excerpts.
if (location.protocol === "file:" && window.DOCUMENTATION_OPTIONS)
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
