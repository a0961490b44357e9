// What each partition holds, and who serves it.

import { get, poll, seg } from "../api.js";
import { h, loading, notice } from "../dom.js";
import { count } from "../format.js";
import { dataTable } from "../table.js";

const LIVE_MS = 3000;

export function partitionsTab(root, topic) {
  const table = dataTable({
    caption: "Partitions",
    key: (p) => p.partition,
    open: (p) => `#/topics/${seg(topic.name)}/messages?partition=${p.partition}`,
    columns: [
      { id: "partition", title: "Partition", sort: (p) => p.partition, cell: (p) => String(p.partition) },
      { id: "begin", title: "First offset", number: true, sort: (p) => p.begin, cell: (p) => count(p.begin) },
      { id: "end", title: "End offset", number: true, sort: (p) => p.end, cell: (p) => count(p.end) },
      { id: "held", title: "Messages", number: true, sort: (p) => p.end - p.begin, cell: (p) => count(p.end - p.begin) },
      { id: "leader", title: "Leader", number: true, sort: (p) => p.leader, cell: (p) => String(p.leader) },
      { id: "replicas", title: "Replicas", number: true, class: "hide-s", sort: (p) => p.replicas.length, cell: (p) => p.replicas.map((r) => (r.in_sync ? String(r.broker) : `${r.broker} (behind)`)).join(", ") },
    ],
  });
  const problem = h("div");
  const card = h("section", { class: "card" }, loading("Asking for the partitions"));
  root.append(problem, card);
  return poll(
    LIVE_MS,
    async (signal) => {
      const list = await get(`topics/${seg(topic.name)}/partitions`, signal);
      const rows = [];
      for (const partition of list) {
        const offsets = await get(`topics/${seg(topic.name)}/partitions/${partition.partition}/offsets`, signal);
        rows.push({ ...partition, begin: offsets.beginning_offset, end: offsets.end_offset });
      }
      problem.replaceChildren();
      table.set(rows);
      if (card.firstChild !== table.root) {
        card.replaceChildren(table.root);
      }
    },
    (error) => problem.replaceChildren(notice("bad", error.message)));
}
