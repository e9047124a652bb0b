/** Shows a form as a dialog, keeps what is typed until it is accepted, and shows errors at their fields. */

import { Problem, eventId, post } from "./api.js";
import { byId, el } from "./dom.js";
import { row, typed } from "./fields.js";
import { runs } from "./messages.js";
import { nextDay } from "./times.js";

const dialog = byId("dialog");

/** Where to begin: the first field that nothing was typed in yet, else the first. */
function first(form) {
  const lines = [...form.querySelectorAll("[data-field]")];
  const isBegun = (input) => input.value !== "" && (input.checked || !["checkbox", "radio"].includes(input.type));
  const begun = (line) => [...line.querySelectorAll("input, textarea, select")].some(isBegun);
  const line = lines.find((one) => !begun(one)) ?? lines[0];
  return line?.querySelector("input:checked") ?? line?.querySelector("input, textarea, select");
}

function clearError(line) {
  line.querySelector(".error").textContent = "";
  line.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
}

function showErrors(form, errors) {
  let first = null;
  for (const line of form.querySelectorAll("[data-field]")) {
    const error = errors[line.dataset.field] ?? "";
    line.querySelector(".error").textContent = error;
    const input = line.querySelector("input:checked, textarea, select") ?? line.querySelector("input");
    const target = line.querySelector("[role=group], [role=radiogroup]") ?? input;
    if (error) target.setAttribute("aria-invalid", "true");
    else target.removeAttribute("aria-invalid");
    if (error && !first) first = input;
  }
  const known = new Set([...form.querySelectorAll("[data-field]")].map((line) => line.dataset.field));
  const others = Object.entries(errors).filter(([name]) => !known.has(name)).map(([, error]) => error);
  form.querySelector(".form-error").textContent = others.join(" ");
  (first ?? form.querySelector("[type=submit]")).focus();
}

/** Ask for what a form wants; resolves when it is accepted (true) or given up (false).

  `context` is the messages', and `people` are those who can be chosen. */
export function ask(asked, { conversation, people, now, zone, context }) {
  const tomorrow = nextDay(now, zone);
  return new Promise((resolve) => {
    const before = document.activeElement;
    const send = el("button.primary", { type: "submit" }, asked.submit);
    const form = el("form", { autocomplete: "off" },
      el("h2", { id: "dialog-title" }, asked.title),
      asked.intro.length ? el("p.intro", { id: "dialog-intro" }, runs(asked.intro, context)) : null,
      asked.fields.map((field) => row(field, { people, tomorrow })),
      el("p.form-error.error", { role: "alert" }),
      el("div.actions", {}, el("button.plain", { type: "button", onclick: () => dialog.close() }, "Cancel"), send));
    let accepted = false;
    let next = null;
    form.addEventListener("input", (event) => {
      const line = event.target.closest("[data-field]");
      if (line) clearError(line);
      form.querySelector(".form-error").textContent = "";
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (send.disabled) return;
      const values = typed(form, asked.fields);
      const missing = asked.fields.filter((f) => f.required && f.many && !values[f.name]);
      if (missing.length) {
        showErrors(form, Object.fromEntries(missing.map((f) => [f.name, "Please choose at least one person."])));
        return;
      }
      send.disabled = true;
      send.setAttribute("aria-busy", "true");
      let answer;
      try {
        answer = await post("submit", { event_id: eventId(), conversation, action: asked.action, values });
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        answer = { errors: { "": problem.message } };
      } finally {
        send.disabled = false;
        send.removeAttribute("aria-busy");
      }
      if (answer.errors) {
        showErrors(form, answer.errors);
        return;
      }
      accepted = true;
      next = answer.form ?? null;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      if (before?.isConnected) before.focus();
      resolve(next ? ask(next, { conversation, people, now, zone, context }) : accepted);
    }, { once: true });
    dialog.replaceChildren(form);
    if (asked.intro.length) dialog.setAttribute("aria-describedby", "dialog-intro");
    else dialog.removeAttribute("aria-describedby");
    dialog.showModal();
    first(form)?.focus();
  });
}
