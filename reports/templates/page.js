(() => {
  "use strict";
  const KEY = "language";
  const root = document.documentElement;
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (language) => {
    try { localStorage.setItem(KEY, language); } catch { /* private windows have no storage; the choice then lasts one page */ }
  };
  const show = (language) => {
    root.lang = language;
    root.dataset.language = language;
    document.title = root.dataset[language === "en" ? "titleEn" : "titleVi"];
    for (const button of document.querySelectorAll("button[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
  };
  for (const button of document.querySelectorAll("button[data-language]")) {
    button.addEventListener("click", () => { show(button.dataset.language); remember(button.dataset.language); });
  }
  show(remembered() === "en" ? "en" : "vi");

  // Cells carry what they are sorted by, as shown numbers are words of one language.
  const sortBy = (table, place, ascending) => {
    const body = table.tBodies[0];
    const rank = (row) => row.cells[place].dataset.rank ?? "";
    const isNumber = table.tHead.rows[0].cells[place].classList.contains("number");
    const before = (a, b) => isNumber ? Number(rank(a)) - Number(rank(b)) : rank(a).localeCompare(rank(b), "vi");
    const rows = [...body.rows].sort((a, b) => (rank(a) === "") - (rank(b) === "") || (ascending ? before(a, b) : before(b, a)));
    body.append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sortBy(table, place, ascending);
      });
    });
  }

  // People type "thai thuy" and mean "Thái Thụy".
  const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
  for (const field of document.querySelectorAll("input[data-filters]")) {
    const parts = [...document.getElementById(field.dataset.filters).children].map((part) => [part, folded(part.textContent)]);
    const output = document.querySelector(`output[for="${field.id}"]`);
    field.addEventListener("input", () => {
      const words = folded(field.value).split(/\s+/).filter(Boolean);
      let found = 0;
      for (const [part, text] of parts) {
        part.hidden = !words.every((word) => text.includes(word));
        found += !part.hidden;
      }
      output.textContent = `${found} / ${output.dataset.found}`;
    });
  }
})();
