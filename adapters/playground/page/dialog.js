/** Shows a form as a dialog, keeps what is typed until it is accepted, and shows errors at their fields. */

import { Problem, eventId, post } from "./api.js";
import { byId, el } from "./dom.js";
import { nextDay } from "./times.js";

const dialog = byId("dialog");

function control(field, { people, tomorrow }) {
  const id = `field-${field.name}`;
  const shared = { id, name: field.name, required: field.required, "aria-describedby": `${id}-about` };
  switch (field.kind) {
    case "date":
      return el("input", { ...shared, type: "date", value: field.value, min: field.value && field.value < tomorrow ? field.value : tomorrow });
    case "choice":
      return el("select", shared, el("option", { value: "" }, "Choose …"),
        field.options.map((o) => el("option", { value: o.value, selected: o.value === field.value }, o.label)));
    case "people":
      if (!field.many) {
        return el("select", shared, el("option", { value: "" }, "Choose …"),
          people.map((p) => el("option", { value: p.id, selected: field.value.includes(p.id) }, p.name)));
      }
      return el("div.choices", { id, role: "group", tabindex: -1, "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-about` },
        people.map((p) => el("label", {}, el("input", { type: "checkbox", name: field.name, value: p.id, checked: field.value.includes(p.id) }), p.name)));
    default: {
      const limits = { ...shared, maxlength: field.max_length, dir: "auto" };
      return field.long
        ? el("textarea", { ...limits, rows: 4 }, field.value)
        : el("input", { ...limits, type: "text", value: field.value });
    }
  }
}

function row(field, context) {
  const id = `field-${field.name}`;
  const optional = field.required ? null : el("span.optional", {}, " (may be left out)");
  const many = field.kind === "people" && field.many;
  return el("div.field", { "data-field": field.name },
    many ? el("p.label", { id: `${id}-label` }, field.label, optional) : el("label.label", { for: id }, field.label, optional),
    control(field, context),
    el("p.about", { id: `${id}-about` }, el("span.error", {}), field.hint ? el("span.hint", {}, field.hint) : null));
}

/** What is typed now, by field name; people as mentions. */
function typed(form, asked) {
  const data = new FormData(form);
  return Object.fromEntries(asked.fields.map((field) => {
    const values = data.getAll(field.name).filter(Boolean);
    return [field.name, field.kind === "people" ? values.map((id) => `<@${id}>`).join(" ") : values.join("")];
  }));
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
    const input = line.querySelector("input, textarea, select");
    const target = line.querySelector("[role=group]") ?? input;
    if (error) target.setAttribute("aria-invalid", "true");
    else target.removeAttribute("aria-invalid");
    if (error && !first) first = input;
  }
  const known = new Set([...form.querySelectorAll("[data-field]")].map((line) => line.dataset.field));
  const others = Object.entries(errors).filter(([name]) => !known.has(name)).map(([, error]) => error);
  form.querySelector(".form-error").textContent = others.join(" ");
  (first ?? form.querySelector("[type=submit]")).focus();
}

/** Ask for what a form wants; resolves when it is accepted (true) or given up (false). */
export function ask(asked, { conversation, people, now, zone }) {
  const tomorrow = nextDay(now, zone);
  return new Promise((resolve) => {
    const before = document.activeElement;
    const send = el("button.primary", { type: "submit" }, asked.submit);
    const form = el("form", { autocomplete: "off" },
      el("h2", { id: "dialog-title" }, asked.title),
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
      const values = typed(form, asked);
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
      resolve(next ? ask(next, { conversation, people, now, zone }) : accepted);
    }, { once: true });
    dialog.replaceChildren(form);
    dialog.showModal();
    form.querySelector("input, textarea, select")?.focus();
  });
}
