/** The first steps for a newcomer: each is a shortcut, ticked off when done, and all of it can be closed. */

import { byId } from "./dom.js";

const KEY = "kinkeeper-first-steps";

export class Help {
  #panel = byId("help");
  #go;
  #kept;

  /** `go` has `open(conversation)`, `composer` and `conversations()`. */
  constructor(go) {
    this.#go = go;
    this.#kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    byId("hide-help").addEventListener("click", () => this.#set(false));
    byId("show-help").addEventListener("click", () => this.#set(this.#panel.hidden));
    this.#panel.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      if (step) this.#take(step);
    });
    this.#toggle(!this.#kept.closed);
    this.#mark();
  }

  /** Take note of what is on the screen. */
  show(state, current) {
    const here = state.conversations.find((c) => c.id === current);
    if (here?.kind === "channel" && document.querySelector("#log .message")) this.#tick("read");
  }

  /** Take note of what was done: a button's action, a command, or "clock". */
  did(what) {
    if (what.startsWith("met:")) this.#tick("met");
    if (/^\/coffee\s+why\b/.test(what)) this.#tick("why");
    if (what === "clock") this.#tick("clock");
  }

  #take(step) {
    const conversations = this.#go.conversations();
    const first = (kind) => conversations.find((c) => c.kind === kind && !c.closed);
    const target = step === "read" ? first("channel") : step === "met" ? first("group") ?? first("direct") : null;
    if (target) {
      this.#go.open(target.id);
      byId("title").focus();
    }
    if (step === "why") this.#go.composer.fill("/coffee why");
    if (step === "clock") byId("travel").querySelector("button").focus();
  }

  #tick(step) {
    if (this.#kept[step]) return;
    this.#kept[step] = true;
    this.#keep();
    this.#mark();
  }

  #mark() {
    for (const button of this.#panel.querySelectorAll("[data-step]")) {
      const done = Boolean(this.#kept[button.dataset.step]);
      button.classList.toggle("done", done);
      if (done) button.setAttribute("aria-description", "done");
    }
    const all = [...this.#panel.querySelectorAll("[data-step]")].every((button) => button.classList.contains("done"));
    byId("help-title").textContent = all ? "That was the tour. Close this whenever you like." : "New here? Try this";
  }

  #set(open) {
    this.#kept.closed = !open;
    this.#keep();
    this.#toggle(open);
    byId("show-help").focus();
  }

  #toggle(open) {
    this.#panel.hidden = !open;
    byId("show-help").setAttribute("aria-expanded", String(open));
  }

  #keep() {
    localStorage.setItem(KEY, JSON.stringify(this.#kept));
  }
}
