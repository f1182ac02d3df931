/* global BEST_PAGES, Scorer, Search */
// Joined after Sphinx's searchtools.js, which it tells two things: which page is best, and what text a page has.
(() => {
  /** The words of a text, for comparing. @param {string | null} text */
  const words = (text) => (text ?? "").toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  const asked = words(new URLSearchParams(location.search).get("q"));
  /** How many words of the longest phrase that was asked for lead to each page. @type {Map<string, number>} */
  const best = new Map();
  for (const [phrase, page] of Object.entries(BEST_PAGES)) {
    const wanted = words(phrase);
    if (wanted.every((word) => asked.includes(word)))
      best.set(page, Math.max(best.get(page) ?? 0, wanted.length));
  }

  // A page's own heading leads to where the page begins: one result, with the title of the page. (The best is last.)
  const perform = Search._performSearch;
  Search._performSearch = (...given) => {
    const places = new Set();
    const { docnames, titles } = Search._index;
    return perform(...given).reverse().filter((result) => {
      const [page, , anchor] = result;
      if (!anchor) result[1] = titles[docnames.indexOf(page)];
      return !places.has(page + anchor) && places.add(page + anchor);
    }).reverse();
  };

  /** @param {Found} result */
  Scorer.score = ([page, , anchor, , score]) => score + (best.get(page) ?? 0) * 1000 + (anchor ? 0 : 1);

  /** An excerpt is taken from the text of the article: no menus, no code, no drawings. */
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const article = page.querySelector("article.bd-article");
    const menus =
      ".headerlink, script, style, svg, .cell_input, [role=img], .tc-bar, .tc-buttons, nav, .visually-hidden, summary, " +
      "dt a[href*=_modules]";
    article?.querySelectorAll(menus).forEach((element) => element.remove());
    // What stands in boxes of its own is not one word with what follows; what is raised says so.
    article?.querySelectorAll("dt, dd, li, p, td, th, figcaption, h1, h2, h3, h4").forEach((element) => element.append(" "));
    article?.querySelectorAll("msup > :last-child").forEach((element) => element.prepend("^"));
    const part = anchor ? article?.querySelector(anchor) : null;
    return ((part ?? article)?.textContent ?? "").replace(/\s+/g, " ");
  };
})();
