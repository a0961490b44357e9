// Elements, and the few parts that every page uses. No HTML strings: what comes from a topic stays text.

const SVG = "http://www.w3.org/2000/svg";
const sprite = new URL("icons.svg", import.meta.url).pathname;

/** An element; props beginning with "on" are listeners, null and false leave an attribute out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") {
      element[name] = value;
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  return svg("svg", { "aria-hidden": "true" }, svg("use", { href: `${sprite}#${name}` }));
}

function wave() {
  return svg("svg", { class: "wave", viewBox: "0 0 44 22", "aria-hidden": "true" },
    svg("path", { d: "M3 8c6-6 13-6 19 0s13 6 19 0M3 16c6-6 13-6 19 0s13 6 19 0", fill: "none", stroke: "currentColor", "stroke-width": "3", "stroke-linecap": "round" }));
}

export function loading(what) {
  return h("div", { class: "state loading", "aria-busy": "true" }, wave(), h("p", {}, what));
}

export function empty(title, text, ...actions) {
  return h("div", { class: "state" }, wave(), h("strong", {}, title), text ? h("p", {}, text) : null, ...actions);
}

/** A failure, with what to do: nothing is hidden behind "something went wrong". */
export function failed(error, retry) {
  return h("div", { class: "state", role: "alert" }, wave(), h("strong", {}, "That did not work"), h("p", {}, String(error.message ?? error)),
    retry ? h("button", { type: "button", onclick: retry }, "Try again") : null);
}

export function notice(kind, text) {
  return h("p", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, text);
}

export function badge(kind, text, dot) {
  return h("span", { class: `badge ${kind}` }, dot ? h("span", { class: `dot ${dot === "live" ? "live" : ""}` }) : null, text);
}

let ids = 0;

/** A labelled control. */
export function field(label, control, hint) {
  control.id ||= `f${++ids}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint ? h("span", { class: "hint" }, hint) : null);
}

export function select(options, value, props) {
  const element = h("select", props, options.map(([v, text]) => h("option", { value: v }, text)));
  element.value = value;
  return element;
}

export function toast(text, kind = "") {
  const element = h("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), kind === "bad" ? 9000 : 4500);
}

/** A dialog that is gone when it is closed. Escape closes it, as a dialog does by itself. */
export function openDialog(title, body, buttons) {
  const close = () => dialog.close();
  const dialog = h("dialog", { "aria-label": title },
    h("form", { method: "dialog", onsubmit: (event) => event.preventDefault() },
      h("header", {}, h("h2", {}, title), h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "body" }, body),
      h("footer", {}, h("button", { type: "button", onclick: close }, "Cancel"), buttons)));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".body input, .body select, footer .primary")?.focus();
  return dialog;
}

/** Asks for a name to be typed before what cannot be undone. */
export function confirmTyped({ title, text, name, action, run }) {
  const input = h("input", { autocomplete: "off", spellcheck: "false", "aria-describedby": "confirm-hint", autofocus: true });
  const button = h("button", { type: "submit", class: "danger primary", disabled: true }, action);
  const problem = h("div");
  input.addEventListener("input", () => { button.disabled = input.value !== name; });
  const dialog = openDialog(title, [h("p", { id: "confirm-hint" }, text), field(`Type ${name} to confirm`, input), problem], [button]);
  dialog.querySelector("form").addEventListener("submit", async () => {
    if (button.disabled) {
      return;
    }
    button.disabled = true;
    try {
      await run();
      dialog.close();
    } catch (error) {
      problem.replaceChildren(notice("bad", error.message));
      button.disabled = false;
    }
  });
}

export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard but the old one.
    const area = h("textarea", { value: text, "aria-hidden": "true" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(said);
}
