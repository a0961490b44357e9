// One message: a line, and all of it when it is opened.

import { asNumber, decode, ExactNumber, hexDump } from "../decode.js";
import { badge, copy, h, icon } from "../dom.js";
import { bytes, moment, NONE } from "../format.js";

const PREVIEW = 220;
const OPEN_DEPTH = 2;
const TREE_CHILDREN = 500;

export function messageRow(record, fresh) {
  const head = h("button", { type: "button", class: "msg-head", "aria-expanded": "false" },
    icon("chevron"),
    h("span", { class: "t" }, moment(record.time)),
    h("span", { class: "p" }, String(record.partition)),
    h("span", { class: "o" }, String(record.offset)),
    h("span", { class: "key" }, record.key === null ? "–" : record.keyText.slice(0, PREVIEW)),
    h("span", { class: "val" }, record.tombstone ? badge("warn", "tombstone") : record.oversized ? badge("warn", "too large to show") : record.valueText.slice(0, PREVIEW)));
  const row = h("article", { class: fresh ? "msg fresh" : "msg", role: "listitem" }, head);
  head.addEventListener("click", () => {
    if (row.hasAttribute("data-expanded")) {
      row.removeAttribute("data-expanded");
      row.lastElementChild.remove();
    } else {
      row.setAttribute("data-expanded", "");
      row.append(body(record));
    }
    head.setAttribute("aria-expanded", String(row.hasAttribute("data-expanded")));
  });
  return row;
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function body(record) {
  return h("div", { class: "msg-body" },
    h("dl", { class: "facts" },
      fact(record.timestampType === "LogAppendTime" ? "Appended" : "Created", record.time ? record.time.toISOString() : NONE),
      fact("Partition", String(record.partition)), fact("Offset", String(record.offset)),
      fact("Key", record.key === null ? "none" : bytes(record.key.length)),
      fact("Value", record.tombstone ? "tombstone" : record.oversized ? bytes(record.oversized.size) : bytes(record.value.length))),
    record.key === null ? null : pane("Key", record.key),
    record.tombstone
      ? h("p", { class: "notice" }, "A tombstone: a key without a value. Compaction removes what this key had before, and later the tombstone.")
      : record.oversized ? h("p", { class: "notice" }, `${record.oversized.message}.`) : pane("Value", record.value),
    record.headers.length === 0 ? null : headers(record.headers));
}

function headers(list) {
  return h("div", { class: "pane" }, h("div", { class: "pane-head" }, h("strong", {}, "Headers")),
    h("div", { class: "table-wrap" }, h("table", {}, h("tbody", {}, list.map((header) =>
      h("tr", {}, h("th", { scope: "row" }, header.name), h("td", { class: "mono" }, header.value === null ? "null" : decode(header.value).text)))))));
}

function pane(title, data) {
  const decoded = decode(data);
  const views = [];
  if (decoded.kind === "json" && decoded.json !== null && typeof decoded.json === "object" && !(decoded.json instanceof ExactNumber)) {
    views.push(["Tree", () => h("div", { class: "tree" }, tree(decoded.json, 0))]);
  }
  if (decoded.kind !== "binary") {
    views.push(["Text", () => h("pre", {}, decoded.text)]);
  } else if (asNumber(data)) {
    views.push(["Number", () => h("pre", {}, asNumber(data))]);
  }
  views.push(["Hex", () => h("pre", { class: "hex" }, data.length === 0 ? "no bytes" : hexDump(data))]);
  const content = h("div");
  const buttons = views.map(([name, make]) => h("button", { type: "button", "aria-pressed": "false", onclick: (event) => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button === event.currentTarget));
    }
    content.replaceChildren(make());
  } }, name));
  buttons[0].click();
  return h("div", { class: "pane" },
    h("div", { class: "pane-head" }, h("strong", {}, title), buttons, h("button", { type: "button", onclick: () => copy(decoded.text, `${title} copied.`) }, "Copy")),
    content);
}

function leaf(value) {
  if (value instanceof ExactNumber) {
    return h("span", { class: "num" }, value.source);
  }
  if (value === null || typeof value === "boolean") {
    return h("span", { class: "lit" }, String(value));
  }
  return typeof value === "number" ? h("span", { class: "num" }, String(value)) : h("span", { class: "s" }, JSON.stringify(value));
}

function tree(value, depth, key) {
  const name = key ? h("span", { class: "k" }, key) : null;
  if (value === null || typeof value !== "object" || value instanceof ExactNumber) {
    return [name, leaf(value)];
  }
  const array = Array.isArray(value);
  const entries = Object.entries(value);
  const list = entries.slice(0, TREE_CHILDREN).map(([key, child]) => h("li", {}, tree(child, depth + 1, `${key}: `)));
  if (entries.length > TREE_CHILDREN) {
    list.push(h("li", {}, `… ${entries.length - TREE_CHILDREN} more`));
  }
  if (depth === 0) {
    return h("ul", { class: "top" }, list);
  }
  return h("details", { open: depth <= OPEN_DEPTH }, h("summary", {}, name, array ? `[${entries.length}]` : `{${entries.length}}`), h("ul", {}, list));
}
