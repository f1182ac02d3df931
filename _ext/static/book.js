// Runs on every page, after its content is there.

// Explorers: each element carries its state and its still figure; the script that brings it to life is
// lib/explorer/explorer.js, linked before this file.
window.TransposedConvolutionExplorer?.boot(document);

// Opened from a folder, a page may not read its neighbours: the search then lists titles without excerpts.
if (location.protocol === "file:" && window.DOCUMENTATION_OPTIONS)
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
