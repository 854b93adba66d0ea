// Controls: each is labelled, works by keyboard and touch, and has a value and set(value).

const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");

// Make an element: attributes, then children, which are elements or texts.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const controls = {
  all: [],

  // A number, as a slider and as a field for the exact one. With `log`, equal ways on the slider
  // multiply by the same factor.
  slider(name, { label, min, max, step, value, log = false }) {
    const toSlider = (number) => (log ? Math.log10(number) : number);
    const fromSlider = (place) =>
      log ? Number((10 ** place).toPrecision(2)) : Number((min + Math.round((place - min) / step) * step).toPrecision(12));
    const bar = element("input", {
      type: "range", id: `${name}-slider`, "aria-label": _("{label}, slider", { label }),
      min: toSlider(min), max: toSlider(max), step: log ? 0.02 : step,
    });
    const field = element("input", { type: "number", id: name, min, max, step: "any", inputmode: "decimal" });
    const control = {
      name, value, start: value,
      set(number) {
        control.value = Math.min(max, Math.max(min, number));
        bar.value = toSlider(control.value);
        bar.setAttribute("aria-valuetext", show(control.value));
        if (document.activeElement !== field) field.value = control.value;
        page.changed();
      },
      limit(most) {
        if (max === most) return;
        max = most;
        bar.max = toSlider(most);
        field.max = most;
        if (control.value > most) control.set(most);
      },
    };
    bar.addEventListener("input", () => control.set(fromSlider(Number(bar.value))));
    field.addEventListener("input", () => {
      const number = field.valueAsNumber;
      if (number >= min && number <= max) control.set(number);
    });
    // A field that was left empty, or beyond its limits, shows again the number that counts.
    field.addEventListener("change", () => (field.value = control.value));
    page.controls.append(element("div", { class: "control" }, element("label", { for: name }, label), bar, field));
    return controls.ready(control);
  },

  // The number of steps to show: a slider with buttons, and one that goes through them.
  steps(name, { label, max, value = 0, next = _("Next"), one = 1 }) {
    const control = controls.slider(name, { label, min: 0, max, step: 1, value });
    let timer = 0;
    let most = max;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.textContent = _("Play");
      page.summary.setAttribute("aria-live", "polite");
    };
    const start = () => {
      if (control.value >= most) control.set(0);
      if (REDUCED.matches) {
        control.set(most);
        return;
      }
      play.textContent = _("Pause");
      // Nobody can listen to twenty sentences a second.
      page.summary.setAttribute("aria-live", "off");
      // Eight seconds at the most, however many steps there are.
      const stride = Math.max(1, Math.round(most / 160));
      timer = setInterval(() => {
        control.set(control.value + stride);
        if (control.value >= most) stop();
      }, Math.max(50, Math.min(300, 8000 / most)));
    };
    const move = (by) => {
      stop();
      control.set(control.value + by);
    };
    const play = element("button", { type: "button", id: `${name}-play`, onclick: () => (timer ? stop() : start()) }, _("Play"));
    page.controls.append(
      element("div", { class: "buttons" },
        element("button", { type: "button", id: `${name}-back`, onclick: () => move(-one) }, _("Back")),
        element("button", { type: "button", id: `${name}-next`, onclick: () => move(one) }, next),
        play),
    );
    const limit = control.limit;
    // A slider that stood at its end stays there when the run gets longer.
    control.limit = (number) => {
      const atEnd = control.value >= most;
      most = number;
      limit(number);
      if (atEnd && control.value !== number) control.set(number);
    };
    control.stop = stop;
    return control;
  },

  // One of a few: `options` has the label of each by its value.
  choice(name, { label, options, value }) {
    const control = {
      name, value, start: value,
      set(chosen) {
        control.value = chosen;
        page.controls.querySelector(`input[name="${name}"][value="${chosen}"]`).checked = true;
        page.changed();
      },
    };
    const inputs = Object.entries(options).map(([key, text]) =>
      element("label", {}, element("input", { type: "radio", name, value: key, onchange: () => control.set(key) }), ` ${text}`));
    page.controls.append(element("fieldset", {}, element("legend", {}, label), ...inputs));
    return controls.ready(control);
  },

  // Yes or no.
  toggle(name, { label, value = false }) {
    const box = element("input", { type: "checkbox", id: name, onchange: () => control.set(box.checked) });
    const control = {
      name, value, start: value,
      set(checked) {
        control.value = box.checked = checked;
        page.changed();
      },
    };
    page.controls.append(element("label", { class: "toggle" }, box, ` ${label}`));
    return controls.ready(control);
  },

  button(name, label, action) {
    page.controls.append(element("button", { type: "button", id: name, onclick: action }, label));
  },

  ready(control) {
    controls.all.push(control);
    control.set(control.value);
    return control;
  },
};
