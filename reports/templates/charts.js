// Draws every chart of a page from the table that stands beside it, in the language shown; loaded where a page has charts.
(() => {
  "use strict";
  // Digits are grouped by points and decimals set off by a comma in Vietnamese.
  const NUMBERS = {
    vi: { decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0đồng"] },
    en: { decimal: ".", thousands: ",", grouping: [3], currency: ["VND\u00a0", ""] },
  };
  const refuse = () => Promise.reject(new Error("a chart asks for nothing"));
  // It warns that bars have a height of their own, which is meant.
  const quiet = vega.logger(vega.Error);
  const views = new Map();

  const rowsOf = (table) => {
    const fields = [...table.tHead.rows[0].cells].map((head) => [head.dataset.field, head.classList.contains("number")]);
    return [...table.tBodies[0].rows].map((row) => {
      const found = {};
      fields.forEach(([field, isNumber], place) => {
        if (!field) return;
        const { rank = "" } = row.cells[place].dataset;
        found[field] = isNumber ? (rank === "" ? null : Number(rank)) : rank;
        found[`${field}_text`] = row.cells[place].innerText || said(row.cells[place]);
      });
      return found;
    });
  };
  // A closed table has no rendered text; then the parts in the other language are left out by hand.
  const said = (cell) => {
    const copy = cell.cloneNode(true);
    const other = document.documentElement.lang === "en" ? "vi" : "en";
    for (const part of copy.querySelectorAll(`[lang="${other}"]`)) part.remove();
    return copy.textContent.trim();
  };

  const draw = (figure) => {
    const language = document.documentElement.lang;
    const drawing = figure.querySelector(".drawing");
    const spec = { ...chartKinds[figure.dataset.chart][language], datasets: { table: rowsOf(figure.querySelector("table")) } };
    views.get(figure)?.finalize();
    drawing.hidden = false;
    const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger: quiet }).spec, null, { ast: true }), {
      expr: vegaInterpreter.expressionInterpreter,
      loader: { load: refuse, sanitize: refuse },
      locale: { number: NUMBERS[language] },
      renderer: "svg",
      container: drawing,
      hover: true,
    });
    views.set(figure, view);
    return view.runAsync().then(() => drawing.querySelector("svg")?.setAttribute("aria-hidden", "true"));
  };

  const drawAll = () => Promise.all([...document.querySelectorAll("figure.chart")].map(draw))
    .then(() => { document.documentElement.dataset.charts = "drawn"; });
  document.addEventListener("choice", drawAll);
  drawAll();
})();
