"""Known mistakes in hand_gradients, the common ones first."""

from __future__ import annotations

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

_EPOCH = "    for _ in range(epochs):\n"
_STEP = "            w = w - lr * g\n"
_LAST_LOSS = "losses.append(loss(x, y, w))"
_LAST_LOSS_AUTOGRAD = "losses.append(sample_loss.item())"
_BACKWARD = "            sample_loss.backward()\n"
_ZERO = "            w.grad.zero_()\n"
_KEPT_BACKWARD = "            total.backward(retain_graph=True)\n"
_DRAWN = "torch.randperm(len(xs), generator=torch.Generator().manual_seed(len(losses))).tolist()"
_UPDATE = "            with torch.no_grad():\n                w -= lr * w.grad\n"
_SAMPLES = """\
        for x, y in zip(xs, ys, strict=True):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
"""


def _total(value: str) -> Variant:
    """Record a value of the sum `total` of the losses after each update."""
    return edit(
        "train",
        (_EPOCH, f"{_EPOCH}        total = 0.0\n"),
        ("weights.append(w)\n", "weights.append(w)\n            total += loss(x, y, w)\n"),
        (_LAST_LOSS, f"losses.append({value})"),
    )


def _seen(value: str) -> Variant:
    """Record a value of the losses `seen` before each update of an epoch."""
    return edit(
        "train_autograd",
        (_EPOCH, f"{_EPOCH}        seen = []\n"),
        (_BACKWARD, f"{_BACKWARD}            seen.append(sample_loss.item())\n"),
        (_LAST_LOSS_AUTOGRAD, f"losses.append({value})"),
    )


_LOSSES_ALONE = "Gradients and weights are right."
_ALL = "sum({0}(x, y, w) for x, y in zip(xs, ys))"
_LAST = "loss(xs[-1], ys[-1], w)"


def _batch(before: str, after: str, share: str) -> Variant:
    """One update an epoch, with a loss from before or after it."""
    return edit(
        "train",
        (
            _SAMPLES,
            f"        g = {_ALL.format('gradient')}{share}\n"
            f"        cost = {before or 0}\n"
            "        w = w - lr * g\n"
            "        gradients.append(g)\n"
            "        weights.append(w)\n",
        ),
        (_LAST_LOSS, f"losses.append({after or 'cost'})"),
    )


def _batch_autograd(share: str, cost: str) -> Variant:
    return rewrite(
        "train_autograd",
        f"""
        def train_autograd(xs, ys, w, lr, epochs):
            w = torch.tensor(float(w), dtype=torch.float32, requires_grad=True)
            gradients, weights, losses = [], [], []
            for _ in range(epochs):
                each = [loss(float(x), float(y), w) for x, y in zip(xs, ys)]
                batch = sum(each){share}
                batch.backward()
                gradients.append(w.grad.item())
                with torch.no_grad():
                    w -= lr * w.grad
                w.grad.zero_()
                weights.append(w.item())
                losses.append({cost}.item())
            return {{"gradients": gradients, "weights": weights, "losses": losses}}
        """,
    )


_COST = _ALL.format("loss")
_MEAN = f"{_COST} / len(xs)"
_BATCHES = (
    *(
        _batch(before, after, share)
        for share in (" / len(xs)", "")
        for before, after in (("", _LAST), (_MEAN, ""), ("", _MEAN), (_COST, ""), ("", _COST))
    ),
    *(
        _batch_autograd(share, cost)
        for share, cost in ((" / len(xs)", "batch"), ("", "batch"), ("", "each[-1]"))
    ),
)


MISCONCEPTIONS = [
    Misconception(
        "missing-factor-two",
        "The 2 of the square's derivative is missing",
        "Every gradient is half of what it should be. The outer function is a square. "
        "What does the exponent become when you differentiate it?",
        (
            edit("gradient", ("return 2 * x", "return x")),
            edit("train", ("g = gradient(x, y, w)", "g = gradient(x, y, w) / 2")),
            edit("train_autograd", ("sample_loss.backward()", "(sample_loss / 2).backward()")),
        ),
    ),
    Misconception(
        "forgot-chain-rule",
        "The derivative of the inner function, x, is missing",
        "This is the slope with respect to the prediction, not to the weight; at x = 1 the two "
        "agree, which hides it. By how much does the prediction change when w changes by 1?",
        (edit("gradient", ("2 * x *", "2 *")),),
    ),
    Misconception(
        "sign-flipped-residual",
        "The residual is y - prediction",
        "Size right, sign wrong: the difference inside the square was turned round. The square "
        "does not mind, its derivative does. Is the prediction too small or too large here, and "
        "which way must w go?",
        (
            edit("gradient", ("(predict(x, w) - y)", "(y - predict(x, w))")),
            edit("train", ("g = gradient(x, y, w)", "g = -gradient(x, y, w)")),
        ),
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The gradient points uphill. In which direction does the loss fall?",
        (
            edit("train", ("w - lr * g", "w + lr * g")),
            edit("train_autograd", ("w -= lr", "w += lr")),
        ),
        fact="The first gradient is right, then the weight walks away from the minimum.",
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "All parts of the formula are there, but a bracket is closed too late, too early or not "
        "at all, so a product takes the wrong part. Which operation comes first in your line?",
        (
            edit("gradient", ("2 * x * (predict(x, w) - y)", "2 * (predict(x, w) - y * x)")),
            edit("gradient", ("2 * x * (predict(x, w) - y)", "2 * x * predict(x, w) - y")),
            edit("gradient", ("2 * x * (predict(x, w) - y)", "2 * x * x * (w - y)")),
            edit("gradient", ("2 * x * (predict(x, w) - y)", "2 * (predict(x, w) * x - y)")),
            edit("loss", ("error * error", "predict(x, w) - y * predict(x, w) - y")),
            edit("loss", ("error * error", "predict(x, w) - y ** 2")),
        ),
    ),
    Misconception(
        "arguments-reordered",
        "The function takes its arguments in another order",
        "The formula is right, but the values go to other names than the text says: the order in "
        "the first line of the function is another. Which argument comes second?",
        tuple(
            edit(function, (f"{function}(x, y, w)", f"{function}({order})"))
            for function in ("loss", "gradient")
            for order in ("x, w, y", "w, x, y", "y, x, w")
        ),
    ),
    Misconception(
        "forgot-weight",
        "The model's weight is missing in the gradient",
        "The gradient does not change while w does: x itself stands where the prediction belongs. "
        "What does the model predict for this x with the current weight?",
        (edit("gradient", ("(predict(x, w) - y)", "(x - y)")),),
    ),
    Misconception(
        "half-squared-error",
        "The loss has a factor 1/2 in front",
        "The loss is half of the squared error. Many books put 1/2 there to tidy the derivative; "
        "which definition of the loss does the text give?",
        (
            edit("loss", ("return error * error", "return error * error / 2")),
            edit("train", (_LAST_LOSS, "losses.append(loss(x, y, w) / 2)")),
            edit("train_autograd", (_LAST_LOSS_AUTOGRAD, "losses.append(sample_loss.item() / 2)")),
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
                edit("train", (_LAST_LOSS, f"losses.append({sign}(predict(x, w) - y))"))
                for sign in ("", "-")
            ),
        ),
    ),
    Misconception(
        "mean-in-loss",
        "The losses of several samples are averaged already",
        "A mean over samples is taken inside of this function, which is to give a loss for each "
        "of them. How many losses does the text want for three samples?",
        tuple(
            edit("loss", ("return error * error", mean))
            for mean in (
                "import numpy\n    return numpy.mean(error * error)",
                "return (error * error).mean()",
                "return torch.mean(error * error)",
            )
        ),
        raises=r"has no attribute 'mean'|mean\(\)|Can't call numpy\(\) on Tensor",
    ),
    Misconception(
        "loss-per-sample",
        "The loss is recorded for each sample, not for each epoch",
        "The list of losses has an entry for each sample, and the text asks for one for each "
        "epoch. Inside of which loop stands the line that records the loss?",
        (
            edit(
                "train",
                (_LAST_LOSS, "pass"),
                ("weights.append(w)\n", f"weights.append(w)\n            {_LAST_LOSS}\n"),
            ),
            edit("train", (_LAST_LOSS, "pass"), (_STEP, f"            {_LAST_LOSS}\n{_STEP}")),
            edit(
                "train_autograd",
                (_LAST_LOSS_AUTOGRAD, "pass"),
                (_BACKWARD, f"{_BACKWARD}            {_LAST_LOSS_AUTOGRAD}\n"),
            ),
            edit(
                "train_autograd",
                (_LAST_LOSS_AUTOGRAD, "pass"),
                (_ZERO, f"{_ZERO}            losses.append(loss(float(x), float(y), w).item())\n"),
            ),
        ),
        fact=_LOSSES_ALONE,
    ),
    Misconception(
        "loss-before-update",
        "The loss is recorded before the update",
        "The loss belongs to the weight that the last sample had before its step. Which weight "
        "does the text ask this loss to be taken at?",
        (
            edit(
                "train",
                (_STEP, f"            last = loss(x, y, w)\n{_STEP}"),
                (_LAST_LOSS, "losses.append(last)"),
            ),
        ),
        fact=_LOSSES_ALONE,
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "The loss was computed once more after the step. In this run the loss of the forward pass "
        "is asked for: when is that computed?",
        (edit("train_autograd", (_LAST_LOSS_AUTOGRAD, "losses.append(loss(x, y, w).item())")),),
        fact=_LOSSES_ALONE,
    ),
    Misconception(
        "retain-graph",
        "The graphs of earlier samples are kept, and gone through again",
        "backward() goes through the losses of earlier samples as well: they are in the sum, and "
        "their graphs are kept. torch refuses to go back twice for a good reason. Of which loss "
        "should the gradient be?",
        tuple(
            edit(
                "train_autograd",
                (place, f"{place}{indent}total = 0.0\n"),
                (_BACKWARD, "            total = total + sample_loss\n" + _KEPT_BACKWARD),
            )
            for place, indent in (
                (_EPOCH, "        "),
                ("    gradients, weights, losses = [], [], []\n", "    "),
            )
        ),
        evidence="kept graph",
    ),
    Misconception(
        "backward-twice",
        "backward() is called once more than there are updates",
        "A gradient counts twice: backward() adds to .grad, also when it is called for the same "
        "loss again or before the loop. How many calls of backward() should come before the "
        "first update?",
        (
            edit(
                "train_autograd",
                (_EPOCH, f"    loss(float(xs[0]), float(ys[0]), w).backward()\n{_EPOCH}"),
            ),
            edit(
                "train_autograd",
                (_BACKWARD, _BACKWARD.replace("()", "(retain_graph=True)") + _BACKWARD),
            ),
        ),
        evidence="two backwards",
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradient is never set back to zero",
        "Gradients of earlier samples are still there when the next one is added. What does "
        "backward() do with what is in .grad already?",
        (edit("train_autograd", (_ZERO, "")),),
        fact="The first gradient is right, each later one has all earlier ones added to it.",
    ),
    Misconception(
        "zeroed-once-per-epoch",
        "The gradient is set to zero once an epoch, not for each sample",
        "Within an epoch the gradients add up; the next epoch starts clean. The end may even "
        "look better. How many updates are there between two zeroings, and how many should be?",
        (
            edit(
                "train_autograd",
                (_ZERO, ""),
                (_LAST_LOSS_AUTOGRAD, f"w.grad.zero_()\n        {_LAST_LOSS_AUTOGRAD}"),
            ),
        ),
    ),
    Misconception(
        "zeroed-before-step",
        "The gradient is gone before the step, or there is no step",
        "The step does not use the slope that backward() found. In which order do zeroing, "
        "backward and step have to come, and are all three there?",
        (
            edit("train_autograd", (_BACKWARD, _BACKWARD + _ZERO)),
            edit("train_autograd", ("(w.grad.item())\n", f"(w.grad.item())\n{_ZERO}")),
        ),
        fact="The weight never moves.",
    ),
    Misconception(
        "data-zeroed",
        "The weight is set to zero instead of its gradient",
        "The weight itself becomes zero, and its gradient does not. Which of the two adds up from "
        "one backward() to the next?",
        (
            edit("train_autograd", (_ZERO, "            w.data.zero_()\n")),
            edit(
                "train_autograd",
                (_ZERO, ""),
                ("append(w.item())\n", "append(w.item())\n            w.data.zero_()\n"),
            ),
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The weight is changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate the "
        "update too. How do you tell autograd that a line is not part of the model?",
        (edit("train_autograd", (_UPDATE, "            w -= lr * w.grad\n")),),
        raises=LEAF_IN_PLACE,
    ),
    Misconception(
        "requires-grad-forgotten",
        "The weight does not ask for a gradient",
        "Nothing in this function says that gradients are wanted, so torch has recorded no graph "
        "that backward() could go through. Which tensor should be tracked, and how does torch get "
        "to know?",
        (edit("train_autograd", (", requires_grad=True", "")),),
        raises=f"{UNTRACKED}|'NoneType' object has no attribute",
        evidence="untracked",
    ),
    Misconception(
        "graph-cut-off",
        "backward() starts from a value that has no graph",
        "The loss is computed while autograd does not watch, or is taken out of its graph at "
        "once, so backward() finds no way back. Which lines does autograd have to see?",
        (
            edit(
                "train_autograd",
                ("loss(float(x), float(y), w)", "loss(float(x), float(y), w).detach()"),
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
            edit("train_autograd", (_ZERO, ""), (_BACKWARD, _ZERO + _BACKWARD)),
            edit(
                "train_autograd",
                (_ZERO, ""),
                (_UPDATE, f"{_UPDATE}{_ZERO}{_BACKWARD}"),
                (f"{_BACKWARD}            gradients.append(w.grad.item())\n", ""),
            ),
        ),
        raises=NONE_USED,
        evidence="read too early",
    ),
    Misconception(
        "graph-used-again",
        "backward() goes through a graph that is used up",
        # Short, since torch's own message is long.
        "How often is the sample's loss computed, and how often is backward() called?",
        (
            edit("train_autograd", (_BACKWARD, _BACKWARD + _BACKWARD)),
            *(
                edit(
                    "train_autograd",
                    (place, f"{place}{indent}total = 0.0\n"),
                    (
                        _BACKWARD,
                        "            total = total + sample_loss\n            total.backward()\n",
                    ),
                )
                for place, indent in (
                    (_EPOCH, "        "),
                    ("    gradients, weights, losses = [], [], []\n", "    "),
                )
            ),
        ),
        raises=GRAPH_USED,
    ),
    Misconception(
        "leaf-replaced",
        "The update makes a new tensor, which has no gradient",
        "After the first step the weight's name belongs to the result of a computation, and such a "
        "tensor gets no .grad. Which tensor did backward() fill, and which one do you read?",
        (
            edit("train_autograd", (_UPDATE, "            w = w - lr * w.grad\n")),
            edit("train_autograd", ("w -= lr * w.grad", "w = w - lr * w.grad")),
            edit("train_autograd", (_UPDATE, "            w = w - lr * w.grad\n"), (_ZERO, "")),
        ),
        raises=f"{NONE_USED}|{UNTRACKED}",
        evidence="replaced",
    ),
    Misconception(
        "all-pairs",
        "Every x is paired with every y",
        "A loop in a loop pairs each input with all targets, not with its own. How many samples "
        "are there, and how many rounds do two nested loops make?",
        tuple(
            edit(
                function,
                (
                    "zip(xs, ys, strict=True)",
                    "[(a, b) for a in xs for b in ys]",
                ),
            )
            for function in ("train", "train_autograd")
        ),
    ),
    Misconception(
        "step-divided-by-count",
        "The step is divided by the number of samples",
        "The step is too short by a factor that is the number of samples. This gradient is one "
        "sample's; a mean over all of them would be another method. What is there to divide?",
        (
            edit("train", ("w - lr * g", "w - lr * g / len(xs)")),
            edit("train_autograd", ("w -= lr * w.grad", "w -= lr * w.grad / len(xs)")),
        ),
    ),
    Misconception(
        "loss-as-step",
        "The loss stands where the gradient belongs in the update",
        "The weight moves by the size of the loss, which is never negative: it can go in one "
        "direction only. What tells in which direction the loss falls?",
        (
            edit("train", ("w - lr * g", "w - lr * loss(x, y, w)")),
            edit("train_autograd", ("w -= lr * w.grad", "w -= lr * sample_loss")),
        ),
    ),
    Misconception(
        "batch-update",
        "One update per epoch with the gradient of all samples",
        "Updating once after all samples is a fine method, but another one. How often does w "
        "change in an epoch here?",
        (
            *_BATCHES,
            edit(
                "train",
                (
                    _SAMPLES,
                    "        here = [gradient(x, y, w) for x, y in zip(xs, ys)]\n"
                    "        w = w - lr * sum(here) / len(here)\n"
                    "        gradients.extend(here)\n"
                    "        weights.append(w)\n",
                ),
                (_LAST_LOSS, "losses.append(loss(xs[-1], ys[-1], w))"),
            ),
        ),
        fact="There is one weight for each epoch where one for each sample is expected.",
    ),
    Misconception(
        "stale-gradients",
        "All gradients of an epoch are taken at the epoch's first weight",
        "The gradients after an epoch's first ignore the updates made meanwhile. Which weight "
        "should the second sample see: the one before or after the first update?",
        (
            edit(
                "train",
                (
                    "for x, y in zip(xs, ys, strict=True):\n            g = gradient(x, y, w)\n",
                    "for g in [gradient(x, y, w) for x, y in zip(xs, ys)]:\n",
                ),
                (_LAST_LOSS, "losses.append(loss(xs[-1], ys[-1], w))"),
            ),
        ),
    ),
    Misconception(
        "wrong-sample-order",
        "The samples are taken in another order",
        "The numbers fit another order of the samples. In which order does the text want them, "
        "and what does your loop do?",
        (
            edit("train", ("zip(xs, ys, strict=True)", "reversed(list(zip(xs, ys)))")),
            edit("train_autograd", ("zip(xs, ys, strict=True)", "reversed(list(zip(xs, ys)))")),
        ),
    ),
    Misconception(
        "samples-shuffled",
        "The samples are shuffled",
        "Shuffling is common in practice, but this run is to be repeated number by number. In "
        "which order does the text want the samples?",
        (
            edit("train", ("zip(xs, ys, strict=True)", f"[(xs[i], ys[i]) for i in {_DRAWN}]")),
            edit(
                "train_autograd",
                ("zip(xs, ys, strict=True)", f"[(xs[i], ys[i]) for i in {_DRAWN}]"),
            ),
        ),
        only_fails=tuple(
            f"{function}.{check}"
            for function in ("train", "train_autograd")
            for check in ("documented", "random_runs", "scales", "repeatable")
        ),
        evidence="shuffled",
    ),
    Misconception(
        "rounded-state",
        "The weight itself is rounded",
        "The run leaves the path by a little, after a few steps. It looks as if the weight was "
        "rounded and the rounded value was used further. What is rounding for: the screen or "
        "the run?",
        tuple(
            edit("train", ("w = w - lr * g", f"w = round(w - lr * g, {digits})"))
            for digits in (2, 4, 3, 1)
        ),
    ),
    Misconception(
        "epoch-mean-loss",
        "The loss is the mean over the epoch",
        "The losses are means over all samples. The text asks for less than that: of which sample "
        "is the loss to be recorded?",
        (
            edit(
                "train",
                (_LAST_LOSS, "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)) / len(xs))"),
            ),
            _total("total / len(xs)"),
            _seen("sum(seen) / len(seen)"),
        ),
        fact=_LOSSES_ALONE,
    ),
    Misconception(
        "epoch-sum-loss",
        "The loss is the sum over the epoch",
        "The losses are sums over all samples. The text asks for less than that: of which sample "
        "is the loss to be recorded?",
        (
            _total("total"),
            edit(
                "train", (_LAST_LOSS, "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)))")
            ),
            _seen("sum(seen)"),
        ),
        fact=_LOSSES_ALONE,
    ),
    Misconception(
        "weights-before-update",
        "The weights are recorded before the update",
        "Each weight is noted before its update, so the history begins with the starting weight "
        "and misses the last. Should the first entry be the weight before or after the first "
        "update?",
        (
            edit(
                "train",
                ("            weights.append(w)\n", ""),
                (_STEP, f"            weights.append(w)\n{_STEP}"),
            ),
            edit(
                "train_autograd",
                ("            weights.append(w.item())\n", ""),
                (_BACKWARD, f"            weights.append(w.item())\n{_BACKWARD}"),
            ),
        ),
    ),
    Misconception(
        "history-with-start",
        "The history begins with the start, which is no update",
        "The history has one entry too many: in front stands the weight, or the loss, from "
        "before the first update. How many updates are there, and what is the first entry to "
        "show?",
        (
            edit("train", ("[], [], []", "[], [w], []")),
            edit("train", ("[], [], []", "[], [w], [loss(xs[-1], ys[-1], w)]")),
            edit("train", ("[], [], []", "[], [], [loss(xs[-1], ys[-1], w)]")),
            edit("train_autograd", ("[], [], []", "[], [w.item()], []")),
        ),
    ),
    Misconception(
        "epochs-hard-coded",
        "The number of epochs is written into the loop",
        "The run has as many epochs as the documented one, or another fixed number, whatever is "
        "asked for. Which argument says how many there should be?",
        tuple(
            edit(function, ("range(epochs)", f"range({count})"))
            for function in ("train", "train_autograd")
            for count in (10, 100)
        ),
    ),
    Misconception(
        "epochs-off-by-one",
        "One epoch too many or too few",
        "The run is an epoch longer or shorter than it should be. How often does your loop run "
        "for epochs = 1?",
        tuple(
            edit(function, ("range(epochs)", f"range({count})"))
            for function in ("train", "train_autograd")
            for count in ("epochs + 1", "1, epochs", "1, epochs + 2")
        ),
        fact="Nothing is wrong but the length.",
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The step is too long or too short by a constant factor. Where in your update does the "
        "argument lr come in, and is anything else multiplied there?",
        tuple(
            edit(function, (old, old.replace("lr", factor)))
            for factor in ("0.01", "10 * lr", "0.1 * lr", "0.1", "0.001", "2 * lr")
            for function, old in (("train", "w - lr * g"), ("train_autograd", "w -= lr * w.grad"))
        ),
        fact="The first gradient is right, the weight after it is not.",
    ),
    Misconception(
        "aliased-history",
        "The same tensor is in the history again and again",
        "One tensor was appended many times, and it changes in place. What does a list hold, a "
        "copy or the thing itself?",
        (
            edit("train_autograd", ("weights.append(w.item())", "weights.append(w.detach())")),
            edit("train_autograd", ("weights.append(w.item())", "weights.append(w)")),
            edit(
                "train_autograd",
                ("weights.append(w.item())", "weights.append(w)"),
                ("gradients.append(w.grad.item())", "gradients.append(w.grad)"),
            ),
            edit("train_autograd", ("gradients.append(w.grad.item())", "gradients.append(w.grad)")),
        ),
    ),
    Misconception(
        "numeric-gradient",
        "A finite difference instead of the derivative",
        "Digits get lost where the loss is large and hardly depends on w: two nearly equal losses "
        "are subtracted. What does the derivative look like as a formula?",
        tuple(
            rewrite("gradient", f"def gradient(x, y, w):\n    h = {h}\n    return {slope}")
            for h, slope in (
                ("1e-5", "(loss(x, y, w + h) - loss(x, y, w - h)) / (2 * h)"),
                ("1e-6", "(loss(x, y, w + h) - loss(x, y, w)) / h"),
            )
        ),
        only_fails=("gradient.magnitudes",),
        evidence="quotient",
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "These are numbers of the documented run, though the arguments are others. What should "
        "the function do for data that nobody has printed?",
        (
            *(
                rewrite(
                    function,
                    f"""
                    def {function}(xs, ys, w, lr, epochs, _train={function}):
                        return _train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.01, 10)
                    """,
                )
                for function in ("train", "train_autograd")
            ),
            rewrite(
                "gradient",
                """
                def gradient(x, y, w):
                    table = {(1.0, 2.0): -2.0, (2.0, 4.0): -7.84, (3.0, 6.0): -16.2288}
                    return table.get((float(x), float(y)), -2.0)
                """,
            ),
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The function changes what it was given",
        "After the call the caller's data are not what they were, so the next call starts "
        "elsewhere. Which line writes into an object that came in as an argument?",
        (
            edit(
                "train",
                (_EPOCH, f"    kept = xs\n{_EPOCH}"),
                (
                    "    return {",
                    "    if hasattr(kept, 'shape'):\n        kept *= 0.5\n    return {",
                ),
            ),
        ),
        only_fails=("train.repeatable", "train_autograd.repeatable"),
        evidence="changed arguments",
    ),
]
