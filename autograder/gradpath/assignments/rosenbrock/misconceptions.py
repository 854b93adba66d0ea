"""Known mistakes in rosenbrock, the common ones first.

In `descend` and `descend_autograd` nothing but the points and the losses can be seen. There a
gradient without its factor 2 cannot be told from half the step size, and a turned gradient not from
a step uphill: the one that comes first here is named.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradpath.course.declare import (
    GRAPH_USED,
    LEAF_IN_PLACE,
    NONE_USED,
    UNTRACKED,
    Misconception,
    Variant,
    edit,
    rewrite,
)

_VALUE = "return (1 - x) ** 2 + 100 * (y - x**2) ** 2"
_DF_DX = "-2 * (1 - x) - 400 * x * (y - x**2)"
_DF_DY = "200 * (y - x**2)"
_MOVE_X = "- step_size * float(slope[0])"
_MOVE_Y = "- step_size * float(slope[1])"
_UPDATE = """\
        with torch.no_grad():
            point -= step_size * point.grad
"""
_ZERO = "        point.grad.zero_()\n"
_STEP = "point -= step_size * point.grad"

_BACKWARD = "        value.backward()\n"

_END = "        if value <= tolerance:\n            break\n"
_NEW_POINT = "point = point - step_size * point.grad"
_FIRST_VALUE = "    value = rosenbrock(point[0], point[1])\n    points"
_NEXT_VALUE = "        value = rosenbrock(point[0], point[1])\n        # clone"

# Descents as students write them, in float64; mistakes are edits of them.
_WALK = """
def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    value = rosenbrock(x, y)
    while len(losses) < max_iterations and value > tolerance:
        dx, dy = gradient(x, y)
        x, y = x - step_size * dx, y - step_size * dy
        value = rosenbrock(x, y)
        points.append([x, y])
        losses.append(value)
    return {"points": points, "losses": losses, "iterations": len(losses)}
"""
_MOVE_ARRAY = """\
        dx, dy = gradient(*point)
        point[0], point[1] = point[0] - step_size * dx, point[1] - step_size * dy
"""
_ARRAY_WALK = f"""
def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start)
    points, losses = [], []
    value = rosenbrock(*point)
    while len(losses) < max_iterations and value > tolerance:
{_MOVE_ARRAY}        value = rosenbrock(*point)
        points.append(point.copy())
        losses.append(value)
    return {{"points": points, "losses": losses, "iterations": len(losses)}}
"""
# The loss is looked at before the update, so these walks end one update late.
_LATE_WALK = """
def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    for _ in range(max_iterations):
        before = rosenbrock(x, y)
        dx, dy = gradient(x, y)
        x, y = x - step_size * dx, y - step_size * dy
        points.append([x, y])
        losses.append(rosenbrock(x, y))
        if before <= tolerance:
            break
    return {"points": points, "losses": losses, "iterations": len(losses)}
"""
_LATE_AUTOGRAD = """
def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    for _ in range(max_iterations):
        before = rosenbrock(point[0], point[1])
        before.backward()
        with torch.no_grad():
            point -= step_size * point.grad
        point.grad.zero_()
        points.append(point.tolist())
        losses.append(rosenbrock(point[0], point[1]).item())
        if before.item() <= tolerance:
            break
    return {"points": points, "losses": losses, "iterations": len(losses)}
"""

# Walks that ask something else than f at their end, in x, y, dx, dy (at the old point), value, old.
_ENDS = (
    "(dx * dx + dy * dy) ** 0.5 <= tolerance",
    "max(abs(dx), abs(dy)) <= tolerance",
    "abs(old - value) <= tolerance",
    "step_size * (dx * dx + dy * dy) ** 0.5 <= tolerance",
    "abs(x - 1) <= tolerance",
)
_OTHER_END = """
def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    value = rosenbrock(x, y)
    dx, dy = gradient(x, y)
    while len(losses) < max_iterations and not BEFORE:
        x, y, old = x - step_size * dx, y - step_size * dy, value
        value = rosenbrock(x, y)
        points.append([x, y])
        losses.append(value)
        if AFTER:
            break
        dx, dy = gradient(x, y)
    return {"points": points, "losses": losses, "iterations": len(losses)}
"""
_OTHER_END_AUTOGRAD = """
def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    while len(losses) < max_iterations:
        point.grad = None
        old = rosenbrock(point[0], point[1])
        old.backward()
        dx, dy = point.grad.tolist()
        old = old.item()
        if BEFORE:
            break
        with torch.no_grad():
            point -= step_size * point.grad
        x, y = point.tolist()
        value = rosenbrock(point[0], point[1]).item()
        points.append([x, y])
        losses.append(value)
        if AFTER:
            break
    return {"points": points, "losses": losses, "iterations": len(losses)}
"""


def _other_ends(function: str, code: str, reached: str) -> Iterator[Variant]:
    """Yield walks with each end, asked before the step if it needs the gradient alone.

    A small step ends walks beside `reached`, the right end, too; before it is recorded, or after.
    """
    early = ("        points.append", "        if AFTER:\n            break\n        points.append")
    for end in _ENDS:
        yield rewrite(function, code, ("BEFORE", "False"), ("AFTER", end))
        if "d" in end and "old" not in end and "step_size" not in end:
            yield rewrite(function, code, ("BEFORE", end), ("AFTER", "False"))
        if "old" in end or "step_size" in end:
            ends = ("BEFORE", reached), ("AFTER", end)
            yield rewrite(function, code, *ends)
            yield rewrite(function, code, ("AFTER", "False"), early, *ends)


_NO_TUPLE = "    if not isinstance(start, tuple):\n"

MISCONCEPTIONS = [
    Misconception(
        "inner-derivative-halved",
        "The inner derivative is x instead of 2x",
        "The part from the bent valley is half of what it should be, while the part from (1 - x) "
        "is right. Two squares are nested here, and each brings a factor 2. Which of the two is "
        "missing?",
        (
            edit("gradient", ("400 * x", "200 * x")),
            edit("gradient", (_DF_DX, "-2 * (1 - x) + 200 * x * (y - x**2)")),
        ),
    ),
    Misconception(
        "y-gradient-halved",
        "df/dy has 100 where it should have 200",
        "df/dx is right, df/dy is half of what it should be. Only one square contains y, and it "
        "has 100 in front. What does differentiating the square multiply that 100 by?",
        (edit("gradient", (_DF_DY, "100 * (y - x**2)")),),
    ),
    Misconception(
        "inner-derivative-missing",
        "The derivative of the inner x^2 is missing",
        "df/dx treats the inside of the second square as if it changed at the rate of x itself. "
        "By how much does y - x^2 change when x changes a little, and with which sign?",
        (
            edit("gradient", ("400 * x", "200")),
            edit("gradient", (_DF_DX, "-2 * (1 - x) + 200 * (y - x**2)")),
        ),
    ),
    Misconception(
        "inner-sign",
        "The minus of the inner derivative is missing",
        "The valley's part of df/dx has the wrong sign. Inside the second square x^2 is "
        "subtracted. What sign does the chain rule take from there?",
        (edit("gradient", ("- 400 * x", "+ 400 * x")),),
    ),
    Misconception(
        "outer-sign",
        "The minus from differentiating 1 - x is missing",
        "The part of df/dx that comes from (1 - x)^2 has the wrong sign. The inside is 1 - x, "
        "not x - 1. What is the derivative of 1 - x?",
        (edit("gradient", ("-2 * (1 - x)", "2 * (1 - x)")),),
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The step goes the opposite way. The gradient points uphill. In which direction does f "
        "fall?",
        (
            edit(
                "descend",
                (_MOVE_X, "+ step_size * float(slope[0])"),
                (_MOVE_Y, "+ step_size * float(slope[1])"),
            ),
            rewrite("descend", _WALK, ("x - step", "x + step"), ("y - step", "y + step")),
            rewrite(
                "descend",
                _ARRAY_WALK,
                ("np.array(start)", "np.array(start, dtype=float)"),
                (_MOVE_ARRAY, "        point = point + step_size * np.array(gradient(*point))\n"),
            ),
            edit("descend_autograd", (_STEP, "point += step_size * point.grad")),
        ),
        fact="The size of the step is right, its direction is not, and so the walk climbs.",
    ),
    Misconception(
        "sign-flipped-residual",
        "A difference inside a square was turned round in its derivative",
        "Sizes are right, signs are not: a difference was written the other way round. A square "
        "does not mind, its derivative does. Is y above or below x^2 here, and which way "
        "does f fall?",
        (
            edit(
                "gradient",
                (_DF_DX, "-2 * (1 - x) - 400 * x * (x**2 - y)"),
                (_DF_DY, "200 * (x**2 - y)"),
            ),
            edit("gradient", ("return df_dx, df_dy", "return -df_dx, -df_dy")),
            edit("gradient", (_DF_DY, "200 * (x**2 - y)")),
        ),
    ),
    Misconception(
        "sequential-update",
        "y moves with a gradient taken at the new x",
        "The step of y was computed after x had moved; the walk may even end sooner. At which "
        "point do both partial derivatives have to be taken?",
        (
            edit(
                "descend",
                (
                    f"y = float(point[1]) {_MOVE_Y}",
                    "y = float(point[1]) - step_size * gradient(x, float(point[1]))[1]",
                ),
            ),
            rewrite(
                "descend_autograd",
                """
                def descend_autograd(start, step_size, tolerance, max_iterations):
                    x = torch.tensor(float(start[0]), dtype=torch.float64, requires_grad=True)
                    y = torch.tensor(float(start[1]), dtype=torch.float64, requires_grad=True)
                    value = rosenbrock(x, y)
                    points, losses = [], []
                    while len(losses) < max_iterations and not value.item() <= tolerance:
                        for moving in (x, y):
                            x.grad = y.grad = None
                            rosenbrock(x, y).backward()
                            with torch.no_grad():
                                moving -= step_size * moving.grad
                        value = rosenbrock(x, y)
                        points.append([x.item(), y.item()])
                        losses.append(value.item())
                    return {"points": points, "losses": losses, "iterations": len(losses)}
                """,
            ),
        ),
    ),
    Misconception(
        "swapped-components",
        "The two components are swapped",
        "df/dx stands where df/dy belongs, and the other way round. In which order does the text "
        "want the pair, and which of the two belongs to x?",
        (
            edit("gradient", ("return df_dx, df_dy", "return df_dy, df_dx")),
            edit(
                "descend",
                (_MOVE_X, "- step_size * float(slope[-1])"),
                (_MOVE_Y, "- step_size * float(slope[0])"),
            ),
        ),
    ),
    Misconception(
        "square-missing",
        "y - x stands where y - x^2 is meant",
        "The x inside the second term is not squared; one printed version of the formula has a "
        "subscript there instead of a square. Where should the floor of the valley lie: along a "
        "line or along a parabola?",
        (
            edit("rosenbrock", ("(y - x**2)", "(y - x)")),
            *(
                edit("gradient", (_DF_DX, f"-2 * (1 - x) - {factor} * (y - x)"), *df_dy)
                for factor, *df_dy in (
                    ("200", (_DF_DY, "200 * (y - x)")),
                    ("400 * x", (_DF_DY, "200 * (y - x)")),
                    ("400 * x",),
                )
            ),
            edit("gradient", (_DF_DY, "200 * (y - x)")),
        ),
    ),
    Misconception(
        "ten-for-hundred",
        "10 stands where the formula has 100",
        "The part from the bent valley is a tenth of what it should be. How many zeros has the "
        "factor of the second square in the text?",
        (
            edit("rosenbrock", ("100", "10")),
            edit("gradient", ("400", "40"), ("200", "20")),
            edit("gradient", ("400", "40")),
            edit("gradient", ("200", "20")),
        ),
    ),
    Misconception(
        "term-not-squared",
        "A term is added without its square",
        "One of the two terms, or each of them, is added as it is and not squared as a whole. Can "
        "this function be negative, and can the one of the text?",
        tuple(
            edit("rosenbrock", (_VALUE, f"return {value}"))
            for value in (
                "(1 - x) ** 2 + 100 * (y - x**2)",
                "(1 - x) + 100 * (y - x**2)",
                "(1 - x) + 100 * (y - x**2) ** 2",
            )
        ),
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "All parts of the formula are there, but a bracket is closed too late, too early or not "
        "at all, so that a square, a factor or a sign takes the wrong part. Which operation comes "
        "first in your line?",
        (
            edit("rosenbrock", (_VALUE, "return (1 - x) ** 2 + (100 * (y - x**2)) ** 2")),
            edit("rosenbrock", (_VALUE, "return 1 - x**2 + 100 * (y - x**2) ** 2")),
            edit("rosenbrock", (_VALUE, "return (1 - x) ** 2 + 100 * (y - x) ** 2 ** 2")),
            edit("rosenbrock", (_VALUE, "return (1 - x) ** 2 + 100 * ((y - x) ** 2) ** 2")),
            edit("rosenbrock", (_VALUE, "return (1 - x) ** 2 + 100 * y - x**2")),
            edit("gradient", (_DF_DX, "-2 * 1 - x - 400 * x * (y - x**2)")),
            edit("gradient", (_DF_DX, "-2 * (1 - x) - 400 * x * y - x**2")),
            edit("gradient", (_DF_DX, "-2 * (1 - x - 400 * x * (y - x**2))")),
            edit("gradient", (_DF_DY, "200 * y - x**2")),
            edit(
                "gradient",
                (_DF_DX, "-2 * (1 - x) - 400 * x * y - x**2"),
                (_DF_DY, "200 * y - x**2"),
            ),
        ),
    ),
    Misconception(
        "arguments-reordered",
        "The function takes y before x",
        "The formula is right, but the values go to other names than the text says: the order in "
        "the first line of the function is another. Which argument comes first?",
        (
            edit("rosenbrock", ("rosenbrock(x, y)", "rosenbrock(y, x)")),
            edit("gradient", ("gradient(x, y)", "gradient(y, x)")),
        ),
    ),
    Misconception(
        "half-squared-error",
        "There is a factor 1/2 in front of f",
        "The value is half of f. Many books put 1/2 before a square to tidy its derivative; which "
        "definition does the text give?",
        (
            edit("rosenbrock", (_VALUE, "return ((1 - x) ** 2 + 100 * (y - x**2) ** 2) / 2")),
            edit("descend", ("losses.append(value)", "losses.append(value / 2)")),
            edit(
                "descend_autograd", ("losses.append(value.item()", "losses.append(value.item() / 2")
            ),
            edit(
                "descend_autograd",
                *((old, old.replace("])", "]) / 2")) for old in (_FIRST_VALUE, _NEXT_VALUE)),
            ),
        ),
    ),
    Misconception(
        "loss-before-update",
        "The loss is recorded before the update",
        "The losses lag one step behind: each belongs to the point before the update. Which point "
        "does the text ask the loss to be taken at?",
        (
            rewrite(
                "descend",
                _WALK,
                ("        losses.append(value)\n", ""),
                ("        dx, dy", "        losses.append(value)\n        dx, dy"),
            ),
            # The end is decided by the same old loss, and so comes an update late.
            rewrite("descend", _LATE_WALK, ("append(rosenbrock(x, y))", "append(before)")),
            edit(
                "descend_autograd",
                (
                    "        value.backward()\n",
                    "        losses.append(value.item())\n        value.backward()\n",
                ),
                ("        losses.append(value.item())\n    return", "    return"),
            ),
            rewrite(
                "descend_autograd",
                _LATE_AUTOGRAD,
                ("append(rosenbrock(point[0], point[1]).item())", "append(before.item())"),
            ),
        ),
    ),
    Misconception(
        "retain-graph",
        "The graphs of earlier steps are kept, and gone through again",
        "backward() goes through graphs that earlier steps have left, since these are kept. torch "
        "refuses to go back twice for a good reason. At which point should the gradient be taken, "
        "and which line computes f there?",
        (
            edit(
                "descend_autograd",
                (_BACKWARD, "        value.backward(retain_graph=True)\n"),
                (_UPDATE, "        point.data -= step_size * point.grad\n"),
                (_NEXT_VALUE, "        now = rosenbrock(point[0], point[1])\n        # clone"),
                ("losses.append(value.item())", "losses.append(now.item())"),
            ),
            edit(
                "descend_autograd",
                ("    points, losses = [], []\n", "    points, losses = [], []\n    total = 0\n"),
                (
                    _BACKWARD,
                    "        total = total + value\n        total.backward(retain_graph=True)\n",
                ),
                (_UPDATE, "        point.data -= step_size * point.grad\n"),
            ),
        ),
        evidence="kept graph",
    ),
    Misconception(
        "backward-twice",
        "backward() is called once more than there are updates",
        "A gradient counts twice: backward() adds to .grad, also when it is called again for the "
        "same value or before the loop. How many calls of backward() should come before the "
        "first update?",
        (
            edit(
                "descend_autograd",
                (_FIRST_VALUE, f"    rosenbrock(point[0], point[1]).backward()\n{_FIRST_VALUE}"),
            ),
            edit(
                "descend_autograd",
                (_BACKWARD, _BACKWARD.replace("()", "(retain_graph=True)") + _BACKWARD),
            ),
        ),
        evidence="two backwards",
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradient is never set back to zero",
        "Gradients of earlier steps are still there when the next one is added. What does "
        "backward() do with what is in .grad already?",
        (edit("descend_autograd", (_ZERO, "")),),
        fact="The first step is right, each later one goes along the sum of all gradients so far.",
    ),
    Misconception(
        "zeroed-before-step",
        "The gradient is gone before the step, or there is no step",
        "The step does not use the slope that backward() found. In which order do zeroing, "
        "backward and step have to come, and are all three there?",
        (edit("descend_autograd", (_UPDATE, f"{_ZERO}{_UPDATE}")),),
        fact="The point never moves.",
    ),
    Misconception(
        "data-zeroed",
        "The point is set to zero instead of its gradient",
        "The point itself becomes zero, and its gradient does not. Which of the two adds up from "
        "one backward() to the next?",
        (
            edit("descend_autograd", (_ZERO, "        point.data.zero_()\n")),
            edit(
                "descend_autograd",
                (_ZERO, ""),
                (
                    "        losses.append(value.item())\n    return",
                    "        losses.append(value.item())\n        point.data.zero_()\n    return",
                ),
            ),
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The point is changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate the "
        "update too. How do you tell autograd that a line is not part of the function?",
        (edit("descend_autograd", (_UPDATE, f"        {_STEP}\n")),),
        raises=LEAF_IN_PLACE,
    ),
    Misconception(
        "requires-grad-forgotten",
        "The point does not ask for a gradient",
        "Nothing in this function says that gradients are wanted, so torch has recorded no graph "
        "that backward() could go through. Which tensor should be tracked, and how does torch get "
        "to know?",
        (edit("descend_autograd", (", requires_grad=True", "")),),
        raises=f"{UNTRACKED}|'NoneType' object has no attribute",
        evidence="untracked",
    ),
    Misconception(
        "graph-cut-off",
        "backward() starts from a value that has no graph",
        "The value of f is computed while autograd does not watch, or is taken out of its graph at "
        "once, so backward() finds no way back. Which lines does autograd have to see?",
        (
            edit(
                "descend_autograd",
                (_NEXT_VALUE, _NEXT_VALUE.replace("point[1])", "point[1]).detach()")),
            ),
        ),
        raises=rf"{UNTRACKED}|'(float|numpy\.\w+)' object has no attribute 'backward'",
        evidence="copy of the loss",
    ),
    Misconception(
        "gradient-read-too-early",
        "The gradient is used before backward() has made one",
        "Before the first backward() there is no gradient: .grad is None, and None can be neither "
        "set to zero nor used. In which order do the lines of the first round run?",
        (
            edit("descend_autograd", (_ZERO, ""), (_BACKWARD, _ZERO + _BACKWARD)),
            edit("descend_autograd", (_BACKWARD, ""), (_UPDATE, _UPDATE + _BACKWARD)),
        ),
        raises=NONE_USED,
        evidence="read too early",
    ),
    Misconception(
        "graph-used-again",
        "backward() goes through a graph that is used up",
        # Short, since torch's own message is long.
        "How often is f computed, and how often is backward() called?",
        (
            edit("descend_autograd", (_BACKWARD, _BACKWARD + _BACKWARD)),
            edit(
                "descend_autograd",
                (
                    _FIRST_VALUE,
                    "    value = rosenbrock(point[0], point[1])\n    value.backward()\n    points",
                ),
            ),
            edit(
                "descend_autograd",
                (_NEXT_VALUE, "        now = rosenbrock(point[0], point[1])\n        # clone"),
                ("losses.append(value.item())", "losses.append(now.item())"),
            ),
        ),
        raises=GRAPH_USED,
    ),
    Misconception(
        "leaf-replaced",
        "The update makes a new tensor, which has no gradient",
        "After the first step the name belongs to the result of a computation, and such a tensor "
        "gets no .grad. Which tensor did backward() fill, and which one do you read?",
        (
            edit("descend_autograd", (_UPDATE, f"        {_NEW_POINT}\n")),
            edit("descend_autograd", (_STEP, _NEW_POINT)),
            edit("descend_autograd", (_UPDATE, f"        {_NEW_POINT}\n"), (_ZERO, "")),
            edit("descend_autograd", (_STEP, _NEW_POINT), (_ZERO, "")),
        ),
        raises=f"{NONE_USED}|{UNTRACKED}",
        evidence="replaced",
    ),
    Misconception(
        "integer-state",
        "The point is kept in whole numbers",
        "A start of whole numbers makes an array of whole numbers, and that cannot hold a move of "
        "a thousandth: it raises, or cuts the move off. Which type do your coordinates have, and "
        "who chose it?",
        (
            rewrite(
                "descend",
                _ARRAY_WALK,
                (_MOVE_ARRAY, "        point -= step_size * np.array(gradient(*point))\n"),
            ),
            rewrite("descend", _ARRAY_WALK),
            rewrite("descend", _ARRAY_WALK, ("np.array(start)", "np.array(start, dtype=int)")),
            edit("descend_autograd", ("[float(s) for s in start], dtype=torch.float64", "start")),
            edit(
                "descend_autograd",
                (
                    "[float(s) for s in start], dtype=torch.float64, requires_grad=True)",
                    "start).requires_grad_()",
                ),
            ),
        ),
        raises=r"only Tensors of floating point (and complex )?dtype can require gradients"
        r"|Only Tensors of floating point and complex dtype can require gradients"
        r"|Cannot cast ufunc '(subtract|add)' output from",
    ),
    Misconception(
        "history-with-start",
        "The history begins with the start, which is no update",
        "The history has one entry too many: in front stands the start, or its loss, from before "
        "the first update. How many updates are there, and what is the first entry to show?",
        tuple(
            edit(function, (old, old.replace("points, losses = [], []", new)), *counts)
            for function, first, old in (
                ("descend", "value", '    points, losses = [], []\n    # "not'),
                ("descend_autograd", "value.item()", "    points, losses = [], []\n    while"),
            )
            for new, limit, count in (
                ("points, losses = [np.array(start, dtype=float)], [{0}]", 1, 1),
                ("points, losses = [np.array(start, dtype=float)], [{0}]", 1, 0),
                ("points, losses = [np.array(start, dtype=float)], []", 0, 0),
                ("points, losses = [], [{0}]", 1, 1),
            )
            for new in [new.format(first)]
            for counts in [
                (
                    ("while len(losses) <", f"while len(losses) - {limit} <"),
                    ('"iterations": len(losses)', f'"iterations": len(losses) - {count}'),
                )
            ]
        ),
    ),
    Misconception(
        "limit-hard-coded",
        "The largest number of updates is written into the loop",
        "The walk may make a fixed number of updates, whatever is asked for. Which argument says "
        "how many are allowed?",
        tuple(
            edit(function, ("len(losses) < max_iterations", f"len(losses) < {count}"))
            for function, count in (("descend", 100), ("descend", 1000), ("descend_autograd", 100))
        ),
    ),
    Misconception(
        "iterations-off-by-one",
        "One update is counted or made too many, or too few",
        "The number of updates is off by one. When the loss is small enough, has that update been "
        "counted and recorded, and does another one follow?",
        (
            *(
                edit(function, (old, new))
                for function in ("descend", "descend_autograd")
                for old, new in (
                    ("len(losses) < max_iterations", "len(losses) <= max_iterations"),
                    ("len(losses) < max_iterations", "len(losses) < max_iterations - 1"),
                    ('"iterations": len(losses)', '"iterations": len(losses) + 1'),
                    ('"iterations": len(losses)', '"iterations": len(losses) - 1'),
                )
            ),
            rewrite("descend", _LATE_WALK),
            rewrite("descend_autograd", _LATE_AUTOGRAD),
            # The update that gets there is left out of the record.
            rewrite("descend", _WALK, ("        points.append", f"{_END}        points.append")),
            edit("descend_autograd", ("        # clone", f"{_END}        # clone")),
        ),
    ),
    Misconception(
        "tolerance-ignored",
        "The tolerance is not looked at",
        "The walk goes on when f is small enough. What else than the number of updates may end it, "
        "and where does your loop look at that?",
        (
            edit("descend", (" and not value <= tolerance", "")),
            edit("descend_autograd", (" and not value.item() <= tolerance", "")),
        ),
        fact="It always makes all the updates that are allowed.",
    ),
    Misconception(
        "other-stopping-rule",
        "The walk ends by another rule than f <= tolerance",
        "The tolerance is compared with something else than f at the new point, such as the length "
        "of the gradient or the change of f. Each of these is in use; which number does the text "
        "compare with the tolerance?",
        (
            *_other_ends("descend", _OTHER_END, "value <= tolerance"),
            *_other_ends("descend_autograd", _OTHER_END_AUTOGRAD, "old <= tolerance"),
        ),
    ),
    Misconception(
        "loss-as-step",
        "f stands where its gradient belongs in the update",
        "The point moves by the size of f, by the same in x and in y. Which numbers tell how f "
        "changes in x, and how in y?",
        (
            rewrite(
                "descend",
                _WALK,
                ("        dx, dy = gradient(x, y)\n", ""),
                ("step_size * dx", "step_size * value"),
                ("step_size * dy", "step_size * value"),
            ),
            edit("descend_autograd", (_STEP, "point -= step_size * value.item()")),
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the step size that was given",
        "The length of the step is off by a constant factor. Where in your update does the "
        "argument step_size come in, and is anything else multiplied there?",
        tuple(
            edit(function, *((old, old.replace("step_size", factor)) for old in steps))
            for function, steps in (("descend", (_MOVE_X, _MOVE_Y)), ("descend_autograd", (_STEP,)))
            for factor in (
                *("0.5 * step_size", "0.001", "0.1 * step_size", "10 * step_size", "0.01"),
                "2 * step_size",
            )
        ),
    ),
    Misconception(
        "missing-factor-two",
        "The 2 of the square's derivative is missing",
        "A square lost its factor 2 on the way to the derivative. What does the exponent of a "
        "square become when you differentiate it, and where does that number go?",
        (
            edit(
                "gradient",
                (_DF_DX, "-(1 - x) - 200 * x * (y - x**2)"),
                (_DF_DY, "100 * (y - x**2)"),
            ),
            edit("gradient", (_DF_DX, "-(1 - x) - 400 * x * (y - x**2)")),
            edit("gradient", ("400 * x", "200 * x"), (_DF_DY, "100 * (y - x**2)")),
            edit("gradient", (_DF_DX, "-(1 - x) - 200 * x * (y - x**2)")),
        ),
    ),
    Misconception(
        "aliased-history",
        "The same array is in the history again and again",
        "One array was appended many times, and it changes in place. What does a list hold, a copy "
        "or the thing itself?",
        (
            edit("descend", ("point = np.array([x, y], dtype=np.float32)", "point[:] = x, y")),
            edit("descend_autograd", (".detach().clone().numpy()", ".detach().numpy()")),
        ),
    ),
    Misconception(
        "numeric-gradient",
        "A finite difference instead of the derivative",
        "Digits get lost where f is large and hardly depends on x: two nearly equal values are "
        "subtracted. What do the derivatives look like as formulas?",
        tuple(
            rewrite(
                "gradient",
                f"""
                def gradient(x, y):
                    h = {h}
                    df_dx = (rosenbrock(x + h, y) - rosenbrock(x{back}, y)) / ({width})
                    df_dy = (rosenbrock(x, y + h) - rosenbrock(x, y{back})) / ({width})
                    return df_dx, df_dy
                """,
            )
            for back, width, steps in (
                (" - h", "2 * h", ("1e-5", "1e-6", "1e-4")),
                ("", "h", ("1e-6", "1e-5", "1e-4")),
            )
            for h in steps
        ),
        only_fails=("gradient.magnitudes",),
        evidence="quotient",
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "These numbers are printed in the text, for other arguments. What should the function do "
        "for data that nobody has printed?",
        (
            rewrite(
                "rosenbrock",
                """
                def rosenbrock(x, y):
                    return {(0.0, 0.0): 1.0, (2.0, 3.0): 101.0}.get((float(x), float(y)), 1.0)
                """,
            ),
            rewrite(
                "gradient",
                """
                def gradient(x, y):
                    return (802.0, -200.0) if x == 2.0 else (-2.0, 0.0)
                """,
            ),
            # The NumPy walk in both: thousands of steps in torch, call after call, take too long.
            *(
                rewrite(
                    function,
                    f"""
                    def {function}(start, step, tolerance, count, walk=descend, kept=[]):
                        if not kept:
                            kept.append(walk((0.0, 0.0), 0.001, 0.001, 100000))
                        return kept[0]
                    """,
                )
                for function in ("descend", "descend_autograd")
            ),
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The function changes what it was given",
        "After the call the caller's data are not what they were, so the next call starts "
        "elsewhere. Which line writes into an object that came in as an argument?",
        (
            edit("rosenbrock", (_VALUE, f"y -= x**2\n    {_VALUE.replace('(y - x**2)', 'y')}")),
            edit(
                "gradient",
                ("    df_dx =", "    y -= x**2\n    df_dx ="),
                ("x * (y - x**2)", "x * y"),
                (_DF_DY, "200 * y"),
            ),
            rewrite(
                "descend",
                _WALK,
                ("    return {", f"{_NO_TUPLE}        start[:] = x, y\n    return {{"),
            ),
            edit(
                "descend_autograd",
                ("    return {", f"{_NO_TUPLE}        start[:] = point.tolist()\n    return {{"),
            ),
        ),
        only_fails=(
            "rosenbrock.repeatable",
            "gradient.repeatable",
            "descend.repeatable",
            "descend_autograd.repeatable",
        ),
        evidence="changed arguments",
    ),
]
