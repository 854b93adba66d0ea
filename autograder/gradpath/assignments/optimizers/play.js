// Five rules race down the same bowl from a start of the student's, with one learning rate for all.

page.begin({
  todo: _("Move the learning rate, or click a start in the chart, and see five rules race down the same bowl."),
  ask: _("In the run of the text RMSprop is the first one at a loss of 0.01. At which learning rates does momentum win instead, and which rules still arrive with a learning rate of 1?"),
  about: _("With the first settings this is the run of the text: each loss is the one that compare gives. The slopes come from a small autograd, not from a formula."),
});

const f = (x, y) => add(mul(0.5, square(x)), mul(10, square(y)));
const LEVEL = 0.01;
const MOST = 200;

// Each rule gives the length of a step before the learning rate, from a slope, the state of its
// weight, the number of the step, and the rule's settings.
const RULES = {
  sgd: (g) => g,
  momentum(g, state, t, keep) {
    state.velocity = keep * (state.velocity ?? 0) + g;
    return state.velocity;
  },
  adagrad(g, state, t, eps) {
    state.sum = (state.sum ?? 0) + g * g;
    return g / (Math.sqrt(state.sum) + eps);
  },
  rmsprop(g, state, t, decay, eps) {
    state.mean = decay * (state.mean ?? 0) + (1 - decay) * g * g;
    return g / (Math.sqrt(state.mean) + eps);
  },
  adam(g, state, t, beta1, beta2, eps) {
    state.first = beta1 * (state.first ?? 0) + (1 - beta1) * g;
    state.second = beta2 * (state.second ?? 0) + (1 - beta2) * g * g;
    return state.first / (1 - beta1 ** t) / (Math.sqrt(state.second / (1 - beta2 ** t)) + eps);
  },
};
const NAMES = Object.keys(RULES);
const COLOURS = { sgd: "blue", momentum: "vermilion", adagrad: "green", rmsprop: "ink", adam: "orange" };
const DASHES = { sgd: [], momentum: [7, 3], adagrad: [2, 3], rmsprop: [10, 3, 2, 3], adam: [4, 4] };

const lr = controls.slider("lr", { label: _("learning rate (lr)"), min: 0.001, max: 1, log: true, value: DATA.learning_rate });
const x = controls.slider("x", { label: _("start x"), min: -3, max: 3, step: 0.1, value: DATA.start[0] });
const y = controls.slider("y", { label: _("start y"), min: -1, max: 1, step: 0.05, value: DATA.start[1] });
const steps = controls.steps("steps", { label: _("steps made"), max: 100, value: DATA.steps, next: _("Next step") });
const drawn = Object.fromEntries(NAMES.map((name) => [name, controls.toggle(`draw-${name}`, { label: _("draw {name}", { name }), value: true })]));

const race = remembered((start, rate) =>
  Object.fromEntries(NAMES.map((name) => {
    let point = start;
    const states = [{}, {}];
    const points = [point];
    for (let t = 1; t <= MOST; t++) {
      const [, slopes] = slopesOf(f, point);
      point = point.map((w, axis) => w - rate * RULES[name](slopes[axis], states[axis], t, ...DATA.settings[name]));
      points.push(point);
    }
    return [name, { points, losses: points.map((one) => f(...one)) }];
  })));

const bowl = new Chart("bowl", {
  label: _("The ways down the bowl, seen from above: the stronger the blue, the higher"),
  wide: true,
  height: 0.5,
  x: { label: _("x"), min: -3.2, max: 3.2 },
  y: { label: _("y"), min: -1.1, max: 1.1 },
  pick(across, up) {
    x.set(Number((Math.round(across * 10) / 10).toFixed(1)));
    y.set(Number((Math.round(up * 20) / 20).toFixed(2)));
  },
});
const history = new Chart("losses", {
  label: _("The loss after each step"),
  wide: true,
  height: 0.4,
  x: { label: _("step"), min: 0, max: 20 },
  y: { label: _("f(x, y)"), min: 1e-6, max: 10, log: true },
});
const table = page.table("rules", _("The rules after these steps"), [_("rule"), _("loss"), _("first step at {level} or below", { level: LEVEL })]);

page.always(() => {
  const runs = race([x.value, y.value], lr.value);
  const made = steps.value;
  const chosen = NAMES.filter((name) => drawn[name].value);
  const style = (name) => ({ colour: COLOURS[name], dash: DASHES[name] });
  bowl.draw((chart) => {
    const [flat, steep] = [chart.channels("paper"), chart.channels("sky")];
    chart.cells((one, other) => mix(flat, steep, Math.min(1, Math.max(0, (Math.floor(2 * Math.log10(f(one, other))) + 5) / 9))), { size: 2, still: true });
    for (const name of chosen) {
      const way = runs[name].points.slice(0, made + 1);
      chart.line(way, { ...style(name), width: 2 });
      chart.dots(way, { colour: COLOURS[name], size: 2.5 });
      chart.dots([way.at(-1)], { colour: COLOURS[name], size: 6 });
    }
    chart.dots([[x.value, y.value]], { colour: "ink", shape: "square", size: 6 });
    chart.dots([[0, 0]], { colour: "ink", shape: "star", size: 6 });
    chart.explain(...chosen.map((name) => [COLOURS[name], name]));
  });
  history.x.max = Math.max(10, made);
  history.draw((chart) => {
    chart.line([[0, LEVEL], [history.x.max, LEVEL]], { colour: "grey", dash: [5, 5], width: 1.5 });
    for (const name of chosen)
      chart.line(runs[name].losses.slice(0, made + 1).map((loss, step) => [step, Math.min(1e300, Math.max(loss, 1e-300))]), style(name));
    chart.explain(...chosen.map((name) => [COLOURS[name], name]));
  });
  const first = (name) => runs[name].losses.findIndex((loss) => loss <= LEVEL);
  const arrived = NAMES.filter((name) => first(name) >= 0);
  table(NAMES.map((name) => [name, runs[name].losses[made], first(name) < 0 ? _("not in {most}", { most: MOST }) : String(first(name))]));
  const soonest = Math.min(...arrived.map(first));
  const winners = arrived.filter((name) => first(name) === soonest).join(_(" and "));
  page.say(arrived.length ? _("First at a loss of {level}: {winners}, after {steps} steps.", { level: LEVEL, winners, steps: soonest }) : _("No rule comes to a loss of {level} within {most} steps.", { level: LEVEL, most: MOST }));
});
