// Decision regions move, epoch by epoch, from the start of the text or another one.

page.begin({
  todo: _("Press Play and watch the regions of the classes move; then try the four XOR points, other starts, fewer hidden units."),
  ask: _("On the XOR points, how many of the starts 1 to 10 get all four points right within 200 epochs? And with two hidden units?"),
  about: _("Start 0 is the one of the checks; with it and the first settings these are the runs of the text, in float64. The other starts are drawn here, each always the same. The slopes come from a small autograd."),
});

const CLASSES = ["blue", "orange", "green"];
const SHAPES = ["disc", "square", "triangle"];
const SHAPE_NAMES = [_("disc"), _("square"), _("triangle")];
const LIMITS = { text: 1000, xor: 200 };

const data = controls.choice("data", { label: _("Points"), options: { text: _("the six of the text"), xor: "XOR" }, value: "text" });
const lr = controls.slider("lr", { label: _("learning rate (lr)"), min: 0.001, max: 10, log: true, value: DATA.text.learning_rate });
const start = controls.slider("start", { label: _("start (0 is that of the text)"), min: 0, max: 50, step: 1, value: 0 });
const hidden = controls.slider("hidden", { label: _("hidden units"), min: 1, max: 5, step: 1, value: 5 });
const epochs = controls.steps("epochs", { label: _("epochs made"), max: LIMITS.text, next: _("Next epoch") });

// Standard normal numbers from a seed: mulberry32, then Box and Muller.
function normals(seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

// All parameters in one list: for each hidden unit its two weights, its bias, and its weights to the
// classes; then the biases of the classes.
function parametersOf({ W1, B1, Wout, Bout }, seed, units) {
  const draw = normals(seed);
  const list = range(units).flatMap((unit) => [W1[0][unit], W1[1][unit], B1[unit], ...Wout[unit]]).concat(Bout);
  return seed ? list.map(draw) : list;
}

function logits(parameters, classes, units, x) {
  const width = 3 + classes;
  const activations = range(units).map((unit) => {
    const place = unit * width;
    return relu(add(mul(x[0], parameters[place]), mul(x[1], parameters[place + 1]), parameters[place + 2]));
  });
  return range(classes).map((label) =>
    add(...activations.map((activation, unit) => mul(activation, parameters[unit * width + 3 + label])), parameters[units * width + label]));
}

// The largest logit is taken away first, so that no exponential overflows.
function likelihood(scores, label) {
  const largest = Math.max(...scores.map(valueOf));
  const shifted = scores.map((score) => sub(score, largest));
  return sub(log(add(...shifted.map(exp))), shifted[label]);
}

// A run that grows as far as it is looked at.
const begun = remembered((key, rate, seed, units) => {
  const { x: xs, labels, start: given } = DATA[key];
  const classes = given.Bout.length;
  const loss = (...parameters) =>
    mul(1 / xs.length, add(...xs.map((x, sample) => likelihood(logits(parameters, classes, units, x), labels[sample]))));
  const run = { classes, parameters: [parametersOf(given, seed, units)], losses: [] };
  run.upTo = (epoch) => {
    while (run.losses.length <= epoch) {
      const now = run.parameters[run.losses.length];
      const [value, slopes] = slopesOf(loss, now);
      run.losses.push(value);
      run.parameters.push(now.map((parameter, index) => parameter - rate * slopes[index]));
    }
    return run;
  };
  return run;
});

const plane = new Chart("plane", {
  label: _("The plane, coloured by predicted class; the stronger, the surer"),
  wide: true,
  height: 0.75,
  x: { label: _("first feature"), min: -0.5, max: 1.5 },
  y: { label: _("second feature"), min: -0.5, max: 1.5 },
});
const history = new Chart("losses", {
  label: _("The loss before each update"),
  wide: true,
  height: 0.35,
  x: { label: _("epoch"), min: 0, max: 100 },
  y: { label: _("loss"), min: 0, max: 1 },
});
const results = page.numbers({ loss: _("loss now"), right: _("points right"), predicted: _("classes predicted") });

let shown = data.value;
page.always(() => {
  if (data.value !== shown) {
    shown = data.value;
    lr.set(DATA[shown].learning_rate);
    epochs.stop();
    epochs.limit(LIMITS[shown]);
    epochs.set(0);
  }
  const { x: xs, labels } = DATA[data.value];
  const made = epochs.value;
  const run = begun(data.value, lr.value, start.value, hidden.value).upTo(made);
  const now = run.parameters[made];
  const scores = (x) => logits(now, run.classes, hidden.value, x);
  const best = (values) => values.indexOf(Math.max(...values));
  const predicted = xs.map((x) => best(scores(x)));
  const right = predicted.filter((label, sample) => label === labels[sample]).length;
  plane.draw((chart) => {
    const paper = chart.channels("paper");
    const colours = CLASSES.map((name) => chart.channels(name));
    chart.cells((one, other) => {
      const values = scores([one, other]);
      const label = Math.max(0, best(values));
      return mix(paper, colours[label], 0.15 + 0.6 * Math.exp(-likelihood(values, label)));
    }, { size: 5 });
    xs.forEach((x, sample) => {
      const label = labels[sample];
      chart.dots([x], { colour: "paper", shape: SHAPES[label], size: 11 });
      chart.dots([x], { colour: "ink", shape: SHAPES[label], size: 8 });
      chart.dots([x], { colour: CLASSES[label], shape: SHAPES[label], size: 5.5 });
    });
    chart.explain(...range(run.classes).map((label) => [CLASSES[label], _("class {label} ({shape})", { label, shape: SHAPE_NAMES[label] })]));
  });
  history.x.max = Math.max(20, made);
  history.y.max = 1.1 * Math.max(0.1, ...run.losses.slice(0, made + 1).filter(Number.isFinite));
  history.draw((chart) => {
    chart.line(run.losses.slice(0, made + 1).map((loss, epoch) => [epoch, loss]), { colour: "blue" });
    chart.dots([[made, run.losses[made]]], { colour: "vermilion", size: 5 });
  });
  results({ loss: run.losses[made], right: _("{right} of {count}", { right, count: xs.length }), predicted: predicted.join(" ") });
  page.say(_("After {made} epochs the loss is {loss}, and {right} of {count} points are right.", { made, loss: show(run.losses[made]), right, count: xs.length }));
});
