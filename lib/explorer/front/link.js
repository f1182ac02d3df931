/* The link that reopens a state. */

import { FIELDS } from "./constants.js";
import { button, h } from "./dom.js";
import { copy } from "./tools.js";

/** @import { Explorer } from "./explorer.js" */
/** @import { State } from "./types.d.ts" */

export class Link {
  /** @param {Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    /** @type {State | null} what was shown before a link was followed: the way back leads there */
    this.before = null;
    this.link = /** @type {HTMLAnchorElement} */ (h("a", {}, "Link to this state"));
    this.copy = button("copy link", async () => {
      await copy(this.link.href);
      explorer.say("Link copied: it opens what you see.");
    });
    this.element = h("span", { class: "tc-link" }, this.link, this.copy);
    this.reopen = this.reopen.bind(this);
  }

  get key() {
    return `#explorer-${[...document.querySelectorAll("[data-explorer]")].indexOf(this.explorer.root) + 1}`;
  }

  update() {
    const { state, opening } = this.explorer;
    const fields = FIELDS.filter((field) => JSON.stringify(state[field]) !== JSON.stringify(opening[field]));
    this.link.href = `${this.key}?${new URLSearchParams(fields.map((field) => [field, JSON.stringify(state[field])]))}`;
  }

  /** Shows the state that the page's address asks for, if it is this explorer's; the one before, on the way back. */
  reopen() {
    const [name, query] = location.hash.split("?"); // not decoded: any page may be given a fragment that cannot be
    if (name !== this.key || query === undefined) this.back();
    else this.follow(query);
  }

  back() {
    const { before } = this;
    this.before = null;
    if (before) this.explorer.apply({}, "link", before);
  }

  /** @param {string} query */
  follow(query) {
    const { explorer } = this;
    explorer.player.pause();
    this.before ??= explorer.state;
    let asked;
    try {
      const fields = [...new URLSearchParams(query)].filter(([field]) => FIELDS.some((known) => known === field));
      asked = Object.fromEntries(fields.map(([field, value]) => [field, JSON.parse(value)]));
    } catch {
      explorer.refuse("link", "it cannot be read.");
    }
    if (asked) explorer.apply(asked, "link", explorer.opening);
    explorer.root.scrollIntoView({ block: "start" });
  }
}
