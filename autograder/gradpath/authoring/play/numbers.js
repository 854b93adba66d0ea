// Numbers as Python writes them with f"{x:.6g}": the same digits as in texts and messages.

function show(x, digits = 6) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return "0";
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const size = Number(exponent);
  if (size >= -4 && size < digits) return String(Number(x.toPrecision(digits)));
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${short}e${size < 0 ? "-" : "+"}${String(Math.abs(size)).padStart(2, "0")}`;
}

// Remember the last result of a function that takes long: most changes leave its arguments alone.
function remembered(f) {
  let key;
  let value;
  return (...words) => {
    const next = JSON.stringify(words);
    if (next !== key) [key, value] = [next, f(...words)];
    return value;
  };
}

const range = (count) => Array.from({ length: count }, (_, index) => index);
