"""Known mistakes in mse_sweep, the common ones first."""

from __future__ import annotations

from gradpath.course.declare import Misconception, edit, rewrite

_MEAN = "mean_squared_error(xs, ys, w)"
_PAIRS = "loss(a, b, w) for a in xs for b in ys"
_SQUARE = "np.mean(forward(np.asarray(xs), w) - np.asarray(ys)) ** 2"
_DIFFERENCE = "forward(np.asarray(xs), w) - np.asarray(ys)"
_FIRST_WEIGHT = "mean_squared_error(xs, ys, weights[0])"

MISCONCEPTIONS = [
    Misconception(
        "endpoint-dropped",
        "The end of the grid is missing",
        "The weights are right as far as they go, but 4.0 is not among them: there are 40. Many "
        "functions that count leave their end out. Does the one that you use include it?",
        (
            edit("weight_grid", ("4.1", "4.0")),
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.array(range(40)) / 10")),
        ),
    ),
    Misconception(
        "linspace-off-by-one",
        "The number of points is counted wrong, and so the step is not 0.1",
        "Both ends are there, but the step between is not 0.1: the number of points is off by one. "
        "How many fence posts does a fence of 40 pieces need?",
        (
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.linspace(0.0, 4.0, 40)")),
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.linspace(0.0, 4.0, 42)")),
        ),
    ),
    Misconception(
        "step-of-one",
        "The step of the grid is 1",
        "The weights are whole numbers: without a step of its own, a range counts by one. How far "
        "apart are two neighbours to be, and where does your line say so?",
        (
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.arange(0.0, 4.1)")),
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.arange(0, 4)")),
            edit("weight_grid", ("np.arange(0.0, 4.1, 0.1)", "np.arange(41.0)")),
        ),
    ),
    Misconception(
        "sum-instead-of-mean",
        "The errors are added up, not averaged",
        "The errors are added up, so the value grows with more data, even when the model fits as "
        "well as before. What turns a sum into a mean?",
        (
            edit("mean_squared_error", ("np.mean", "np.sum")),
            edit("sweep", (_MEAN, "np.sum(loss(xs, ys, w))")),
        ),
    ),
    Misconception(
        "hard-coded-count",
        "The sum is divided by 3 whatever the number of samples is",
        "The sum is divided by 3, which is right for three samples alone. Where could the function "
        "learn how many samples it was given?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "np.sum(errors) / 3")),
            edit("sweep", (_MEAN, "np.sum(loss(xs, ys, w)) / 3")),
        ),
    ),
    Misconception(
        "half-squared-error",
        "The loss has a factor 1/2 in front",
        "The value is half of the squared error. Many books put 1/2 in front of the square to tidy "
        "the derivative; which definition does the text give?",
        (
            edit("loss", ("return error * error", "return error * error / 2")),
            edit("mean_squared_error", ("np.mean(errors)", "np.mean(errors) / 2")),
            edit("sweep", (_MEAN, "mean_squared_error(xs, ys, w) / 2")),
        ),
    ),
    Misconception(
        "absolute-error",
        "The absolute error instead of the squared one",
        "This is the distance between prediction and target, not its square. With a distance of 1 "
        "the two agree, which hides it. What counts more in a squared error: one miss of 4 or four "
        "misses of 1?",
        (
            edit("loss", ("return error * error", "return abs(error)")),
            edit("mean_squared_error", ("np.mean(errors)", "np.mean(np.sqrt(errors))")),
            edit("sweep", (_MEAN, "np.mean(np.abs(forward(xs, w) - ys))")),
        ),
    ),
    Misconception(
        "square-missing",
        "The error is not squared",
        "This is the distance between prediction and target with its sign, so a miss above and a "
        "miss below cancel. Which part of the formula keeps them from doing that?",
        (
            *(edit("loss", ("return error * error", f"return {sign}error")) for sign in ("", "-")),
            *(
                edit(function, (old, f"np.mean({sign}({_DIFFERENCE}))"))
                for function, old in (("mean_squared_error", "np.mean(errors)"), ("sweep", _MEAN))
                for sign in ("", "-")
            ),
        ),
    ),
    Misconception(
        "mean-in-loss",
        "The losses of several samples are averaged already",
        "A mean over samples is taken inside of this function, which is to give a loss for each "
        "of them. How many losses does the text want for three samples, and which function is "
        "there for their mean?",
        tuple(
            edit("loss", ("return error * error", f"return {mean}"))
            for mean in ("np.mean(error * error)", "(error * error).mean()")
        ),
        raises="has no attribute 'mean'",
    ),
    Misconception(
        "all-pairs",
        "Every x is paired with every y",
        "A loop in a loop, or a column against a row, pairs each input with all targets, not with "
        "its own. How many samples are there, and how many pairs do you add up?",
        tuple(
            edit(function, (old, f"sum({_PAIRS}){share}"))
            for function, old in (("mean_squared_error", "np.mean(errors)"), ("sweep", _MEAN))
            for share in (" / len(xs)", " / len(xs) ** 2", "")
        ),
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "All parts of the formula are there, but a bracket is closed too late, too early or not "
        "at all, so the square or the division takes the wrong part. Which operation comes first "
        "in your line?",
        (
            edit("loss", ("error * error", "forward(x, w) - y * forward(x, w) - y")),
            edit("loss", ("error * error", "forward(x, w) - y**2")),
            edit("loss", ("error * error", "forward(x, w) ** 2 - y**2")),
            edit("mean_squared_error", ("np.mean(errors)", _SQUARE)),
            edit("sweep", (_MEAN, _SQUARE)),
        ),
    ),
    Misconception(
        "arguments-reordered",
        "The function takes its arguments in another order",
        "The formula is right, but the values go to other names than the text says: the order in "
        "the first line of the function is another. Which argument comes second?",
        tuple(
            edit("loss", ("loss(x, y, w)", f"loss({order})"))
            for order in ("x, w, y", "w, x, y", "y, x, w")
        ),
    ),
    Misconception(
        "root-mean-squared-error",
        "The root of the mean squared error",
        "A root was taken at the end. That measure is in use too, in the unit of the target. Which "
        "does the formula ask for?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "np.sqrt(np.mean(errors))")),
            edit("sweep", (_MEAN, "np.sqrt(mean_squared_error(xs, ys, w))")),
        ),
    ),
    Misconception(
        "accumulator-not-reset",
        "The running sum carries over to the next weight",
        "A sum, or a list, is kept from one weight to the next, so each value contains those "
        "before it. Where is it set to zero, and how often?",
        (
            rewrite(
                "sweep",
                """
                def sweep(xs, ys, weights):
                    losses = []
                    total = 0.0
                    for w in weights:
                        for x, y in zip(xs, ys):
                            total += loss(x, y, w)
                        losses.append(total / len(xs))
                    return np.array(losses)
                """,
            ),
            # With np.mean sum and count both carry over: a mean over everything so far.
            *(
                rewrite(
                    "sweep",
                    f"""
                    def sweep(xs, ys, weights):
                        losses = []
                        errors = []
                        for w in weights:
                            for x, y in zip(xs, ys):
                                errors.append(loss(x, y, w))
                            losses.append({mean})
                        return np.array(losses)
                    """,
                )
                for mean in ("np.mean(errors)", "sum(errors) / len(xs)")
            ),
            *(
                rewrite(
                    "mean_squared_error",
                    f"""
                    def mean_squared_error(xs, ys, w, errors=[]):
                        for x, y in zip(xs, ys):
                            errors.append(loss(x, y, w))
                        return {mean}
                    """,
                    remembers=True,
                )
                for mean in ("sum(errors) / len(xs)", "np.mean(errors)")
            ),
        ),
    ),
    Misconception(
        "last-sample-only",
        "Only the last sample counts",
        "The value depends on the last sample alone: the others were computed and then lost. What "
        "happens to a variable when a loop assigns to it again in each round?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "errors[-1]")),
            # Overwritten in the loop, but divided by the count after it.
            edit("mean_squared_error", ("np.mean(errors)", "errors[-1] / len(errors)")),
            edit("sweep", (_MEAN, "loss(xs[-1], ys[-1], w)")),
            edit("sweep", (_MEAN, "loss(xs[-1], ys[-1], w) / len(xs)")),
        ),
    ),
    Misconception(
        "return-in-loop",
        "The function returns in the first round of its loop",
        "The first round is all that happens: a function is over when it returns. How far in does "
        "the line with return stand, and how often should the loop run before it?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "errors[0]")),
            edit("mean_squared_error", ("np.mean(errors)", "errors[0] / len(errors)")),
            edit("sweep", ("in weights]", "in weights[:1]]")),
            edit("sweep", (f"np.array([{_MEAN} for w in weights], dtype=float)", _FIRST_WEIGHT)),
        ),
    ),
    Misconception(
        "index-instead-of-weight",
        "The position of the best weight is returned, not the weight",
        "This is a place in the array: the smallest loss stands there. It is a whole number, and "
        "the place of the best weight, too. How do you get from a position to what stands there?",
        (
            edit(
                "best_weight", ("float(weights[int(np.argmin(losses))])", "int(np.argmin(losses))")
            ),
        ),
    ),
    Misconception(
        "axes-swapped",
        "The two axes are swapped",
        "Weights and losses, or their labels, stand at each other's axis. Which of the two was "
        "chosen and which was found, and which axis is for the one that was chosen?",
        (
            edit("plot_sweep", ("ax.plot(weights, losses)", "ax.plot(losses, weights)")),
            edit(
                "plot_sweep", ('xlabel("w")', 'ylabel("w")'), ('ylabel("Loss")', 'xlabel("Loss")')
            ),
            edit(
                "plot_sweep",
                ("ax.plot(weights, losses)", "ax.plot(losses, weights)"),
                ('xlabel("w")', 'ylabel("w")'),
                ('ylabel("Loss")', 'xlabel("Loss")'),
            ),
        ),
    ),
    Misconception(
        "not-the-axes",
        "Another object than the Axes is returned",
        "The check asks the returned Axes for its curve and its labels, and this is another "
        "object: `plt` is the whole library, and a figure is the sheet that Axes lie on. Which "
        "object of yours has the curve and both labels?",
        (
            edit("plot_sweep", ("return ax", "return plt")),
            edit("plot_sweep", ("return ax", "return ax.figure")),
            edit("plot_sweep", ("return ax", "return ax.get_lines()")),
            edit("plot_sweep", ("return ax", "return ax.figure, ax")),
        ),
    ),
    Misconception(
        "loss-instead-of-weight",
        "The smallest loss is returned, not its weight",
        "This is the smallest loss itself. The question was where it occurs: which weight was "
        "tried when this loss came out?",
        (edit("best_weight", ("float(weights[int(np.argmin(losses))])", "np.min(losses)")),),
    ),
    Misconception(
        "argmax-for-argmin",
        "The weight with the largest loss is returned",
        "This weight has the largest loss of all. Good weights are found where the model errs "
        "least. What is being looked for, the top of the curve or the bottom?",
        (
            edit("best_weight", ("np.argmin", "np.argmax")),
            # A loop with >= ends at the last of several largest losses.
            edit(
                "best_weight",
                ("int(np.argmin(losses))", "len(losses) - 1 - int(np.argmax(losses[::-1]))"),
            ),
        ),
    ),
    Misconception(
        "smallest-weight",
        "The smallest weight, not the one with the smallest loss",
        "This weight is the smallest, or the first, of those that were tried. The losses have no "
        "say in it. What belongs to each weight, and where is that smallest?",
        (
            edit("best_weight", ("float(weights[int(np.argmin(losses))])", "min(weights)")),
            edit("best_weight", ("float(weights[int(np.argmin(losses))])", "weights[0]")),
            edit("best_weight", ("np.argmin(losses)", "np.argmin(weights)")),
        ),
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "These are numbers of the documented run, or a formula for its samples, though the "
        "arguments are others. What should the function do for data that nobody has printed?",
        (
            rewrite("best_weight", "def best_weight(weights, losses):\n    return 2.0"),
            rewrite(
                "mean_squared_error",
                """
                def mean_squared_error(xs, ys, w):
                    return 14.0 / 3.0 * (w - 2.0) ** 2
                """,
            ),
            *(
                rewrite(
                    "sweep",
                    f"def sweep(xs, ys, weights):\n    return 14.0 / 3.0 * ({grid} - 2.0) ** 2",
                )
                for grid in ("np.arange(41) / 10", "np.asarray(weights)")
            ),
            rewrite(
                "plot_sweep",
                """
                def plot_sweep(weights, losses):
                    weights = np.arange(41) / 10
                    _, ax = plt.subplots()
                    ax.plot(weights, 14.0 / 3.0 * (weights - 2.0) ** 2)
                    ax.set_xlabel("w")
                    ax.set_ylabel("Loss")
                    return ax
                """,
            ),
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The function changes what it was given",
        "After the call the caller's arrays are not what they were, so the next call starts from "
        "other data. Which line writes into an array that came in as an argument?",
        (
            rewrite(
                "mean_squared_error",
                """
                def mean_squared_error(xs, ys, w):
                    xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
                    xs *= w
                    xs -= ys
                    return float(np.mean(xs * xs))
                """,
            ),
            rewrite(
                "mean_squared_error",
                """
                def mean_squared_error(xs, ys, w):
                    xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
                    ys -= xs * w
                    return float(np.mean(ys * ys))
                """,
            ),
            rewrite(
                "sweep",
                """
                def sweep(xs, ys, weights):
                    weights = np.asarray(weights, dtype=float)
                    for i, w in enumerate(weights):
                        weights[i] = mean_squared_error(xs, ys, w)
                    return weights
                """,
            ),
            rewrite(
                "sweep",
                """
                def sweep(xs, ys, weights):
                    losses = []
                    xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
                    for w in weights:
                        xs *= w
                        xs -= ys
                        losses.append(np.mean(xs * xs))
                    return np.array(losses)
                """,
            ),
        ),
        only_fails=("mean_squared_error.repeatable", "sweep.repeatable"),
        evidence="changed arguments",
    ),
]
