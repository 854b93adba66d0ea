// Slopes: a small autograd, so that no page holds a derivative that students are to find.
//
// add, sub, mul, ... take plain numbers and give plain numbers. Within slopesOf they take nodes as
// well, and each remembers the slopes of its result by its operands. So one model serves both.

let tape = [];

const valueOf = (operand) => (typeof operand === "number" ? operand : operand.value);

function node(value, ...operands) {
  const made = { value, slope: 0, operands };
  tape.push(made);
  return made;
}

// Give `value`, as a node if an operand is one; each pair is an operand and the slope by it.
function result(value, ...pairs) {
  const nodes = pairs.filter(([operand]) => typeof operand !== "number");
  return nodes.length ? node(value, ...nodes) : value;
}

function add(...terms) {
  return result(terms.reduce((sum, term) => sum + valueOf(term), 0), ...terms.map((term) => [term, 1]));
}

const sub = (a, b) => result(valueOf(a) - valueOf(b), [a, 1], [b, -1]);

const mul = (a, b) => result(valueOf(a) * valueOf(b), [a, valueOf(b)], [b, valueOf(a)]);

const square = (a) => mul(a, a);

const relu = (a) => result(Math.max(0, valueOf(a)), [a, valueOf(a) > 0 ? 1 : 0]);

const exp = (a) => result(Math.exp(valueOf(a)), [a, Math.exp(valueOf(a))]);

const log = (a) => result(Math.log(valueOf(a)), [a, 1 / valueOf(a)]);

// Give the value of f at a list of numbers, and its slope by each of them.
function slopesOf(f, numbers) {
  tape = [];
  const leaves = numbers.map((number) => node(number));
  const end = f(...leaves);
  end.slope = 1;
  for (const { slope, operands } of tape.reverse())
    for (const [operand, by] of operands) operand.slope += slope * by;
  return [end.value, leaves.map((leaf) => leaf.slope)];
}
