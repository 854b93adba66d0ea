"""What students get wrong in hand_gradients, the common mistakes first."""

from __future__ import annotations

from gradpath.course.mistakes import Misconception, edit, rewrite

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
            edit("train", ("losses.append(loss(x, y, w))", "losses.append(loss(x, y, w) / 2)")),
            edit(
                "train_autograd",
                ("losses.append(sample_loss.item())", "losses.append(sample_loss.item() / 2)"),
            ),
        ),
    ),
    Misconception(
        "loss-before-update",
        "The loss is recorded before the update",
        "Gradients and weights are right; the loss belongs to the weight that the last sample had "
        "before its step. Which weight does the text ask this loss to be taken at?",
        (
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        for x, y in zip(xs, ys):
                            last = loss(x, y, w)
                            g = gradient(x, y, w)
                            w = w - lr * g
                            gradients.append(g)
                            weights.append(w)
                        losses.append(last)
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
            ),
        ),
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "Gradients and weights are right; the loss was computed once more after the step. In this "
        "run the loss of the forward pass is asked for: when is that computed?",
        (
            edit(
                "train_autograd",
                ("losses.append(sample_loss.item())", "losses.append(loss(x, y, w).item())"),
            ),
        ),
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradient is never set back to zero",
        "The first gradient is right, each later one has all earlier ones added to it. What does "
        "backward() do with what is in .grad already?",
        (edit("train_autograd", ("            w.grad.zero_()\n", "")),),
    ),
    Misconception(
        "zeroed-once-per-epoch",
        "The gradient is set to zero once an epoch, not for each sample",
        "Within an epoch the gradients add up; the next epoch starts clean. The end may even "
        "look better. How many updates are there between two zeroings, and how many should be?",
        (
            edit(
                "train_autograd",
                ("            w.grad.zero_()\n", ""),
                (
                    "        # The forward pass of the last sample",
                    "        w.grad.zero_()\n        # The forward pass of the last sample",
                ),
            ),
        ),
    ),
    Misconception(
        "zeroed-before-step",
        "The gradient is set to zero between backward() and the step",
        "The weight never moves: what backward() found is wiped out before it is used. In which "
        "order do zeroing, backward and step have to come?",
        (
            edit(
                "train_autograd",
                (
                    "            sample_loss.backward()\n",
                    "            sample_loss.backward()\n            w.grad.zero_()\n",
                ),
            ),
            edit(
                "train_autograd",
                (
                    "gradients.append(w.grad.item())\n",
                    "gradients.append(w.grad.item())\n            w.grad.zero_()\n",
                ),
            ),
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The weight is changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate the "
        "update too. How do you tell autograd that a line is not part of the model?",
        (
            edit(
                "train_autograd",
                (
                    "            with torch.no_grad():\n                w -= lr * w.grad\n",
                    "            w -= lr * w.grad\n",
                ),
            ),
        ),
        raises=r"a leaf Variable that requires grad is being used in an in-place operation"
        r"|a view of a leaf Variable that requires grad is being used in an in-place",
    ),
    Misconception(
        "leaf-replaced",
        "The update makes a new tensor, which has no gradient",
        "After the first step the name w belongs to the result of a computation, and such a tensor "
        "gets no .grad. Which tensor did backward() fill, and which one do you read?",
        (
            edit(
                "train_autograd",
                (
                    "            with torch.no_grad():\n                w -= lr * w.grad\n",
                    "            w = w - lr * w.grad\n",
                ),
            ),
            edit("train_autograd", ("w -= lr * w.grad", "w = w - lr * w.grad")),
            edit(
                "train_autograd",
                (
                    "            with torch.no_grad():\n                w -= lr * w.grad\n",
                    "            w = w - lr * w.grad\n",
                ),
                ("            w.grad.zero_()\n", ""),
            ),
        ),
        raises=r"'NoneType' object has no attribute '(zero_|item|data|detach|clone)'"
        r"|for (\*|-=|-): '(float|Tensor)' and 'NoneType'"
        r"|element 0 of tensors does not require grad",
    ),
    Misconception(
        "batch-update",
        "One update per epoch with the mean gradient",
        "There is one weight for each epoch where one for each sample is expected. Updating once "
        "after all samples is a fine method, but another one. How often does w change here?",
        (
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        g = sum(gradient(x, y, w) for x, y in zip(xs, ys)) / len(xs)
                        w = w - lr * g
                        gradients.append(g)
                        weights.append(w)
                        losses.append(loss(xs[-1], ys[-1], w))
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
            ),
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        here = [gradient(x, y, w) for x, y in zip(xs, ys)]
                        w = w - lr * sum(here) / len(here)
                        gradients.extend(here)
                        weights.append(w)
                        losses.append(loss(xs[-1], ys[-1], w))
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
            ),
        ),
    ),
    Misconception(
        "stale-gradients",
        "All gradients of an epoch are taken at the epoch's first weight",
        "The first gradient of an epoch is right, the others ignore the updates made meanwhile. "
        "Which weight should the second sample see: the one before or after the first update?",
        (
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        for g in [gradient(x, y, w) for x, y in zip(xs, ys)]:
                            w = w - lr * g
                            gradients.append(g)
                            weights.append(w)
                        losses.append(loss(xs[-1], ys[-1], w))
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
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
                (
                    "losses.append(loss(x, y, w))",
                    "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)) / len(xs))",
                ),
            ),
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        total = 0.0
                        for x, y in zip(xs, ys):
                            g = gradient(x, y, w)
                            w = w - lr * g
                            gradients.append(g)
                            weights.append(w)
                            total += loss(x, y, w)
                        losses.append(total / len(xs))
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
            ),
            edit(
                "train_autograd",
                (
                    "    for _ in range(epochs):\n",
                    "    for _ in range(epochs):\n        seen = []\n",
                ),
                (
                    "            sample_loss.backward()\n",
                    "            sample_loss.backward()\n"
                    "            seen.append(sample_loss.item())\n",
                ),
                ("losses.append(sample_loss.item())", "losses.append(sum(seen) / len(seen))"),
            ),
        ),
    ),
    Misconception(
        "epoch-sum-loss",
        "The loss is the sum over the epoch",
        "Gradients and weights are right; the losses are sums over all samples. The text asks for "
        "less than that: of which sample is the loss to be recorded?",
        (
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs):
                    gradients, weights, losses = [], [], []
                    for _ in range(epochs):
                        total = 0.0
                        for x, y in zip(xs, ys):
                            g = gradient(x, y, w)
                            w = w - lr * g
                            gradients.append(g)
                            weights.append(w)
                            total += loss(x, y, w)
                        losses.append(total)
                    return {"gradients": gradients, "weights": weights, "losses": losses}
                """,
            ),
            edit(
                "train",
                (
                    "losses.append(loss(x, y, w))",
                    "losses.append(sum(loss(a, b, w) for a, b in zip(xs, ys)))",
                ),
            ),
            edit(
                "train_autograd",
                (
                    "    for _ in range(epochs):\n",
                    "    for _ in range(epochs):\n        seen = []\n",
                ),
                (
                    "            sample_loss.backward()\n",
                    "            sample_loss.backward()\n"
                    "            seen.append(sample_loss.item())\n",
                ),
                ("losses.append(sample_loss.item())", "losses.append(sum(seen))"),
            ),
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
                (
                    "            g = gradient(x, y, w)\n",
                    "            weights.append(w)\n            g = gradient(x, y, w)\n",
                ),
                (
                    "            gradients.append(g)\n            weights.append(w)\n",
                    "            gradients.append(g)\n",
                ),
            ),
            edit(
                "train_autograd",
                (
                    "            sample_loss = loss",
                    "            weights.append(w.item())\n            sample_loss = loss",
                ),
                (
                    "            w.grad.zero_()\n            weights.append(w.item())\n",
                    "            w.grad.zero_()\n",
                ),
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
        (
            rewrite(
                "gradient",
                """
                def gradient(x, y, w):
                    h = 1e-5
                    return (loss(x, y, w + h) - loss(x, y, w - h)) / (2 * h)
                """,
            ),
            rewrite(
                "gradient",
                """
                def gradient(x, y, w):
                    h = 1e-6
                    return (loss(x, y, w + h) - loss(x, y, w)) / h
                """,
            ),
        ),
        only_fails=("gradient.magnitudes",),
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "The same numbers come back whatever the arguments are: those of the documented run. What "
        "should the function do for data that nobody has printed?",
        (
            rewrite(
                "train",
                """
                def train(xs, ys, w, lr, epochs, _train=train):
                    return _train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.01, 10)
                """,
            ),
            rewrite(
                "train_autograd",
                """
                def train_autograd(xs, ys, w, lr, epochs, _train=train_autograd):
                    return _train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.01, 10)
                """,
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
                (
                    "    gradients, weights, losses = [], [], []\n",
                    "    gradients, weights, losses = [], [], []\n    kept = xs\n",
                ),
                (
                    "    return {",
                    "    kept *= 0.5\n    return {",
                ),
            ),
        ),
        only_fails=("train.repeatable", "train_autograd.repeatable"),
    ),
]
