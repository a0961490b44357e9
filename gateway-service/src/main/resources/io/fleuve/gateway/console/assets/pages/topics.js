// All topics: find one, make one, delete one.

import { cluster, del, get, poll, post, seg } from "../api.js";
import { sparkline } from "../charts.js";
import { confirmTyped, empty, failed, field, h, icon, loading, notice, openDialog, toast } from "../dom.js";
import { brief, bytes, count, plural, rate } from "../format.js";
import { dataTable } from "../table.js";

const LIVE_MS = 2000;

export function topicsPage(root, query) {
  let topics = null;
  const search = h("input", { type: "search", placeholder: "Filter topics", "aria-label": "Filter topics", "data-search": true, value: query.get("q") ?? "", spellcheck: "false" });
  const table = dataTable({
    caption: "Topics",
    key: (t) => t.name,
    open: (t) => `#/topics/${seg(t.name)}`,
    columns: [
      { id: "name", title: "Topic", class: "name", sort: (t) => t.name, cell: (t) => h("a", { href: `#/topics/${seg(t.name)}`, tabindex: "-1" }, t.name) },
      { id: "partitions", title: "Partitions", number: true, class: "hide-s", sort: (t) => t.partitions, cell: (t) => count(t.partitions) },
      { id: "messages", title: "Messages", number: true, sort: (t) => t.messages, cell: (t) => brief(t.messages) },
      { id: "bytes", title: "Size", number: true, class: "hide-s", sort: (t) => t.bytes, cell: (t) => bytes(t.bytes) },
      { id: "rate", title: "Per second", number: true, class: "hide-s", sort: (t) => t.messages_per_second, cell: (t) => rate(t.messages_per_second) },
      { id: "recent", title: "Lately", class: "spark-cell", cell: (t) => sparkline(t.recent, `Messages a second of ${t.name} lately`) },
      { id: "delete", title: "", number: true, class: "hide-s", cell: (t) => h("button", { type: "button", class: "plain danger", "aria-label": `Delete ${t.name}`, onclick: () => deleteTopic(t.name, () => { topics = topics.filter((o) => o.name !== t.name); draw(); }) }, "Delete") },
    ],
  });
  const sub = h("p", { class: "sub" }, "\u00a0");
  const problem = h("div");
  const card = h("section", { class: "card" }, loading("Counting what is in each topic"));
  root.append(
    h("div", { class: "page-head" }, h("div", { class: "grow" }, h("h1", {}, "Topics"), sub),
      h("button", { type: "button", class: "primary", onclick: createTopic }, "Create topic")),
    h("div", { class: "toolbar" }, h("div", { class: "search" }, icon("search"), search, h("kbd", { "aria-hidden": "true" }, "/"))),
    problem, card);
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      card.querySelector("tbody tr")?.focus();
    }
  });
  if (sessionStorage.getItem("fleuve.search")) {
    sessionStorage.removeItem("fleuve.search");
    search.focus();
  }

  function draw() {
    if (topics === null) {
      return;
    }
    const wanted = search.value.trim().toLowerCase();
    const found = topics.filter((t) => t.name.toLowerCase().includes(wanted));
    sub.textContent = `${plural(topics.length, "topic")}, ${plural(topics.reduce((n, t) => n + (t.messages ?? 0), 0), "message")}`;
    table.set(found);
    if (found.length > 0) {
      if (card.firstChild !== table.root) {
        card.replaceChildren(table.root);
      }
    } else {
      card.replaceChildren(topics.length === 0
        ? empty("No topics yet", "Create one here, or let a producer do it.")
        : empty("No topic matches", `None of ${plural(topics.length, "topic")} has “${search.value}” in its name.`));
    }
  }

  return poll(
    LIVE_MS,
    async (signal) => {
      const answer = await get("console/topics", signal);
      problem.replaceChildren(...(answer.failure ? [notice("bad", answer.failure)] : []));
      if (answer.sampled_at === null) {
        card.replaceChildren(failed(new Error(answer.failure ?? "No broker has answered yet.")));
        return;
      }
      topics = answer.topics;
      draw();
    },
    (error) => problem.replaceChildren(notice("bad", error.message)));
}

export function deleteTopic(name, done) {
  confirmTyped({
    title: `Delete ${name}`,
    text: "All of its messages go with it, on all partitions. This cannot be undone.",
    name,
    action: "Delete topic",
    run: async () => {
      await del(`${await cluster()}/topics/${seg(name)}`);
      toast(`Topic ${name} is deleted.`);
      done();
    },
  });
}

function createTopic() {
  const name = h("input", { required: true, maxlength: "249", pattern: "[a-zA-Z0-9._\\-]+", autocomplete: "off", spellcheck: "false", autofocus: true });
  const partitions = h("input", { type: "number", min: "1", max: "10000", placeholder: "as the brokers decide" });
  const retention = h("input", { placeholder: "as the brokers decide", inputmode: "decimal" });
  const policy = h("select", {}, h("option", { value: "" }, "as the brokers decide"), ["delete", "compact", "compact,delete"].map((v) => h("option", { value: v }, v)));
  const problem = h("div");
  const button = h("button", { type: "submit", class: "primary" }, "Create topic");
  const dialog = openDialog("Create topic", [
    field("Name", name, "Letters, digits, dots, dashes and underscores."),
    h("div", { class: "form-grid" }, field("Partitions", partitions), field("Clean-up", policy), field("Keep messages for (hours, -1 for ever)", retention)),
    problem,
  ], [button]);
  dialog.querySelector("form").addEventListener("submit", async () => {
    const configs = [];
    if (policy.value) {
      configs.push({ name: "cleanup.policy", value: policy.value });
    }
    if (retention.value.trim()) {
      const hours = Number(retention.value);
      if (Number.isNaN(hours)) {
        problem.replaceChildren(notice("bad", `“${retention.value}” is not a number of hours.`));
        return;
      }
      configs.push({ name: "retention.ms", value: String(hours < 0 ? -1 : Math.round(hours * 3_600_000)) });
    }
    button.disabled = true;
    try {
      await post(`${await cluster()}/topics`, { topic_name: name.value, ...(partitions.value ? { partitions_count: Number(partitions.value) } : {}), ...(configs.length ? { configs } : {}) });
      dialog.close();
      toast(`Topic ${name.value} is created.`);
      location.hash = `#/topics/${seg(name.value)}`;
    } catch (error) {
      problem.replaceChildren(notice("bad", error.message));
      button.disabled = false;
    }
  });
}
