/** Where one types: sends on Enter, completes commands and names, brings back what was typed before. */

import { get } from "./api.js";
import { byId, el, notice } from "./dom.js";

const text = byId("text");
const list = byId("completions");

export class Composer {
  #send;
  #typedBefore = [];
  #recalled = 0;
  #active = -1;
  #asked = 0;

  /** `send(text)` resolves to whether it was taken; what was not is kept. */
  constructor(send) {
    this.#send = send;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    text.addEventListener("input", () => {
      notice("");
      this.#typed();
    });
    text.addEventListener("keydown", (event) => this.#key(event));
    text.addEventListener("blur", () => this.#close());
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, select, textarea, dialog, [contenteditable]");
      if (event.key !== "/" || event.altKey || event.metaKey || event.isComposing) return;
      if (document.querySelector("dialog[open]") || (typing && !event.ctrlKey)) return;
      event.preventDefault();
      text.focus();
    });
  }

  /** Put a text in, ready to be sent. */
  fill(value) {
    text.value = value;
    this.#fit();
    text.focus();
  }

  set placeholder(value) {
    text.placeholder = value;
  }

  async #submit() {
    const typed = text.value.trim();
    if (!typed || text.readOnly) return;
    this.#close();
    text.readOnly = true;
    try {
      if (await this.#send(typed)) {
        if (this.#typedBefore.at(-1) !== typed) this.#typedBefore.push(typed);
        text.value = "";
      }
    } finally {
      text.readOnly = false;
      this.#recalled = this.#typedBefore.length;
      this.#fit();
    }
  }

  async #typed() {
    this.#fit();
    this.#recalled = this.#typedBefore.length;
    const asked = ++this.#asked;
    const typed = text.value;
    if (!typed.startsWith("/") && !/@[\w.-]*$/.test(typed)) return this.#close();
    const { lines } = await get("complete", { typed }).catch(() => ({ lines: [] }));
    if (asked === this.#asked && document.activeElement === text) this.#open(lines.filter((line) => line !== typed));
    return undefined;
  }

  #open(lines) {
    this.#active = -1;
    text.removeAttribute("aria-activedescendant");
    list.replaceChildren(...lines.map((line, i) => el("li", {
      id: `completion-${i}`, role: "option", "aria-selected": "false", "data-line": line,
      onmousedown: (event) => { event.preventDefault(); this.begin(line); },
    }, line.trim())));
    list.hidden = lines.length === 0;
    text.setAttribute("aria-expanded", String(!list.hidden));
  }

  #close() {
    this.#asked++;
    this.#open([]);
  }

  #move(by) {
    const count = list.children.length;
    this.#active = (this.#active + by + count + (this.#active < 0 && by < 0 ? 1 : 0)) % count;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.#active)));
    text.setAttribute("aria-activedescendant", `completion-${this.#active}`);
    list.children[this.#active].scrollIntoView({ block: "nearest" });
  }

  /** Put the beginning of a text in, and offer how it may go on. */
  begin(line) {
    this.fill(line);
    this.#typed();
  }

  #key(event) {
    if (event.isComposing) return;
    const open = !list.hidden;
    const chosen = list.children[this.#active]?.dataset.line;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      this.begin(chosen ?? list.children[0].dataset.line);
    } else if (open && event.key === "Escape") {
      this.#close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      if (open && chosen) this.begin(chosen);
      else this.#submit();
    } else if (event.key === "ArrowUp" && (text.value === "" || this.#isRecalled()) && this.#recalled > 0) {
      this.#recalled--;
      this.fill(this.#typedBefore[this.#recalled]);
    } else if (event.key === "ArrowDown" && this.#isRecalled()) {
      this.#recalled++;
      this.fill(this.#typedBefore[this.#recalled] ?? "");
    } else {
      return;
    }
    event.preventDefault();
  }

  #isRecalled() {
    return text.value !== "" && text.value === this.#typedBefore[this.#recalled];
  }

  #fit() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
  }
}
