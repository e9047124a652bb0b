/** The fields of a form: texts, days, one of several, people; each knows what is typed in it. */

import { el } from "./dom.js";

const MANY_PEOPLE = 10; // from so many on there is a box to find them by
const ROW_OPTIONS = 11;
const ROW_LETTERS = 48; // as many of all labels together fit a row to choose from
const NEAR_THE_LIMIT = 0.8;
const NO_ANSWER = "no answer";

/** Whether the options stand in a row to choose from, not in a list that has to be opened. */
const inRow = (field) => field.options.length > 0 && field.options.length <= ROW_OPTIONS
  && field.options.reduce((sum, option) => sum + option.label.length + 3, 0) <= ROW_LETTERS;

const isGroup = (field) => (field.kind === "people" && field.many) || (field.kind === "choice" && inRow(field));

function group(role, field, children) {
  const id = `field-${field.name}`;
  return el("div", {
    id, role, tabindex: -1, class: role === "radiogroup" ? "row" : "choices",
    "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-about`,
  }, children);
}

function option(type, field, value, label, checked) {
  return el("label", {}, el("input", { type, name: field.name, value, checked, required: type === "radio" && field.required }),
    el("span", {}, label));
}

function choice(field, shared) {
  const none = field.required ? [] : [{ value: "", label: NO_ANSWER }];
  if (inRow(field)) {
    return group("radiogroup", field, [...field.options, ...none].map((o) =>
      option("radio", field, o.value, o.label, o.value === field.value)));
  }
  return el("select", shared, el("option", { value: "" }, field.required ? "Choose …" : NO_ANSWER),
    field.options.map((o) => el("option", { value: o.value, selected: o.value === field.value }, o.label)));
}

function somebody(field, shared, people) {
  return el("select", shared, el("option", { value: "" }, "Choose …"),
    people.map((p) => el("option", { value: p.id, selected: field.value.includes(p.id) }, p.name)));
}

/** A box to tick for each; those that are ticked are named above, where each can be taken out again. */
function several(field, people) {
  const boxes = people.map((p) => option("checkbox", field, p.id, p.name, field.value.includes(p.id)));
  const chosen = el("p.chosen", { "aria-live": "polite" });
  const list = group("group", field, boxes);
  const input = (box) => box.querySelector("input");
  const name = (box) => box.textContent;
  function tell() {
    const ticked = boxes.filter((box) => input(box).checked);
    chosen.hidden = people.length < MANY_PEOPLE || !ticked.length;
    chosen.replaceChildren(...ticked.map((box) => el("button.chip", {
      type: "button", "aria-label": `Take ${name(box)} out`,
      onclick: () => { input(box).checked = false; input(box).focus(); tell(); },
    }, name(box), el("span", { "aria-hidden": "true" }, " ×"))));
  }
  list.addEventListener("change", tell);
  tell();
  if (people.length < MANY_PEOPLE) return [list];
  const find = el("input.find", {
    type: "text", placeholder: "Find by name", "aria-label": `${field.label}: find by name`, maxlength: 80,
    onkeydown: (event) => {
      if (event.key !== "Enter") return; // the one that was found; the form is not sent by this
      event.preventDefault();
      const found = boxes.filter((box) => !box.hidden);
      if (!find.value.trim() || found.length !== 1) return;
      input(found[0]).checked = true;
      find.value = "";
      tell();
      find.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const none = el("p.hint", { hidden: true }, "Nobody is called that.");
  function show() {
    const wanted = find.value.trim().toLowerCase();
    for (const box of boxes) box.hidden = !name(box).toLowerCase().includes(wanted);
    none.hidden = boxes.some((box) => !box.hidden);
  }
  find.addEventListener("input", show);
  list.append(none);
  return [chosen, find, list];
}

function text(field, shared) {
  const limits = { ...shared, maxlength: field.max_length, dir: "auto" };
  return field.long
    ? el("textarea", { ...limits, rows: 4 }, field.value)
    : el("input", { ...limits, type: "text", value: field.value });
}

/** How many characters may follow, told once the end is near. */
function counter(field, box) {
  const line = el("span.left");
  const tell = () => {
    const left = field.max_length - box.value.length;
    line.textContent = box.value.length < field.max_length * NEAR_THE_LIMIT ? ""
      : left === 1 ? "1 character left" : `${left} characters left`;
  };
  box.addEventListener("input", tell);
  tell();
  return line;
}

/** A field with its label, its hint and a place for what is wrong. `tomorrow` is the first day that can be chosen. */
export function row(field, { people, tomorrow }) {
  const id = `field-${field.name}`;
  const shared = { id, name: field.name, required: field.required, "aria-describedby": `${id}-about` };
  const controls = field.kind === "date"
    ? [el("input", { ...shared, type: "date", value: field.value, min: field.value && field.value < tomorrow ? field.value : tomorrow })]
    : field.kind === "choice" ? [choice(field, shared)]
    : field.kind === "people" ? (field.many ? several(field, people) : [somebody(field, shared, people)])
    : [text(field, shared)];
  const optional = field.required ? null : el("span.optional", {}, " (may be left out)");
  return el("div.field", { "data-field": field.name },
    isGroup(field) ? el("p.label", { id: `${id}-label` }, field.label, optional) : el("label.label", { for: id }, field.label, optional),
    controls,
    el("p.about", { id: `${id}-about` }, el("span.error", {}), field.hint ? el("span.hint", {}, field.hint) : null,
      field.kind === "text" && field.long ? counter(field, controls[0]) : null));
}

/** What is typed in a form now, by field name; people as mentions. */
export function typed(form, fields) {
  const data = new FormData(form);
  return Object.fromEntries(fields.map((field) => {
    const values = data.getAll(field.name).filter(Boolean);
    return [field.name, field.kind === "people" ? values.map((id) => `<@${id}>`).join(" ") : values.join("")];
  }));
}
