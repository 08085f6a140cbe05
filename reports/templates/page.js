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
})();
