"""Known mistakes in hand_gradients, the common ones first."""

from __future__ import annotations

from gradpath.course.declare import Misconception, Variant, edit, rewrite

_EPOCH = "    for _ in range(epochs):\n"
_STEP = "            w = w - lr * g\n"
_LAST_LOSS = "losses.append(loss(x, y, w))"
_LAST_LOSS_AUTOGRAD = "losses.append(sample_loss.item())"
_BACKWARD = "            sample_loss.backward()\n"
_ZERO = "            w.grad.zero_()\n"
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
        "Size right, sign wrong: the difference inside the square was turned round, so descent "
        "walks uphill. Is the prediction too small or too large here, and which way must w go?",
        (
            edit("gradient", ("(predict(x, w) - y)", "(y - predict(x, w))")),
            edit("train", ("g = gradient(x, y, w)", "g = -gradient(x, y, w)")),
        ),
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The first gradient is right, then the weight walks away from the minimum. The gradient "
        "points uphill. In which direction does the loss fall?",
        (
            edit("train", ("w - lr * g", "w + lr * g")),
            edit("train_autograd", ("w -= lr", "w += lr")),
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
        "loss-before-update",
        "The loss is recorded before the update",
        "Gradients and weights are right; the loss belongs to the weight that the last sample had "
        "before its step. Which weight does the text ask this loss to be taken at?",
        (
            edit(
                "train",
                (_STEP, f"            last = loss(x, y, w)\n{_STEP}"),
                (_LAST_LOSS, "losses.append(last)"),
            ),
        ),
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "Gradients and weights are right; the loss was computed once more after the step. In this "
        "run the loss of the forward pass is asked for: when is that computed?",
        (edit("train_autograd", (_LAST_LOSS_AUTOGRAD, "losses.append(loss(x, y, w).item())")),),
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradient is never set back to zero",
        "The first gradient is right, each later one has all earlier ones added to it. What does "
        "backward() do with what is in .grad already?",
        (edit("train_autograd", (_ZERO, "")),),
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
        "The gradient is set to zero between backward() and the step",
        "The weight never moves: what backward() found is wiped out before it is used. In which "
        "order do zeroing, backward and step have to come?",
        (
            edit("train_autograd", (_BACKWARD, _BACKWARD + _ZERO)),
            edit("train_autograd", ("(w.grad.item())\n", f"(w.grad.item())\n{_ZERO}")),
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The weight is changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate the "
        "update too. How do you tell autograd that a line is not part of the model?",
        (edit("train_autograd", (_UPDATE, "            w -= lr * w.grad\n")),),
        raises=r"a leaf Variable that requires grad is being used in an in-place operation"
        r"|a view of a leaf Variable that requires grad is being used in an in-place",
    ),
    Misconception(
        "leaf-replaced",
        "The update makes a new tensor, which has no gradient",
        "After the first step the name w belongs to the result of a computation, and such a tensor "
        "gets no .grad. Which tensor did backward() fill, and which one do you read?",
        (
            edit("train_autograd", (_UPDATE, "            w = w - lr * w.grad\n")),
            edit("train_autograd", ("w -= lr * w.grad", "w = w - lr * w.grad")),
            edit("train_autograd", (_UPDATE, "            w = w - lr * w.grad\n"), (_ZERO, "")),
        ),
        raises=r"'NoneType' object has no attribute '(zero_|item|data|detach|clone)'"
        r"|for (\*|-=|-): '(float|Tensor)' and 'NoneType'"
        r"|element 0 of tensors does not require grad",
        evidence="replaced",
    ),
    Misconception(
        "batch-update",
        "One update per epoch with the mean gradient",
        "There is one weight for each epoch where one for each sample is expected. Updating once "
        "after all samples is a fine method, but another one. How often does w change here?",
        (
            edit(
                "train",
                (
                    _SAMPLES,
                    "        g = sum(gradient(x, y, w) for x, y in zip(xs, ys)) / len(xs)\n"
                    "        w = w - lr * g\n"
                    "        gradients.append(g)\n"
                    "        weights.append(w)\n",
                ),
                (_LAST_LOSS, "losses.append(loss(xs[-1], ys[-1], w))"),
            ),
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
    ),
    Misconception(
        "stale-gradients",
        "All gradients of an epoch are taken at the epoch's first weight",
        "The first gradient of an epoch is right, the others ignore the updates made meanwhile. "
        "Which weight should the second sample see: the one before or after the first update?",
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
        "The numbers fit another order of the samples; the final weight is nearly the same, the "
        "path is not. In which order does the text want them, and what does your loop do?",
        (
            edit("train", ("zip(xs, ys, strict=True)", "reversed(list(zip(xs, ys)))")),
            edit("train_autograd", ("zip(xs, ys, strict=True)", "reversed(list(zip(xs, ys)))")),
        ),
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
        "Gradients and weights are right; the losses are means over all samples. The text asks for "
        "less than that: of which sample is the loss to be recorded?",
        (
            edit(
                "train",
                (_LAST_LOSS, "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)) / len(xs))"),
            ),
            _total("total / len(xs)"),
            _seen("sum(seen) / len(seen)"),
        ),
    ),
    Misconception(
        "epoch-sum-loss",
        "The loss is the sum over the epoch",
        "Gradients and weights are right; the losses are sums over all samples. The text asks for "
        "less than that: of which sample is the loss to be recorded?",
        (
            _total("total"),
            edit(
                "train", (_LAST_LOSS, "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)))")
            ),
            _seen("sum(seen)"),
        ),
    ),
    Misconception(
        "weights-before-update",
        "The weights are recorded before the update",
        "The history of weights is shifted by one: it begins with the starting weight. Should the "
        "first entry be the weight before or after the first update?",
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
        "epochs-off-by-one",
        "One epoch too many or too few",
        "What is there is right, but the run has another length. How often does your loop run for "
        "epochs = 1?",
        tuple(
            edit(function, ("range(epochs)", f"range({count})"))
            for function in ("train", "train_autograd")
            for count in ("epochs + 1", "1, epochs", "1, epochs + 2")
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The first gradient is right, the first step is too long or too short by a constant "
        "factor. Where in your update does the argument lr come in, and is anything else "
        "multiplied there?",
        tuple(
            edit(function, (old, old.replace("lr", factor)))
            for factor in ("0.01", "10 * lr", "0.1 * lr", "0.1", "0.001", "2 * lr")
            for function, old in (("train", "w - lr * g"), ("train_autograd", "w -= lr * w.grad"))
        ),
    ),
    Misconception(
        "aliased-history",
        "The same tensor is in the history again and again",
        "All entries of the history are the last value: one tensor was appended many times, and it "
        "changes in place. What does a list hold, a copy or the thing itself?",
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
        "The digits get lost where the loss is large and hardly depends on w, as they do when two "
        "nearly equal losses are subtracted. What does the derivative look like as a formula?",
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
        "The same numbers come back whatever the arguments are: those of the documented run. What "
        "should the function do for data that nobody has printed?",
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
                ("    return {", "    kept *= 0.5\n    return {"),
            ),
        ),
        only_fails=("train.repeatable", "train_autograd.repeatable"),
        evidence="changed arguments",
    ),
]
