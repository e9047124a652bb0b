/** Tells in a line what a journey through time has brought. */

import { byId } from "./dom.js";
import { weekdayTime } from "./times.js";

let under = null;

const elsewhere = (state, current) =>
  state.conversations.reduce((sum, c) => sum + (c.id === current ? 0 : c.unread), 0);

/** A journey begins: remember what is unread in the conversations that are not open. */
export function setOut(state, current) {
  under = { at: state.now, zone: state.zone, you: state.you, unread: elsewhere(state, current), here: 0 };
  byId("news").textContent = "";
}

/** What it brought is being looked at: the line goes. */
export function look() {
  byId("news").textContent = "";
}

/** Messages of others arrived in the open conversation. */
export function sawHere(count) {
  if (under) under.here += count;
}

/** The journey is over: say what it brought, or that it brought nothing. */
export function arrive(state, current) {
  if (!under) return;
  const { at, zone, you, unread, here } = under;
  under = null;
  if (you !== state.you) return;
  const count = here + Math.max(0, elsewhere(state, current) - unread);
  byId("news").textContent = count === 0 ? `Nothing for you since ${weekdayTime(at, zone)}`
    : count === 1 ? "1 new message for you" : `${count} new messages for you`;
}
