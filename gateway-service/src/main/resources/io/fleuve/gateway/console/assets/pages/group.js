// One consumer group: its lag on each partition, and moving where it reads on.

import { cluster, del, get, poll, seg } from "../api.js";
import { confirmTyped, empty, failed, h, loading, notice, toast } from "../dom.js";
import { brief, count, plural } from "../format.js";
import { dataTable } from "../table.js";
import { stateBadge } from "./groups.js";
import { resetDialog } from "./reset.js";

const LIVE_MS = 2000;

export function groupPage(root, name) {
  let largest = 1;
  let lags = [];
  const sub = h("div", { class: "sub actions" }, "\u00a0");
  const problem = h("div");
  const table = dataTable({
    caption: "Lag by partition",
    key: (l) => `${l.topic_name}-${l.partition_id}`,
    open: (l) => `#/topics/${seg(l.topic_name)}/messages?partition=${l.partition_id}`,
    columns: [
      { id: "topic", title: "Topic", class: "name", sort: (l) => l.topic_name, cell: (l) => l.topic_name },
      { id: "partition", title: "Partition", number: true, sort: (l) => l.partition_id, cell: (l) => String(l.partition_id) },
      { id: "current", title: "Committed", number: true, class: "hide-s", sort: (l) => l.current_offset, cell: (l) => count(l.current_offset) },
      { id: "end", title: "End", number: true, class: "hide-s", sort: (l) => l.log_end_offset, cell: (l) => count(l.log_end_offset) },
      { id: "lag", title: "Lag", number: true, sort: (l) => l.lag, cell: (l) => count(l.lag) },
      { id: "bar", title: "", class: "lag-cell", cell: (l) => h("progress", { class: "lagbar", max: String(largest), value: Math.max(0, l.lag), "aria-label": `Lag ${l.lag}` }) },
      { id: "member", title: "Member", class: "hide-s", sort: (l) => l.client_id, cell: (l) => l.client_id || "–" },
    ],
  });
  const card = h("section", { class: "card" }, loading("Asking how far behind the group is"));
  const reset = h("button", { type: "button", id: "reset", onclick: () => resetDialog(name, lags, refresh) }, "Reset offsets");
  root.append(
    h("div", { class: "page-head" },
      h("div", { class: "grow" }, h("p", { class: "crumb" }, h("a", { href: "#/groups" }, "Consumer groups")), h("h1", {}, name), sub),
      h("div", { class: "actions" }, reset, h("button", { type: "button", class: "danger", onclick: remove }, "Delete"))),
    problem, card);

  async function refresh(signal) {
    const path = `${await cluster()}/consumer-groups/${seg(name)}`;
    const group = await get(path, signal);
    try {
      lags = (await get(`${path}/lags`, signal)).data;
    } catch (error) {
      if (error.status !== 404) {
        throw error;
      }
      lags = [];
    }
    problem.replaceChildren();
    const total = lags.reduce((n, l) => n + Math.max(0, l.lag), 0);
    largest = Math.max(1, ...lags.map((l) => l.lag));
    sub.replaceChildren(stateBadge(group.state), h("span", {}, `${brief(total)} behind on ${plural(lags.length, "partition")}`), h("span", { class: "hide-s" }, `${group.type.toLowerCase()} protocol${group.partition_assignor ? `, ${group.partition_assignor} assignor` : ""}`));
    if (lags.length === 0) {
      card.replaceChildren(empty("Nothing committed", "The group has no committed offsets, hence no lag."));
      return;
    }
    table.set(lags);
    if (card.firstChild !== table.root) {
      card.replaceChildren(table.root);
    }
  }

  function remove() {
    confirmTyped({
      title: `Delete ${name}`,
      text: "Its committed offsets go with it: who joins under this name again begins as a new group would. Only a group without members can be deleted.",
      name,
      action: "Delete group",
      run: async () => {
        await del(`${await cluster()}/consumer-groups/${seg(name)}`);
        toast(`Group ${name} is deleted.`);
        location.hash = "#/groups";
      },
    });
  }

  return poll(LIVE_MS, refresh, (error) => {
    if (error.status === 404) {
      card.replaceChildren(failed(new Error(`There is no group ${name}.`)));
    } else {
      problem.replaceChildren(notice("bad", error.message));
    }
  });
}
