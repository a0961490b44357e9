// A topic's messages: newest first, from an offset or a time, and live.

import { get, seg } from "../api.js";
import { toRecord } from "../decode.js";
import { badge, empty, failed, field, h, icon, loading, notice, select } from "../dom.js";
import { plural } from "../format.js";
import { tail } from "../tail.js";
import { messageRow } from "./message.js";

const PAGE = 50;
// Reads at once; the gateway has a handful of consumers for all of its readers.
const AT_ONCE = 4;
const KEEP_LIVE = 500;

async function readPartition(topic, partition, parameters) {
  return get(`topics/${seg(topic)}/partitions/${partition}/records?format=binary&key_format=binary&${new URLSearchParams(parameters)}`);
}

async function each(items, run) {
  const results = [];
  const left = [...items.entries()];
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      results[next[0]] = await run(next[1]);
    }
  }));
  return results;
}

const newestFirst = (a, b) => (b.time ?? 0) - (a.time ?? 0) || a.partition - b.partition || b.offset - a.offset;
const oldestFirst = (a, b) => -newestFirst(a, b);

/** The newest messages before some offsets, then older ones with each call of more(). */
function newest(topic, partitions) {
  // By partition: messages that were read but not yet shown, newest first, and up to where there are older ones.
  const stock = new Map();
  return {
    backwards: true,
    async more() {
      await each(partitions.filter((p) => !stock.has(p) || (stock.get(p).records.length < PAGE && stock.get(p).from > stock.get(p).begin)), async (partition) => {
        const known = stock.get(partition);
        if (!known) {
          const page = await readPartition(topic, partition, { offset: -PAGE, max_records: PAGE });
          const records = page.records.map(toRecord).reverse();
          stock.set(partition, { records, from: Math.max(page.begin_offset, page.end_offset - PAGE), begin: page.begin_offset });
          return;
        }
        const from = Math.max(known.begin, known.from - PAGE);
        const page = await readPartition(topic, partition, { offset: from, max_records: PAGE });
        known.records.push(...page.records.map(toRecord).filter((r) => r.offset < known.from).reverse());
        known.from = from;
      });
      const shown = [...stock.values()].flatMap((s) => s.records).sort(newestFirst).slice(0, PAGE);
      const taken = new Set(shown);
      for (const s of stock.values()) {
        s.records = s.records.filter((r) => !taken.has(r));
      }
      return { records: shown, done: [...stock.values()].every((s) => s.records.length === 0 && s.from <= s.begin) };
    },
  };
}

/** Messages from an offset or a time on, oldest first. */
function onwards(topic, partitions, start) {
  const next = new Map();
  let pending = [];
  return {
    backwards: false,
    async more() {
      await each(partitions.filter((p) => next.get(p) !== null), async (partition) => {
        const page = await readPartition(topic, partition, { ...(next.has(partition) ? { offset: next.get(partition) } : start), max_records: PAGE });
        pending.push(...page.records.map(toRecord));
        next.set(partition, page.next_offset >= page.end_offset ? null : page.next_offset);
      });
      pending.sort(oldestFirst);
      const records = pending;
      pending = [];
      return { records, done: [...next.values()].every((n) => n === null) };
    },
  };
}

export function messagesTab(root, topic, query) {
  const filter = h("input", { type: "search", placeholder: "Filter keys, values and headers", "aria-label": "Filter messages", "data-search": true, spellcheck: "false" });
  const partition = select([["all", "All partitions"], ...topic.partitions.map((p) => [String(p), `Partition ${p}`])], query.get("partition") ?? "all", {});
  const seek = select([["newest", "Newest first"], ["earliest", "From the start"], ["offset", "From an offset"], ["time", "From a time"]], "newest", {});
  const offset = h("input", { type: "number", min: "0", value: "0", "aria-label": "Offset" });
  const time = h("input", { type: "datetime-local", step: "1", "aria-label": "Time" });
  const where = h("div", { class: "field", hidden: true });
  const liveButton = h("button", { type: "button", id: "live", "aria-pressed": "false" }, "Go live");
  const status = h("span", { id: "live-state", role: "status" });
  const list = h("div", { id: "messages", role: "list" });
  const foot = h("div", { class: "more" });
  const problem = h("div");
  const card = h("section", { class: "card" },
    h("div", { class: "msg-cols", "aria-hidden": "true" }, h("span"), ["Time", "Partition", "Offset", "Key", "Value"].map((t) => h("span", {}, t))), list, foot);
  root.append(h("div", { class: "messages" },
    h("div", { class: "toolbar" },
      h("div", { class: "search" }, icon("search"), filter, h("kbd", { "aria-hidden": "true" }, "/")),
      field("Partition", partition), field("Begin", seek), where,
      h("div", { class: "actions" }, liveButton, status)),
    problem, card));

  let source = null;
  let run = 0;
  let records = [];
  let stopTail = null;
  let waiting = [];

  const chosen = () => (partition.value === "all" ? topic.partitions : [Number(partition.value)]);
  const matches = (record) => {
    const wanted = filter.value.trim().toLowerCase();
    return !wanted || [record.keyText, record.valueText, ...record.headers.map((x) => x.name)].some((t) => t.toLowerCase().includes(wanted));
  };

  function begin() {
    endLive();
    where.replaceChildren();
    where.hidden = seek.value !== "offset" && seek.value !== "time";
    if (seek.value === "offset") {
      where.append(h("span", { class: "label" }, "Offset"), offset);
    } else if (seek.value === "time") {
      where.append(h("span", { class: "label" }, "Local time"), time);
      if (!time.value) {
        const hourAgo = new Date(Date.now() - 3_600_000 - new Date().getTimezoneOffset() * 60_000);
        time.value = hourAgo.toISOString().slice(0, 19);
      }
    }
    const start = { earliest: { offset: "earliest" }, offset: { offset: offset.value || "0" }, time: { timestamp: new Date(time.value || 0).getTime() } }[seek.value];
    source = start ? onwards(topic.name, chosen(), start) : newest(topic.name, chosen());
    records = [];
    list.replaceChildren(loading("Reading"));
    foot.hidden = true;
    more(++run);
  }

  async function more(mine) {
    problem.replaceChildren();
    try {
      const page = await source.more();
      if (mine !== run) {
        return;
      }
      if (records.length === 0) {
        list.replaceChildren();
      }
      records.push(...page.records);
      list.append(...page.records.filter(matches).map((r) => messageRow(r)));
      foot.hidden = records.length === 0;
      foot.replaceChildren(page.done
        ? h("span", {}, source.backwards ? "That is the first message." : "That is all there is.")
        : h("button", { type: "button", onclick: () => more(run) }, source.backwards ? "Older messages" : "More messages"));
      said();
    } catch (error) {
      if (mine !== run) {
        return;
      }
      if (records.length === 0) {
        list.replaceChildren(failed(error, begin));
      } else {
        problem.replaceChildren(notice("bad", error.message));
      }
    }
  }

  function said() {
    const shown = list.querySelector(".msg");
    list.querySelector(".state")?.remove();
    if (!shown) {
      list.prepend(records.length === 0
        ? empty(stopTail ? "Nothing has arrived yet" : "No messages here", stopTail ? "Messages show as they arrive." : "Nothing is held from there on.")
        : empty("No message matches", `None of ${plural(records.length, "message")} read so far has “${filter.value}” in it.`));
    }
  }

  function redraw() {
    list.replaceChildren(...records.filter(matches).map((r) => messageRow(r)));
    said();
  }

  function goLive() {
    run++;
    records = [];
    waiting = [];
    list.replaceChildren();
    foot.hidden = true;
    liveButton.setAttribute("aria-pressed", "true");
    liveButton.textContent = "Pause";
    stopTail = tail(topic.name, chosen(), arrived, (state) => {
      if (state instanceof Error) {
        status.replaceChildren(badge("bad", "Ended", "still"));
        problem.replaceChildren(notice("bad", state.message));
      } else {
        const [kind, text, dot] = { connecting: ["", "Connecting", "still"], live: ["good", "Live", "live"], away: ["warn", "Away, trying again", "still"] }[state];
        if (liveButton.textContent === "Pause") {
          status.replaceChildren(badge(kind, text, dot));
        }
      }
    });
    said();
  }

  function arrived(fresh) {
    const only = fresh.filter((r) => partition.value === "all" || r.partition === Number(partition.value));
    if (liveButton.textContent !== "Pause") {
      waiting.push(...only);
      waiting.splice(0, Math.max(0, waiting.length - KEEP_LIVE));
      status.replaceChildren(badge("warn", `Paused, ${waiting.length === KEEP_LIVE ? `${KEEP_LIVE} or more` : waiting.length} waiting`, "still"));
      return;
    }
    put(only);
  }

  function put(fresh) {
    for (const record of fresh) {
      records.unshift(record);
      if (matches(record)) {
        list.querySelector(".state")?.remove();
        list.prepend(messageRow(record, true));
      }
    }
    while (records.length > KEEP_LIVE) {
      records.pop();
    }
    while (list.children.length > KEEP_LIVE) {
      list.lastElementChild.remove();
    }
  }

  liveButton.addEventListener("click", () => {
    if (!stopTail) {
      goLive();
    } else if (liveButton.textContent === "Pause") {
      liveButton.textContent = "Go on";
      liveButton.setAttribute("aria-pressed", "false");
      status.replaceChildren(badge("warn", "Paused", "still"));
    } else {
      liveButton.textContent = "Pause";
      liveButton.setAttribute("aria-pressed", "true");
      status.replaceChildren(badge("good", "Live", "live"));
      put(waiting);
      waiting = [];
    }
  });

  function endLive() {
    stopTail?.();
    stopTail = null;
    liveButton.textContent = "Go live";
    liveButton.setAttribute("aria-pressed", "false");
    status.replaceChildren();
  }

  for (const control of [partition, seek, offset, time]) {
    control.addEventListener("change", begin);
  }
  filter.addEventListener("input", redraw);
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest(".msg");
    const to = row && event.target.matches(".msg-head") && { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (to) {
      event.preventDefault();
      to.querySelector(".msg-head")?.focus();
    }
  });
  if (query.has("live")) {
    goLive();
  } else {
    begin();
  }
  return () => {
    run++;
    endLive();
  };
}
