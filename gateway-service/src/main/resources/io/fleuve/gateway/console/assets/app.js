// The frame: which page shows, the theme, and the keys that work everywhere.

import { get } from "./api.js";
import { failed, h } from "./dom.js";
import { groupPage } from "./pages/group.js";
import { groupsPage } from "./pages/groups.js";
import { overviewPage } from "./pages/overview.js";
import { topicPage } from "./pages/topic.js";
import { topicsPage } from "./pages/topics.js";
import { weatherPage } from "./pages/weather.js";

const main = document.getElementById("main");
let leave = () => {};
let shownPath = null;

/** {path: ["topics", "a b"], query: URLSearchParams} of the address after the hash. */
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(safeDecode), query: new URLSearchParams(query ?? "") };
}

function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function show() {
  const { path, query } = address();
  const [page = "overview", name, tab] = path;
  const identity = path.slice(0, 2).join("/");
  for (const link of document.querySelectorAll(".nav a")) {
    if (link.dataset.page === page) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  leave();
  leave = () => {};
  main.replaceChildren();
  const pages = {
    overview: () => overviewPage(main),
    topics: () => (name ? topicPage(main, name, tab ?? "messages", query) : topicsPage(main, query)),
    groups: () => (name ? groupPage(main, name) : groupsPage(main, query)),
    weather: () => weatherPage(main),
  };
  const open = pages[page];
  document.title = `${name ?? page[0].toUpperCase() + page.slice(1)} – Fleuve`;
  if (!open) {
    main.append(h("h1", {}, "There is no such page"), failed(`${location.hash} leads nowhere.`, () => { location.hash = "#/overview"; }));
    return;
  }
  leave = open() ?? (() => {});
  if (shownPath !== null && shownPath !== identity) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  shownPath = identity;
}

addEventListener("hashchange", show);
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) {
    return;
  }
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "/" && !typing) {
    const search = main.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else {
      sessionStorage.setItem("fleuve.search", "1");
      location.hash = "#/topics";
    }
  } else if (event.key === "Escape" && typing) {
    if (event.target.matches("[data-search]") && event.target.value !== "") {
      event.target.value = "";
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      event.target.blur();
    }
  } else if (event.key === "Escape") {
    const open = main.querySelector(".msg[data-expanded] .msg-head");
    open?.click();
    open?.focus();
  }
});

const themeButton = document.getElementById("theme");
const themeIcon = document.getElementById("theme-icon");
const NEXT = { auto: "light", light: "dark", dark: "auto" };

function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

function showTheme() {
  themeIcon.setAttribute("href", themeIcon.getAttribute("href").replace(/#.*/, `#${theme()}`));
  themeButton.setAttribute("aria-label", `Theme: ${theme()}. Change to ${NEXT[theme()]}.`);
  themeButton.title = `Theme: ${theme()}`;
  dispatchEvent(new Event("themechange"));
}

themeButton.addEventListener("click", () => {
  const next = NEXT[theme()];
  if (next === "auto") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("fleuve.theme");
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem("fleuve.theme", next);
  }
  showTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")));
showTheme();

get("console/overview").then((overview) => { document.getElementById("version").textContent = `Version ${overview.version}`; }, () => {});
show();
