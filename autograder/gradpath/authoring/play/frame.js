// The frame: a page opens with a sentence, a question, controls, charts and results.

const page = {
  controls: document.getElementById("page-controls"),
  charts: document.getElementById("page-charts"),
  results: document.getElementById("page-results"),
  summary: document.getElementById("page-summary"),
  update: () => {},
  isOpen: false,
  waiting: false,

  // `todo` is one sentence that says what to try; `ask` is a question that playing answers.
  begin({ todo, ask, about }) {
    document.getElementById("page-introduction").append(
      element("p", { class: "todo" }, todo),
      element("p", { class: "ask" }, element("strong", {}, _("A question: ")), ask));
    document.getElementById("page-footer").append(element("p", {}, about), element("p", {}, _("Arrow keys move a slider, Tab goes to the next control. Nothing you do here is sent or kept.")));
  },

  // Call `update` now and after every change, once for all changes that come together.
  always(update) {
    page.update = update;
  },

  changed() {
    if (!page.isOpen || page.waiting) return;
    page.waiting = true;
    requestAnimationFrame(() => {
      page.waiting = false;
      page.update();
    });
  },

  open() {
    controls.button("reset", _("Back to the run of the text"), () => {
      for (const control of controls.all) {
        control.stop?.();
        control.set(control.start);
      }
      page.reset?.();
    });
    page.controls.addEventListener("submit", (event) => event.preventDefault());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.changed());
    page.isOpen = true;
    page.update();
  },

  // One sentence with the most important result; it is read aloud.
  say(text) {
    if (page.summary.textContent !== text) page.summary.textContent = text;
  },

  // Named numbers: `labels` by name. Gives a function that fills them in.
  numbers(labels) {
    const places = {};
    const rows = Object.entries(labels).map(([name, label]) => {
      places[name] = element("dd", { id: `result-${name}` });
      return element("div", {}, element("dt", {}, label), places[name]);
    });
    page.results.append(element("dl", {}, ...rows));
    return (values) => {
      for (const [name, value] of Object.entries(values))
        places[name].textContent = typeof value === "number" ? show(value) : value;
    };
  },

  // A table below the charts. Gives a function that fills in its rows.
  table(name, caption, headings) {
    const body = element("tbody");
    page.results.append(
      element("div", { class: "table", tabindex: 0, role: "region", "aria-label": caption },
        element("table", { id: `table-${name}` }, element("caption", {}, caption),
          element("thead", {}, element("tr", {}, ...headings.map((heading) => element("th", { scope: "col" }, heading)))), body)));
    return (rows, marked = -1) =>
      body.replaceChildren(...rows.map((row, index) =>
        element("tr", { class: index === marked ? "marked" : false },
          ...row.map((value) => element("td", {}, typeof value === "number" ? show(value) : value)))));
  },
};
