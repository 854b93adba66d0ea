"use strict";
(() => {
  // Text goes into the page as text only: names and messages come from students.
  const { head: data, parts } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const language = document.documentElement.lang;
  // Chinese names are in the order of their pinyin.
  const collator = new Intl.Collator(language, { numeric: true });
  const texts = new Map(Object.entries(data.texts));
  const _ = (text, values = {}) => (texts.get(text) ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const CHUNK = 100;

  const element = (name, text, attributes) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };

  const rows = [];
  const places = new Map();
  const toRow = (part, [student, assignment, score, status, known, message, outcomes, seconds, page]) => {
    const row = {
      student: part.students[student],
      assignment,
      slug: data.assignments[assignment].slug,
      score,
      status: data.statuses[status],
      misconceptions: known.map((number) => data.misconceptions[number]),
      message: part.messages[message],
      outcomes,
      seconds,
      page,
      lost: 0,
    };
    for (const letter of outcomes) if (letter !== "p") row.lost += 1;
    return row;
  };
  const addPart = (part) => {
    for (const values of part.rows) {
      const row = toRow(part, values);
      places.set(row, rows.length);
      rows.push(row);
    }
  };
  parts.forEach(addPart);
  // Made when somebody searches: opening the page is not the time.
  const textOf = (row) => {
    row.text ??= [row.student, row.slug, row.status, _(row.status), ...row.misconceptions, row.message].join("\n").toLowerCase();
    return row.text;
  };

  // What is filtered and sorted by stands in the address, so that it can be kept and linked to.

  const SINGLE = ["q", "assignment", "status", "check", "outcome", "from", "to", "sort", "down"];
  const SEVERAL = ["student", "misconception"];
  const controls = { q: "search", assignment: "assignment", status: "status", check: "check", outcome: "outcome", from: "from", to: "to" };
  let state = {};

  const readState = () => {
    const words = new URLSearchParams(location.hash.slice(1));
    state = {};
    for (const name of SINGLE) state[name] = words.get(name) || "";
    for (const name of SEVERAL) state[name] = [...new Set(words.getAll(name))];
  };

  const writeState = () => {
    const words = new URLSearchParams();
    for (const name of SINGLE) if (state[name]) words.set(name, state[name]);
    for (const name of SEVERAL) for (const value of state[name]) words.append(name, value);
    const text = words.toString();
    // Without reloading, jumping or another step in the history for each letter that is typed.
    history.replaceState(null, "", text ? `#${text}` : "#submissions");
  };

  const chosen = () => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const from = state.from === "" ? -Infinity : Number(state.from);
    const to = state.to === "" ? Infinity : Number(state.to);
    const letter = Object.keys(data.outcomes).find((key) => data.outcomes[key] === state.outcome);
    const students = new Set(state.student);
    const place = data.assignments.map((each) => each.checks.findIndex((check) => check.id === state.check));
    return rows.filter((row) => {
      if (state.assignment && row.slug !== state.assignment) return false;
      if (state.status && row.status !== state.status) return false;
      if (row.score < from || row.score > to) return false;
      if (students.size && !students.has(row.student)) return false;
      if (state.misconception.some((name) => !row.misconceptions.includes(name))) return false;
      if (state.check) {
        const found = row.outcomes[place[row.assignment]];
        if (!found || (letter && found !== letter)) return false;
      } else if (letter && !row.outcomes.includes(letter)) return false;
      return words.every((word) => textOf(row).includes(word));
    });
  };

  const keys = {
    misconceptions: (row) => row.misconceptions.join(" "),
  };

  const sorted = (found) => {
    const name = state.sort;
    if (!name) return found;
    const key = keys[name] || ((row) => row[name]);
    const turn = state.down ? -1 : 1;
    return found.sort((left, right) => {
      const a = key(left), b = key(right);
      // What is missing comes last in either direction.
      const missing = (a === null || a === "") - (b === null || b === "");
      const order = missing || turn * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
      return order || places.get(left) - places.get(right);
    });
  };

  // The table

  const body = document.querySelector("#rows tbody");
  const headers = [...document.querySelectorAll("#rows th button")];
  const hasSeconds = headers.some((button) => button.dataset.sort === "seconds");
  let found = [];
  let shown = 0;

  // On a phone a row is a block of lines, and each cell says its column.
  const labelled = (line, names) => {
    [...line.cells].slice(1).forEach((cell, column) => { cell.dataset.label = names[column + 1]; });
    return line;
  };
  const columns = headers.map((button) => button.textContent);

  const filterLink = (text, name, row) => {
    const words = new URLSearchParams({ assignment: row.slug });
    words.append(name, text);
    return element("a", text, { href: `#${words}` });
  };

  const lostCell = (row) => {
    const cell = element("td", undefined, { class: "n" });
    if (!row.outcomes) return cell;
    const text = _("{lost} of {all}", { lost: row.lost, all: row.outcomes.length });
    if (!row.lost) {
      cell.textContent = text;
      return cell;
    }
    const details = element("details");
    details.append(element("summary", text, { "aria-label": _("{text} checks not passed: which", { text }) }));
    details.addEventListener("toggle", () => {
      if (details.childElementCount > 1) return;
      const list = element("ul");
      data.assignments[row.assignment].checks.forEach((check, place) => {
        const letter = row.outcomes[place];
        if (letter === "p") return;
        const values = { id: check.id, outcome: _(data.outcomes[letter]) };
        list.append(element("li", check.hidden ? _("{id}: {outcome} (hidden)", values) : _("{id}: {outcome}", values)));
      });
      details.append(list);
    });
    cell.append(details);
    return cell;
  };

  const tableRow = (row) => {
    const line = element("tr");
    const head = element("th", undefined, { scope: "row" });
    if (row.page) {
      const address = `feedback/${encodeURIComponent(row.page)}/${encodeURIComponent(row.slug)}.html`;
      head.append(element("a", row.student, { href: address }));
    } else head.textContent = row.student;
    const named = element("td");
    row.misconceptions.forEach((name, place) => {
      if (place) named.append(_(", "));
      named.append(filterLink(name, "misconception", row));
    });
    line.append(
      head,
      element("td", row.slug),
      element("td", String(row.score), { class: "n" }),
      element("td", _(row.status)),
      named,
      lostCell(row),
    );
    if (hasSeconds) line.append(element("td", row.seconds === null ? "–" : row.seconds.toFixed(1), { class: "n" }));
    line.append(element("td", row.message));
    return labelled(line, columns);
  };

  let loading = data.files.length > 0;
  const statusLine = () => {
    const count = (number) => number.toLocaleString(language);
    const values = { count: count(found.length), all: count(rows.length), shown: count(shown) };
    let text = found.length < rows.length ? _("{count} of {all} submissions", values) : rows.length === 1 ? _("one submission") : _("{count} submissions", values);
    if (shown < found.length) text += _(", the first {shown} are shown", values);
    if (loading) text += _("; more are being loaded");
    byId("status-line").textContent = text;
    byId("more").hidden = shown >= found.length;
  };

  const showMore = () => {
    const lines = document.createDocumentFragment();
    for (const row of found.slice(shown, shown + CHUNK)) lines.append(tableRow(row));
    body.append(lines);
    shown = Math.min(shown + CHUNK, found.length);
    statusLine();
  };

  const chips = () => {
    const line = byId("chips");
    line.replaceChildren();
    for (const name of SEVERAL) {
      for (const value of state[name]) {
        const chip = element("button", `${_(name)} ${value} ×`, { type: "button", "aria-label": _("Remove the filter: {name} {value}", { name: _(name), value }) });
        chip.addEventListener("click", () => {
          state[name] = state[name].filter((each) => each !== value);
          apply();
          byId("search").focus();
        });
        line.append(chip);
      }
    }
  };

  const apply = () => {
    writeState();
    for (const name in controls) if (byId(controls[name]).value !== state[name]) byId(controls[name]).value = state[name];
    chips();
    for (const button of headers) {
      const header = button.parentElement;
      if (button.dataset.sort === state.sort) header.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
    found = sorted(chosen());
    body.replaceChildren();
    shown = 0;
    showMore();
  };

  // What can be chosen

  const option = (select, value, text) => select.append(element("option", text === undefined ? value : text, { value }));
  const fill = (id, first, values) => {
    option(byId(id), "", first);
    for (const value of values) option(byId(id), value, _(value));
  };
  fill("assignment", _("all"), data.assignments.map((each) => each.slug));
  fill("status", _("all"), data.statuses);
  fill("outcome", _("any"), Object.values(data.outcomes));
  fill("misconception", _("choose …"), [...data.misconceptions].sort(collator.compare));
  option(byId("check"), "", _("any"));
  for (const each of data.assignments) {
    const group = element("optgroup", undefined, { label: each.slug });
    for (const check of each.checks) group.append(element("option", check.id, { value: check.id }));
    byId("check").append(group);
  }
  for (const name in controls) {
    byId(controls[name]).addEventListener("input", (event) => {
      state[name] = event.target.value;
      // Checks of two assignments may have one id; the group says which is meant.
      if (name === "check" && event.target.value) state.assignment = event.target.selectedOptions[0].parentElement.label;
      if (name === "assignment" && state.check) {
        const own = data.assignments.find((each) => each.slug === state.assignment);
        if (own && !own.checks.some((check) => check.id === state.check)) state.check = "";
      }
      apply();
    });
  }
  byId("misconception").addEventListener("change", (event) => {
    const name = event.target.value;
    event.target.value = "";
    if (name && !state.misconception.includes(name)) state.misconception.push(name);
    apply();
  });
  byId("clear").addEventListener("click", () => {
    history.replaceState(null, "", "#submissions");
    readState();
    apply();
    byId("search").focus();
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const button of headers) {
    button.addEventListener("click", () => {
      const same = state.sort === button.dataset.sort;
      state.down = same && !state.down ? "1" : "";
      state.sort = button.dataset.sort;
      apply();
    });
  }
  byId("more").addEventListener("click", () => {
    const last = body.rows.length;
    showMore();
    // The button may be gone: go on with the first new row.
    const next = body.rows[last];
    if (next && byId("more").hidden) {
      next.tabIndex = -1;
      next.focus();
    }
  });
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && shown < found.length) showMore();
  }, { rootMargin: "600px" }).observe(byId("more"));

  // The other tables are in the page already; their rows only change places.

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const lines = [...table.tBodies[0].rows];
    const names = heads.map((head) => head.textContent);
    lines.forEach((line) => labelled(line, names));
    table.classList.add("labelled");
    heads.forEach((head, column) => {
      const button = element("button", head.textContent, { type: "button" });
      head.replaceChildren(button);
      const value = (line) => {
        const cell = line.cells[column];
        if (cell.dataset.value !== undefined) return isNaN(cell.dataset.value) ? cell.dataset.value : Number(cell.dataset.value);
        return head.classList.contains("n") ? parseFloat(cell.textContent) : cell.textContent.trim();
      };
      button.addEventListener("click", () => {
        // Numbers begin with the largest.
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : head.classList.contains("n");
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = [...lines].sort((left, right) => {
          const a = value(left), b = value(right);
          return (down ? -1 : 1) * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
        });
        table.tBodies[0].append(...order);
      });
    });
  }

  const isFilter = () => location.hash.includes("=");
  const follow = () => {
    // #scores and the like are places in the page.
    if (location.hash && !isFilter()) return;
    readState();
    apply();
    if (isFilter()) {
      byId("submissions").scrollIntoView();
      byId("submissions").focus({ preventScroll: true });
    }
  };
  window.addEventListener("hashchange", follow);

  // The rows of a large run lie in files, each a call of `gradpathRows`: they can be loaded from a disk, too.

  let taken = false;
  window.gradpathRows = (mark, part) => {
    taken = mark === data.mark;
    if (taken) addPart(part);
  };
  const loadFile = (number) => {
    const file = data.files[number];
    const script = element("script", undefined, { src: encodeURIComponent(file) });
    const stop = (text) => {
      loading = false;
      apply();
      byId("status-line").textContent = text;
    };
    script.addEventListener("error", () => stop(_("{file} cannot be read; make the report again, and keep its files together", { file })));
    script.addEventListener("load", () => {
      if (!taken) return stop(_("{file} belongs to another page; make the report again, and keep its files together", { file }));
      taken = false;
      loading = number + 1 < data.files.length;
      // Unsorted, the rows that are shown stay: more come below them.
      if (!state.sort) found = chosen();
      else if (!loading) apply();
      if (shown < CHUNK) showMore();
      else statusLine();
      if (loading) loadFile(number + 1);
      // Without rows the page was too short to be scrolled to them.
      else if (isFilter()) byId("submissions").scrollIntoView();
    });
    document.head.append(script);
  };
  byId("no-script").hidden = true;
  byId("app").hidden = false;
  const place = location.hash;
  readState();
  if (isFilter()) follow();
  else {
    apply();
    // `apply` writes the filters' address; somebody came for another place.
    if (place !== location.hash) history.replaceState(null, "", place || location.pathname + location.search);
  }
  if (loading) loadFile(0);
})();
