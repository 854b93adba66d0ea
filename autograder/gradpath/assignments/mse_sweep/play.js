// One weight, and the loss at it: find the lowest point with few tries.

page.begin({
  todo: _("Drag along the chart of the loss, or move the slider, to try weights; the line and the squared errors follow."),
  ask: _("How few tries do you need to come to the smallest loss, before you let the whole sweep be drawn? And which weights have the same loss as each other?"),
  about: _("Samples, weights and losses are those of the text. A loss here is the one that the checks compare yours with."),
});

const { x: xs, y: ys } = DATA;
const [count, step] = [41, 0.1];
const loss = (x, y, w) => (x * w - y) ** 2;
const mean = (w) => xs.reduce((sum, x, index) => sum + loss(x, ys[index], w), 0) / xs.length;

const w = controls.slider("w", { label: _("weight w"), min: 0, max: (count - 1) * step, step, value: 0 });
const sweep = controls.toggle("sweep", { label: _("Draw the whole sweep ({count} weights)", { count }) });
let tried = new Set([w.value]);
controls.button("again", _("Forget the tries"), () => {
  tried = new Set([w.value]);
  page.changed();
});
page.reset = () => (tried = new Set([w.value]));

const curve = new Chart("loss", {
  wide: true,
  height: 0.45,
  label: _("The loss at each weight that you tried"),
  x: { label: _("weight w"), min: 0, max: 4 },
  y: { label: _("mean squared error"), min: 0, max: 20 },
  pick: (x) => w.set(Number((Math.round(x / step) * step).toPrecision(12))),
  drag: "x",
});
const line = new Chart("samples", {
  label: _("The samples, the line x·w, and the squared errors"),
  wide: true,
  height: 0.5,
  x: { label: _("x"), min: 0, max: 8 },
  y: { label: _("y"), min: 0, max: 12 },
});
const results = page.numbers({
  loss: _("mean squared error at w"),
  tries: _("weights tried"),
  best: _("best weight so far"),
  least: _("its loss"),
});
const table = page.table("samples", _("The samples at this weight"), ["x", "y", _("prediction"), _("squared error")]);

page.always(() => {
  tried.add(w.value);
  const best = [...tried].reduce((one, other) => (mean(other) < mean(one) ? other : one));
  curve.draw((chart) => {
    if (sweep.value) {
      const grid = range(count).map((index) => [index * step, mean(index * step)]);
      chart.line(grid, { colour: "sky" });
      chart.dots(grid, { colour: "sky", size: 3 });
    }
    chart.dots([...tried].map((one) => [one, mean(one)]), { colour: "blue" });
    chart.dots([[w.value, mean(w.value)]], { colour: "vermilion", size: 7 });
  });
  line.draw((chart) => {
    chart.line([[0, 0], [8, 8 * w.value]], { colour: "blue" });
    xs.forEach((x, index) => {
      // A square whose side is the error: its area is the squared error.
      const [from, to] = [x * w.value, ys[index]];
      const side = Math.abs(to - from) / chart.proportion;
      chart.line([[x, from], [x, to], [x + side, to], [x + side, from], [x, from]], { colour: "vermilion", width: 1.5 });
    });
    chart.dots(xs.map((x, index) => [x, ys[index]]), { colour: "ink", size: 5 });
  });
  results({ loss: mean(w.value), tries: String(tried.size), best, least: mean(best) });
  table(xs.map((x, index) => [x, ys[index], x * w.value, loss(x, ys[index], w.value)]));
  page.say(_("At w = {w} the loss is {loss}.", { w: show(w.value), loss: show(mean(w.value)) }));
});
