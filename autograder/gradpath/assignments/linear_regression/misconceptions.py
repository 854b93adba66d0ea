"""Known mistakes in linear_regression, the common ones first.

Ids of the table "Any assignment" that cannot occur here: `loss-before-update` (before is right),
`zeroed-once-per-epoch` (an epoch is one update).

Pairs with the same numbers on every input. In `train_numpy` and `train`, a flipped residual and
a step along the gradient; the code has the step, so `ascent-step` is named. In
`gradients`, a loss with 1/2 and a forgotten 2; there `missing-factor-two` is named. In the two
runs, half the gradient and half the learning rate; again `missing-factor-two`. A backward pass that
is made twice and a step of twice the learning rate: `learning-rate-scaled`. The order of the
samples changes nothing here.
"""

from __future__ import annotations

from gradpath.course.declare import (
    GRAPH_USED,
    LEAF_IN_PLACE,
    NONE_AS_TENSOR,
    UNTRACKED,
    Misconception,
    Variant,
    edit,
    rewrite,
)

_RECORD_NUMPY = "losses.append(float(mse(model(inputs, w, b), targets)))"
_ERROR = "error = mse(model(inputs, w, b), targets)"
_RECORD = "losses.append(error.item())"
_STEP_W = "w = w - lr * dw"
_STEP_B = "b = b - lr * db"
_ZERO_W = "        w.grad.zero_()\n"
_ZERO_B = "        b.grad.zero_()\n"
_BACKWARD = "        error.backward()\n"
_UPDATE = (
    "        with torch.no_grad():\n            w -= lr * w.grad\n            b -= lr * b.grad\n"
)
_NEW_STEPS = "        w = w - lr * w.grad\n        b = b - lr * b.grad\n"
_NEW_W = ("w -= lr * w.grad", "w = w - lr * w.grad")
_NEW_B = ("b -= lr * b.grad", "b = b - lr * b.grad")
_NO_ZEROS = (_ZERO_W, ""), (_ZERO_B, "")
_PREDICTIONS = "model(inputs, w, b)"
_LOOP = "    for _ in range(epochs):\n"
_FORWARD = f"        {_ERROR}\n"
_BEFORE_LOOP = f"    {_ERROR}\n"
_ORDER = "order: x inputs predictions targets w b lr epochs"
_ONE_MORE = ("range(epochs)", "range(epochs + 1)")
_RESIDUAL = "model(inputs, w, b) - targets"
_LEAF_W = "torch.tensor(w, dtype=torch.float32, requires_grad=True)"
_LEAF_B = "torch.tensor(b, dtype=torch.float32, requires_grad=True)"
_LEAVES = (_LEAF_W, _LEAF_B)
_ARGUMENTS = "inputs, targets, w, b, lr, epochs"
_RECORDS = ("errors[-1]", "before", "sum(errors) / len(errors)", "sum(errors)")
_STOP = "        if %s:\n            break\n"
_CONDITIONS = (
    "losses[-1] < 1",
    "len(losses) > 1 and losses[-2] - losses[-1] < 0.05 * losses[-2]",
    "len(losses) > 1 and abs(losses[-2] - losses[-1]) < 1",
)
_DOCUMENTED = """\
    inputs = np.array(
        [[73.0, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]]
    )
    targets = np.array([[56.0, 70], [81, 101], [119, 133], [22, 37], [103, 119]])
    w = np.array([[0.5, 0.0, -0.5], [-0.5, 0.5, 1.0]])
    b = np.array([1.0, -1.0])
"""


def _hand_steps(factor: str) -> Variant:
    """A run by hand with the right losses and gradients that are multiplied by `factor`."""
    return edit(
        "train_numpy",
        (_STEP_W, f"w = w - lr * dw * ({factor})"),
        (_STEP_B, f"b = b - lr * db * ({factor})"),
    )


def _hand_losses(factor: str) -> Variant:
    """A run by hand with the right steps and losses that are multiplied by `factor`."""
    value = "float(mse(model(inputs, w, b), targets))"
    return edit("train_numpy", (value, f"{value} * ({factor})"))


def _hand_both(factor: str) -> Variant:
    """A run by hand of a loss that is multiplied by `factor`, gradients and all."""
    return edit(
        "train_numpy",
        (_RECORD_NUMPY, f"losses.append(float(mse(model(inputs, w, b), targets)) * ({factor}))"),
        (_STEP_W, f"w = w - lr * dw * ({factor})"),
        (_STEP_B, f"b = b - lr * db * ({factor})"),
    )


def _error(code: str) -> Variant:
    """A run with autograd of another loss."""
    return edit("train", (_ERROR, f"error = {code}"))


def _by_sample(record: str) -> Variant:
    """A run by hand with an update for each row."""
    rows = "inputs[i : i + 1], targets[i : i + 1]"
    return rewrite(
        "train_numpy",
        f"""
        def train_numpy(inputs, targets, w, b, lr, epochs):
            losses = []
            for _ in range(epochs):
                before = float(mse(model(inputs, w, b), targets))
                errors = []
                for i in range(len(inputs)):
                    errors.append(float(mse(model(inputs[i : i + 1], w, b), targets[i : i + 1])))
                    dw, db = gradients({rows}, w, b)
                    w, b = w - lr * dw, b - lr * db
                losses.append({record})
            return {{"losses": losses, "w": w, "b": b}}
        """,
    )


def _by_sample_with_autograd(record: str) -> Variant:
    """A run with autograd and an update for each row."""
    return rewrite(
        "train",
        f"""
        def train(inputs, targets, w, b, lr, epochs):
            inputs = torch.tensor(inputs, dtype=torch.float32)
            targets = torch.tensor(targets, dtype=torch.float32)
            w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
            b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
            losses = []
            for _ in range(epochs):
                before = mse(model(inputs, w, b), targets).item()
                errors = []
                for i in range(len(inputs)):
                    error = mse(model(inputs[i : i + 1], w, b), targets[i : i + 1])
                    errors.append(error.item())
                    error.backward()
                    with torch.no_grad():
                        w -= lr * w.grad
                        b -= lr * b.grad
                    w.grad = b.grad = None
                losses.append({record})
            return {{"losses": losses, "w": w.detach(), "b": b.detach()}}
        """,
    )


MISCONCEPTIONS = [
    Misconception(
        "missing-factor-two",
        "The 2 of the square's derivative is missing",
        "Gradients, or the steps made with them, are half of what they should be. The loss is a "
        "mean of squares. What does the exponent become when a square is differentiated?",
        (
            edit("gradients", ("2.0 * errors / errors.size", "errors / errors.size")),
            _hand_steps("1 / 2"),
            edit("train", ("error.backward()", "(error / 2).backward()")),
        ),
    ),
    Misconception(
        "mean-over-rows-only",
        "The mean is taken over the samples only",
        "The division is by the number of samples, but the mean runs over samples and outputs. How "
        "many squared errors are there altogether when every sample has two outputs?",
        (
            edit("mse", (".mean()", ".sum() / len(targets)")),
            edit("gradients", ("/ errors.size", "/ len(errors)")),
            # Without the 2 as well: right for two outputs, so only other numbers of them show it.
            edit("gradients", ("2.0 * errors / errors.size", "errors / len(errors)")),
            _hand_both("targets.shape[1]"),
            _hand_steps("targets.shape[1]"),
            _hand_losses("targets.shape[1]"),
            _error("((model(inputs, w, b) - targets) ** 2).sum() / len(inputs)"),
            edit("train", (_RECORD, "losses.append(error.item() * targets.shape[1])")),
        ),
    ),
    Misconception(
        "sum-instead-of-mean",
        "A sum where the mean is asked for",
        "The value grows with the size of the data, as a sum over all elements does. By what is a "
        "sum divided to become a mean?",
        (
            edit("mse", (".mean()", ".sum()")),
            edit("gradients", (" / errors.size", "")),
            edit("gradients", ("2.0 * errors / errors.size", "errors")),
            _hand_both("targets.size"),
            _hand_steps("targets.size"),
            _hand_losses("targets.size"),
            _error("((model(inputs, w, b) - targets) ** 2).sum()"),
            edit("train", (_RECORD, "losses.append(error.item() * targets.numel())")),
        ),
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "A step has the right size and the wrong sign, as it also has with a flipped residual. The "
        "gradient points uphill. In which direction does the loss fall?",
        (
            edit("train_numpy", (_STEP_W, "w = w + lr * dw"), (_STEP_B, "b = b + lr * db")),
            edit("train", ("w -= lr", "w += lr"), ("b -= lr", "b += lr")),
            edit("train_numpy", (_STEP_B, "b = b + lr * db")),
            edit("train", ("b -= lr", "b += lr")),
            edit("train_numpy", (_STEP_W, "w = w + lr * dw")),
            edit("train", ("w -= lr", "w += lr")),
        ),
    ),
    Misconception(
        "sign-flipped-residual",
        "The residual is targets - predictions",
        "Size right, sign wrong: the difference inside the square was turned round. If a "
        "prediction is too small, which sign must the derivative by the bias have?",
        (
            edit("gradients", (_RESIDUAL, "targets - model(inputs, w, b)")),
            edit("gradients", ("return scaled.T @ inputs", "return -scaled.T @ inputs")),
        ),
    ),
    Misconception(
        "square-missing",
        "The error is not squared",
        "This is the mean distance between prediction and target with its sign, so misses above "
        "and below cancel. Which part of the formula keeps them from doing that?",
        tuple(
            edit("mse", ("((predictions - targets) ** 2)", difference))
            for difference in ("(predictions - targets)", "(targets - predictions)")
        ),
    ),
    Misconception(
        "half-squared-error",
        "The loss has a factor 1/2 in front",
        "The loss is half of the mean squared error. Many books put 1/2 there to tidy the "
        "derivative; which definition of the loss does the text give?",
        (
            edit("mse", (".mean()", ".mean() / 2")),
            _hand_both("1 / 2"),
            _hand_losses("1 / 2"),
            _error("mse(model(inputs, w, b), targets) / 2"),
            edit("train", (_RECORD, "losses.append(error.item() / 2)")),
        ),
    ),
    Misconception(
        "transposed-gradient",
        "The gradient of w is transposed",
        "The derivative by w has one row per feature, but w has one row per output. With as many "
        "outputs as features the shapes agree by chance and only the numbers tell. Which factor "
        "of the matrix product has to be the one that is transposed?",
        (
            edit("gradients", ("scaled.T @ inputs", "inputs.T @ scaled")),
            edit("gradients", ("scaled.T @ inputs", "(scaled.T @ inputs).T")),
        ),
    ),
    Misconception(
        "reshape-for-transpose",
        "A reshape where a transpose is meant",
        "reshape and view keep the elements in their order and only cut the rows elsewhere. What "
        "does transposing do with the element in row 0, column 1?",
        (
            edit("model", ("w.T", "w.reshape(w.shape[1], w.shape[0])")),
            edit("gradients", ("scaled.T @ inputs", "(inputs.T @ scaled).reshape(w.shape)")),
            edit(
                "gradients",
                ("model(inputs, w, b)", "(inputs @ w.reshape(w.shape[1], w.shape[0]) + b)"),
            ),
            edit("gradients", ("scaled.T", "scaled.reshape(scaled.shape[::-1])")),
            edit("train_numpy", ("model(inputs, w, b)", "inputs @ w.reshape(w.shape[::-1]) + b")),
            edit("train", ("model(inputs, w, b)", "inputs @ w.view(w.shape[1], w.shape[0]) + b")),
        ),
        fact="The shape is right, the numbers are in the wrong places.",
    ),
    Misconception(
        "pairwise-broadcast",
        "Shape (n,) meets shape (n, 1)",
        "With one output, an array of shape (n,) and one of shape (n, 1) broadcast to (n, n): each "
        "prediction is compared with every target. What are the shapes on both sides of your "
        "difference?",
        (
            edit("mse", ("predictions - targets", "predictions.squeeze() - targets")),
            edit("mse", ("predictions - targets", "predictions - targets.squeeze()")),
            edit("model", ("return x @ w.T + b", "return (x @ w.T + b).squeeze()")),
            edit("gradients", (_RESIDUAL, "model(inputs, w, b).squeeze() - targets")),
            edit("gradients", (_RESIDUAL, "model(inputs, w, b) - targets.squeeze()")),
            edit("train_numpy", ("model(inputs, w, b)", "model(inputs, w, b).squeeze()")),
            _error("mse(model(inputs, w, b).squeeze(), targets)"),
            _error("mse(model(inputs, w, b), targets.squeeze())"),
        ),
    ),
    Misconception(
        "bias-not-updated",
        "The bias is never updated",
        "The weights are moved, b stays where it started. On the documented data the losses hardly "
        "show it, on small features they do. Which parameters does the model have, and which of "
        "them does your loop change?",
        (
            edit("train_numpy", (f"        {_STEP_B}\n", "")),
            edit("train", ("            b -= lr * b.grad\n", "")),
        ),
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradients are never set back to zero",
        "Each later step has all earlier gradients added to it. What does backward() do with what "
        "is in .grad already?",
        (edit("train", *_NO_ZEROS),),
        fact="The first step is right.",
    ),
    Misconception(
        "bias-gradient-not-zeroed",
        "Only one of the gradients is set back to zero",
        "One parameter's gradient starts each epoch clean, the other one adds up all that came "
        "before. Which tensors does backward() write a .grad for?",
        (edit("train", (_ZERO_B, "")), edit("train", (_ZERO_W, ""))),
        fact="The first two losses are right, then the run drifts off.",
    ),
    Misconception(
        "zeroed-before-step",
        "The gradients are gone before the step, or there is no step",
        "A parameter stands still: no step uses the slope that backward() found for it. In which "
        "order do zeroing, backward and step have to come, and are all three there?",
        (
            edit("train", (_BACKWARD, _BACKWARD + _ZERO_W + _ZERO_B)),
            edit("train", (_BACKWARD, _BACKWARD + _ZERO_W)),
            # The same of b alone has the numbers of `bias-not-updated`.
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "A parameter is changed in place while autograd watches",
        "torch refuses to change a leaf in place: it would have to differentiate that change, "
        "too. How do you tell autograd that a line is not part of the model?",
        (
            edit("train", (_UPDATE, "        w -= lr * w.grad\n        b -= lr * b.grad\n")),
            edit("train", (_UPDATE, "        b.sub_(lr * b.grad)\n        w.sub_(lr * w.grad)\n")),
        ),
        raises=LEAF_IN_PLACE,
    ),
    Misconception(
        "leaf-replaced",
        "The update makes a new tensor, which has no gradient",
        "After the first step the name belongs to the result of a computation, and such a tensor "
        "gets no .grad. Which tensor did backward() fill, and which one do you read?",
        (
            edit("train", (_UPDATE, _NEW_STEPS)),
            edit("train", _NEW_W, _NEW_B),
            edit("train", _NEW_B),
            edit("train", (_UPDATE, _NEW_STEPS), *_NO_ZEROS),
            edit("train", _NEW_W, _NEW_B, *_NO_ZEROS),
        ),
        raises=f"{NONE_AS_TENSOR}|{UNTRACKED}",
        evidence="replaced",
    ),
    Misconception(
        "requires-grad-forgotten",
        "No tensor asks for gradients",
        "backward() finds nothing to differentiate by: a tensor is a plain constant until it is "
        "told to take part. Which argument or method of a tensor does that?",
        (edit("train", *((leaf, leaf.replace(", requires_grad=True", "")) for leaf in _LEAVES)),),
        raises=UNTRACKED,
        evidence="untracked",
    ),
    Misconception(
        "graph-cut-off",
        "backward() starts from a value that has no graph",
        "The loss is computed while autograd does not watch, or is taken out of its graph at "
        "once, so backward() finds no way back. Which lines does autograd have to see?",
        (edit("train", (_ERROR, f"{_ERROR}.detach()")),),
        raises=rf"{UNTRACKED}|'(float|numpy\.\w+)' object has no attribute 'backward'",
        evidence="copy of the loss",
    ),
    Misconception(
        "requires-grad-on-one",
        "One of the two tensors does not ask for gradients",
        "backward() fills .grad of those tensors that were told to take part; of another one it "
        "stays None. Which of w and b were told, and where?",
        tuple(edit("train", (leaf, leaf.replace(", requires_grad=True", ""))) for leaf in _LEAVES),
        raises=f"{NONE_AS_TENSOR}|One of the differentiated Tensors does not require grad",
        evidence="one untracked",
    ),
    Misconception(
        "gradient-read-too-early",
        "A gradient is used before the first backward()",
        "A new tensor has no gradient, not even one of zeros: .grad is None until backward() has "
        "filled it for the first time. In which order do the lines of your first epoch run?",
        (
            edit("train", *_NO_ZEROS, (_BACKWARD, _ZERO_W + _ZERO_B + _BACKWARD)),
            edit("train", (_BACKWARD, ""), (_UPDATE, _UPDATE + _BACKWARD)),
        ),
        raises=NONE_AS_TENSOR,
        evidence="read too early",
    ),
    Misconception(
        "graph-used-again",
        "A graph is walked back twice",
        # Short, since torch's own message is long.
        "How often are predictions and loss computed, and how often is backward() called?",
        (
            edit("train", (_FORWARD, ""), (_LOOP, _BEFORE_LOOP + _LOOP)),
            edit("train", (_BACKWARD, 2 * _BACKWARD)),
        ),
        raises=GRAPH_USED,
    ),
    Misconception(
        "retain-graph",
        "The loss of the start is differentiated again and again",
        "retain_graph keeps an old graph, it does not compute a new one. Which lines have to run "
        "again after the parameters moved?",
        (
            edit(
                "train",
                (_FORWARD, ""),
                (_LOOP, _BEFORE_LOOP + _LOOP),
                ("error.backward()", "error.backward(retain_graph=True)"),
            ),
            # The predictions alone are kept: the loss is the same.
            edit(
                "train",
                (_PREDICTIONS, "predictions"),
                (_LOOP, f"    predictions = {_PREDICTIONS}\n{_LOOP}"),
                ("error.backward()", "error.backward(retain_graph=True)"),
            ),
        ),
        fact="Loss and gradients are the first epoch's in every epoch.",
    ),
    Misconception(
        "backward-twice",
        "backward() is called once more before the loop",
        "A gradient from before the loop is still there. What does backward() do with what is in "
        ".grad already?",
        (edit("train", (_LOOP, f"{_BEFORE_LOOP}    error.backward()\n{_LOOP}")),),
        evidence="two backwards",
        fact="The first step is twice as long as it should be, the others are right from where "
        "they start.",
    ),
    Misconception(
        "data-zeroed",
        "The parameters are set to zero instead of their gradients",
        "After the first update w and b are zero. A tensor holds two things: its values, and the "
        "gradient beside them. Which of the two has to start each epoch from zero?",
        (
            edit("train", ("w.grad.zero_", "w.data.zero_"), ("b.grad.zero_", "b.data.zero_")),
            edit(
                "train",
                (_ZERO_W, _ZERO_W + "        w.data.zero_()\n"),
                (_ZERO_B, _ZERO_B + "        b.data.zero_()\n"),
            ),
        ),
    ),
    Misconception(
        "loss-as-step",
        "The loss is used as the step",
        "Every parameter is moved by the same amount, lr times the loss. The loss says how bad the "
        "parameters are; which quantity says in which direction each of them has to go?",
        (
            edit("train", ("lr * w.grad", "lr * error"), ("lr * b.grad", "lr * error")),
            edit(
                "train_numpy",
                (_STEP_W, f"error = mse({_PREDICTIONS}, targets); w = w - lr * error"),
                (_STEP_B, "b = b - lr * error"),
            ),
        ),
    ),
    Misconception(
        "update-per-sample",
        "An update is made after each sample",
        "There are as many updates in an epoch as samples. The text's epoch is one update, from "
        "the mean over all samples (full batch). How often does your update run for epochs = 1?",
        (
            *(_by_sample(record) for record in _RECORDS),
            *(_by_sample_with_autograd(record) for record in _RECORDS),
        ),
    ),
    Misconception(
        "step-divided-by-count",
        "The step is divided by the number of samples once more",
        "The direction is right, the size is too small by the number of samples, or of all "
        "elements. The mean squared error is a mean already. How often do you divide?",
        (
            edit("gradients", ("/ errors.size", "/ errors.size / len(errors)")),
            edit("gradients", ("/ errors.size", "/ errors.size**2")),
            _hand_steps("1 / len(inputs)"),
            _hand_steps("1 / targets.size"),
            *(
                edit(
                    "train",
                    ("lr * w.grad", f"{rate} * w.grad"),
                    ("lr * b.grad", f"{rate} * b.grad"),
                )
                for rate in ("lr / len(inputs)", "lr / targets.numel()")
            ),
        ),
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "Each loss was computed once more after the step. Which parameters should the first entry "
        "belong to, the starting ones or the updated ones?",
        (
            edit(
                "train_numpy",
                (f"        {_RECORD_NUMPY}\n", ""),
                (f"        {_STEP_B}\n", f"        {_STEP_B}\n        {_RECORD_NUMPY}\n"),
            ),
            edit(
                "train",
                (f"        {_RECORD}\n", ""),
                (_UPDATE, f"{_UPDATE}        losses.append({_ERROR[8:]}.item())\n"),
            ),
        ),
        fact="The parameters are right, the losses are one epoch early.",
    ),
    Misconception(
        "epochs-off-by-one",
        "One epoch too many or too few",
        "There is one update or one recorded loss too many or too few. For epochs = 1, how often "
        "does your loop run, and is there an update before it?",
        (
            *(
                edit(function, ("range(epochs)", f"range({count})"))
                for function in ("train_numpy", "train")
                for count in ("epochs + 1", "1, epochs")
            ),
            # One update before the loop, as in the source: not recorded, or not counted.
            edit(
                "train_numpy",
                (
                    "    losses = []\n",
                    "    losses = []\n"
                    "    dw, db = gradients(inputs, targets, w, b)\n"
                    "    w, b = w - lr * dw, b - lr * db\n",
                ),
            ),
            edit("train", _ONE_MORE, ('"losses": losses', '"losses": losses[1:]')),
            # The loss after the last update is recorded as well.
            edit("train_numpy", ("    return {", f"    {_RECORD_NUMPY}\n    return {{")),
            edit(
                "train", ("    return {", f"    losses.append({_ERROR[8:]}.item())\n    return {{")
            ),
            # One loss short, or one update short, with the other one complete.
            edit("train_numpy", _ONE_MORE, ('"losses": losses', '"losses": losses[:-1]')),
            edit("train", _ONE_MORE, ('"losses": losses', '"losses": losses[:-1]')),
        ),
        fact="The path is right.",
    ),
    Misconception(
        "history-with-start",
        "The loss at the start is in the history twice",
        "The history has one entry too many: the loss at the start is recorded before the loop, "
        "and again in the first epoch. How many losses are there for epochs = 1?",
        tuple(
            edit(function, ("losses = []", f"losses = [{first}]"))
            for function, first in (
                ("train_numpy", "float(mse(model(inputs, w, b), targets))"),
                ("train", f"{_ERROR[8:]}.item()"),
            )
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The step is too long or too short by a constant factor. Where in your update does the "
        "argument lr come in, and is anything else multiplied there?",
        tuple(
            edit(function, *((old, old.replace("lr", factor)) for old in steps))
            for factor in ("1e-5", "0.01", "10 * lr", "0.1 * lr", "0.1", "0.001", "1e-4", "2 * lr")
            for function, steps in (
                ("train_numpy", (_STEP_W, _STEP_B)),
                ("train", ("w -= lr * w.grad", "b -= lr * b.grad")),
            )
        ),
        fact="The first loss is right, the first step is not.",
    ),
    Misconception(
        "numeric-gradient",
        "Finite differences instead of the derivative",
        "The digits get lost where the loss is large and hardly depends on w, as they do when two "
        "nearly equal losses are subtracted. What does the derivative look like as a formula?",
        tuple(
            rewrite(
                "gradients",
                f"""
                def gradients(inputs, targets, w, b):
                    h = {step}
                    slopes = []
                    for parameter in (w, b):
                        slope = np.zeros(parameter.shape)
                        for index in np.ndindex(parameter.shape):
                            shift = np.zeros(parameter.shape)
                            shift[index] = h
                            dw, db = (shift, 0.0) if parameter is w else (0.0, shift)
                            up = mse(model(inputs, w + dw, b + db), targets)
                            down = mse(model(inputs, w - {back} * dw, b - {back} * db), targets)
                            slope[index] = (up - down) / ((1 + {back}) * h)
                        slopes.append(slope)
                    return tuple(slopes)
                """,
            )
            for step, back in (("1e-5", 1), ("1e-6", 1), ("1e-3", 1), ("1e-6", 0), ("1e-4", 0))
        ),
        only_fails=("gradients.magnitudes",),
        evidence="differences",
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "They come back whatever the arguments are. What should the function do for data that "
        "nobody has printed?",
        (
            # The NumPy run in both: a hundred epochs in torch, call after call, take long.
            *(
                rewrite(
                    function,
                    f"def {function}(inputs, targets, w, b, lr, epochs, _train=train_numpy):\n"
                    f"{_DOCUMENTED}    return _train(inputs, targets, w, b, 1e-5, 100)",
                )
                for function in ("train_numpy", "train")
            ),
            rewrite(
                "gradients",
                "def gradients(inputs, targets, w, b, _gradients=gradients):\n"
                f"{_DOCUMENTED}    return _gradients(inputs, targets, w, b)",
            ),
            rewrite(
                "gradients",
                """
                def gradients(inputs, targets, w, b):
                    dw = [[-4775.1, -6349.3, -3745.7], [-3210.9, -3480.7, -2117.9]]
                    return np.array(dw), np.array([-60.2, -38.0])
                """,
            ),
        ),
        fact="The numbers are those of the documented run.",
    ),
    Misconception(
        "epochs-hard-coded",
        "The number of epochs is a number in the code",
        "The loop has the same length whatever `epochs` is. The documented settings are those of "
        "one run; which of the function's arguments does your code never use?",
        (
            *(
                edit("train_numpy", ("range(epochs)", f"range({count})"))
                for count in (100, 1000, 10)
            ),
            # A thousand epochs in torch, call after call, take long: the same run in NumPy.
            *(
                rewrite(
                    "train",
                    "def train(inputs, targets, w, b, lr, epochs):\n"
                    f"    return train_numpy(inputs, targets, w, b, lr, {count})",
                )
                for count in (100, 1000)
            ),
            edit("train", ("range(epochs)", "range(10)")),
            # The learning rate is the documented one as well.
            edit(
                "train_numpy",
                ("range(epochs)", "range(100)"),
                (_STEP_W, "w = w - 1e-5 * dw"),
                (_STEP_B, "b = b - 1e-5 * db"),
            ),
            edit(
                "train",
                ("range(epochs)", "range(100)"),
                ("w -= lr", "w -= 1e-5"),
                ("b -= lr", "b -= 1e-5"),
            ),
        ),
    ),
    Misconception(
        "other-stopping-rule",
        "The loop ends before all epochs are made",
        "The loop ends because of a condition on the loss. How many updates does the text ask for, "
        "and does anything else end the training?",
        tuple(
            edit(function, (f"        {record}\n", f"        {record}\n{_STOP % condition}"))
            for condition in _CONDITIONS
            for function, record in (("train_numpy", _RECORD_NUMPY), ("train", _RECORD))
        ),
        fact="The path is right as far as it goes.",
    ),
    Misconception(
        "arguments-reordered",
        "Two arguments have changed places",
        "A value arrives in the place of another: the function takes its arguments in another "
        "order than the text. In which order does its first line name them?",
        (
            edit("model", ("model(x, w, b)", "model(x, b, w)")),
            edit(
                "gradients",
                ("gradients(inputs, targets, w, b)", "gradients(targets, inputs, w, b)"),
            ),
            edit(
                "gradients",
                ("gradients(inputs, targets, w, b)", "gradients(inputs, targets, b, w)"),
            ),
            *(
                edit(function, (f"{function}({_ARGUMENTS})", f"{function}({order})"))
                for function in ("train_numpy", "train")
                for order in (
                    "inputs, targets, w, b, epochs, lr",
                    "inputs, targets, b, w, lr, epochs",
                    "targets, inputs, w, b, lr, epochs",
                )
            ),
        ),
        raises=r"cannot be interpreted as an integer|^ValueError: matmul|mat1 and mat2 shapes"
        r"|^ValueError: (operands|shapes)|size mismatch|must match the size",
        evidence=_ORDER,
    ),
    Misconception(
        "results-swapped",
        "The two derivatives have changed places",
        "The derivative by b comes first, the one by w second. In which order does the text return "
        "the pair?",
        (
            edit(
                "gradients",
                (
                    "return scaled.T @ inputs, scaled.sum(axis=0)",
                    "return scaled.sum(axis=0), scaled.T @ inputs",
                ),
            ),
        ),
    ),
    Misconception(
        "criterion-called-like-a-function",
        "A loss class is called like a function",
        "torch.nn has classes: what stands in the first brackets are the options of a criterion, "
        "not its data. Where is the object made, and where is it called?",
        (
            edit("train", (_ERROR, f"error = torch.nn.MSELoss({_PREDICTIONS}, targets)")),
            edit(
                "mse",
                ("((predictions - targets) ** 2).mean()", "torch.nn.MSELoss(predictions, targets)"),
            ),
        ),
        raises=r"Boolean value of Tensor with more than one value is ambiguous"
        r"|truth value of an array with more than one element is ambiguous"
        r"|'\w+Loss' object has no attribute",
        evidence="criterion called",
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "The formula's parts are there, in another order of operations: powers come first, then "
        "products and quotients from left to right, then sums. Which part has to be finished "
        "before the next one begins?",
        (
            edit(
                "mse",
                ("((predictions - targets) ** 2).mean()", "(predictions - targets**2).mean()"),
            ),
            edit(
                "mse",
                ("((predictions - targets) ** 2).mean()", "(predictions - targets).mean() ** 2"),
            ),
            edit(
                "mse",
                ("((predictions - targets) ** 2).mean()", "((predictions**2) - targets).mean()"),
            ),
            edit("model", ("x @ w.T + b", "x @ (w.T + b)")),
            edit("gradients", ("/ errors.size", "/ len(errors) * errors.shape[1]")),
            edit(
                "gradients",
                (f"errors = {_RESIDUAL}\n", ""),
                ("2.0 * errors / errors.size", f"(2.0 * {_PREDICTIONS} - targets) / targets.size"),
            ),
        ),
    ),
    Misconception(
        "aliased-history",
        "The same array is in the history again and again",
        "All entries of the history are the last value: one array was appended many times, and it "
        "changes in place. What does a list hold, a copy or the thing itself?",
        (
            edit(
                "train_numpy",
                ("    losses = []\n", "    losses = []\n    current = np.zeros(1)\n"),
                (
                    _RECORD_NUMPY,
                    "current[0] = mse(model(inputs, w, b), targets); losses.append(current)",
                ),
            ),
            edit(
                "train",
                ("    losses = []\n", "    losses = []\n    current = torch.zeros(1)\n"),
                (_RECORD, "current[0] = error.item(); losses.append(current)"),
            ),
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The function changes what it was given",
        "After the call the caller's arrays are not what they were, so the next call starts "
        "elsewhere. Which line writes into an array that came in as an argument, perhaps through "
        "a tensor that shares its memory?",
        (
            edit("train_numpy", (_STEP_W, "w -= lr * dw"), (_STEP_B, "b -= lr * db")),
            edit("train_numpy", (_STEP_B, "b -= lr * db")),
            edit(
                "train",
                *(
                    (leaf, f"torch.as_tensor({name}, dtype=torch.float32).requires_grad_()")
                    for name, leaf in (("w", _LEAF_W), ("b", _LEAF_B))
                ),
            ),
            edit(
                "train",
                ("torch.tensor(inputs, dtype=torch.float32)", "torch.tensor(inputs)"),
                ("torch.tensor(targets, dtype=torch.float32)", "torch.tensor(targets)"),
                (_LEAF_W, "torch.from_numpy(w).requires_grad_()"),
                (_LEAF_B, "torch.from_numpy(b).requires_grad_()"),
            ),
            edit(
                "mse",
                ("return ((", "predictions -= targets\n    return (("),
                ("(predictions - targets)", "predictions"),
            ),
            edit(
                "gradients",
                (f"errors = {_RESIDUAL}", "targets -= model(inputs, w, b)\n    errors = -targets"),
            ),
        ),
        only_fails=(
            "mse.repeatable",
            "gradients.repeatable",
            "train_numpy.repeatable",
            "train.repeatable",
        ),
        evidence="changed arguments",
    ),
]
