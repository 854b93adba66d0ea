"""Known mistakes in mse_sweep, the common ones first."""

from __future__ import annotations

from gradpath.course.declare import Misconception, edit, rewrite

_MEAN = "mean_squared_error(xs, ys, w)"

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
        "sum-instead-of-mean",
        "The errors are added up, not averaged",
        "The value is too large by a factor that is the number of samples: it is a sum. It grows "
        "with more data, even when the model fits as well as before. What turns a sum into a mean?",
        (
            edit("mean_squared_error", ("np.mean", "np.sum")),
            edit("sweep", (_MEAN, "np.sum(loss(xs, ys, w))")),
        ),
    ),
    Misconception(
        "hard-coded-count",
        "The sum is divided by 3 whatever the number of samples is",
        "Right for three samples, wrong for any other number of them: it looks as if the sum was "
        "divided by 3. Where could the function learn how many samples it was given?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "np.sum(errors) / 3")),
            edit("sweep", (_MEAN, "np.sum(loss(xs, ys, w)) / 3")),
        ),
    ),
    Misconception(
        "half-squared-error",
        "The loss has a factor 1/2 in front",
        "The value is half of what it should be. Many books put 1/2 in front of the square to tidy "
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
        "root-mean-squared-error",
        "The root of the mean squared error",
        "The square of your value is the value asked for: a root was taken at the end. That "
        "measure is in use too, in the unit of the target. Which does the formula ask for?",
        (
            edit("mean_squared_error", ("np.mean(errors)", "np.sqrt(np.mean(errors))")),
            edit("sweep", (_MEAN, "np.sqrt(mean_squared_error(xs, ys, w))")),
        ),
    ),
    Misconception(
        "accumulator-not-reset",
        "The running sum carries over to the next weight",
        "The first value is right; each later one contains those before it. A sum that is kept "
        "from one weight to the next does this. Where is it set to zero, and how often?",
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
        "hard-coded-result",
        "The documented numbers are returned",
        "The same numbers come back whatever the arguments are: those of the documented run. What "
        "should the function do for data that nobody has printed?",
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
                    xs *= w
                    xs -= ys
                    return float(np.mean(xs * xs))
                """,
            ),
            rewrite(
                "mean_squared_error",
                """
                def mean_squared_error(xs, ys, w):
                    ys -= xs * w
                    return float(np.mean(ys * ys))
                """,
            ),
            rewrite(
                "sweep",
                """
                def sweep(xs, ys, weights):
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
