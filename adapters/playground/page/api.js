/** Speaks to the playground's server. */

/** What is said of a request that never arrived. */
export const UNREACHABLE = "The playground does not answer. Is it still running?";

/** A request that was refused or never arrived; the message is for the person at the page. */
export class Problem extends Error {}

async function read(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Problem(UNREACHABLE);
  }
  if (response.ok) return response.json();
  if (response.status >= 500) {
    throw new Problem("Something went wrong on the other side. What you typed is still here; please try again.");
  }
  throw new Problem((await response.text()) || `The playground refused (${response.status}).`);
}

/** The document at a path, with query parameters. */
export function get(path, parameters = {}) {
  return read(fetch(`${path}?${new URLSearchParams(parameters)}`, { cache: "no-store" }));
}

/** Send a document to a path. */
export function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return read(fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** An id for one deed of the person at the page: the same deed sent twice has one effect. */
export function eventId() {
  return crypto.randomUUID();
}
