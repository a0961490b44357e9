// The application that this platform runs: temperatures by region, their averages, the alerts.

import { cluster, get, poll, seg } from "../api.js";
import { colour, lineChart, SERIES, seriesToken } from "../charts.js";
import { toRecord } from "../decode.js";
import { badge, empty, h, loading, notice } from "../dom.js";
import { shortTime, timeSpan } from "../format.js";
import { tail } from "../tail.js";

const READINGS = "temperature-data";
const AVERAGES = "temperature-averages";
const PER_PARTITION = 400;
const POINTS = 300;
// Partitions with few regions reach further back than others: a common window makes lines comparable.
const WINDOW_MS = 4 * 86_400_000;
const REDRAW_MS = 1000;
const ALERTS_MS = 2000;

const celsius = (v) => `${v.toFixed(1)} °C`;
const STATES = {
  PENDING: () => badge("warn", "pending", "still"),
  RECOVERING: () => badge("warn", "recovering", "live"),
  NO_DATA: () => badge("bad", "no data", "live"),
};

const degrees = (v) => `${Math.round(v)}°`;

async function recent(topic, perPartition) {
  const description = await get(`${await cluster()}/topics/${seg(topic)}`);
  const partitions = Array.from({ length: description.partitions_count }, (_, i) => i);
  const records = [];
  for (const partition of partitions) {
    const page = await get(`topics/${seg(topic)}/partitions/${partition}/records?offset=-${perPartition}&max_records=${perPartition}&format=binary&key_format=binary`);
    records.push(...page.records.map(toRecord));
  }
  return { partitions, records };
}

function json(record) {
  try {
    return JSON.parse(record.valueText);
  } catch {
    return null;
  }
}

function reading(record) {
  if (record.value === null) {
    return null;
  }
  if (record.key === null && record.value.length === 4) {
    return { region: "default", celsius: new DataView(record.value.buffer, record.value.byteOffset).getInt32(0), at: record.time };
  }
  const value = json(record);
  if (typeof value?.celsius !== "number") {
    return null;
  }
  return { region: value.region ?? record.keyText, celsius: value.celsius, at: new Date(value.observedAt ?? record.time) };
}

export function weatherPage(root) {
  const regions = new Map();
  const averages = new Map();
  const endings = [];
  let dirty = false;
  const state = h("span");
  const tiles = h("div", { class: "regions" });
  const chart = lineChart({ lines: [], format: degrees, height: 320, legend: true, min: null });
  const chartBody = h("div", { class: "body" }, loading("Reading the last temperatures"));
  const averageBody = h("div", {}, loading("Reading the last averages"));
  const alertNote = h("span", { class: "note" });
  const alertBody = h("div", {}, loading("Asking the alert service"));
  root.append(
    h("div", { class: "page-head" }, h("div", { class: "grow" }, h("h1", {}, "Weather"), h("p", { class: "sub" }, "Temperatures as they arrive, averaged by region, and who is alerted about them")), state),
    tiles,
    h("div", { class: "weather" },
      h("div", { class: "stack" },
        h("section", { class: "card" }, h("header", {}, h("h2", {}, "Temperature by region"), h("span", { class: "note" }, "time of observation")), chartBody),
        h("section", { class: "card" }, h("header", {}, h("h2", {}, "Window averages"), h("span", { class: "note hide-s" }, "the last closed window of each region")), averageBody)),
      h("section", { class: "card" }, h("header", {}, h("h2", {}, "Alerts"), alertNote), h("div", { class: "scroll" }, alertBody))));

  function takeReadings(records) {
    for (const record of records) {
      const r = reading(record);
      if (r) {
        const points = regions.get(r.region) ?? [];
        regions.set(r.region, points);
        points.push(r);
        if (points.length > POINTS) {
          points.shift();
        }
        dirty = true;
      }
    }
  }

  function takeAverages(records) {
    for (const record of records) {
      const average = json(record);
      // Windows that a rule has asked for, of days or of sensors, are in this topic too.
      if ((average?.aggregation ?? "default") !== "default") {
        continue;
      }
      const known = averages.get(average?.region);
      if (typeof average?.average === "number" && (!known || known.windowEnd <= average.windowEnd)) {
        averages.set(average.region, average);
        dirty = true;
      }
    }
  }

  function draw() {
    if (!dirty) {
      return;
    }
    dirty = false;
    const names = [...regions.keys()].sort();
    tiles.replaceChildren(...names.map(regionTile));
    if (names.length > 0) {
      drawChart(names);
    }
    drawAverages();
  }

  function regionTile(name, i) {
    const points = regions.get(name);
    const last = points[points.length - 1];
    const tile = h("div", { class: "card region" }, h("div", { class: "k" }, name), h("div", { class: "v" }, celsius(last.celsius)), h("div", { class: "d" }, shortTime(last.at)));
    tile.style.borderLeftColor = colour(seriesToken(i));
    return tile;
  }

  function drawChart(names) {
    // More lines than colours would be a riddle.
    const shown = names.slice(0, SERIES);
    const all = [...new Set(shown.flatMap((n) => regions.get(n).map((p) => p.at.getTime())))].sort((a, b) => a - b);
    const times = all.filter((t) => t >= all[all.length - 1] - WINDOW_MS);
    const index = new Map(times.map((t, i) => [t, i]));
    const columns = shown.map((name) => {
      const column = new Array(times.length).fill(null);
      for (const point of regions.get(name)) {
        const i = index.get(point.at.getTime());
        if (i !== undefined) {
          column[i] = point.celsius;
        }
      }
      return column;
    });
    if (chartBody.firstChild !== chart.root) {
      chartBody.replaceChildren(chart.root);
    }
    chart.set([times.map((t) => t / 1000), ...columns], shown.map((name, i) => ({ label: name, token: seriesToken(i) })));
  }

  function drawAverages() {
    const rows = [...averages.values()].sort((a, b) => a.region.localeCompare(b.region));
    if (rows.length === 0) {
      return;
    }
    averageBody.replaceChildren(h("div", { class: "table-wrap" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Region"), h("th", { scope: "col", class: "hide-s" }, "Window"), ["Readings", "Lowest", "Average", "Highest"].map((t) => h("th", { scope: "col", class: t === "Readings" ? "n hide-s" : "n" }, t)))),
      h("tbody", {}, rows.map((a) => h("tr", {},
        h("td", { class: "name" }, a.region),
        h("td", { class: "hide-s" }, timeSpan(new Date(a.windowStart), new Date(a.windowEnd))),
        h("td", { class: "n hide-s" }, String(a.count)), h("td", { class: "n" }, celsius(a.min)), h("td", { class: "n" }, h("strong", {}, celsius(a.average))), h("td", { class: "n" }, celsius(a.max))))))));
  }

  async function follow(topic, perPartition, take, onState, missing) {
    try {
      const { partitions, records } = await recent(topic, perPartition);
      take(records.sort((a, b) => a.time - b.time));
      draw();
      if (records.length === 0) {
        missing(empty("Nothing has arrived yet", `Topic ${topic} is empty. It fills as soon as something produces to it.`));
      }
      if (!ended) {
        endings.push(tail(topic, partitions, take, onState));
      }
    } catch (error) {
      missing(error.status === 404
        ? empty(`There is no topic ${topic}`, "Start the simulator and the alert service to see it fill.")
        : notice("bad", error.message));
    }
  }

  let ended = false;
  follow(READINGS, PER_PARTITION, takeReadings, (s) => {
    state.replaceChildren(s === "live" ? badge("good", "Live", "live") : s === "connecting" ? badge("", "Connecting", "still") : badge("warn", "Away, trying again", "still"));
  }, (node) => chartBody.replaceChildren(node));
  follow(AVERAGES, 20, takeAverages, () => {}, (node) => averageBody.replaceChildren(node));
  const timer = setInterval(draw, REDRAW_MS);
  endings.push(() => clearInterval(timer), poll(ALERTS_MS, async (signal) => drawAlerts(await get("console/alerts", signal)), (error) => alertBody.replaceChildren(h("div", { class: "body" }, notice("bad", error.message)))));

  function drawAlerts(answer) {
    if (answer.failure) {
      alertNote.textContent = "";
      alertBody.replaceChildren(empty("The alert service is away", answer.failure));
      return;
    }
    const alerts = [...answer.alerts].sort((a, b) => Number(Boolean(a.endedAt)) - Number(Boolean(b.endedAt)) || String(b.startedAt).localeCompare(String(a.startedAt)));
    const firing = alerts.filter((a) => !a.endedAt && a.state !== "PENDING").length;
    alertNote.textContent = firing > 0 ? `${firing} firing` : alerts.length > 0 ? "none firing" : "";
    alertBody.replaceChildren(...(alerts.length === 0
      ? [empty("No alerts", "None has fired yet. Rules are set in the alert service.")]
      : alerts.map((a) => h("article", { class: "alert", "data-alert": a.id, "data-state": a.state },
        a.endedAt ? badge("", "ended") : STATES[a.state]?.() ?? badge("bad", "firing", "live"),
        h("span", { class: "r" }, a.sensor ?? a.region),
        h("span", {}, figure(a)),
        h("p", { class: "m" }, `${a.rule} (${a.severity}) · ${a.endedAt ? timeSpan(new Date(a.startedAt), new Date(a.endedAt)) : `${shortTime(new Date(a.startedAt))}, still`}${a.acknowledgement ? ` · acknowledged by ${a.acknowledgement.by}` : ""}`)))));
  }

  function figure(alert) {
    if (typeof alert.value !== "number" || alert.state === "NO_DATA") {
      return "";
    }
    return `${alert.value.toFixed(1)} ${alert.unit ?? "°C"}`;
  }

  const repaint = () => { dirty = true; draw(); };
  addEventListener("themechange", repaint);
  return () => {
    ended = true;
    removeEventListener("themechange", repaint);
    endings.forEach((end) => end());
    chart.destroy();
  };
}
