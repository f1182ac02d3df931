// A cell's code, edited in place: a text area over the coloured lines. The browser gives it undo, selection,
// spelling of other scripts and the on-screen keyboard; we add colours and indentation.
import { highlight } from "./highlight.js";

const INDENT = "    ";
const HEADER = 60; // pixels that the bar at the top of the page may cover

/** Replace the selection as if it had been typed, so that undo knows of it. @param {string} text */
function type(text) {
  document.execCommand(text ? "insertText" : "delete", false, text);
}

/** Type as the still code has it, so that both lie on each other. @param {HTMLElement} area @param {HTMLElement} pre */
function takeStyle(area, pre) {
  const style = getComputedStyle(pre);
  for (const name of ["font-family", "font-size", "line-height", "padding", "tab-size"])
    area.style.setProperty(name, style.getPropertyValue(name));
}

export class Editor {
  /** Whether the reader has typed since the cursor came: Tab then indents. */
  #typed = false;

  /**
   * @param {HTMLElement} pre the still code
   * @param {string} source
   * @param {{name: string, changed: () => void, run: (next: boolean) => void}} hooks
   */
  constructor(pre, source, hooks) {
    this.pre = pre;
    this.hooks = hooks;
    this.area = document.createElement("textarea");
    this.area.rows = 1; // the coloured lines give the height
    this.area.value = source;
    this.area.setAttribute("aria-label", hooks.name);
    this.area.setAttribute("aria-describedby", "tc-live-keys");
    Object.assign(this.area, { spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
    this.area.setAttribute("autocorrect", "off");
    this.box = document.createElement("div");
    this.box.className = "tc-editor";
    this.mark = document.createElement("div");
    this.mark.className = "tc-error-line";
    this.mark.hidden = true;
    pre.before(this.box);
    pre.removeAttribute("tabindex");
    pre.setAttribute("aria-hidden", "true");
    takeStyle(this.area, pre);
    this.box.append(this.mark, pre, this.area);
    this.area.addEventListener("input", () => {
      this.#typed = true;
      this.#changed();
    });
    this.area.addEventListener("keydown", (event) => this.#key(event));
    this.area.addEventListener("blur", () => (this.#typed = false));
    this.#draw();
  }

  get source() {
    return this.area.value;
  }

  set source(text) {
    this.area.value = text;
    this.#changed();
  }

  focus() {
    this.area.focus({ preventScroll: false });
  }

  /** Mark the line in which an error arose; none if there is no number. @param {number | null} line */
  markLine(line) {
    this.mark.hidden = !line;
    const { paddingTop, paddingBottom } = getComputedStyle(this.pre);
    const [above, below] = [parseFloat(paddingTop), parseFloat(paddingBottom)];
    const height = (this.pre.clientHeight - above - below) / this.area.value.split("\n").length;
    Object.assign(this.mark.style, { top: `${above + ((line ?? 1) - 1) * height}px`, height: `${height}px` });
  }

  #changed() {
    this.markLine(null);
    this.#draw();
    this.hooks.changed();
  }

  #draw() {
    this.pre.innerHTML = `${highlight(this.area.value)}\n`; // an empty last line has a height too
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.hooks.run(event.shiftKey);
    } else if (event.key === "Enter") this.#newLine(event);
    else if (event.key === "Escape") this.#typed = false;
    else if (event.key === "Tab" && this.#typed && !event.ctrlKey && !event.altKey) this.#tab(event);
    else if (event.key === "Backspace") this.#backspace(event);
  }

  /** The text before the cursor on its line. */
  #before() {
    const { value, selectionStart } = this.area;
    return value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  }

  /** A new line begins where the last one did, further in after a colon. @param {KeyboardEvent} event */
  #newLine(event) {
    const before = this.#before();
    const indent = /^ */.exec(before)?.[0] ?? "";
    const deeper = /:\s*(#.*)?$/.test(before) ? INDENT : "";
    if (!indent && !deeper) return;
    event.preventDefault();
    type(`\n${indent}${deeper}`);
  }

  /** Tab indents once something is typed; before that, and after Escape, it leaves. @param {KeyboardEvent} event */
  #tab(event) {
    event.preventDefault();
    const { selectionStart, selectionEnd, value } = this.area;
    if (selectionStart === selectionEnd && !event.shiftKey) {
      type(INDENT.slice(this.#before().length % INDENT.length));
      return;
    }
    const first = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lines = value.slice(first, selectionEnd).split("\n");
    const moved = lines.map((line) => (event.shiftKey ? line.replace(/^ {1,4}/, "") : INDENT + line)).join("\n");
    this.area.setSelectionRange(first, selectionEnd);
    if (moved !== value.slice(first, selectionEnd)) type(moved);
    this.area.setSelectionRange(first, first + moved.length);
    if (selectionStart === selectionEnd) this.area.setSelectionRange(first + moved.length, first + moved.length);
  }

  /** Backspace takes a whole step of indentation. @param {KeyboardEvent} event */
  #backspace(event) {
    const before = this.#before();
    const { selectionStart, selectionEnd } = this.area;
    if (selectionStart !== selectionEnd || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!/^ +$/.test(before) || before.length % INDENT.length) return;
    event.preventDefault();
    this.area.setSelectionRange(selectionStart - INDENT.length, selectionStart);
    type("");
  }
}

/** With a keyboard on the screen less of the page shows: keep the line that is written, and the cell's buttons. */
function reveal() {
  const area = document.activeElement;
  if (!(area instanceof HTMLTextAreaElement) || !area.matches(".tc-editor > textarea")) return;
  const view = window.visualViewport ?? { offsetTop: 0, height: innerHeight };
  const lines = area.value.split("\n").length;
  const line = area.value.slice(0, area.selectionStart).split("\n").length - 1;
  const box = area.getBoundingClientRect();
  const written = box.top + (line / lines) * box.height;
  const buttons = area.closest("[data-live]")?.querySelector(".tc-buttons")?.getBoundingClientRect().bottom ?? box.bottom;
  const [top, bottom] = [view.offsetTop + HEADER, view.offsetTop + view.height];
  if (buttons > bottom) scrollBy(0, Math.min(buttons - bottom + 8, written - top));
  else if (written < top) scrollBy(0, written - top);
}
window.visualViewport?.addEventListener("resize", () => requestAnimationFrame(reveal));
