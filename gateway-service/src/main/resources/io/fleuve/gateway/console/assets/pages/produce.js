// Sends one message, and shows the same request as a command.

import { ApiError, post, seg, url } from "../api.js";
import { utf8, toBase64 } from "../decode.js";
import { badge, copy, field, h, icon, notice, select, toast } from "../dom.js";
import { count } from "../format.js";

const KINDS = { JSON: "JSON", STRING: "String", BINARY: "Base64" };

/** For a POSIX shell: nothing inside single quotes has a meaning but the quote itself. */
export function shellQuote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function data(kind, text, what) {
  if (kind === "STRING") {
    return JSON.stringify(text);
  }
  if (kind === "BINARY") {
    const squeezed = text.replace(/\s+/g, "");
    try {
      atob(squeezed);
    } catch {
      throw new Error(`The ${what} is not base64.`);
    }
    return JSON.stringify(squeezed);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`The ${what} is not JSON: ${error.message}. Choose String to send it as it is.`);
  }
  // As it was typed: parsed and written again, large numbers would lose digits.
  return text.trim();
}

export function produceTab(root, topic) {
  const keyKind = select([["none", "No key"], ...Object.entries(KINDS)], "STRING", { "aria-label": "Kind of key" });
  const key = h("input", { spellcheck: "false", autocomplete: "off", name: "key", placeholder: "none if left empty" });
  const valueKind = select([...Object.entries(KINDS), ["none", "Tombstone"]], "JSON", { "aria-label": "Kind of value" });
  const value = h("textarea", { spellcheck: "false", rows: "8", name: "value", value: "{\n  \"hello\": \"river\"\n}" });
  const partition = select([["", "By key, or any"], ...topic.partitions.map((p) => [String(p), `Partition ${p}`])], "", {});
  const rows = h("div", { class: "stack" });
  const send = h("button", { type: "submit", class: "primary" }, "Produce");
  const command = h("pre", { class: "curl", tabindex: "0", "aria-label": "The request as a command" });
  const copyButton = h("button", { type: "button", onclick: () => copy(command.textContent, "Command copied.") }, "Copy as curl");
  const problem = h("div");
  const receipts = h("div", { class: "stack receipts" });

  function addHeader() {
    const row = h("div", { class: "header-row" },
      h("input", { placeholder: "Name", "aria-label": "Header name", spellcheck: "false" }),
      h("input", { placeholder: "Value", "aria-label": "Header value", spellcheck: "false" }),
      h("button", { type: "button", class: "icon-button", "aria-label": "Remove header", onclick: () => { row.remove(); show(); } }, icon("close")));
    rows.append(row);
    row.firstElementChild.focus();
  }

  function requestBody() {
    const members = [];
    if (partition.value !== "") {
      members.push(`"partition_id":${partition.value}`);
    }
    const headers = [...rows.children].map((row) => [row.children[0].value, row.children[1].value]).filter(([name]) => name !== "");
    if (headers.length > 0) {
      members.push(`"headers":${JSON.stringify(headers.map(([name, v]) => ({ name, value: toBase64(utf8(v)) })))}`);
    }
    if (keyKind.value !== "none" && key.value !== "") {
      members.push(`"key":{"type":"${keyKind.value}","data":${data(keyKind.value, key.value, "key")}}`);
    }
    if (valueKind.value !== "none") {
      members.push(`"value":{"type":"${valueKind.value}","data":${data(valueKind.value, value.value, "value")}}`);
    }
    if (members.length === 0) {
      throw new Error("A message needs a key, a value or a header.");
    }
    return `{${members.join(",")}}`;
  }

  function show() {
    key.disabled = keyKind.value === "none";
    value.disabled = valueKind.value === "none";
    try {
      command.textContent = `curl -X POST ${shellQuote(url(`${topic.path}/records`))} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${shellQuote(requestBody())}`;
      problem.replaceChildren();
      copyButton.disabled = false;
      value.removeAttribute("aria-invalid");
    } catch (error) {
      problem.replaceChildren(notice("", error.message));
      copyButton.disabled = true;
      value.setAttribute("aria-invalid", "true");
    }
  }

  const form = h("form", { class: "card", oninput: show }, h("header", {}, h("h2", {}, "Message")),
    h("div", { class: "body" },
      h("div", { class: "field" }, h("span", { class: "label" }, "Key"), h("div", { class: "pair" }, keyKind, key)),
      h("div", { class: "field" }, h("span", { class: "label" }, "Value"), h("div", { class: "pair" }, valueKind, h("span")), value),
      h("div", { class: "field" }, h("span", { class: "label" }, "Headers"), rows, h("div", {}, h("button", { type: "button", class: "plain", onclick: addHeader }, "Add header"))),
      h("div", { class: "form-grid" }, field("Partition", partition)),
      problem,
      h("div", { class: "actions" }, send, h("span", { class: "hint" }, h("kbd", {}, "Ctrl"), " ", h("kbd", {}, "Enter")))));
  key.setAttribute("aria-label", "Key");
  value.setAttribute("aria-label", "Value");
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const receipt = await post(`${topic.path}/records`, requestBody());
      // A stream of receipts has status 200 whatever is in them.
      if (receipt.error_code !== 200) {
        throw new ApiError(receipt.message, 200, receipt.error_code);
      }
      problem.replaceChildren();
      receipts.querySelector(".none")?.remove();
      receipts.prepend(h("p", { class: "receipt" }, badge("good", "written"), ` Partition ${receipt.partition_id}, offset `, h("a", { href: `#/topics/${seg(topic.name)}/messages?partition=${receipt.partition_id}` }, count(receipt.offset))));
      toast(`Written to partition ${receipt.partition_id} at offset ${receipt.offset}.`);
    } catch (error) {
      problem.replaceChildren(notice("bad", error.message));
    } finally {
      send.disabled = false;
    }
  });
  receipts.append(h("p", { class: "receipt none sub" }, "Nothing sent yet."));
  root.append(h("div", { class: "split" }, form,
    h("div", { class: "stack" },
      h("section", { class: "card" }, h("header", {}, h("h2", {}, "The same from a shell"), copyButton), h("div", { class: "body" }, command)),
      h("section", { class: "card" }, h("header", {}, h("h2", {}, "Receipts")), h("div", { class: "body" }, receipts)))));
  show();
}
