// Charts that follow the theme and the width of where they are.

import uPlot from "./uplot/uPlot.esm.js";
import { h, svg } from "./dom.js";

const probe = document.createElement("span");
probe.hidden = true;
document.documentElement.append(probe);

/** What a colour token is in the theme that shows now. */
export function colour(token) {
  probe.style.color = `var(--${token})`;
  return getComputedStyle(probe).color;
}

function faded(rgb, alpha) {
  return rgb.startsWith("rgb(") ? rgb.replace("rgb(", "rgba(").replace(")", `, ${alpha})`) : rgb;
}

export const SERIES = 8;
export const seriesToken = (i) => `series-${(i % SERIES) + 1}`;

/**
 * A line chart. lines: [{label, token, area}]; format turns a value into text. set() takes columns, seconds first.
 */
export function lineChart({ lines, format, height = 190, legend = lines.length > 1, min = 0, gaps = false }) {
  const root = h("div", { class: "chart" });
  let plot = null;
  let data = [[], ...lines.map(() => [])];
  let shown = lines;

  function options() {
    const axis = { stroke: colour("ink-3"), font: `12px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false }, border: { show: false } };
    const grid = { stroke: faded(colour("line"), 0.9), width: 1 };
    return {
      width: Math.max(200, root.clientWidth),
      height,
      // The last time is written around its tick, half of it beyond the plot.
      padding: [10, 28, 0, 0],
      cursor: { points: { size: 6 }, drag: { x: false, y: false }, y: false },
      legend: { show: legend, live: true },
      scales: { y: { range: (_, low, high) => range(low, high, min) } },
      axes: [
        { ...axis, grid: { show: false }, size: 40, gap: 9, space: 70, values: [[86400, "{D} {MMM}", null, null, null, null, null, null, 1], [3600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1], [60, "{HH}:{mm}", null, null, null, null, null, null, 1], [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1]] },
        { ...axis, grid, size: 62, space: 36, values: (_, ticks) => ticks.map((t) => format(t)) },
      ],
      series: [
        { value: (_, t) => (t === null || t === undefined ? "" : new Date(t * 1000).toLocaleTimeString("en-GB")), label: "Time" },
        ...shown.map((line) => {
          const stroke = colour(line.token);
          return { label: line.label, stroke, width: 1.75, fill: line.area ? faded(stroke, 0.12) : undefined, points: { show: false }, spanGaps: !gaps, value: (_, v) => (v === null || v === undefined ? "" : format(v)) };
        }),
      ],
    };
  }

  function build() {
    plot?.destroy();
    plot = null;
    if (root.clientWidth > 0) {
      plot = new uPlot(options(), data, root);
    }
  }

  const resized = new ResizeObserver(() => {
    if (plot === null) {
      build();
    } else if (Math.abs(plot.width - root.clientWidth) > 1 && root.clientWidth > 0) {
      plot.setSize({ width: root.clientWidth, height });
    }
  });
  resized.observe(root);
  addEventListener("themechange", build);

  return {
    root,
    set(columns, newLines) {
      data = columns;
      if (newLines && newLines.map((l) => l.label).join("\n") !== shown.map((l) => l.label).join("\n")) {
        shown = newLines;
        build();
      } else if (plot === null) {
        build();
      } else {
        plot.setData(columns);
      }
    },
    destroy() {
      resized.disconnect();
      removeEventListener("themechange", build);
      plot?.destroy();
    },
  };
}

function range(low, high, min) {
  if (low === null || high === null || low === undefined || high === undefined) {
    return [0, 1];
  }
  if (min === 0) {
    return [0, high <= 0 ? 1 : high * 1.12];
  }
  const room = Math.max(1, (high - low) * 0.12);
  return [Math.floor(low - room), Math.ceil(high + room)];
}

/** A small chart without axes, for a cell of a table. */
export function sparkline(values, label) {
  const width = 112;
  const height = 26;
  const root = svg("svg", { class: values.some((v) => v > 0) ? "spark" : "spark idle", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  if (values.length > 1) {
    const top = Math.max(...values, 1e-9);
    const x = (i) => ((i * width) / (values.length - 1)).toFixed(1);
    const y = (v) => (height - 2 - (v / top) * (height - 5)).toFixed(1);
    const line = values.map((v, i) => `${i === 0 ? "M" : "L"}${x(i)} ${y(v)}`).join("");
    root.append(svg("path", { class: "a", d: `${line}L${width} ${height}L0 ${height}Z` }), svg("path", { class: "l", d: line }));
  }
  return root;
}
