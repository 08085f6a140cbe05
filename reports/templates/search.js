// The search box of every page: finds what has a page, with marks or without, by keyboard or pointer.
(() => {
  "use strict";
  const MOST = 12;
  // A text as its words, each behind a space, so that what is typed is found only where a word begins.
  const spaced = (text) => ` ${globalThis.pageWords.folded(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()}`;
  const root = document.documentElement;

  // The index is a script and comes with the first look at the box; it is the same for all pages of a release.
  let loading = null;
  const load = (box) => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = box.dataset.index;
      script.onload = () => resolve(globalThis.searchIndex.rows.map(
        ([kind, vi, en, address, code, withinVi, withinEn]) => ({
          kind, vi, en, address, code, withinVi, withinEn,
          names: [vi, en, code].map(spaced),
          all: spaced([vi, en, code, withinVi, withinEn].join(" ")),
        }),
      ));
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  // What is called so comes first, units also without the word for their kind; then what bears every word in one of its
  // names, the kinds in their order; then what lies in something that does. Among equals a name that begins so, then the
  // shorter one, of which the words are the larger part.
  const UNITS = new Set(["province", "district", "commune"]);
  const isCalled = (entry, typed) =>
    entry.names.some((name) => name === typed || (UNITS.has(entry.kind) && name.endsWith(typed)));
  const rank = (entry, words, typed, kinds) => {
    if (isCalled(entry, typed)) return [0];
    const bearing = entry.names.filter((name) => words.every((word) => name.includes(word)));
    if (bearing.length === 0) return [2];
    const begins = bearing.some((name) => name.startsWith(typed));
    return [1, kinds.indexOf(entry.kind), begins ? 0 : 1, Math.min(...bearing.map((name) => name.length))];
  };
  const before = (a, b) => {
    const place = a.findIndex((part, each) => part !== b[each]);
    return place < 0 ? 0 : a[place] - b[place];
  };
  const find = (entries, text) => {
    const typed = spaced(text);
    const words = typed.trim().split(" ").map((word) => ` ${word}`);
    if (!typed.trim()) return [];
    const kinds = Object.keys(globalThis.searchIndex.kinds);
    return entries
      .filter((entry) => words.every((word) => entry.all.includes(word)))
      .map((entry, place) => [[...rank(entry, words, typed, kinds), place], entry])
      .sort((a, b) => before(a[0], b[0]))
      .map(([, entry]) => entry);
  };

  const setUp = (box) => {
    const field = box.querySelector("input");
    const list = box.querySelector("ul");
    const output = box.querySelector("output");
    const inEnglish = () => root.lang === "en";
    let options = [];
    let current = -1;

    const mark = (place) => {
      current = place;
      options.forEach((option, each) => option.setAttribute("aria-selected", String(each === place)));
      if (place >= 0) {
        field.setAttribute("aria-activedescendant", options[place].id);
        options[place].scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    };
    const close = () => {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      mark(-1);
    };
    const optionOf = (entry, place) => {
      const option = document.createElement("li");
      option.id = `found-${place}`;
      option.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = box.dataset.root + entry.address;
      link.tabIndex = -1;
      link.textContent = inEnglish() ? entry.en : entry.vi;
      const what = document.createElement("span");
      what.className = "quiet";
      const kind = globalThis.searchIndex.kinds[entry.kind][inEnglish() ? 1 : 0];
      what.textContent = [kind, entry.code, inEnglish() ? entry.withinEn : entry.withinVi].filter(Boolean).join(" · ");
      option.append(link, what);
      return option;
    };
    const show = async () => {
      let entries;
      try { entries = await load(box); } catch {
        output.textContent = inEnglish() ? "No index here." : "Chưa có mục lục.";
        return;
      }
      const found = find(entries, field.value);
      options = found.slice(0, MOST).map(optionOf);
      list.replaceChildren(...options);
      const isEmpty = !field.value.trim();
      output.textContent = isEmpty ? "" : inEnglish() ? `${found.length} found` : `${found.length} kết quả`;
      list.hidden = options.length === 0;
      field.setAttribute("aria-expanded", String(!list.hidden));
      mark(options.length ? 0 : -1);
    };
    const keys = {
      ArrowDown: () => options.length && mark((current + 1) % options.length),
      ArrowUp: () => options.length && mark((current - 1 + options.length) % options.length),
      Enter: () => current >= 0 && options[current].querySelector("a").click(),
      Escape: close,
    };
    field.addEventListener("input", show);
    field.addEventListener("focus", show);
    field.addEventListener("keydown", (event) => {
      if (!Object.hasOwn(keys, event.key) || list.hidden) return;
      event.preventDefault();
      keys[event.key]();
    });
    box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) close(); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.matches("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      field.focus();
    });
    box.hidden = false;
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".search").forEach(setUp));
})();
