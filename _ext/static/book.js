// Runs on every page, after its content is there.

// Explorers: each element carries its state; the script that draws it is lib/explorer/explorer.js.
// (explorer.js is linked before this file when it exists.)

// Opened from a folder, a page may not read its neighbours: the search then lists titles without excerpts.
if (location.protocol === "file:" && window.DOCUMENTATION_OPTIONS)
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
