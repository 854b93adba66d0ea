// A start in the valley, a step size, and the way down from there.

page.begin({
  todo: _("Click a start in the valley, or move it with the sliders, and see the way down from there; then change the step size."),
  ask: _("Which start needs the fewest updates without being near the minimum? And which step size is the largest with which the start (0, 0) still arrives?"),
  about: _("With the first settings this is the documented run, in its arithmetic: points and slopes in float32, the rest in float64. The slopes come from a small autograd, not from a formula. A way that does not arrive is cut off after 20000 updates."),
});

const MOST = 20000;
const f = (x, y) => add(square(sub(1, x)), mul(100, square(sub(y, square(x)))));

const [left, right, low, high] = [-2, 2, -1, 3];
const x = controls.slider("x", { label: _("start x"), min: left, max: right, step: 0.05, value: DATA.start[0] });
const y = controls.slider("y", { label: _("start y"), min: low, max: high, step: 0.05, value: DATA.start[1] });
const size = controls.slider("size", { label: _("step size"), min: 0.0001, max: 0.01, log: true, value: DATA.step_size });
const updates = controls.steps("updates", { label: _("updates made"), max: DATA.iterations, value: DATA.iterations });

const descend = remembered((start, stepSize) => {
  let point = start.map(Math.fround);
  const points = [point];
  const losses = [];
  for (;;) {
    const [value, slopes] = slopesOf(f, point);
    losses.push(value);
    // A way that has left the range of numbers goes on for ever: it is cut off.
    if (value <= DATA.tolerance || points.length > MOST || !Number.isFinite(value)) return { points, losses };
    point = point.map((place, axis) => Math.fround(place - stepSize * Math.fround(slopes[axis])));
    points.push(point);
  }
});

const valley = new Chart("valley", {
  label: _("The valley, seen from above: the stronger the blue, the higher"),
  wide: true,
  height: 0.8,
  x: { label: _("x"), min: left, max: right },
  y: { label: _("y"), min: low, max: high },
  pick(across, up) {
    x.set(Number((Math.round(across / 0.05) * 0.05).toFixed(2)));
    y.set(Number((Math.round(up / 0.05) * 0.05).toFixed(2)));
  },
});
const history = new Chart("losses", {
  label: _("The loss along the way"),
  wide: true,
  height: 0.35,
  x: { label: _("update"), min: 0, max: DATA.iterations },
  y: { label: _("f(x, y)"), min: 5e-4, max: 1e4, log: true },
});
const results = page.numbers({
  all: _("updates of the whole way"),
  loss: _("f after the updates made"),
  at: _("the point there"),
  distance: _("its distance from (1, 1)"),
});

page.always(() => {
  const run = descend([x.value, y.value], size.value);
  const all = run.points.length - 1;
  updates.limit(Math.max(1, all));
  const made = Math.min(updates.value, all);
  const way = run.points.slice(0, made + 1);
  const now = way.at(-1);
  valley.draw((chart) => {
    const [flat, steep] = [chart.channels("paper"), chart.channels("sky")];
    // Half a decade from shade to shade, as in the picture of the text.
    chart.cells((one, other) => mix(flat, steep, Math.min(1, Math.max(0, (Math.floor(2 * Math.log10(f(one, other))) + 4) / 12))), { size: 2, still: true });
    chart.line(way, { colour: "vermilion", width: 2.5 });
    chart.dots([way[0]], { colour: "ink", shape: "square", size: 6 });
    chart.dots([now], { colour: "vermilion", size: 6 });
    chart.dots([[1, 1]], { colour: "ink", shape: "star", size: 7 });
    chart.explain(["ink", _("square: the start")], ["vermilion", _("the way")], ["ink", _("star: the minimum")]);
  });
  history.x.max = Math.max(10, all);
  history.draw((chart) => {
    chart.line([[0, DATA.tolerance], [history.x.max, DATA.tolerance]], { colour: "grey", dash: [5, 5], width: 1.5 });
    chart.line(run.losses.slice(0, made + 1).map((loss, update) => [update, Math.max(loss, 1e-300)]), { colour: "blue" });
    chart.dots([[made, run.losses[made]]], { colour: "vermilion", size: 5 });
  });
  const last = run.losses.at(-1);
  const verdict = last <= DATA.tolerance ? _("arrives after {all} updates", { all }) : Number.isFinite(last) ? _("has not arrived after {all} updates", { all }) : _("diverges after {all} updates", { all });
  results({
    all: String(all),
    loss: run.losses[made],
    at: `(${show(now[0])}, ${show(now[1])})`,
    distance: Math.hypot(now[0] - 1, now[1] - 1),
  });
  page.say(_("The way from ({x}, {y}) {verdict}.", { x: show(x.value), y: show(y.value), verdict }));
});
