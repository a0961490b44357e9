// Before the first paint, hence not a module: a page must not flash in the other theme.
(() => {
  const stored = localStorage.getItem("fleuve.theme");
  if (stored === "light" || stored === "dark") {
    document.documentElement.dataset.theme = stored;
  }
})();
