/* The address: it holds the state, opens it again, and refuses in words what it cannot be. */

import { queryOf, readLink } from "./state.js";

const KEY = "#calculator";

/** @import { State } from "./types.d.ts" */

/** @param {State} state */
export const hashOf = (state) => `${KEY}?${queryOf(state)}`;

/** Writes the state into the address. What is typed in one go is one step that "back" takes back: `done` ends it.
 * @param {State} state @param {boolean} done */
export function write(state, done) {
  const hash = hashOf(state);
  const told = { typing: !done };
  const stays = hash === location.hash || (!location.hash && hash === `${KEY}?`);
  if (stays || history.state?.typing) history.replaceState(told, "", stays ? undefined : hash);
  else history.pushState(told, "", hash);
}

/** What the address asks for; null where it asks for another part of the page. */
export function asked() {
  const [name, query = ""] = location.hash.split("?"); // not decoded: a fragment may be one that cannot be
  return name === KEY || name === "" ? readLink(query) : null;
}
