// All consumer groups and how far behind they are.

import { get, poll, seg } from "../api.js";
import { badge, empty, failed, h, icon, loading, notice } from "../dom.js";
import { brief, count, plural } from "../format.js";
import { dataTable } from "../table.js";

const LIVE_MS = 2000;

export function stateBadge(state) {
  const kind = { STABLE: "good", EMPTY: "", DEAD: "bad" }[state] ?? "warn";
  return badge(kind, state.toLowerCase().replaceAll("_", " "), state === "STABLE" ? "live" : null);
}

export function groupsPage(root) {
  let groups = null;
  const search = h("input", { type: "search", placeholder: "Filter groups", "aria-label": "Filter groups", "data-search": true, spellcheck: "false", oninput: draw });
  const table = dataTable({
    caption: "Consumer groups",
    key: (g) => g.id,
    open: (g) => `#/groups/${seg(g.id)}`,
    columns: [
      { id: "id", title: "Group", class: "name", sort: (g) => g.id, cell: (g) => h("a", { href: `#/groups/${seg(g.id)}`, tabindex: "-1" }, g.id) },
      { id: "state", title: "State", sort: (g) => g.state, cell: (g) => stateBadge(g.state) },
      { id: "members", title: "Members", number: true, class: "hide-s", sort: (g) => g.members, cell: (g) => count(g.members) },
      { id: "topics", title: "Topics", class: "hide-s", sort: (g) => g.topics.length, cell: (g) => (g.topics.length > 2 ? `${g.topics.slice(0, 2).join(", ")} and ${g.topics.length - 2} more` : g.topics.join(", ") || "–") },
      { id: "type", title: "Protocol", class: "hide-s", sort: (g) => g.type, cell: (g) => g.type.toLowerCase() },
      { id: "lag", title: "Total lag", number: true, sort: (g) => g.lag, cell: (g) => brief(g.lag) },
    ],
  });
  const sub = h("p", { class: "sub" }, "\u00a0");
  const problem = h("div");
  const card = h("section", { class: "card" }, loading("Asking for the groups"));
  root.append(
    h("div", { class: "page-head" }, h("div", { class: "grow" }, h("h1", {}, "Consumer groups"), sub)),
    h("div", { class: "toolbar" }, h("div", { class: "search" }, icon("search"), search, h("kbd", { "aria-hidden": "true" }, "/"))),
    problem, card);

  function draw() {
    if (groups === null) {
      return;
    }
    const wanted = search.value.trim().toLowerCase();
    const found = groups.filter((g) => g.id.toLowerCase().includes(wanted));
    sub.textContent = `${plural(groups.length, "group")}, ${brief(groups.reduce((n, g) => n + g.lag, 0))} messages behind in all`;
    table.set(found);
    if (found.length === 0) {
      card.replaceChildren(groups.length === 0
        ? empty("No consumer groups", "A group shows here once one of its members has joined or committed.")
        : empty("No group matches", `None of ${plural(groups.length, "group")} has “${search.value}” in its name.`));
    } else if (card.firstChild !== table.root) {
      card.replaceChildren(table.root);
    }
  }

  return poll(
    LIVE_MS,
    async (signal) => {
      const answer = await get("console/groups", signal);
      problem.replaceChildren(...(answer.failure ? [notice("bad", answer.failure)] : []));
      if (answer.sampled_at === null) {
        card.replaceChildren(failed(new Error(answer.failure ?? "No broker has answered yet.")));
        return;
      }
      groups = answer.groups;
      draw();
    },
    (error) => problem.replaceChildren(notice("bad", error.message)));
}
