/** The playground's page: asks the server what there is, shows it, and hands over what the person at it does. */

import { Problem, UNREACHABLE, eventId, get, post } from "./api.js";
import { Composer } from "./composer.js";
import { OpenConversation } from "./conversation.js";
import { ask } from "./dialog.js";
import { announce, byId, el, notice } from "./dom.js";
import { Help } from "./help.js";
import { arrive, look, sawHere, setOut } from "./journey.js";
import { drawer, showConversations, titles, showPeople, watchDrawer } from "./sidebar.js";
import { dayMonth, full, short } from "./times.js";

let state = null;
let current = decodeURIComponent(location.hash.slice(1));
let revision = 0;
let loaded = ""; // the conversation whose messages are all here
let refreshing = null;
let again = false;
let pinned = "";

const context = {
  get you() { return state.you; },
  get zone() { return state.zone; },
  people: new Map(),
  open,
  press,
  thank,
};
const conversation = new OpenConversation(context);
const composer = new Composer(send);
const help = new Help({ open, composer, conversations: () => state?.conversations ?? [] });

/** Do something that asks the server; what it refuses is shown. */
async function attempt(deed) {
  notice("");
  try {
    return await deed();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice(problem.message);
    return null;
  }
}

/** Ask what is new and show it; while that is under way, further calls ask once more. */
function refresh() {
  if (refreshing) {
    again = true;
    return refreshing;
  }
  refreshing = (async () => {
    try {
      do {
        again = false;
        const wanted = current;
        const read = await get("state", { conversation: wanted, after: revision });
        if (wanted === current) update(read);
        else again = true;
      } while (again);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      notice(problem.message);
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

function update(read) {
  const before = state;
  state = read;
  context.people = new Map(read.people.map((p) => [p.id, p]));
  const isSomebodyElse = before !== null && before.you !== read.you;
  if (!read.conversations.some((c) => c.id === current)) {
    const kind = before?.conversations.find((c) => c.id === current)?.kind;
    const same = read.conversations.find((c) => kind === "direct" && c.kind === kind);
    return open((same ?? firstToRead(read.conversations)).id);
  }
  if (isSomebodyElse) return reopen();
  if (read.messages) {
    const kind = read.conversations.find((c) => c.id === current).kind;
    const arrived = read.messages.filter((m) => m.id > conversation.newest && m.author !== read.you);
    if (loaded === current) sawHere(arrived.length);
    loaded = current;
    if (revision === 0 || read.messages.length) conversation.take(read.messages, kind);
    if (revision === 0 && read.earlier) conversation.offerEarlier(showEarlier);
    revision = read.revision;
  }
  showAll(before);
  return undefined;
}

/** What to open first: the newest introduction that is unread, else the channel. */
function firstToRead(conversations) {
  return conversations.find((c) => c.kind === "group" && c.unread && !c.closed)
    ?? conversations.find((c) => c.kind === "channel" && c.unread) ?? conversations[0];
}

async function showEarlier() {
  const where = current;
  const read = await attempt(() => get("state", { conversation: where, before: conversation.oldest }));
  if (!read || where !== current) return;
  conversation.takeEarlier(read.messages);
  conversation.offerEarlier(read.earlier ? showEarlier : null);
}

/** Everything is to be asked for anew. */
function reopen() {
  revision = 0;
  loaded = "";
  again = true;
  conversation.clear();
}

function showAll(before) {
  const here = state.conversations.find((c) => c.id === current);
  const count = here.kind === "channel" ? state.people.length : here.people.length;
  byId("title").textContent = here.kind === "channel" ? `#${here.title}` : here.title;
  const since = here.kind === "group" && here.began ? ` · since ${dayMonth(here.began, state.zone)}` : "";
  byId("about").textContent = here.kind === "direct" ? "just you and the bot" : `${count} people and the bot${since}${here.closed ? " · over" : ""}`;
  document.title = `${byId("title").textContent} · Kinkeeper playground`;
  composer.placeholder = here.kind === "channel" ? `Message #${here.title}, or type /` : "Write something, or type /";
  if (here.unread && document.visibilityState === "visible" && conversation.newest) {
    here.unread = 0;
    post("read", { conversation: current, message: conversation.newest }).catch(() => {});
  }
  showConversations(state.conversations, { open, current, you: state.you, titles: titles(state.conversations, state.zone) });
  showPeople(state.people, {
    context, now: state.now,
    change: (person, flags) => attempt(() => post("person", { person, ...flags })),
  });
  byId("colleagues").checked = state.colleagues;
  const names = state.people.map((p) => `${p.id}:${p.name}`).join();
  if (pinned !== names) {
    pinned = names;
    byId("you").replaceChildren(...state.people.map((p) => el("option", { value: p.id }, p.name)));
  }
  byId("you").value = state.you;
  showClock(before);
  help.show(current);
}

function showClock(before) {
  const { travel } = state;
  byId("now").textContent = full(state.now, state.zone, state.zone_name);
  byId("now").dateTime = state.now;
  byId("next").textContent = travel.under_way ? "on the way …" : travel.next ? `next: ${short(travel.next, state.zone)}` : "";
  byId("travel").hidden = !travel.possible;
  byId("journey").hidden = !travel.under_way;
  const focused = document.activeElement;
  for (const button of byId("travel").children) {
    button.setAttribute("aria-disabled", String(travel.under_way));
  }
  if (focused?.dataset.travel) focused.focus();
  if (travel.trouble && travel.trouble !== before?.travel.trouble) notice(travel.trouble);
  if (before?.travel.under_way && !travel.under_way) {
    announce(`It is now ${full(state.now, state.zone, state.zone_name)}.`);
    arrive(state, current);
  }
}

/** Show a conversation; resolves when its messages are here. */
async function open(id) {
  let here = null;
  if (id !== current) {
    current = id;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    reopen();
    notice("");
    look();
    here = refresh();
  }
  if (document.body.classList.contains("drawer-open")) {
    drawer(false);
    byId("title").focus();
  }
  await here;
}

/** Show what an answer asks for; whether what was done was taken. */
async function follow(answer, where) {
  if (!answer) return false;
  if (answer.problem || answer.errors) {
    notice(answer.problem ?? Object.values(answer.errors).join(" "));
    return false;
  }
  if (!answer.form) return true;
  const others = state.people.filter((p) => p.id !== state.you);
  ask(answer.form, { conversation: where, people: others, now: state.now, zone: state.zone, context })
    .then((accepted) => accepted && help.did(answer.form.action));
  return true;
}

async function send(text) {
  const path = text.startsWith("/") ? "command" : "say";
  if (!state) await refresh(); // typed faster than the page could open a conversation
  const where = current;
  conversation.hold(0);
  const answer = await attempt(() => post(path, { event_id: eventId(), conversation: where, text }));
  const taken = await follow(answer, where);
  if (taken && path === "command") help.did(text);
  return taken;
}

async function press(button, message, action) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const where = current;
  conversation.hold(message.id);
  try {
    const answer = await attempt(() => post("press", { event_id: eventId(), message: message.id, action }));
    if (await follow(answer, where) && !answer.form) {
      help.did(action);
      button.classList.add("did");
    }
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Pick "Say thanks" from the menu of a person. */
async function thank(person) {
  const where = current;
  await follow(await attempt(() => post("shortcut", { event_id: eventId(), conversation: where, name: "thanks", person })), where);
}

function listen() {
  const events = new EventSource("events");
  events.addEventListener("changed", refresh);
  events.addEventListener("heartbeat", (event) => {
    if (!state) return;
    state.now = JSON.parse(event.data).now;
    showClock(state);
  });
  events.addEventListener("open", () => {
    document.body.classList.remove("offline");
    if (byId("notice").textContent === UNREACHABLE) notice("");
  });
  events.addEventListener("error", () => document.body.classList.add("offline"));
}

function togglePeople(open) {
  byId("people").hidden = !open;
  byId("show-people").setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("people-open", open);
  (open ? byId("hide-people") : byId("show-people")).focus();
}

byId("you").addEventListener("change", (event) => attempt(() => post("you", { person: event.target.value })));
byId("colleagues").addEventListener("change", (event) => attempt(() => post("colleagues", { on: event.target.checked })));
byId("show-people").addEventListener("click", () => togglePeople(byId("people").hidden));
byId("hide-people").addEventListener("click", () => togglePeople(false));
byId("people").addEventListener("keydown", (event) => event.key === "Escape" && togglePeople(false));
byId("travel").addEventListener("click", (event) => {
  const by = event.target.dataset.travel;
  if (!by || state.travel.under_way) return;
  conversation.hold(0);
  setOut(state, current);
  state.travel.under_way = true;
  showClock(state);
  help.did("clock");
  attempt(() => post("travel", { by })).then((answer) => answer ?? refresh());
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
watchDrawer();
listen();
