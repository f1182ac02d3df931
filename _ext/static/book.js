// Runs on every page, after its content is there (deferred, joined with the theme's scripts into site.js).
(() => {
  const { currentScript } = document;

  // The script of the photograph is fetched when the reader comes near it.
  const photo = document.querySelector("[data-photo]");
  if (photo && currentScript instanceof HTMLScriptElement) {
    const near = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      near.disconnect();
      const script = document.createElement("script");
      script.src = new URL("photo.js", currentScript.src).href;
      script.onload = () => window.TransposedConvolutionPhoto?.boot(document);
      document.head.append(script);
    }, { rootMargin: "400px" });
    near.observe(photo);
  }

  // Opened from a folder, a page may not read its neighbours: the search then lists titles without excerpts.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // Opened from a folder, a link to a notebook would show its text: there the button gives the zip of all chapters.
  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll("a.btn-download-source-button[href$='.ipynb']")) {
      if (!(link instanceof HTMLAnchorElement)) continue;
      link.href = link.href.replace(/_sources\/.*$/, "take/transposed-convolution-understood-notebooks.zip");
      link.title = "Download all chapters as notebooks (zip)";
    }
  }

  // Whoever comes from the search finds the words marked. Only then is the script for it fetched.
  const searched = new URLSearchParams(location.search).has("highlight");
  if (currentScript instanceof HTMLScriptElement && (searched || localStorage.getItem("sphinx_highlight_terms"))) {
    const script = document.createElement("script");
    script.src = new URL("highlight.js", currentScript.src).href;
    document.head.append(script);
  }

  // The search page begins in its field.
  const field = document.querySelector(".bd-search-container form.bd-search input");
  if (field instanceof HTMLElement) field.focus();

  // A folded solution is printed too. (Folded code is not, see book.css.)
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("article details.solution:not([open])")) {
      fold.toggleAttribute("open", true);
      addEventListener("afterprint", () => fold.toggleAttribute("open", false), { once: true });
    }
  });

  /** A menu of the header shuts when one presses elsewhere, leaves it or presses Escape. @param {Element} menu */
  const shutWhenLeft = (menu) => {
    const shut = () => menu.toggleAttribute("open", false);
    /** @param {EventTarget | null} target */
    const isOutside = (target) => target instanceof Node && !menu.contains(target);
    document.addEventListener("click", ({ target }) => isOutside(target) && shut());
    menu.addEventListener("focusout", (event) => {
      if (event instanceof FocusEvent && isOutside(event.relatedTarget)) shut();
    });
    menu.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || !menu.hasAttribute("open")) return;
      shut();
      menu.querySelector("summary")?.focus();
    });
  };
  document.querySelectorAll("details.dropdown").forEach(shutWhenLeft);

  // The menus of a phone give the focus back to the button that opened them.
  for (const side of ["primary", "secondary"]) {
    const button = document.querySelector(`.${side}-toggle`);
    document.getElementById(`pst-${side}-sidebar-modal`)?.addEventListener("close", () => {
      if (button instanceof HTMLElement) button.focus();
    });
  }

  // A box that scrolls must be reachable by keyboard. First all are measured, then all are marked.
  const boxes = "pre, div.math, .cell_output > .output, .pst-scrollable-table-container";
  /** @param {Element} box */
  const scrolls = (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  const watcher = new ResizeObserver((entries) => {
    const seen = entries.map(({ target }) => ({ target, stop: scrolls(target) }));
    for (const { target, stop } of seen)
      if (stop && !target.closest(".tc-editor")) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
  });
  const watched = new WeakSet();
  const watch = () => {
    for (const box of document.querySelectorAll(boxes)) {
      if (watched.has(box) || box.hasAttribute("tabindex")) continue;
      watched.add(box);
      watcher.observe(box);
    }
  };
  watch();

  // What a cell puts out may scroll too.
  let later = 0;
  const content = document.getElementById("main-content");
  const changed = new MutationObserver(() => {
    clearTimeout(later);
    later = window.setTimeout(watch, 300);
  });
  if (content) changed.observe(content, { childList: true, subtree: true });
})();
