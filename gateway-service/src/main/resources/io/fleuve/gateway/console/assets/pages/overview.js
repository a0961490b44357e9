// The cluster at a glance.

import { get, poll } from "../api.js";
import { lineChart } from "../charts.js";
import { badge, empty, h, loading, notice } from "../dom.js";
import { brief, bytesParts, bytes, count, millis, NONE, plural, rate } from "../format.js";

const LIVE_MS = 2000;

function tile(label) {
  const value = h("dd", { class: "v" }, NONE);
  const detail = h("dd", { class: "d" });
  return {
    root: h("dl", { class: "card tile" }, h("dt", {}, label), value, detail),
    set(number, unit, text) {
      value.replaceChildren(number, ...(unit ? [h("small", {}, unit)] : []));
      detail.textContent = text ?? "";
    },
  };
}

function chartCard(title, chart) {
  return h("section", { class: "card" }, h("header", {}, h("h2", {}, title)), h("div", { class: "body" }, chart.root));
}

export function overviewPage(root) {
  const tiles = { messages: tile("Messages a second"), bytes: tile("Bytes a second"), latency: tile("Broker answers in"), lag: tile("Total lag"), stored: tile("Stored"), brokers: tile("Brokers") };
  const charts = {
    messages: lineChart({ lines: [{ label: "Messages a second", token: "series-1", area: true }], format: rate }),
    bytes: lineChart({ lines: [{ label: "Bytes a second", token: "series-6", area: true }], format: bytes }),
    latency: lineChart({ lines: [{ label: "Broker", token: "series-1" }, { label: "Produce through this gateway", token: "series-2" }], format: millis }),
    lag: lineChart({ lines: [{ label: "Lag of all groups", token: "series-3", area: true }], format: brief }),
  };
  const state = h("div", { class: "actions" });
  const sub = h("p", { class: "sub" }, "\u00a0");
  const problem = h("div");
  const brokers = h("div", { class: "table-wrap" }, loading("Asking the brokers"));
  root.append(
    h("div", { class: "page-head" }, h("div", { class: "grow" }, h("h1", {}, "Overview"), sub), state),
    problem,
    h("div", { class: "tiles" }, Object.values(tiles).map((t) => t.root)),
    h("div", { class: "charts" }, chartCard("Messages a second", charts.messages), chartCard("Bytes a second", charts.bytes), chartCard("Latency", charts.latency), chartCard("Consumer lag", charts.lag)),
    h("section", { class: "card" }, h("header", {}, h("h2", {}, "Brokers")), brokers));

  const stop = poll(
    LIVE_MS,
    async (signal) => {
      const now = await get("console/overview", signal);
      state.replaceChildren(now.failure ? badge("bad", "Brokers away", "still") : badge("good", "Live", "live"));
      problem.replaceChildren(...(now.failure ? [notice("bad", `${now.failure} What is shown is as last seen.`)] : []));
      sub.textContent = now.cluster_id ? `Cluster ${now.cluster_id}` : "No broker has answered yet";
      show(now);
    },
    (error) => {
      state.replaceChildren(badge("bad", "Gateway away", "still"));
      problem.replaceChildren(notice("bad", error.message));
    });

  function show(now) {
    tiles.messages.set(rate(now.messages_per_second), null, now.messages_per_second === null ? "measuring" : `${brief(now.messages)} held`);
    const [number, unit] = bytesParts(now.bytes_per_second);
    tiles.bytes.set(number, unit && `${unit}/s`, now.bytes_per_second === null ? "measuring" : "written to all topics");
    tiles.latency.set(...millis(now.broker_ms).split(" "), now.produce_ms === null ? "nothing produced here" : `${millis(now.produce_ms)} to produce`);
    tiles.lag.set(brief(now.lag), null, `over ${plural(now.groups, "group")}`);
    tiles.stored.set(...bytesParts(now.bytes), `${plural(now.topics, "topic")}, ${plural(now.partitions, "partition")}`);
    tiles.brokers.set(count(now.brokers.length), null, controllerText(now.brokers));
    const past = now.history;
    const at = past.at_ms.map((ms) => ms / 1000);
    charts.messages.set([at, past.messages_per_second]);
    charts.bytes.set([at, past.bytes_per_second]);
    charts.latency.set([at, past.broker_ms, past.produce_ms]);
    charts.lag.set([at, past.lag]);
    brokers.replaceChildren(now.brokers.length === 0
      ? empty("No broker is known", "The gateway asks again by itself.")
      : h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Id"), h("th", { scope: "col" }, "Address"), h("th", { scope: "col" }, "Role"))),
        h("tbody", {}, now.brokers.map((b) => h("tr", {}, h("td", {}, String(b.id)), h("td", { class: "mono" }, `${b.host}:${b.port}`), h("td", {}, b.controller ? badge("accent", "controller") : badge("", "broker")))))));
  }

  return () => {
    stop();
    Object.values(charts).forEach((chart) => chart.destroy());
  };
}

function controllerText(brokers) {
  const controller = brokers.find((b) => b.controller);
  return controller ? `controller is ${controller.id}` : "no controller is known";
}
