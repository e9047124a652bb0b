/** The open conversation: keeps what is shown in step with what the server tells, and the reader's place in it. */

import { byId, el } from "./dom.js";
import { show } from "./messages.js";

const EMPTY = {
  channel: "Nothing has been said here yet. Move the clock, and something will be.",
  direct: "This is your own conversation with Kinkeeper. Type / to see what you can ask; only you see the answers.",
  group: "Nothing has been said here yet.",
};

export class OpenConversation {
  #log = byId("log");
  #messages = [];
  #shown = new Map();
  #context;
  #atEnd = true;
  #held = 0; // the message that stays in view while what follows it arrives
  #place = 0; // where the page itself has scrolled to

  constructor(context) {
    this.#context = context;
    const log = this.#log;
    let before = 0;
    log.addEventListener("scroll", () => {
      if (this.#held && Math.abs(log.scrollTop - this.#place) < 2) return;
      this.#held = 0;
      if (log.scrollHeight - log.scrollTop - log.clientHeight < 60) this.#atEnd = true;
      else if (log.scrollTop < before) this.#atEnd = false; // the reader went up; else the frame has shrunk
      before = log.scrollTop;
    });
    log.addEventListener("load", () => this.#stay(), true);
    new ResizeObserver(() => this.#stay()).observe(log);
  }

  /** The newest message's id, 0 if there is none. */
  get newest() {
    return this.#messages.at(-1)?.id ?? 0;
  }

  /** Show nothing, as long as the conversation that was opened is still on its way. */
  clear() {
    this.#messages = [];
    this.#shown.clear();
    this.#atEnd = true;
    this.#held = 0;
    this.#log.setAttribute("aria-busy", "true");
    this.#log.replaceChildren();
  }

  /** The oldest message's id that is shown, 0 if there is none. */
  get oldest() {
    return this.#messages[0]?.id ?? 0;
  }

  /** Take in messages from before those that are shown; what the reader was looking at stays where it is. */
  takeEarlier(messages) {
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    const all = [...messages, ...this.#messages];
    this.#messages = [];
    this.#shown.clear();
    this.#log.replaceChildren();
    all.forEach((message) => this.#append(message));
    this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
  }

  /** Offer earlier messages at the top, or no more of them. */
  offerEarlier(fetch) {
    this.#log.querySelector(".earlier")?.remove();
    if (fetch) this.#log.prepend(el("p.earlier", {}, el("button", { type: "button", onclick: fetch }, "Show earlier messages")));
  }

  /** Take in messages that are new or were changed; a reader at the end stays at the end. */
  take(messages, kind) {
    if (messages.length) this.#log.querySelector(".empty")?.remove();
    for (const message of messages) {
      if (message.parts.length === 0) this.#remove(message);
      else if (this.#shown.has(message.id)) this.#replace(message);
      else this.#append(message);
    }
    if (this.#shown.size === 0 && !this.#log.firstChild) {
      this.#log.append(el("p.empty", {}, EMPTY[kind] ?? EMPTY.group));
    }
    this.#log.removeAttribute("aria-busy");
    this.#stay();
  }

  /** Keep a message in view while a reader at the end is shown what follows it; 0 to follow the end again. */
  hold(message) {
    this.#held = message;
    if (!message) this.#stay();
  }

  #stay() {
    const log = this.#log;
    if (!this.#atEnd) return;
    const held = this.#shown.get(this.#held);
    const end = log.scrollHeight - log.clientHeight;
    if (held) {
      const top = held.offsetTop - log.offsetTop - 8;
      log.scrollTop = Math.min(end, Math.max(top, top + held.offsetHeight + 16 - log.clientHeight));
    } else {
      log.scrollTop = end;
    }
    this.#place = log.scrollTop;
  }

  #append(message) {
    const { article, separator } = show(message, this.#messages.at(-1), this.#context);
    this.#messages.push(message);
    this.#shown.set(message.id, article);
    if (separator) this.#log.append(separator);
    this.#log.append(article);
  }

  #replace(message) {
    const place = this.#messages.findIndex((known) => known.id === message.id);
    this.#messages[place] = message;
    const old = this.#shown.get(message.id);
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.action ?? "" : null;
    const { article } = show(message, this.#messages[place - 1], this.#context);
    this.#shown.set(message.id, article);
    old.replaceWith(article);
    if (focused !== null) {
      const same = [...article.querySelectorAll("[data-action]")].find((b) => b.dataset.action === focused);
      (same ?? article).focus();
    }
  }

  /** A message was taken away: nothing of it stays, nor of a day that has no other. */
  #remove(message) {
    const article = this.#shown.get(message.id);
    if (!article) return;
    const place = this.#messages.findIndex((known) => known.id === message.id);
    this.#messages.splice(place, 1);
    this.#shown.delete(message.id);
    const separator = article.previousElementSibling;
    if (separator?.matches(".day") && !article.nextElementSibling?.matches(".message")) separator.remove();
    if (article.contains(document.activeElement)) this.#log.focus();
    article.remove();
    if (place < this.#messages.length) this.#replace(this.#messages[place]); // it may have gone on from it
  }
}
