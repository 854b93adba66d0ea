// Predictions come nearer to the true yields, epoch by epoch.

page.begin({
  todo: _("Press Play and watch the predictions move towards the line of perfect ones; then change the learning rate."),
  ask: _("Which learning rate has the smallest loss after 100 epochs, and how much larger may it be before the run diverges?"),
  about: _("With the first settings this is the run of the text, in float64 as in train_numpy. The slopes come from a small autograd, not from a formula."),
});

const FRUIT = { apples: _("apples"), oranges: _("oranges") };
const { inputs, targets } = DATA;
const features = inputs[0].length;
const outputs = targets[0].length;
const weights = outputs * features;
// All parameters in one list: the rows of w, then b.
const START = [...DATA.w.flat(), ...DATA.b];

const predict = (x, parameters, output) =>
  add(...x.map((value, feature) => mul(value, parameters[output * features + feature])), parameters[weights + output]);
const loss = (...parameters) =>
  mul(1 / (inputs.length * outputs), add(...inputs.flatMap((x, sample) => range(outputs).map((output) => square(sub(predict(x, parameters, output), targets[sample][output]))))));

const lr = controls.slider("lr", { label: _("learning rate (lr)"), min: 1e-6, max: 1e-3, log: true, value: DATA.learning_rate });
const epochs = controls.steps("epochs", { label: _("epochs made"), max: 1000, value: DATA.epochs, next: _("Next epoch") });

const train = remembered((rate) => {
  let parameters = START;
  const run = { losses: [], parameters: [] };
  for (let epoch = 0; epoch <= 1000; epoch++) {
    const [value, slopes] = slopesOf(loss, parameters);
    run.losses.push(value);
    run.parameters.push(parameters);
    parameters = parameters.map((parameter, index) => parameter - rate * slopes[index]);
  }
  return run;
});

const COLOURS = ["vermilion", "blue"];
const panels = DATA.targets_named.map((name, output) => new Chart(name, {
  label: _("Predicted {name}, and their distance from the true ones", { name: FRUIT[name] }),
  height: 1,
  x: { label: _("true yield of {name}", { name: FRUIT[name] }), min: 0, max: 150 },
  y: { label: _("predicted yield"), min: 0, max: 150 },
}));
const history = new Chart("losses", {
  label: _("The loss before each update"),
  wide: true,
  height: 0.35,
  x: { label: _("epoch"), min: 0, max: DATA.epochs },
  y: { label: _("mean squared error"), min: 0.1, max: 1e4, log: true },
});
const results = page.numbers({
  loss: _("mean squared error now"),
  ...Object.fromEntries(DATA.targets_named.map((name) => [name, _("largest error, {name}", { name: FRUIT[name] })])),
});
const table = page.table("parameters", _("The parameters now"), [_("output"), ...DATA.features, _("bias")]);

page.always(() => {
  const run = train(lr.value);
  const made = epochs.value;
  const now = run.parameters[made];
  const largest = {};
  panels.forEach((panel, output) => {
    const name = DATA.targets_named[output];
    const pairs = inputs.map((x, sample) => [targets[sample][output], predict(x, now, output)]);
    largest[name] = Math.max(...pairs.map(([truth, prediction]) => Math.abs(prediction - truth)));
    panel.draw((chart) => {
      chart.line([[0, 0], [150, 150]], { colour: "grey", dash: [5, 5], width: 1.5 });
      for (const [truth, prediction] of pairs) chart.line([[truth, truth], [truth, prediction]], { colour: COLOURS[output], width: 1.5 });
      const before = inputs.map((x, sample) => [targets[sample][output], predict(x, START, output)]);
      chart.dots(before, { colour: "grey", shape: "ring", size: 4 });
      chart.dots(pairs, { colour: COLOURS[output], size: 5 });
      chart.explain(["grey", _("ring: before training")], [COLOURS[output], _("now, with its error")]);
    });
  });
  history.x.max = Math.max(100, made);
  // The axis follows a run that diverges.
  history.y.max = 2 * Math.max(5e3, ...run.losses.slice(0, made + 1).filter((value) => value < 1e30));
  history.draw((chart) => {
    chart.line(run.losses.slice(0, made + 1).map((value, epoch) => [epoch, Math.min(value, 1e300)]), { colour: "blue" });
    chart.dots([[made, run.losses[made]]], { colour: "blue", size: 5 });
  });
  results({ loss: run.losses[made], ...largest });
  table(range(outputs).map((output) => {
    const row = [...now.slice(output * features, (output + 1) * features), now[weights + output]];
    return [DATA.targets_named[output], ...row.map((parameter) => show(parameter, 4))];
  }));
  const falls = run.losses[made] <= run.losses[0];
  page.say(_("After {made} epochs the loss is {loss}.", { made, loss: show(run.losses[made]) }) + (falls ? "" : _(" It is larger than at the start: the run diverges.")));
});
