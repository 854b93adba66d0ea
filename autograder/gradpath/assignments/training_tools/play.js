// Two tools around the step: the size of the first weights, and the length of a gradient.

page.begin({
  todo: _("Move the size of the first weights and watch how a deep network's activations grow or shrink; then drag the gradient in the second chart and watch both ways of clipping."),
  ask: _("Which size of the weights keeps the activations of layer 6 as large as those of layer 1? And for which gradients do both ways of clipping make the same step?"),
  about: _("With sizes 1 and 1.41421 the scales are those of the text's deep network with Xavier's and with He's weights. Another size multiplies a layer without bias, and its ReLU hands that on, so no layer has to be computed anew."),
});

const depth = DATA.scales.length - 1;
const size = controls.slider("size", { label: _("size of the weights (1 is Xavier's)"), min: 0.25, max: 4, log: true, value: 1 });
const first = controls.slider("first", { label: _("gradient, first slope"), min: -6, max: 6, step: 0.1, value: 4.8 });
const second = controls.slider("second", { label: _("gradient, second slope"), min: -6, max: 6, step: 0.1, value: 1.4 });
const limit = controls.slider("limit", { label: _("largest norm, and limit of each slope"), min: 0, max: 6, step: 0.1, value: DATA.max_norm });

const activations = new Chart("scales", {
  label: _("Standard deviation of the activations by layer"),
  wide: true,
  height: 0.45,
  x: { label: _("layer (0 is the input)"), min: 0, max: depth },
  y: { label: _("standard deviation"), min: 1e-5, max: 1e4, log: true },
});
const clipping = new Chart("clip", {
  label: _("A gradient of two slopes, clipped by norm and by value"),
  wide: true,
  height: 0.75,
  x: { label: _("first slope"), min: -6.4, max: 6.4 },
  y: { label: _("second slope"), min: -4.8, max: 4.8 },
  pick(x, y) {
    first.set(Number(x.toFixed(1)));
    second.set(Number(y.toFixed(1)));
  },
  drag: "both",
});
const scalesAt = (factor) => DATA.scales.map((scale, layer) => scale * factor ** layer);
const results = page.numbers({
  deviation: _("deviation of the weights"),
  norm: _("norm of the gradient"),
  byNorm: _("clipped by norm"),
  byValue: _("clipped by value"),
  turned: _("turned by value by (degrees)"),
});
const table = page.table("scales", _("The activations"), [_("layer"), _("standard deviation")]);

const pair = (x, y) => `(${show(x)}, ${show(y)})`;

page.always(() => {
  const scales = scalesAt(size.value);
  activations.draw((chart) => {
    const others = [["sky", 2, _("twice Xavier's")], ["green", Math.SQRT2, _("He's")], ["blue", 1, _("Xavier's")], ["orange", 0.5, _("half of Xavier's")]];
    for (const [colour, factor] of others) chart.line(scalesAt(factor).map((scale, layer) => [layer, scale]), { colour, width: 1.5, dash: [5, 4] });
    chart.line(scales.map((scale, layer) => [layer, scale]), { colour: "vermilion", width: 2.5 });
    chart.dots(scales.map((scale, layer) => [layer, scale]), { colour: "vermilion", size: 5 });
    chart.explain(["vermilion", "yours"], ...others.map(([colour, , text]) => [colour, text]));
  });
  const [x, y, most] = [first.value, second.value, limit.value];
  const norm = Math.hypot(x, y);
  const factor = Math.min(1, most / (norm + 1e-6));
  const byNorm = [x * factor, y * factor];
  const byValue = [x, y].map((slope) => Math.max(-most, Math.min(most, slope)));
  clipping.draw((chart) => {
    const around = range(121).map((part) => (part * 2 * Math.PI) / 120);
    chart.line(around.map((turn) => [most * Math.cos(turn), most * Math.sin(turn)]), { colour: "blue", width: 1.5, dash: [6, 4] });
    chart.line([[-most, -most], [most, -most], [most, most], [-most, most], [-most, -most]], { colour: "vermilion", width: 1.5, dash: [2, 3] });
    chart.arrow([0, 0], [x, y], { colour: "grey", width: 4 });
    chart.arrow([0, 0], byValue, { colour: "vermilion" });
    chart.arrow([0, 0], byNorm, { colour: "blue" });
    chart.explain(["grey", _("the gradient")], ["blue", _("clipped by norm (circle)")], ["vermilion", _("clipped by value (square)")]);
  });
  const turn = (Math.atan2(byValue[1], byValue[0]) - Math.atan2(y, x)) * (180 / Math.PI);
  results({
    deviation: size.value * DATA.xavier,
    norm,
    byNorm: pair(...byNorm),
    byValue: pair(...byValue),
    turned: Math.hypot(...byValue) ? Math.round(turn * 10) / 10 || 0 : _("no direction is left"),
  });
  table(scales.map((scale, layer) => [String(layer), show(scale, 4)]));
  page.say(_("Layer {depth} is {times} times as large as layer 1; the gradient of norm {norm} is clipped to {byNorm} by norm and to {byValue} by value.", {
    depth,
    times: show(scales[depth] / scales[1], 3),
    norm: show(norm, 3),
    byNorm: show(Math.hypot(...byNorm), 3),
    byValue: show(Math.hypot(...byValue), 3),
  }));
});
