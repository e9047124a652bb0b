/** Finds web addresses in a text; text only ever becomes text or a link that shows exactly its text. */

import { el } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"“”]+/gi;

/** An address without the punctuation that ends the sentence it stands in. */
function trimmed(found) {
  let address = found.replace(/[.,;:!?'’…]+$/, "");
  while (/[)\]]$/.test(address)) {
    const close = address.at(-1);
    const open = close === ")" ? "(" : "[";
    if (address.split(open).length >= address.split(close).length) break;
    address = address.slice(0, -1).replace(/[.,;:!?'’…]+$/, "");
  }
  return address;
}

/** The texts and links that a text is made of, in order. */
export function linked(text) {
  const made = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const shown = trimmed(found[0]);
    const address = URL.canParse(shown) ? new URL(shown) : null;
    if (!address?.hostname || !["http:", "https:"].includes(address.protocol)) continue;
    made.push(text.slice(from, found.index),
      el("a.link", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, shown));
    from = found.index + shown.length;
  }
  return [...made, text.slice(from)].filter((part) => part !== "");
}
