// Makes the Run buttons of a page work. Nothing else is loaded before the first of them is pressed.
(() => {
  const FILED =
    "Python cannot run in a page that is opened as a file, since browsers start no worker there: type " +
    "“make serve” in the book’s folder, or “python -m http.server” in this one, and open http://localhost:8000/.";
  const OLD = "Python cannot run in this browser: it lacks workers, WebAssembly or DecompressionStream.";
  const bar = document.querySelector("[data-live-page]");
  if (!(bar instanceof HTMLElement)) return;
  const status = bar.querySelector("[role=status]");
  const filed = location.protocol === "file:";
  const able = ["Worker", "WebAssembly", "DecompressionStream"].every((name) => name in window);
  if (filed || !able) {
    document.querySelectorAll("[data-live] > .tc-buttons, [data-live-page] button").forEach((tool) => tool.remove());
    if (status) status.textContent = filed ? (bar.dataset.filed ?? FILED) : OLD;
    return;
  }
  const settings = JSON.parse(bar.dataset.livePage ?? "{}");
  for (const name of ["main", "progress", "style", "cells", "files", "book"])
    settings[name] = new URL(settings[name], document.baseURI).href;

  /** Load the part that does the work; hand it what was pressed. @param {string} what @param {string | null} [id] */
  const act = async (what, id = null) => {
    if (!document.querySelector("link[data-live-style]")) {
      const style = document.createElement("link");
      Object.assign(style, { rel: "stylesheet", href: settings.style });
      style.dataset.liveStyle = "";
      document.head.append(style);
    }
    try {
      (await import(settings.main)).act(settings, what, id);
    } catch (error) {
      if (status) status.textContent = `This did not load; press again to try again. (${error})`;
    }
  };

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const cell = target.closest("[data-live]")?.getAttribute("data-live");
    const button = target.closest("[data-do]");
    const code = target.closest(".cell_input pre") && getSelection()?.isCollapsed;
    if (button) act(button.getAttribute("data-do") ?? "", cell);
    else if (code && cell) act("Edit", cell);
  });

  // What the reader has left here: answers and ticks of exercises, and edits from before a reload.
  try {
    const answers = Object.keys(localStorage).some((key) => key.startsWith("tc-exercise:"));
    const edits = Object.keys(sessionStorage).some((key) => key.startsWith(`tc-edit:${location.pathname}:`));
    const ours = document.querySelector("[data-exercise]");
    if (edits || (answers && ours)) act("open");
    else if (answers || bar.matches(".tc-book")) import(settings.progress).then((module) => module.showProgress(settings.book));
  } catch {
    // A browser that keeps nothing has nothing to show.
  }
})();
