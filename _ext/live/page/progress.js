// Shows what the reader has done: ticks at exercises, and in the contents how many of a chapter's are done.
import * as store from "./store.js";

/** @typedef {import("./store.js").Chapter} Chapter */

/** The root of the book, from which its pages are named. */
const ROOT = new URL("../../", import.meta.url).href;
/** @param {string} url */
const pageOf = (url) => url.replace(/[#?].*$/, "").replace(/\/$/, "/index.html");

/** How many exercises of a chapter are done. @param {Chapter} chapter */
export function done({ exercises }) {
  return exercises.filter((exercise) => store.read(exercise).right).length;
}

/** Put a mark into an element, or take it away. @param {Element} element @param {string} text @param {string} words */
function mark(element, text, words) {
  const old = element.querySelector(":scope > .tc-done");
  if (!text) return old?.remove();
  const badge = old ?? element.appendChild(document.createElement("span"));
  badge.className = "tc-done";
  badge.innerHTML = `<span aria-hidden="true">${text}</span><span class="tc-unseen"> ${words}</span>`;
  return undefined;
}

/** The contents: "2/3" behind a chapter in which something is done. @param {Chapter[]} chapters */
function markContents(chapters) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("nav a[href]"));
  const byPage = new Map(chapters.map((chapter) => [ROOT + chapter.page, chapter]));
  for (const link of links) {
    const chapter = link.hash || link.closest(".prev-next-area") ? undefined : byPage.get(pageOf(link.href));
    const count = chapter ? done(chapter) : 0;
    const total = chapter?.exercises.length ?? 0;
    if (chapter) mark(link, count ? `${count}/${total}` : "", `${count} of ${total} exercises done`);
  }
}

/** The exercises on this page, and their lines in the list of all. @param {Chapter[]} chapters */
function markExercises(chapters) {
  for (const exercise of chapters.flatMap((chapter) => chapter.exercises)) {
    const { right, answer } = store.read(exercise);
    const title = document.querySelector(`[id="${exercise.name}"] > .admonition-title`);
    if (title) mark(title, right ? "✓" : "", "done");
    const line = document.querySelector(`[data-exercise-line="${exercise.name}"]`);
    if (line) mark(line, right ? "✓ done" : answer ? "begun" : "", "");
  }
}

/** Mark all that the page shows, now and after a change. @param {string} book where all exercises are listed */
export async function showProgress(book) {
  /** @type {Chapter[]} */
  const chapters = await (await fetch(book)).json();
  const show = () => {
    markContents(chapters);
    markExercises(chapters);
  };
  store.watch(show);
  show();
  const bar = /** @type {HTMLElement | null} */ (document.querySelector(".tc-book"));
  if (bar) (await import("./backup.js")).addBackup(bar);
}
