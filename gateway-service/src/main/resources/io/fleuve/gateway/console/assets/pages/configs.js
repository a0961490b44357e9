// A topic's settings: what holds, where it comes from, and changes that are seen before they are made.

import { get, post } from "../api.js";
import { badge, empty, failed, h, icon, loading, notice, openDialog, toast } from "../dom.js";

const SOURCES = { DYNAMIC_TOPIC_CONFIG: "this topic", DYNAMIC_BROKER_CONFIG: "broker", DYNAMIC_DEFAULT_BROKER_CONFIG: "all brokers", STATIC_BROKER_CONFIG: "broker file", DEFAULT_CONFIG: "default" };

export function configsTab(root, topic) {
  // By name: the new text, or null to go back to what holds without an override.
  const changes = new Map();
  let configs = null;
  const filter = h("input", { type: "search", placeholder: "Filter settings", "aria-label": "Filter settings", "data-search": true, spellcheck: "false", oninput: draw });
  const only = h("input", { type: "checkbox", onchange: draw });
  const body = h("tbody");
  const table = h("div", { class: "table-wrap" }, h("table", { class: "cfg" }, h("thead", {}, h("tr", {}, ["Setting", "Value", "Set by"].map((t, i) => h("th", { scope: "col", class: i === 2 ? "hide-s" : null }, t)), h("th"))), body));
  const card = h("section", { class: "card" }, loading("Asking for the settings"));
  const said = h("span", { class: "grow" });
  const bar = h("div", { class: "card save-bar", hidden: true }, said,
    h("button", { type: "button", onclick: () => { changes.clear(); draw(); } }, "Discard"),
    h("button", { type: "button", class: "primary", onclick: review }, "Review changes"));
  root.append(
    h("div", { class: "toolbar" }, h("div", { class: "search" }, icon("search"), filter, h("kbd", { "aria-hidden": "true" }, "/")), h("label", { class: "check" }, only, "Only what this topic overrides")),
    card, bar);

  async function load() {
    try {
      configs = (await get(`${topic.path}/configs`)).data;
      draw();
    } catch (error) {
      card.replaceChildren(failed(error, load));
    }
  }

  const overridden = (config) => config.source === "DYNAMIC_TOPIC_CONFIG";
  // What holds once an override is gone: the next synonym.
  const inherited = (config) => config.synonyms.find((s) => s.source !== "DYNAMIC_TOPIC_CONFIG")?.value ?? "";

  function draw() {
    if (configs === null) {
      return;
    }
    const wanted = filter.value.trim().toLowerCase();
    const shown = configs.filter((c) => c.name.includes(wanted) && (!only.checked || overridden(c) || changes.has(c.name)));
    body.replaceChildren(...shown.map(row));
    card.replaceChildren(shown.length > 0 ? table : only.checked && !wanted
      ? empty("This topic overrides nothing", "Every setting is as the brokers have it.")
      : empty("No setting matches", `“${filter.value}” is in no setting's name.`));
    summary();
  }

  function summary() {
    bar.hidden = changes.size === 0;
    said.textContent = `${changes.size} ${changes.size === 1 ? "change" : "changes"}, not applied yet`;
  }

  function row(config) {
    const current = config.value ?? "";
    const input = h("input", { value: changes.has(config.name) ? changes.get(config.name) ?? inherited(config) : current, "aria-label": config.name, disabled: config.is_read_only, spellcheck: "false", placeholder: config.is_sensitive ? "hidden" : "" });
    const element = h("tr", { class: changes.has(config.name) ? "changed" : null },
      h("td", { class: "cfg-name" }, config.name.split(".").flatMap((part, i) => (i === 0 ? [part] : [".", h("wbr"), part]))),
      h("td", { class: "cfg-value" }, input),
      h("td", { class: "hide-s" }, badge(overridden(config) ? "accent" : "", SOURCES[config.source] ?? config.source.toLowerCase())),
      h("td", { class: "n" }, overridden(config) && !config.is_read_only
        ? h("button", { type: "button", class: "plain", "aria-label": `Reset ${config.name}`, onclick: () => { changes.set(config.name, null); draw(); } }, "Reset")
        : null));
    input.addEventListener("input", () => {
      if (input.value === current) {
        changes.delete(config.name);
      } else {
        changes.set(config.name, input.value);
      }
      element.className = changes.has(config.name) ? "changed" : "";
      summary();
    });
    return element;
  }

  function review() {
    const problem = h("div");
    const apply = h("button", { type: "submit", class: "primary" }, "Apply");
    const lines = [...changes].map(([name, value]) => {
      const config = configs.find((c) => c.name === name);
      return [
        h("div", { class: "what" }, value === null ? `${name} (back to what the brokers have)` : name),
        h("div", { class: "old" }, `- ${config.is_sensitive ? "hidden" : config.value ?? ""}`),
        h("div", { class: "new" }, `+ ${value === null ? inherited(config) : value}`),
      ];
    });
    const dialog = openDialog(`Change ${topic.name}`, [h("p", {}, "All of these take effect together, or none does."), h("div", { class: "diff", id: "diff" }, lines), problem], [apply]);
    dialog.querySelector("form").addEventListener("submit", async () => {
      apply.disabled = true;
      try {
        await post(`${topic.path}/configs:alter`, { data: [...changes].map(([name, value]) => (value === null ? { name, operation: "DELETE" } : { name, value })) });
        dialog.close();
        toast("The settings are changed.");
        changes.clear();
        await load();
      } catch (error) {
        problem.replaceChildren(notice("bad", error.message));
        apply.disabled = false;
      }
    });
  }

  load();
}
