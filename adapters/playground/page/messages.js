/** Shows messages: the bot's sentences, people's own words, buttons, files. */

import { avatar, botAvatar, el } from "./dom.js";
import { linked } from "./links.js";
import { clockTime, day, dayKey, full } from "./times.js";

/** One run of a sentence. `context` has `you`, `people` by id, `open(conversation)`, `press` and `thank(person)`. */
function run(part, context) {
  switch (part.kind) {
    case "person":
      return el(part.person === context.you ? "span.mention.mine" : "span.mention", {}, part.text);
    case "place":
      return el("button.place", { type: "button", onclick: () => context.open(part.conversation) }, part.text);
    case "moment":
      return el("time", { datetime: part.at }, part.text);
    case "code":
      return el("code", {}, part.text);
    default:
      return linked(part.text);
  }
}

/** A sentence's runs as elements and texts. */
export const runs = (list, context) => list.flatMap((part) => run(part, context));

function button(described, message, context) {
  const made = el(
    `button.${described.style}`,
    { type: "button", "data-action": described.action, onclick: () => context.press(made, message, described.action) },
    described.label.map((part) => part.text),
  );
  return made;
}

/** The small action with which the person at the page thanks somebody for what stands here; null for themselves. */
export function thankAction(person, context) {
  if (!person || person.id === context.you) return null;
  return el("button.thank", {
    type: "button", "data-thank": person.id, "aria-label": `Say thanks to ${person.name}`, onclick: () => context.thank(person.id),
  }, "Say thanks");
}

function quote(part, context) {
  const by = part.by?.person ? context.people.get(part.by.person) : null;
  const simulated = by?.simulated ? el("span.badge", {}, "simulated") : null;
  const name = part.by ? el("figcaption", {}, avatar(part.by.name, part.by.person || part.by.name), part.by.name, simulated, thankAction(by, context)) : null;
  return el("figure.quote", {}, name, el("blockquote", { dir: "auto" }, runs(part.runs, context)));
}

function piece(part, message, context) {
  switch (part.kind) {
    case "say":
      return el("p", {}, runs(part.runs, context));
    case "words":
      return el("p.words", { dir: "auto" }, runs(part.runs, context));
    case "list":
      return el("ul", {}, part.items.map((item) => el("li", {}, runs(item, context))));
    case "quote":
      return quote(part, context);
    case "asked":
      return el("p.asked", { dir: "auto" }, linked(part.text));
    case "buttons":
      return el("div.buttons", {}, part.buttons.map((described) => button(described, message, context)));
    case "picture":
      return el("a.picture", { href: `file/${part.file}`, target: "_blank", rel: "noopener" },
        el("img", { src: `file/${part.file}`, alt: part.alt, loading: "lazy" }));
    case "file":
      return el("a.file", { href: `file/${part.file}`, download: part.name },
        el("span.file-kind", { "aria-hidden": "true" }, part.name.split(".").at(-1).slice(0, 4)),
        el("span", {}, el("b", {}, part.name), el("span.file-alt", {}, part.alt)));
    default:
      return null;
  }
}

/** Whether a message goes on where the one before it stopped: same author, soon after, for the same people.

  One with buttons is a card of its own: nothing goes on from it. */
function goesOn(message, before, zone) {
  return before !== undefined
    && before.author === message.author
    && before.only_you === message.only_you
    && !message.context
    && !before.parts.some((part) => part.kind === "buttons")
    && dayKey(before.at, zone) === dayKey(message.at, zone)
    && new Date(message.at) - new Date(before.at) < 5 * 60_000;
}

/** The element of one message, and whether a new day begins with it, told by the one `before` it. */
export function show(message, before, context) {
  const author = message.author === null ? null : context.people.get(message.author);
  const name = message.author === null ? "Kinkeeper" : author?.name ?? message.author;
  const continued = goesOn(message, before, context.zone);
  const badge = message.author === null ? el("span.badge.bot", {}, "bot") : author?.simulated ? el("span.badge", {}, "simulated") : null;
  const time = el("time.at", { datetime: message.at, title: full(message.at, context.zone) }, clockTime(message.at, context.zone));
  const sign = message.author === null ? botAvatar() : avatar(name, message.author);
  const kinds = `${continued ? ".continued" : ""}${message.only_you ? ".only-you" : ""}`;
  const begins = before === undefined || dayKey(before.at, context.zone) !== dayKey(message.at, context.zone);
  const article = el(`article.message${kinds}`, { "data-id": message.id, tabindex: -1, "aria-label": `${name}, ${clockTime(message.at, context.zone)}` },
    continued ? el("span.gutter", { "aria-hidden": "true" }, clockTime(message.at, context.zone)) : sign,
    el("div.content", {},
      message.only_you ? el("p.only", {}, el("span", {}, "Only you can see this"), message.context ? el("code", {}, message.context) : null) : null,
      continued ? null : el("header", {}, el("b.author", {}, name), badge, time, thankAction(author, context)),
      message.parts.map((part) => piece(part, message, context)),
      message.edited ? el("p.edited", {}, "(edited)") : null));
  return { article, separator: begins ? el("h3.day", {}, el("span", {}, day(message.at, context.zone))) : null };
}
