/* The link that reopens a state. */

import { FIELDS } from "./constants.js";
import { h } from "./dom.js";

/** @import { Explorer } from "./explorer.js" */

export class Link {
  /** @param {Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    this.link = /** @type {HTMLAnchorElement} */ (h("a", {}, "Link to this state"));
    this.note = h("span", { role: "alert" });
    this.element = h("p", { class: "tc-link" }, this.link, this.note);
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

  /** Shows the state that the page's address asks for, if it is this explorer's. */
  reopen() {
    const [name, query] = location.hash.split("?"); // not decoded: any page may be given a fragment that cannot be
    if (name !== this.key || query === undefined) return;
    const { explorer } = this;
    let asked;
    try {
      const fields = [...new URLSearchParams(query)].filter(([field]) => FIELDS.some((known) => known === field));
      asked = Object.fromEntries(fields.map(([field, value]) => [field, JSON.parse(value)]));
    } catch {
      explorer.refuse("link", "it cannot be read.");
      return;
    }
    if (!explorer.apply(asked, "link", explorer.opening)) return;
    explorer.player.pause();
    explorer.root.scrollIntoView({ block: "start" });
  }
}
