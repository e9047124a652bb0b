/** The first steps for a newcomer: each is a shortcut, ticked off when done, and all of it can be closed. */

import { byId } from "./dom.js";

const KEY = "kinkeeper-first-steps";
const A_MOMENT = 1500; // milliseconds a conversation is on the screen until it counts as read

export class Help {
  #panel = byId("help");
  #steps = [...byId("help").querySelectorAll("[data-step]")];
  #go;
  #kept;
  #reading = null;
  #shown = "";

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
    this.#steps.forEach((button, i) => { button.dataset.number = String(i + 1); });
    this.#toggle(!this.#kept.closed);
    this.#mark();
  }

  /** Take note of what is on the screen. */
  show(current) {
    const first = this.#toRead();
    const [label, about] = first?.kind === "group"
      ? ["Read the introduction", `of you and ${first.title}`] : ["Read the bot’s hello", "in the channel it came to"];
    const button = this.#steps[0];
    button.querySelector("b").textContent = label;
    button.querySelector("span").textContent = about;
    const reads = first !== undefined && document.querySelector("#log .message") !== null
      && this.#go.conversations().find((c) => c.id === current)?.kind === first.kind;
    const shown = reads ? current : "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    clearTimeout(this.#reading);
    if (reads && !this.#kept.read) this.#reading = setTimeout(() => this.#read(), A_MOMENT);
  }

  /** Take note of what was done: the action of a button or of a form that was taken, a command, or "clock". */
  did(what) {
    if (what.startsWith("met:")) this.#tick("met");
    if (/^\/coffee\s+why\b/.test(what)) this.#tick("why");
    if (/^thanks\b|^\/thanks\s+\S/.test(what)) this.#tick("thanks");
    if (what.startsWith("answer:")) this.#tick("answer");
    if (what === "clock") this.#tick("clock");
  }

  #read() {
    if (document.visibilityState === "visible") this.#tick("read");
    else this.#reading = setTimeout(() => this.#read(), A_MOMENT);
  }

  /** The conversation with the first thing to read: a group, if there is one. */
  #toRead() {
    const open = this.#go.conversations().filter((c) => !c.closed);
    return open.find((c) => c.kind === "group") ?? open.find((c) => c.kind === "channel");
  }

  async #take(step) {
    const direct = this.#go.conversations().find((c) => c.kind === "direct");
    const group = this.#go.conversations().find((c) => c.kind === "group" && !c.closed);
    const target = { read: this.#toRead(), met: group ?? direct, answer: direct }[step];
    if (target) {
      await this.#go.open(target.id);
      byId("title").focus();
      [...document.querySelectorAll(`#log [data-action^="${step}:"]`)].at(-1)?.focus();
    }
    if (step === "why") this.#go.composer.fill("/coffee why");
    if (step === "thanks") this.#go.composer.begin("/thanks @");
    if (step === "clock") byId("travel").querySelector("button").focus();
  }

  #tick(step) {
    if (this.#kept[step]) return;
    this.#kept[step] = true;
    this.#keep();
    this.#mark();
  }

  #mark() {
    const next = this.#steps.find((button) => !this.#kept[button.dataset.step]);
    for (const button of this.#steps) {
      const done = Boolean(this.#kept[button.dataset.step]);
      button.classList.toggle("done", done);
      button.parentElement.classList.toggle("next", button === next);
      if (done) button.setAttribute("aria-description", "done");
    }
    this.#panel.classList.toggle("all-done", next === undefined);
    byId("help-title").textContent = next ? "New here? Try this" : "That was the tour. Close this whenever you like.";
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
