// A kernel slides over the picture of the text, and a picture of another side goes through the net.

page.begin({
  todo: _("Click in the picture, or move the sliders, to slide the kernel over it; change the kernel; then change the side of the picture and see which shapes go through the network."),
  ask: _("Which sides of a picture give the same number of features as 32? And where in the picture does ReLU leave nothing of an edge kernel's map?"),
  about: _("The picture is the one of the documented run; its network draws its kernels by chance, these here are made by hand. Shapes and numbers of weights are those that the checks ask for."),
});

const SIDE = DATA.picture.length;
const KERNEL = DATA.layers.conv1.weight[2];
const MAP = SIDE - KERNEL + 1;
const middle = (KERNEL - 1) / 2;
const kernelOf = (f) => range(KERNEL).map((row) => range(KERNEL).map((column) => f(row - middle, column - middle)));
const KERNELS = {
  down: [_("changes from row to row"), kernelOf((row) => row / 10)],
  across: [_("changes from column to column"), kernelOf((row, column) => column / 10)],
  mean: ["mean", kernelOf(() => 1 / KERNEL ** 2)],
  spot: ["spots", kernelOf((row, column) => (row || column ? -1 : KERNEL ** 2 - 1) / KERNEL ** 2)],
};

const kernel = controls.choice("kernel", {
  label: _("Kernel"), options: Object.fromEntries(Object.entries(KERNELS).map(([name, [text]]) => [name, text])), value: "down",
});
const row = controls.slider("row", { label: _("first row of the window"), min: 0, max: MAP - 1, step: 1, value: 10 });
const column = controls.slider("column", { label: _("first column of the window"), min: 0, max: MAP - 1, step: 1, value: 20 });
const relued = controls.toggle("relu", { label: _("ReLU") });
const pooled = controls.toggle("pool", { label: _("2 x 2 max pool") });
const side = controls.slider("side", { label: _("side of a picture that goes through the network"), min: 5, max: 64, step: 1, value: SIDE });

const convolved = (weights, top, left) => {
  let sum = 0;
  for (let i = 0; i < KERNEL; i++) for (let j = 0; j < KERNEL; j++) sum += weights[i][j] * DATA.picture[top + i][left + j];
  return sum;
};
const mapOf = remembered((name, withRelu, withPool) => {
  const values = range(MAP).map((top) => range(MAP).map((left) => {
    const value = convolved(KERNELS[name][1], top, left);
    return withRelu ? Math.max(0, value) : value;
  }));
  if (!withPool) return values;
  return range(MAP / 2).map((i) => range(MAP / 2).map((j) => Math.max(...[0, 1].flatMap((a) => [0, 1].map((b) => values[2 * i + a][2 * j + b])))));
});

const pixels = (name, label, count, pick) => new Chart(name, {
  label, height: 1, pick, drag: pick ? "x" : false,
  x: { label: _("column"), min: 0, max: count },
  y: { label: _("row"), min: count, max: 0 },
});
const place = (value) => Math.max(0, Math.min(MAP - 1, Math.round(value - KERNEL / 2)));
const picture = pixels("picture", _("The picture and the window"), SIDE, (x, y) => {
  column.set(place(x));
  row.set(place(y));
});
const map = pixels("map", _("The map of the kernel"), MAP);
const results = page.numbers({ sum: _("sum of products at the window"), relu: _("after ReLU"), size: _("size of the map"), features: _("features that reach fc1") });
const weights = page.table("kernel", _("The kernel"), range(KERNEL).map(String));
const shapes = page.table("shapes", _("A picture of this side on its way"), [_("after"), _("shape"), _("weights and biases")]);

// Blue is below zero, orange above it; `top` is the largest magnitude.
const shade = (chart, values, top) => {
  const [paper, below, above] = ["paper", "blue", "orange"].map((name) => chart.channels(name));
  chart.cells((x, y) => {
    const value = values[Math.min(values.length - 1, Math.floor(y))][Math.min(values.length - 1, Math.floor(x))];
    return mix(paper, value < 0 ? below : above, Math.min(1, Math.abs(value) / top));
  }, { size: 2 });
};

// Give [name, shape, parameters] for each stage of the network.
function wayOf(start) {
  const { layers } = DATA;
  const count = (layer) => Object.values(layers[layer]).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const square = (channels, now) => (now > 0 ? `${channels} x ${now} x ${now}` : _("nothing is left"));
  const rows = [];
  let now = start;
  for (const layer of ["conv1", "conv2"]) {
    const [channels, , high] = layers[layer].weight;
    now = Math.max(0, now - high + 1);
    rows.push([layer, square(channels, now), String(count(layer))]);
    now = Math.floor(now / 2);
    rows.push([_("ReLU and pool"), square(channels, now), "0"]);
  }
  const features = layers.conv2.weight[0] * now * now;
  for (const layer of ["fc1", "fc2", "fc3"]) {
    const [out, into] = layers[layer].weight;
    // Only fc1 depends on the side: it takes as many numbers as there are.
    rows.push([layer, features ? String(out) : _("nothing is left"), String(count(layer) + (layer === "fc1" ? out * (features - into) : 0))]);
  }
  return { rows, features };
}

page.always(() => {
  const [name, top, left] = [kernel.value, row.value, column.value];
  const sum = convolved(KERNELS[name][1], top, left);
  const values = mapOf(name, relued.value, pooled.value);
  const shrink = pooled.value ? 2 : 1;
  picture.draw((chart) => {
    shade(chart, DATA.picture, 1);
    const [right, bottom] = [left + KERNEL, top + KERNEL];
    chart.line([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], { colour: "ink", width: 3 });
    chart.explain(["blue", _("below 0")], ["orange", _("above 0")]);
  });
  map.x.max = map.y.min = values.length;
  map.draw((chart) => {
    shade(chart, values, Math.max(1e-9, ...values.flat().map(Math.abs)));
    const [x, y] = [Math.floor(left / shrink), Math.floor(top / shrink)];
    chart.line([[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]], { colour: "ink", width: 3 });
  });
  const way = wayOf(side.value);
  results({ sum, relu: Math.max(0, sum), size: `${values.length} x ${values.length}`, features: String(way.features) });
  weights(KERNELS[name][1]);
  shapes(way.rows);
  page.say(_("At row {row}, column {column} the kernel gives {sum}; a picture of side {side} sends {features} features to fc1.", { row: top, column: left, sum: show(sum), side: side.value, features: way.features }));
});
