// Charts: axes, and a pen that draws in the units of the data.

// Give round numbers between two ends, about `count` of them.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find((factor) => factor * size >= 0.7 * rough);
  const first = Math.ceil(low / step - 1e-9);
  return range(Math.floor(high / step + 1e-9) - first + 1).map((index) => Number(((first + index) * step).toPrecision(12)));
}

function decades(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  return range(last - first + 1).filter((index) => index % every === 0).map((index) => 10 ** (first + index));
}

// Mix two colours; `part` 0 gives the first, 1 the second.
const mix = (one, other, part) => one.map((channel, index) => channel + (other[index] - channel) * part);

// One axis: from the units of the data to pixels and back.
function scale({ min, max, log = false }, from, to) {
  const warp = log ? Math.log10 : (x) => x;
  const [low, high] = [warp(min), warp(max)];
  return {
    place: (x) => from + ((warp(x) - low) / (high - low)) * (to - from),
    back: (pixel) => {
      const x = low + ((pixel - from) / (to - from)) * (high - low);
      return log ? 10 ** x : x;
    },
  };
}

class Chart {
  // `label` is read aloud and stands above; `height` is in parts of the width; `pick(x, y)` is
  // called with a place that was clicked, and with `drag` while the pointer moves, too.
  constructor(name, { label, x, y, height = 0.62, pick, drag = false, wide = false }) {
    Object.assign(this, { x, y, height, pick });
    this.canvas = element("canvas", { id: `chart-${name}`, role: "img", "aria-label": label });
    if (pick) this.canvas.style.cursor = "crosshair";
    if (drag) this.canvas.style.touchAction = drag === "x" ? "pan-y" : "none";
    this.legend = element("p", { class: "legend" });
    page.charts.append(element("figure", { class: wide ? "wide" : false }, element("figcaption", {}, label), this.canvas, this.legend));
    if (pick) this.listen(drag);
    new ResizeObserver(() => page.changed()).observe(this.canvas.parentElement);
  }

  listen(drag) {
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const clamp = (value, { min, max }) => Math.min(Math.max(min, max), Math.max(Math.min(min, max), value));
      this.pick(
        clamp(this.across.back(event.clientX - box.left), this.x),
        clamp(this.up.back(event.clientY - box.top), this.y));
    };
    if (!drag) {
      this.canvas.addEventListener("click", at);
      return;
    }
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      at(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.canvas.hasPointerCapture(event.pointerId)) at(event);
    });
  }

  colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || name;
  }

  // Give a colour as [red, green, blue], for `cells`.
  channels(name) {
    return [1, 3, 5].map((place) => parseInt(this.colour(name).slice(place, place + 2), 16));
  }

  // Clear the chart, draw its axes, and then, within them, whatever `paint` draws.
  draw(paint) {
    const width = this.canvas.parentElement.clientWidth;
    const height = Math.max(190, Math.round(width * this.height));
    const sharp = devicePixelRatio || 1;
    this.canvas.width = width * sharp;
    this.canvas.height = height * sharp;
    this.canvas.style.height = `${height}px`;
    const pen = (this.pen = this.canvas.getContext("2d"));
    pen.scale(sharp, sharp);
    pen.font = "13px system-ui, sans-serif";
    pen.lineJoin = "round";
    this.box = { left: 64, right: width - 12, top: 8, bottom: height - 40 };
    this.across = scale(this.x, this.box.left, this.box.right);
    this.up = scale(this.y, this.box.bottom, this.box.top);
    this.axes();
    this.legend.replaceChildren();
    pen.save();
    pen.beginPath();
    pen.rect(this.box.left, this.box.top, this.box.right - this.box.left, this.box.bottom - this.box.top);
    pen.clip();
    paint(this);
    pen.restore();
  }

  axes() {
    const { pen, box } = this;
    // An axis may run down, as the rows of a picture do.
    const marks = ({ min, max, log }, count) => (log ? decades : ticks)(Math.min(min, max), Math.max(min, max), count);
    pen.strokeStyle = this.colour("grid");
    pen.fillStyle = this.colour("ink");
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const x of marks(this.x, Math.max(2, Math.round((box.right - box.left) / 80)))) {
      const place = Math.round(this.across.place(x)) + 0.5;
      this.stroke([[place, box.top], [place, box.bottom]]);
      pen.fillText(show(x, 4), place, box.bottom + 17);
    }
    pen.textAlign = "right";
    for (const y of marks(this.y, Math.max(2, Math.round((box.bottom - box.top) / 50)))) {
      const place = Math.round(this.up.place(y)) + 0.5;
      this.stroke([[box.left, place], [box.right, place]]);
      pen.fillText(show(y, 4), box.left - 6, place + 4);
    }
    pen.textAlign = "center";
    pen.fillText(this.x.label, (box.left + box.right) / 2, box.bottom + 35);
    pen.save();
    pen.translate(12, (box.top + box.bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(this.y.label, 0, 0);
    pen.restore();
  }

  stroke(pixels) {
    this.pen.beginPath();
    pixels.forEach(([x, y], index) => (index ? this.pen.lineTo(x, y) : this.pen.moveTo(x, y)));
    this.pen.stroke();
  }

  // Pixels of a point; far away ones are brought near, because a canvas cannot draw beyond 2^31.
  at([x, y]) {
    const near = (pixel) => Math.max(-1e5, Math.min(1e5, pixel));
    return [near(this.across.place(x)), near(this.up.place(y))];
  }

  line(points, { colour = "blue", width = 2, dash = [] } = {}) {
    this.pen.strokeStyle = this.colour(colour);
    this.pen.lineWidth = width;
    this.pen.setLineDash(dash);
    this.stroke(points.filter((point) => point.every(Number.isFinite)).map((point) => this.at(point)));
    this.pen.setLineDash([]);
  }

  // Draw y = f(x) from end to end.
  curve(f, style) {
    const { left, right } = this.box;
    this.line(range(Math.floor(right - left) + 1).map((pixel) => {
      const x = this.across.back(left + pixel);
      return [x, f(x)];
    }), style);
  }

  // Shapes: "disc", "ring", "square", "triangle", "star".
  dots(points, { colour = "blue", size = 4, shape = "disc" } = {}) {
    const { pen } = this;
    pen.fillStyle = pen.strokeStyle = this.colour(colour);
    pen.lineWidth = 2;
    for (const point of points.filter((one) => one.every(Number.isFinite))) {
      const [x, y] = this.at(point);
      pen.beginPath();
      if (shape === "disc" || shape === "ring") pen.arc(x, y, size, 0, 2 * Math.PI);
      else {
        const corners = { square: 4, triangle: 3, star: 10 }[shape];
        range(corners).forEach((corner) => {
          const turn = (2 * Math.PI * corner) / corners - Math.PI / 2 + (shape === "square" ? Math.PI / 4 : 0);
          const radius = size * (shape === "star" ? (corner % 2 ? 0.7 : 1.7) : 1.3);
          pen.lineTo(x + radius * Math.cos(turn), y + radius * Math.sin(turn));
        });
        pen.closePath();
      }
      if (shape === "ring") pen.stroke();
      else pen.fill();
    }
  }

  arrow(from, to, { colour = "blue", width = 3 } = {}) {
    const [[x0, y0], [x1, y1]] = [this.at(from), this.at(to)];
    this.line([from, to], { colour, width });
    const turn = Math.atan2(y1 - y0, x1 - x0);
    if (Math.hypot(x1 - x0, y1 - y0) < 3) return;
    this.pen.fillStyle = this.colour(colour);
    this.pen.beginPath();
    this.pen.moveTo(x1 + 2 * Math.cos(turn), y1 + 2 * Math.sin(turn));
    for (const side of [2.7, -2.7]) this.pen.lineTo(x1 + 12 * Math.cos(turn + side), y1 + 12 * Math.sin(turn + side));
    this.pen.fill();
  }

  // Fill the chart with cells; f(x, y) gives the colour of each as [red, green, blue]. With `still`
  // the cells are computed once for each size and colour scheme, because f is always the same.
  cells(f, { size = 4, still = false } = {}) {
    const { left, right, top, bottom } = this.box;
    const [columns, rows] = [Math.ceil((right - left) / size), Math.ceil((bottom - top) / size)];
    const key = [columns, rows, this.colour("paper")].join();
    if (!still || this.key !== key) {
      const image = new ImageData(columns, rows);
      let place = 0;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const colour = f(this.across.back(left + (column + 0.5) * size), this.up.back(top + (row + 0.5) * size));
          for (const channel of colour) image.data[place++] = channel;
          image.data[place++] = 255;
        }
      this.image = element("canvas", { width: columns, height: rows });
      this.image.getContext("2d").putImageData(image, 0, 0);
      this.key = key;
    }
    this.pen.imageSmoothingEnabled = false;
    this.pen.drawImage(this.image, left, top, columns * size, rows * size);
  }

  // Pixels of one unit across, divided by those of one unit up.
  get proportion() {
    return (this.across.place(this.x.max) - this.box.left) / (this.x.max - this.x.min) /
      ((this.box.bottom - this.box.top) / (this.y.max - this.y.min));
  }

  // Say below the chart which colour is which: pairs of a colour and a text.
  explain(...entries) {
    this.legend.replaceChildren(
      ...entries.map(([colour, text]) => element("span", {}, element("i", { style: `background:${this.colour(colour)}`, "aria-hidden": true }), text)));
  }
}
