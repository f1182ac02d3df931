// Runs on every page, after its content is there.

// Bring the explorers of the page to life (explorer.js is made from lib/explorer/explorer.js).
window.TransposedConvolutionExplorer?.boot(document);

// Opened from a folder, a page may not read its neighbours: the search then lists titles without excerpts.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// A box that scrolls must be reachable by keyboard. (The theme sees to its own: code and tables.)
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
});
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  for (const box of document.querySelectorAll("mjx-container[display], .cell_output > .output")) watcher.observe(box);
});
