// What every page does: the language and theme that were chosen, tables that sort and can be taken away, fields that filter.
(() => {
  "use strict";
  const root = document.documentElement;
  const CHOICES = { lang: ["vi", "en"], theme: ["light", "dark"] };

  // A choice is remembered by the browser; where that is kept file by file, or not at all, it travels in links.
  const asked = new URLSearchParams(location.search);
  const chosen = {};
  const stored = (key) => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  for (const [key, values] of Object.entries(CHOICES)) {
    const value = asked.get(key) ?? stored(key);
    if (values.includes(value)) chosen[key] = value;
  }
  const withChoices = (address) => {
    const url = new URL(address, location.href);
    for (const [key, value] of Object.entries(chosen)) url.searchParams.set(key, value);
    return url.href;
  };
  const show = () => {
    root.lang = chosen.lang ?? "vi";
    root.dataset.language = root.lang;
    if (chosen.theme) root.dataset.theme = chosen.theme;
    document.title = root.dataset[root.lang === "en" ? "titleEn" : "titleVi"];
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const shown = { lang: root.lang, theme: chosen.theme ?? (isDark ? "dark" : "light") };
    for (const button of document.querySelectorAll("button[data-choice]")) {
      button.setAttribute("aria-pressed", String(shown[button.dataset.choice] === button.dataset.value));
    }
  };
  // Numbers of tables stand once, as Vietnamese writes them; `wording.is_swapped` says which can be read so.
  const MARKS = { ",": ".", ".": "," };
  const numbers = [];
  const gatherNumbers = () => {
    for (const cell of document.querySelectorAll("td.number")) {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        if (/\d[.,%\u00a0]/.test(text.data) && !text.parentElement.closest("[lang]:not(html)")) numbers.push([text, text.data]);
      }
    }
  };
  const writeNumbers = () => {
    for (const [text, vi] of numbers) {
      text.data = root.lang === "en" ? vi.replace(/[.,]/g, (mark) => MARKS[mark]).replaceAll("\u00a0%", "%") : vi;
    }
  };
  // What only a screen reader or a pointer is told stands in attributes: in Vietnamese, with the English beside it.
  const told = [];
  const gatherTold = () => {
    for (const attribute of ["aria-label", "title"]) {
      for (const place of document.querySelectorAll(`body [data-${attribute}-en]`)) {
        told.push([place, attribute, place.getAttribute(attribute), place.getAttribute(`data-${attribute}-en`)]);
      }
    }
  };
  const tell = () => {
    for (const [place, attribute, vi, en] of told) {
      const text = root.lang === "en" ? en : vi;
      place.setAttribute(attribute, text);
      // An area of a map shows its name to a pointer in a title of its own.
      place.querySelector(":scope > title")?.replaceChildren(text);
    }
  };
  const choose = (key, value) => {
    chosen[key] = value;
    try { localStorage.setItem(key, value); } catch { /* then links carry it */ }
    try { history.replaceState(null, "", withChoices(location.href)); } catch { /* then it lasts until the page is loaded again */ }
    show();
    writeNumbers();
    tell();
    document.dispatchEvent(new Event("choice"));
  };
  const carry = (event) => {
    const link = event.target.closest?.("a[href]");
    const address = link?.getAttribute("href") ?? "";
    if (/^[^#:]+\.html(?=[?#]|$)/.test(address)) link.setAttribute("href", withChoices(link.href));
  };
  // Before the body is there, so that nothing is seen in the wrong language or light.
  show();

  // Cells carry what they are sorted by where that is not what they say in Vietnamese.
  const sortBy = (table, place, ascending) => {
    const body = table.tBodies[0];
    const isNumber = table.tHead.rows[0].cells[place].classList.contains("number");
    const before = (a, b) => isNumber ? Number(a) - Number(b) : a.localeCompare(b, "vi");
    const ranked = [...body.rows].map((row) => [row.cells[place].dataset.rank ?? said(row.cells[place], "vi"), row]);
    ranked.sort(([a], [b]) => (a === "") - (b === "") || (ascending ? before(a, b) : before(b, a)));
    body.append(...ranked.map(([, row]) => row));
  };
  const makeSortable = (table) => {
    if (table.tBodies[0].rows.length < 2) return;
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
  };

  const both = (vi, en) => ["vi", "en"].map((language) => {
    const text = document.createElement("span");
    text.lang = language;
    text.textContent = language === "vi" ? vi : en;
    return text;
  });
  // What a cell says in the language shown, without what opens below it.
  const said = (cell, language = root.lang) => {
    const copy = cell.cloneNode(true);
    const other = language === "en" ? "vi" : "en";
    for (const part of copy.querySelectorAll(`details, [aria-hidden="true"], [lang="${other}"]`)) part.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const quoted = (text) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  // A spreadsheet takes a text that begins like a formula for one; numbers are left as they are.
  const harmless = (text) => /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  const csvOf = (lines) => `\ufeff${lines.map((cells) => cells.map((cell) => quoted(harmless(cell))).join(",")).join("\r\n")}\r\n`;
  const linesOfTable = (table) => {
    const value = (cell) => cell.classList.contains("number") && cell.dataset.rank !== undefined ? cell.dataset.rank : said(cell);
    return [...table.rows].map((row) => [...row.cells].map(value));
  };
  const linesOfMap = (map) => {
    const isEnglish = root.lang === "en";
    const places = [...map.querySelectorAll(".districts .tile, svg.areas a")].map((place) => {
      const [name, ...figure] = (place.getAttribute("aria-label") ?? said(place)).split(": ");
      return [name, figure.join(": ")];
    });
    return [isEnglish ? ["Unit", "Figure"] : ["Đơn vị", "Số liệu"], ...places];
  };
  const offerCsv = (heading, name, lines) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "download";
    button.append(...both("Tải CSV", "Download CSV"));
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csvOf(lines())], { type: "text/csv" }));
      link.download = `${name}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    heading.append(" ", button);
  };
  const offerTable = (table, place) => {
    if (!table.tHead || !table.caption || table.caption.querySelector("a[download]")) return;
    const name = table.id || `${location.pathname.split("/").pop().replace(/\.html$/, "")}-${place + 1}`;
    offerCsv(table.caption, name, () => linesOfTable(table));
  };
  const offerMap = (map) => offerCsv(map.querySelector("figcaption"), map.id, () => linesOfMap(map));

  // A column that is headed by a code is called by what the code stands for.
  const titleOf = (head) => {
    const code = head.querySelector("abbr[data-title-en]");
    return code ? [code.title, code.dataset.titleEn] : ["vi", "en"].map((language) => said(head, language));
  };
  const SHORT = 36;
  // On a telephone a row is a card, and each of its cells says of which column it is.
  const labelCells = (table) => {
    if (!table.tHead || table.tBodies[0].rows.length === 0) return;
    const heads = [...table.tHead.rows[0].cells].map(titleOf);
    table.classList.add("cards");
    for (const row of table.tBodies[0].rows) {
      if (row.cells.length !== heads.length) continue;
      heads.forEach(([vi, en], place) => {
        const cell = row.cells[place];
        Object.assign(cell.dataset, { vi, en });
        // What is short stands on one line with the name of its column.
        if (cell.tagName === "TD" && cell.textContent.length <= SHORT && !cell.querySelector("br, details")) cell.classList.add("short");
      });
    }
  };

  // Pages of many parts begin with a list of them.
  const FEW_PARTS = 3;
  const listContents = () => {
    const parts = [...document.querySelectorAll("main > h2[id]")];
    if (parts.length <= FEW_PARTS) return;
    const list = document.createElement("ul");
    for (const part of parts) {
      const [item, link] = ["li", "a"].map((name) => document.createElement(name));
      link.href = `#${part.id}`;
      const heading = part.cloneNode(true);
      heading.querySelectorAll(".tag").forEach((tag) => tag.remove());
      link.append(...both(said(heading, "vi"), said(heading, "en")));
      item.append(link);
      list.append(item);
    }
    const contents = document.createElement("nav");
    contents.className = "contents";
    told.push([contents, "aria-label", "Trên trang này", "On this page"]);
    contents.append(list);
    parts[0].before(contents);
  };

  // A long table begins with its first rows; sorted anew it begins with those that come first then.
  const LONG = 30;
  const cutShort = (table) => {
    const many = table.tBodies[0].rows.length;
    // What is searched for in the dictionary may be any row.
    if (many <= LONG || table.closest("#dictionary")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    const show = (isCut) => {
      table.classList.toggle("cut", isCut);
      button.setAttribute("aria-expanded", String(!isCut));
      button.replaceChildren(...(isCut ? both(`Hiện cả ${many} dòng`, `Show all ${many} rows`) : both("Thu gọn", "Show fewer")));
    };
    button.addEventListener("click", () => show(!table.classList.contains("cut")));
    (table.closest(".scroll") ?? table).after(button);
    show(true);
  };
  // What an address names is shown, also where it is a row further down.
  const showTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const table = target?.closest("table.cut");
    if (!table || target.getClientRects().length) return;
    (table.closest(".scroll") ?? table).nextElementSibling.click();
    target.scrollIntoView();
  };

  // People type "thai thuy" and mean "Thái Thụy".
  const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
  globalThis.pageWords = { folded };
  const makeFilter = (field) => {
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
  };

  // Drawing is large, so that only pages with charts load it, and only once they can be read.
  const drawing = document.currentScript.dataset.drawing.trim().split(" ");
  const loadDrawing = () => {
    if (!document.querySelector("figure.chart")) return;
    for (const address of drawing) {
      const script = document.createElement("script");
      script.async = false;
      script.src = address;
      document.head.append(script);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button[data-choice]")) {
      button.addEventListener("click", () => choose(button.dataset.choice, button.dataset.value));
    }
    document.addEventListener("click", carry, true);
    document.addEventListener("auxclick", carry, true);
    show();
    gatherNumbers();
    writeNumbers();
    document.querySelectorAll("main table").forEach(labelCells);
    gatherTold();
    listContents();
    tell();
    document.querySelectorAll("main table").forEach(cutShort);
    showTarget();
    window.addEventListener("hashchange", showTarget);
    document.querySelectorAll("main table").forEach(offerTable);
    document.querySelectorAll("figure.map").forEach(offerMap);
    document.querySelectorAll("table.sortable").forEach(makeSortable);
    document.querySelectorAll("input[data-filters]").forEach(makeFilter);
  });
  window.addEventListener("load", loadDrawing);
})();
