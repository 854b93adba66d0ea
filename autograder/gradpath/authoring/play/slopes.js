// Slopes: a small autograd, so that no page holds a derivative that students are to find.
//
// add, sub, mul, ... take plain numbers and give plain numbers. Within slopesOf they take nodes as
// well, and each remembers the slopes of its result by its operands. So one model serves both.

let tape = [];

const isPlain = (operand) => typeof operand === "number";

const valueOf = (operand) => (isPlain(operand) ? operand : operand.value);

// Give a node: each pair is an operand and the slope of the value by it.
function node(value, ...pairs) {
  const made = { value, slope: 0, pairs: pairs.filter(([operand]) => !isPlain(operand)) };
  tape.push(made);
  return made;
}

function add(...terms) {
  let sum = 0;
  for (const term of terms) sum += valueOf(term);
  return terms.every(isPlain) ? sum : node(sum, ...terms.map((term) => [term, 1]));
}

const sub = (a, b) => (isPlain(a) && isPlain(b) ? a - b : node(valueOf(a) - valueOf(b), [a, 1], [b, -1]));

const mul = (a, b) => (isPlain(a) && isPlain(b) ? a * b : node(valueOf(a) * valueOf(b), [a, valueOf(b)], [b, valueOf(a)]));

const square = (a) => mul(a, a);

const relu = (a) => (isPlain(a) ? Math.max(0, a) : node(Math.max(0, a.value), [a, a.value > 0 ? 1 : 0]));

const exp = (a) => (isPlain(a) ? Math.exp(a) : node(Math.exp(a.value), [a, Math.exp(a.value)]));

const log = (a) => (isPlain(a) ? Math.log(a) : node(Math.log(a.value), [a, 1 / a.value]));

// Give the value of f at a list of numbers, and its slope by each of them.
function slopesOf(f, numbers) {
  tape = [];
  const leaves = numbers.map((number) => node(number));
  const end = f(...leaves);
  end.slope = 1;
  for (const { slope, pairs } of tape.reverse())
    for (const [operand, by] of pairs) operand.slope += slope * by;
  return [end.value, leaves.map((leaf) => leaf.slope)];
}
