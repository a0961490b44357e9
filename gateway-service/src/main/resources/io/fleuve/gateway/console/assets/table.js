// Tables that sort, keep their rows while values change, and are walked with the arrow keys.

import { h } from "./dom.js";

/**
 * columns: [{id, title, number, sort: row => value, cell: row => node or text, class}]. open: row => hash to go to.
 */
export function dataTable({ columns, key, open, sortBy, descending = false, caption }) {
  let order = { id: sortBy ?? columns[0].id, descending };
  let rows = [];
  const known = new Map();
  const body = h("tbody");
  const heads = columns.map((column) =>
    h("th", { scope: "col", class: [column.number ? "n" : "", column.class ?? ""].join(" ").trim() || null },
      column.sort
        ? h("button", { type: "button", onclick: () => {
          order = { id: column.id, descending: order.id === column.id ? !order.descending : Boolean(column.number) };
          draw();
        } }, column.title)
        : column.title));
  const table = h("table", {}, h("caption", { hidden: true }, caption), h("thead", {}, h("tr", {}, heads)), body);

  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    if (!row || event.target !== row) {
      return;
    }
    const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: body.firstElementChild, End: body.lastElementChild }[event.key];
    if (to) {
      event.preventDefault();
      focusRow(to);
    } else if (event.key === "Enter" && row.dataset.open) {
      location.hash = row.dataset.open;
    }
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-open]");
    if (row && !event.target.closest("a, button, input") && getSelection().isCollapsed) {
      location.hash = row.dataset.open;
    }
  });

  function focusRow(row) {
    for (const other of body.children) {
      other.tabIndex = other === row ? 0 : -1;
    }
    row.focus();
  }

  function draw() {
    const column = columns.find((c) => c.id === order.id);
    const sign = order.descending ? -1 : 1;
    const sorted = [...rows].sort((a, b) => {
      const x = column.sort(a) ?? -1;
      const y = column.sort(b) ?? -1;
      return sign * (typeof x === "string" ? x.localeCompare(y) : x - y) || String(key(a)).localeCompare(String(key(b)));
    });
    heads.forEach((head, i) => {
      if (columns[i].id === order.id) {
        head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
    const seen = new Set();
    sorted.forEach((row, i) => {
      const id = key(row);
      seen.add(id);
      let element = known.get(id);
      if (!element) {
        element = h("tr", { "data-open": open ? open(row) : null, tabindex: "-1" }, columns.map((c) => h("td", { class: [c.number ? "n" : "", c.class ?? ""].join(" ").trim() || null })));
        known.set(id, element);
      }
      columns.forEach((c, j) => {
        const content = c.cell(row);
        const cell = element.children[j];
        if (typeof content === "string") {
          if (cell.textContent !== content || cell.firstElementChild) {
            cell.textContent = content;
          }
        } else if (!cell.contains(document.activeElement)) {
          cell.replaceChildren(content);
        }
      });
      // Moving an element takes the focus from it: move only what is out of place.
      if (body.children[i] !== element) {
        body.insertBefore(element, body.children[i] ?? null);
      }
    });
    for (const [id, element] of known) {
      if (!seen.has(id)) {
        element.remove();
        known.delete(id);
      }
    }
    if (body.firstElementChild && ![...body.children].some((row) => row.tabIndex === 0)) {
      body.firstElementChild.tabIndex = 0;
    }
  }

  return {
    root: h("div", { class: "table-wrap" }, table),
    set(newRows) {
      rows = newRows;
      draw();
    },
  };
}
