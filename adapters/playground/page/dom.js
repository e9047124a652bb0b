/** Builds elements; text only ever becomes text, never markup. */

/** An element with attributes (`on…` are listeners, `true` an empty attribute) and children (elements or texts). */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Show a sentence in the page's alert line, or take it away. */
export function notice(text) {
  const line = byId("notice");
  line.textContent = text;
  line.hidden = !text;
}

/** Tell a sentence to those who listen to the page. */
export function announce(text) {
  byId("status").textContent = text;
}

/** A round sign for a person: initials on a colour that is always theirs. */
export function avatar(name, key = name) {
  let sum = 7;
  for (const letter of key) sum = (sum * 31 + letter.codePointAt(0)) % 99991;
  const initials = name.split(/\s+/).filter(Boolean).map((word) => [...word][0]);
  const shown = (initials.length > 1 ? initials[0] + initials.at(-1) : initials[0] ?? "?").toUpperCase();
  return el(`span.avatar.hue-${sum % 10}`, { "aria-hidden": "true" }, shown);
}

/** The bot's sign. */
export function botAvatar() {
  return el("img.avatar", { src: "page/icon.svg", alt: "", width: 38, height: 38 });
}
