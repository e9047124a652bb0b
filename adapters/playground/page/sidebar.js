/** The list of conversations, which on a narrow screen is a drawer, and the panel of people and settings. */

import { avatar, byId, el } from "./dom.js";
import { thankAction } from "./messages.js";
import { clockTime, dayMonth } from "./times.js";

const sidebar = byId("sidebar");
const narrow = matchMedia("(max-width: 760px)");

/** What to call each conversation in the list: groups of the same people get the day they began. */
export function titles(conversations, zone) {
  const groups = conversations.filter((c) => c.kind === "group");
  const shared = (title) => groups.filter((c) => c.title === title).length > 1;
  return new Map(conversations.map((c) =>
    [c.id, c.kind === "group" && c.began && shared(c.title) ? `${c.title} · ${dayMonth(c.began, zone)}` : c.title]));
}

function item(conversation, { open, current, you, titles: named }) {
  const mark = conversation.kind === "channel" ? el("span.hash", { "aria-hidden": "true" }, "#")
    : conversation.kind === "direct" ? el("img.mini", { src: "page/icon.svg", alt: "", width: 20, height: 20 })
    : avatar(conversation.title.split(", ")[0] || "?", conversation.people.find((p) => p !== you));
  const unread = conversation.unread
    ? el("span.count", {}, String(conversation.unread), el("span.unseen", {}, " unread")) : null;
  return el("li", {}, el("button", {
    type: "button", "data-conversation": conversation.id,
    "aria-current": conversation.id === current ? "true" : null,
    class: conversation.unread ? "unread" : null,
    onclick: () => open(conversation.id),
  }, mark, el("span.name", { title: named.get(conversation.id) }, named.get(conversation.id)), unread));
}

let listed = "";

/** Fill the lists, keeping the focus where it was. */
export function showConversations(conversations, how) {
  const { current, you } = how;
  const news = JSON.stringify([conversations, current, you]);
  if (news === listed) return; // built anew under somebody's finger, a button would miss the press
  listed = news;
  const focused = document.activeElement?.dataset?.conversation;
  const fill = (id, wanted) => byId(id).replaceChildren(...conversations.filter(wanted).map((c) => item(c, how)));
  fill("channels", (c) => c.kind === "channel");
  fill("direct", (c) => c.kind === "direct");
  fill("groups", (c) => c.kind === "group" && !c.closed);
  fill("closed-groups", (c) => c.kind === "group" && c.closed);
  byId("earlier").hidden = !conversations.some((c) => c.kind === "group" && c.closed);
  if (!byId("groups").children.length) byId("groups").append(el("li.none", {}, "None yet. The first coffee opens one."));
  byId("unread-elsewhere").hidden = !conversations.some((c) => c.unread && c.id !== current);
  if (focused) sidebar.querySelector(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
}

/** Open or close the drawer; on a wide screen the list is always there. */
export function drawer(open) {
  const shown = open && narrow.matches;
  document.body.classList.toggle("drawer-open", shown);
  sidebar.inert = narrow.matches && !shown;
  byId("scrim").hidden = !shown;
  byId("open-sidebar").setAttribute("aria-expanded", String(shown));
  if (shown) (sidebar.querySelector("[aria-current]") ?? byId("close-sidebar"))?.focus();
}

/** Make the drawer's buttons work. */
export function watchDrawer() {
  drawer(false);
  narrow.addEventListener("change", () => drawer(false));
  byId("open-sidebar").addEventListener("click", () => drawer(!document.body.classList.contains("drawer-open")));
  const close = () => {
    drawer(false);
    byId("open-sidebar").focus();
  };
  byId("scrim").addEventListener("click", close);
  byId("close-sidebar").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("drawer-open")) close();
  });
}

let peopleShown = "";

/** Fill the panel of people; `change(person, flags)` is called when a switch is used. */
export function showPeople(people, { context, now, change }) {
  const { you } = context;
  const news = JSON.stringify([people, you, clockTime(now, "UTC")]);
  if (news === peopleShown) return; // built anew under somebody's finger, a switch would miss the press
  peopleShown = news;
  const held = document.activeElement?.dataset ?? {};
  const flag = (person, name, label) => el("label.switch", {},
    el("input", {
      type: "checkbox", role: "switch", checked: person[name], "data-switch": `${person.id}:${name}`,
      "aria-label": `${person.name}: ${label}`,
      onchange: (event) => change(person.id, { [name]: event.target.checked }),
    }), el("span", {}, label));
  byId("residents").replaceChildren(...people.map((person) => el("li.resident", {},
    avatar(person.name, person.id),
    el("div", {},
      el("p.resident-name", {}, el("b", {}, person.name),
        person.id === you ? el("span.badge.bot", {}, "you") : null,
        person.simulated ? el("span.badge", {}, "simulated") : null,
        person.admin ? el("span.badge", {}, "admin") : null,
        thankAction(person, context)),
      el("p.hint", {}, `@${person.id} · ${person.timezone ?? "zone unknown"} · ${clockTime(now, person.timezone ?? "UTC")}`,
        person.away_now && !person.away ? " · away this week" : ""),
      flag(person, "closed", "cannot be reached by DM"),
      flag(person, "away", "is away")))));
  for (const name of ["switch", "thank"]) {
    if (held[name]) byId("residents").querySelector(`[data-${name}="${CSS.escape(held[name])}"]`)?.focus();
  }
}
