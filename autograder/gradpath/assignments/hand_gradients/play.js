// Stochastic gradient descent, one sample after the other, with a learning rate of the student's.

page.begin({
  todo: _("Press Next sample and watch the weight go down one parabola after the other; then change the learning rate and go through the run again."),
  ask: _("Which learning rate is the largest that still brings the weight to 2? And which one is the fastest?"),
  about: _("With the first settings this is the run by hand of the text: the same gradients, weights and losses as in the documented run. The slopes come from a small autograd, not from a formula."),
});

const { x: xs, y: ys } = DATA;
const loss = (x, y, w) => square(sub(mul(x, w), y));

const lr = controls.slider("lr", { label: _("learning rate (lr)"), min: 0.001, max: 1, log: true, value: DATA.learning_rate });
const start = controls.slider("start", { label: _("weight at the start"), min: -2, max: 6, step: 0.1, value: DATA.w0 });
const updates = controls.steps("updates", { label: _("updates made"), max: xs.length * DATA.epochs, next: _("Next sample") });
controls.button("epoch", _("Next epoch"), () => updates.set((Math.floor(updates.value / xs.length) + 1) * xs.length));

const train = remembered((rate, from) => {
  const run = { gradients: [], weights: [], losses: [] };
  let w = from;
  for (let epoch = 0; epoch < DATA.epochs; epoch++) {
    xs.forEach((x, index) => {
      const [, [g]] = slopesOf((weight) => loss(x, ys[index], weight), [w]);
      w -= rate * g;
      run.gradients.push(g);
      run.weights.push(w);
    });
    run.losses.push(loss(xs.at(-1), ys.at(-1), w));
  }
  return run;
});

const COLOURS = ["green", "sky", "vermilion"];
const parabolas = new Chart("parabolas", {
  wide: true,
  height: 0.5,
  label: _("The loss of each sample, and the way of the weight"),
  x: { label: _("weight w"), min: -2, max: 6 },
  y: { label: _("loss of one sample"), min: 0, max: 40 },
});
const history = new Chart("weights", {
  wide: true,
  height: 0.35,
  label: _("The weight after each update"),
  x: { label: _("update"), min: 0, max: xs.length * DATA.epochs },
  y: { label: _("weight w"), min: -2, max: 6 },
});
const results = page.numbers({
  weight: _("weight now"),
  gradient: _("last gradient"),
  loss: _("loss of the epoch, after its update"),
  prediction: _("prediction for x = 4"),
});
const table = page.table("updates", _("The updates"), [_("update"), "x", "y", _("gradient"), _("weight after it")]);

page.always(() => {
  const run = train(lr.value, start.value);
  const made = updates.value;
  const weights = [start.value, ...run.weights].slice(0, made + 1);
  const now = weights.at(-1);
  const epochs = Math.floor(made / xs.length);
  // The axes follow a weight that leaves them.
  const far = Math.max(...weights.map((w) => (Number.isFinite(w) ? Math.abs(w - 2) : 0)), 1.5) * 1.1;
  const [low, high] = [Math.max(2 - far, -1e6), Math.min(2 + far, 1e6)];
  Object.assign(parabolas.x, { min: low, max: high });
  parabolas.y.max = Math.max(9, ...weights.map((w, index) => (index ? loss(xs[(index - 1) % 3], ys[(index - 1) % 3], w) : 0)).filter((one) => one < 1e12)) * 1.1;
  Object.assign(history.y, { min: low, max: high });
  parabolas.draw((chart) => {
    xs.forEach((x, index) => chart.curve((w) => loss(x, ys[index], w), { colour: COLOURS[index], width: 1.5 }));
    range(made).forEach((update) => {
      const [x, y, colour] = [xs[update % 3], ys[update % 3], COLOURS[update % 3]];
      const [from, to] = [weights[update], weights[update + 1]];
      const way = range(21).map((part) => from + ((to - from) * part) / 20);
      chart.line(way.map((w) => [w, loss(x, y, w)]), { colour, width: update === made - 1 ? 3 : 1.5 });
      chart.dots([[to, loss(x, y, to)]], { colour, size: update === made - 1 ? 6 : 3 });
    });
    if (!made) chart.dots(xs.map((x, index) => [now, loss(x, ys[index], now)]), { colour: "ink", size: 4 });
    chart.explain(...xs.map((x, index) => [COLOURS[index], _("x = {x}, y = {y}", { x, y: ys[index] })]));
  });
  history.draw((chart) => {
    chart.line([[0, 2], [xs.length * DATA.epochs, 2]], { colour: "grey", dash: [5, 5], width: 1.5 });
    chart.line(weights.map((w, update) => [update, w]), { colour: "blue", width: 1.5 });
    weights.forEach((w, update) => chart.dots([[update, w]], { colour: update ? COLOURS[(update - 1) % 3] : "ink" }));
  });
  results({
    weight: now,
    gradient: made ? run.gradients[made - 1] : _("none yet"),
    loss: epochs ? run.losses[epochs - 1] : _("none yet"),
    prediction: 4 * now,
  });
  table(range(made).reverse().map((update) => [String(update + 1), xs[update % 3], ys[update % 3], run.gradients[update], run.weights[update]]), 0);
  const end = run.weights.at(-1);
  const away = Math.abs(end - 2) / (Math.abs(start.value - 2) || 1);
  const verdict = made < run.weights.length ? "" : away < 1 ? _(" The run came nearer to 2.") : _(" The run went away from 2: it diverges.");
  page.say(_("After {made} updates the weight is {weight}.", { made, weight: show(now) }) + verdict);
});
