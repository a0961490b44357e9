// One topic and its tabs.

import { cluster, get, poll, seg } from "../api.js";
import { failed, h, loading } from "../dom.js";
import { brief, bytes, plural, rate } from "../format.js";
import { configsTab } from "./configs.js";
import { messagesTab } from "./messages.js";
import { partitionsTab } from "./partitions.js";
import { produceTab } from "./produce.js";
import { deleteTopic } from "./topics.js";

const TABS = [["messages", "Messages", messagesTab], ["produce", "Produce", produceTab], ["configs", "Configuration", configsTab], ["partitions", "Partitions", partitionsTab]];
const LIVE_MS = 4000;

export function topicPage(root, name, tab, query) {
  let leave = () => {};
  let ended = false;
  const sub = h("p", { class: "sub" }, "\u00a0");
  const content = h("div", {}, loading(`Looking up ${name}`));
  root.append(
    h("div", { class: "page-head" },
      h("div", { class: "grow" }, h("p", { class: "crumb" }, h("a", { href: "#/topics" }, "Topics")), h("h1", {}, name), sub),
      h("button", { type: "button", class: "danger", onclick: () => deleteTopic(name, () => { location.hash = "#/topics"; }) }, "Delete")),
    h("nav", { class: "tabs", "aria-label": "Topic" }, TABS.map(([id, title]) =>
      h("a", { href: `#/topics/${seg(name)}/${id}`, "aria-current": id === tab ? "page" : null }, title))),
    content);

  async function open() {
    try {
      const path = `${await cluster()}/topics/${seg(name)}`;
      const topic = await get(path);
      if (ended) {
        return;
      }
      const partitions = Array.from({ length: topic.partitions_count }, (_, i) => i);
      const build = (TABS.find(([id]) => id === tab) ?? TABS[0])[2];
      content.replaceChildren();
      leave = build(content, { name, path, partitions, replicationFactor: topic.replication_factor }, query) ?? (() => {});
    } catch (error) {
      if (!ended) {
        content.replaceChildren(failed(error, open));
      }
    }
  }
  open();
  const stop = poll(
    LIVE_MS,
    async (signal) => {
      const topic = (await get("console/topics", signal)).topics.find((t) => t.name === name);
      if (topic) {
        sub.textContent = `${plural(topic.partitions, "partition")} · ${brief(topic.messages)} messages · ${bytes(topic.bytes)} · ${rate(topic.messages_per_second)} a second`;
      }
    },
    () => {});
  return () => {
    ended = true;
    stop();
    leave();
  };
}
