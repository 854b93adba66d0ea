"""Known mistakes in hidden_layer, the common ones first.

Of the mistakes that can be made in any assignment some have no place here: those of a squared
error; the loss before the update, which is the one asked for; zeroing once an epoch, since there
is one update an epoch; and a history that is aliased, since the record holds only single losses.
Two ways of making a mistake cannot be told
from `zeroed-before-step` by any input, because nothing moves in either: a loop variable rebound to
the updated tensor, and an optimiser that was given the parameters of a second model.
"""

from __future__ import annotations

from gradpath.assignments.hidden_layer.public import START
from gradpath.course.declare import (
    GRAPH_USED,
    NONE_AS_TENSOR,
    UNTRACKED,
    Misconception,
    Variant,
    edit,
    rewrite,
)

_ZERO_MANUAL = """\
        for parameter in parameters.values():
            parameter.grad.zero_()
"""
_UPDATE = "                parameter -= lr * parameter.grad\n"
_GUARDED = """\
                if parameter.grad is not None:
                    parameter -= lr * parameter.grad
"""
_ZERO_GUARDED = """\
        for parameter in parameters.values():
            parameter.grad = None
"""
_HIDDEN = 'F.relu(x @ parameters["W1"] + parameters["B1"])'
_LINEAR_HIDDEN = _HIDDEN.removeprefix("F.relu")
_LOGITS = 'hidden @ parameters["Wout"] + parameters["Bout"]'
_MODEL_LOGITS = "self.linear2(F.relu(self.linear1(x)))"
_BIASES = ("by_sums.sum(dim=0)", "by_logits.sum(dim=0)")
_SOFTMAX = "F.softmax(forward(x, parameters), dim=1)"
_BY_HIDDEN = 'by_logits @ parameters["Wout"].T'
_BY_SUMS = "by_hidden * (sums > 0)"
_MASKED_LOGITS = ("/ len(labels)", "/ len(labels) * (forward(x, parameters) > 0)")
_NLL = "F.nll_loss(log_probabilities, labels)"
_LOOP = "    for _ in range(epochs):\n"
_FORWARD = "        error = loss(forward(x, parameters), labels)\n"
_FORWARD_OPTIM = "        error = criterion(model(x), labels)\n"
_BEFORE_LOOP = _FORWARD.removeprefix("    ")
_BEFORE_LOOP_OPTIM = _FORWARD_OPTIM.removeprefix("    ")
_RETAINED = ("error.backward()", "error.backward(retain_graph=True)")
_RECORDS = ("errors[-1]", "before", "sum(errors) / len(errors)", "sum(errors)")
_RECORD = "        losses.append(error.item())\n"
_BACKWARD = "        error.backward()\n"
_NEXT_LOSS = "loss(forward(x, parameters), labels)"
_NEXT_LOSS_OPTIM = "criterion(model(x), labels)"
_ZERO_OPTIM = "        optimizer.zero_grad()\n"
_TRAINING = {
    "train_manual": ("documented", "xor", "one_step", "random_runs", "repeatable"),
    "train_optim": (
        *("documented", "linear", "random_runs", "other_models", "given_model", "repeatable"),
    ),
}
"""The checks that make runs."""
_LOSSES = (("train_manual", _NEXT_LOSS), ("train_optim", _NEXT_LOSS_OPTIM))
_STEP_OPTIM = "        optimizer.step()\n"
_NEW_PARAMETERS = "        parameters = {k: p - lr * p.grad for k, p in parameters.items()}\n"
_OTHER_RATES = ("0.01", "10 * lr", "0.1 * lr", "0.1", "0.001", "2 * lr", "0.5 * lr")
_UPDATES = "            for parameter in parameters.values():\n" + _UPDATE
# It belongs to `train_manual`, where it does harm; the numbers of `forward` itself stay right.
_CUT_OFF = ("forward(x, parameters)", f"{_HIDDEN}.detach() @ " + _LOGITS.partition(" @ ")[2])
_COPIES = """\
    parameters = {
        name: value.detach().clone().requires_grad_() for name, value in parameters.items()
    }
"""
_FOUR_COPIES = """\
    w1, b1, w2, b2 = (parameters[name].detach().clone() for name in ("W1", "B1", "Wout", "Bout"))
    w1, b1, w2 = w1.requires_grad_(), b1.requires_grad_(), w2.requires_grad_()
    b2 = b2.clone()
    parameters = {"W1": w1, "B1": b1, "Wout": w2, "Bout": b2}
"""
_ASKS = ", requires_grad=True"
_FOUR_DRAWS = """\
def init_parameters(num_features, num_hidden, num_classes, generator):
    return {
        "W1": torch.randn(num_features, num_hidden, generator=generator, requires_grad=True),
        "B1": torch.randn(num_hidden, generator=generator, requires_grad=True),
        "Wout": torch.randn(num_hidden, num_classes, generator=generator, requires_grad=True),
        "Bout": torch.randn(num_classes, generator=generator, requires_grad=True),
    }
"""
_NO_GRAD_UPDATE = """\
        with torch.no_grad():
            for parameter in parameters.values():
                parameter -= lr * parameter.grad
"""


def _drawn(*names: str) -> Variant:
    """Draw the parameters in the order of `names`."""
    order = f"((name, shapes[name]) for name in {names!r})"
    return edit("init_parameters", ("shapes.items()", order))


def _constant(value: str, *names: str) -> Variant:
    """Draw the parameters, but give those in `names` one value each."""
    constant = f"torch.full(shape, {value}, requires_grad=True) if name in {names!r}"
    return edit("init_parameters", ("name: torch", f"name: {constant} else torch"))


def _optimizer(code: str) -> Variant:
    return edit("train_optim", ("optim.SGD(model.parameters(), lr=lr)", code))


def _criterion(code: str) -> Variant:
    return edit("train_optim", ("criterion(model(x), labels)", code))


def _documented(function: str) -> str:
    """Code that repeats the documented run for any arguments."""
    return f"""
        def {function}(x, labels, parameters, lr, epochs, _train={function}):
            start = {{k: torch.tensor(v, requires_grad=True) for k, v in {START!r}.items()}}
            x = torch.tensor([[0, 0], [1, 0], [1, 1], [0, 0], [0, 0], [0, 1]]).float()
            return _train(x, torch.tensor([0, 1, 2, 0, 0, 2]), start, 0.01, 60)
        """


def _by_sample(record: str) -> Variant:
    """A run by hand with an update for each row."""
    return rewrite(
        "train_manual",
        f"""
        def train_manual(x, labels, parameters, lr, epochs):
            parameters = {{k: v.detach().clone().requires_grad_() for k, v in parameters.items()}}
            losses = []
            for _ in range(epochs):
                before = loss(forward(x, parameters), labels).item()
                errors = []
                for i in range(len(x)):
                    error = loss(forward(x[i : i + 1], parameters), labels[i : i + 1])
                    errors.append(error.item())
                    error.backward()
                    with torch.no_grad():
                        for parameter in parameters.values():
                            parameter -= lr * parameter.grad
                            parameter.grad.zero_()
                losses.append({record})
            return {{"losses": losses, "parameters": parameters}}
        """,
    )


def _by_sample_with_sgd(record: str) -> Variant:
    """A run with torch.optim and a step for each row."""
    return rewrite(
        "train_optim",
        f"""
        def train_optim(model, x, labels, lr, epochs):
            criterion = nn.CrossEntropyLoss()
            optimizer = optim.SGD(model.parameters(), lr=lr)
            losses = []
            for _ in range(epochs):
                before = criterion(model(x), labels).item()
                errors = []
                for i in range(len(x)):
                    error = criterion(model(x[i : i + 1]), labels[i : i + 1])
                    errors.append(error.item())
                    optimizer.zero_grad()
                    error.backward()
                    optimizer.step()
                losses.append({record})
            return {{"losses": losses}}
        """,
    )


MISCONCEPTIONS = [
    Misconception(
        "gradients-not-zeroed",
        "The gradients are never set back to zero",
        "Each later step has all earlier gradients added to it. What does backward() do with what "
        "is in .grad already?",
        (edit("train_manual", (_ZERO_MANUAL, "")), edit("train_optim", (_ZERO_OPTIM, ""))),
        fact="The first step is right.",
    ),
    Misconception(
        "double-softmax",
        "Softmax is applied twice",
        "Probabilities go where logits belong, and softmax is taken of them once more. Which "
        "function that is used here applies softmax already?",
        (
            edit("forward", (_LOGITS, f"F.softmax({_LOGITS}, dim=1)")),
            edit("loss", ("F.log_softmax(logits", "F.log_softmax(F.softmax(logits, dim=1)")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, f"F.softmax({_MODEL_LOGITS}, dim=1)")),
            _criterion("criterion(F.softmax(model(x), dim=1), labels)"),
            edit("backward", (_SOFTMAX, f"F.softmax({_SOFTMAX}, dim=1)")),
        ),
    ),
    Misconception(
        "relu-missing",
        "The ReLU between the layers is missing",
        "Without anything between them, two linear layers are one linear layer. Which values of "
        "the hidden layer may reach the second one, and what happens to the negative ones?",
        (
            edit("forward", (_HIDDEN, _LINEAR_HIDDEN)),
            edit("ModelWithHiddenLayer", ("F.relu(self.linear1(x))", "self.linear1(x)")),
        ),
    ),
    Misconception(
        "relu-on-output",
        "ReLU is applied to the logits",
        "A logit is a score for a class, and scores may be negative. After which of the two layers "
        "does the formula have a maximum?",
        (
            edit("forward", (_LOGITS, f"F.relu({_LOGITS})")),
            edit("forward", (_HIDDEN, _LINEAR_HIDDEN), (_LOGITS, f"F.relu({_LOGITS})")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, f"F.relu({_MODEL_LOGITS})")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, "F.relu(self.linear2(self.linear1(x)))")),
        ),
        fact="Every negative logit has become 0.",
    ),
    Misconception(
        "relu-mask-missing",
        "The ReLU is left out on the way back",
        "The gradient passes the hidden layer as if there were no ReLU. A hidden value that was "
        "cut off to 0 does not follow when its input moves a little. Which entries may the "
        "gradient pass through?",
        (edit("backward", (_BY_SUMS, "by_hidden")),),
        fact="The gradients of the output layer are right.",
    ),
    Misconception(
        "relu-mask-of-another-layer",
        "The ReLU's mask is taken from the wrong values",
        "On the way back the gradient is stopped in other places than those where ReLU cut off on "
        "the way there. Of which values did the forward pass take the maximum with 0, and where "
        "does your mask come from?",
        (
            edit("backward", (_BY_SUMS, "by_hidden * (by_hidden > 0)")),
            edit("backward", _MASKED_LOGITS, (_BY_SUMS, "by_hidden")),
            edit("backward", _MASKED_LOGITS),
            edit("backward", (_BY_SUMS, "by_hidden * (forward(x, parameters) > 0)")),
            edit("backward", (_BY_SUMS, "by_hidden * (x > 0)")),
            edit("backward", (_BY_SUMS, 'by_hidden * (x @ parameters["W1"] > 0)')),
            edit("backward", (_BY_SUMS, "by_hidden * (sums < 0)")),
        ),
    ),
    Misconception(
        "sign-flipped-residual",
        "The one-hot labels minus the softmax, the wrong way round",
        "All gradients have the right size and the wrong sign. By a logit that is too large the "
        "loss grows. Which sign must the gradient by that logit have?",
        (edit("backward", ("(probabilities - one_hot)", "(one_hot - probabilities)")),),
    ),
    Misconception(
        "one-hot-missing",
        "The labels are subtracted as numbers",
        "A label is the position of a class, not a value: only the right class's entry loses 1, "
        "whatever its number is. What has to become of the labels before they can be subtracted "
        "from probabilities?",
        (
            edit("backward", ("- one_hot)", "- labels[:, None])")),
            edit("backward", ("(probabilities - one_hot)", "probabilities")),
        ),
    ),
    Misconception(
        "weight-not-transposed",
        "The weights are not transposed on the way back, or those of another layer",
        "The gradient goes back through the same weights as the values came, from (n, classes) to "
        "(n, hidden). Which matrix of which shape leads there, and what does a reshape do to the "
        "places of its entries?",
        (
            edit("backward", (_BY_HIDDEN, 'by_logits @ parameters["Wout"]')),
            edit(
                "backward",
                (_BY_HIDDEN, 'by_logits @ parameters["Wout"].reshape(one_hot.shape[1], -1)'),
            ),
            edit("backward", (_BY_HIDDEN, 'by_logits @ parameters["W1"]')),
            edit("backward", (_BY_HIDDEN, 'by_logits @ parameters["W1"].T')),
        ),
    ),
    Misconception(
        "bias-gradient-not-summed",
        "The gradient of a bias is not summed over the samples",
        "A bias is added to each row, so that all rows have a part in its gradient, which has the "
        "shape of the bias. Along which dimension do the samples lie?",
        (
            edit("backward", *((bias, bias.partition(".")[0]) for bias in _BIASES)),
            *(edit("backward", (bias, bias.partition(".")[0])) for bias in _BIASES),
            edit("backward", *((bias, bias.replace("0", "1")) for bias in _BIASES)),
            edit("backward", *((bias, bias.replace("(dim=0)", "()")) for bias in _BIASES)),
            edit("backward", *((bias, bias.replace(".sum(dim=0)", "[0]")) for bias in _BIASES)),
        ),
    ),
    Misconception(
        "bias-gradient-averaged",
        "The gradient of a bias is a mean over the samples",
        "It is right but for the number of samples: the loss is a mean, and the gradient by the "
        "logits is divided by that number already. How often do you divide?",
        (
            edit("backward", *((bias, bias.replace(".sum", ".mean")) for bias in _BIASES)),
            *(edit("backward", (bias, bias.replace(".sum", ".mean"))) for bias in _BIASES),
        ),
        fact="The gradients of the weights are right.",
    ),
    Misconception(
        "logits-gradient-for-hidden",
        "The gradient by the logits is used for the hidden layer",
        "The first layer's gradients are made of the gradient by the logits, which has not come "
        "back through the output layer and the ReLU yet. Which gradient arrives at the sums of "
        "the hidden layer?",
        (
            edit("backward", ("x.T @ by_sums", "x.T @ by_logits"), _BIASES),
            edit("backward", ("x.T @ by_sums", "x.T @ by_logits")),
            edit("backward", _BIASES),
        ),
        fact="The gradients of the output layer are right.",
    ),
    Misconception(
        "transposed-gradient",
        "The gradient of a weight has its dimensions exchanged",
        "Each gradient has the shape of its parameter, and here (out, in) stands for (in, out). "
        "Which of the two factors has to be transposed in a product that sums over the samples?",
        (
            edit(
                "backward",
                ("x.T @ by_sums", "by_sums.T @ x"),
                ("hidden.T @ by_logits", "by_logits.T @ hidden"),
            ),
            edit("backward", ("x.T @ by_sums", "by_sums.T @ x")),
            edit("backward", ("hidden.T @ by_logits", "by_logits.T @ hidden")),
        ),
    ),
    Misconception(
        "sums-for-hidden",
        "The hidden layer's sums stand where its values belong",
        "The output layer was given the values behind the ReLU. What does it multiply where a sum "
        "is negative, and what is its weight's gradient made of there?",
        (edit("backward", ("hidden.T @ by_logits", "sums.T @ by_logits")),),
        fact="Only the gradient by Wout is wrong.",
    ),
    Misconception(
        "numeric-gradient",
        "Differences of losses instead of the derivative",
        "A difference of two losses loses the digits that they have in common, and at a kink it "
        "takes half of each side. Which derivative did the text derive for each arrow?",
        tuple(
            rewrite(
                "backward",
                f"""
                def backward(x, labels, parameters):
                    values = {{k: v.detach().double() for k, v in parameters.items()}}
                    x, found = x.double(), {{}}
                    for name, value in values.items():
                        found[name] = torch.zeros_like(value)
                        for place in range(value.numel()):
                            step = torch.zeros_like(value)
                            step.reshape(-1)[place] = {step}
                            up = loss(forward(x, {{**values, name: value + step}}), labels)
                            down = loss(forward(x, {{**values, name: value - step}}), labels)
                            found[name].reshape(-1)[place] = (up - down) / (2 * {step})
                    return found
                """,
            )
            for step in ("1e-6", "1e-4")
        ),
        only_fails=tuple(f"backward.{check}" for check in ("kinks", "random_kinks", "magnitudes")),
        evidence="differences",
    ),
    Misconception(
        "softmax-over-samples",
        "Softmax runs over the samples instead of the classes",
        "The probabilities of one class sum to 1 over the batch; those of one sample do not. Rows "
        "are samples and columns are classes: along which dimension must a distribution over "
        "classes lie?",
        (
            edit("loss", ("dim=1", "dim=0")),
            edit("backward", ("dim=1)", "dim=0)")),
            edit("loss", ("log_softmax(logits,", "log_softmax(F.softmax(logits, dim=0),")),
            edit("forward", (_LOGITS, f"F.softmax({_LOGITS}, dim=0)")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, f"F.softmax({_MODEL_LOGITS}, dim=0)")),
            _criterion("criterion(F.softmax(model(x), dim=0), labels)"),
            _criterion("criterion(F.log_softmax(model(x), dim=0), labels)"),
            _criterion("F.nll_loss(F.log_softmax(model(x), dim=0), labels)"),
            edit("predict", ("logits.argmax", "F.softmax(logits, dim=0).argmax")),
        ),
    ),
    Misconception(
        "nll-on-logits",
        "The negative log likelihood is taken of the logits themselves",
        "nll_loss only picks one number per sample and turns its sign, so this loss can be "
        "negative, which no negative log likelihood of a class is. What must logits go through to "
        "become log probabilities?",
        (
            edit("loss", ("F.nll_loss(log_probabilities", "F.nll_loss(logits")),
            _criterion("F.nll_loss(model(x), labels)"),
        ),
    ),
    Misconception(
        "nll-on-probabilities",
        "The negative log likelihood is taken of probabilities, without a logarithm",
        "nll_loss takes log probabilities and does not take the logarithm itself. Which step "
        "between softmax and likelihood is left out?",
        (
            edit("loss", ("F.log_softmax", "F.softmax")),
            _criterion("F.nll_loss(F.softmax(model(x), dim=1), labels)"),
        ),
        fact="The loss lies between -1 and 0.",
    ),
    Misconception(
        "sum-instead-of-mean",
        "The sum over the samples instead of their mean",
        "A value, or a step, is right times the number of samples: with a bigger batch it would be "
        "bigger. By what does the text divide, and does your code divide by it?",
        (
            edit(
                "loss", ("log_probabilities, labels", "log_probabilities, labels, reduction='sum'")
            ),
            edit("train_manual", ("error.backward()", "(error * len(labels)).backward()")),
            edit("train_optim", ("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(reduction='sum')")),
            edit("train_optim", ("error.backward()", "(error * len(labels)).backward()")),
            edit("accuracy", (" / len(labels)", "")),
            edit("backward", (" / len(labels)", "")),
        ),
    ),
    Misconception(
        "argmax-over-samples",
        "The largest value is looked for over the samples",
        "There is one answer per class, where one per sample is asked. Rows are samples, columns "
        "are classes. Along which dimension does the search for the best class of one sample run?",
        (
            edit("predict", ("dim=1", "dim=0")),
            edit("predict", ("logits.argmax(dim=1)", "logits.max(0).indices")),
        ),
    ),
    Misconception(
        "hidden-detached",
        "The hidden layer is cut off from autograd",
        "No gradient reaches the first layer. What do detach, .data, NumPy and no_grad do to a "
        "tensor in the middle of a network?",
        (
            edit("train_manual", _CUT_OFF, (_UPDATE, _GUARDED), (_ZERO_MANUAL, _ZERO_GUARDED)),
            edit("train_manual", _CUT_OFF, (_ZERO_MANUAL, _ZERO_GUARDED)),
            edit(
                "train_manual",
                _CUT_OFF,
                (
                    "error.backward()",
                    "slopes = torch.autograd.grad(error, list(parameters.values()))",
                ),
                (
                    _UPDATES,
                    "            for parameter, slope in zip(parameters.values(), slopes):\n"
                    "                parameter -= lr * slope\n",
                ),
                (_ZERO_MANUAL, ""),
            ),
            edit(
                "ModelWithHiddenLayer", ("F.relu(self.linear1(x))", "F.relu(self.linear1(x)).data")
            ),
            edit(
                "ModelWithHiddenLayer",
                ("F.relu(self.linear1(x))", "F.relu(self.linear1(x.detach()).detach())"),
            ),
        ),
        raises=f"appears to not have been used in the graph|{NONE_AS_TENSOR}",
        evidence="detached",
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "Each loss was computed once more after the step. Which loss does the text ask for: that "
        "of the forward pass, or the next one?",
        (
            edit(
                "train_manual",
                (_RECORD, ""),
                (_ZERO_MANUAL, _ZERO_MANUAL + _RECORD.replace("error", _NEXT_LOSS)),
            ),
            edit(
                "train_optim",
                (_RECORD, ""),
                (_STEP_OPTIM, _STEP_OPTIM + _RECORD.replace("error", _NEXT_LOSS_OPTIM)),
            ),
        ),
        fact="The weights are right; the losses are shifted by one.",
    ),
    Misconception(
        "history-with-start",
        "The loss at the start is in the history twice",
        "The history has one entry too many: the loss at the start is recorded before the loop, "
        "and again in the first epoch. How many losses are there for epochs = 1?",
        tuple(
            edit(function, ("losses = []", f"losses = [{first}.item()]"))
            for function, first in _LOSSES
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The parameters that were given are trained themselves",
        "After the call the caller's parameters are the trained ones, so a second call starts "
        "where the first ended. Which of your tensors share their memory with the arguments?",
        (
            edit("train_manual", ("value.detach().clone().requires_grad_()", "value")),
            edit("train_manual", (".clone()", "")),
            edit(
                "train_manual",
                ("    return {", "    given.update(parameters)\n    return {"),
                ("    parameters = {\n", "    given = parameters\n    parameters = {\n"),
            ),
        ),
    ),
    Misconception(
        "draw-order",
        "The parameters are drawn in another order",
        "These are standard normal values of the right generator, but in other places: every draw "
        "uses up the numbers that the next one would have got. In which order does the text draw, "
        "and with which shapes?",
        (
            _drawn("W1", "Wout", "B1", "Bout"),
            _drawn("B1", "W1", "Bout", "Wout"),
            _drawn("Wout", "Bout", "W1", "B1"),
            _drawn("Bout", "Wout", "B1", "W1"),
            _drawn("B1", "Bout", "W1", "Wout"),
            _drawn("Wout", "W1", "Bout", "B1"),
            _drawn("W1", "B1", "Bout", "Wout"),
            _drawn("W1", "Wout", "Bout", "B1"),
            _drawn("Wout", "W1", "B1", "Bout"),
            rewrite(
                "init_parameters",
                """
                def init_parameters(num_features, num_hidden, num_classes, generator):
                    W1 = torch.randn(num_hidden, num_features, generator=generator).T
                    B1 = torch.randn(num_hidden, generator=generator)
                    Wout = torch.randn(num_classes, num_hidden, generator=generator).T
                    Bout = torch.randn(num_classes, generator=generator)
                    parameters = {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}
                    return {k: v.detach().requires_grad_() for k, v in parameters.items()}
                """,
            ),
        ),
    ),
    Misconception(
        "constant-initialisation",
        "Constants instead of random values",
        "Weights and biases alike were to be drawn, and here a tensor has one value everywhere. If "
        "all hidden units begin alike, each gets the same gradient. What could ever make them "
        "different?",
        (
            _constant("0.0", "W1", "B1", "Wout", "Bout"),
            _constant("1.0", "W1", "B1", "Wout", "Bout"),
            _constant("0.0", "B1", "Bout"),
            _constant("0.5", "W1", "B1", "Wout", "Bout"),
            _constant("0.1", "W1", "B1", "Wout", "Bout"),
            _constant("0.01", "W1", "B1", "Wout", "Bout"),
            _constant("1.0", "B1", "Bout"),
        ),
    ),
    Misconception(
        "new-model-trained",
        "Another model is trained than the one given",
        "The weights of the model that was handed over have not moved: something else was trained. "
        "Which object's parameters does your optimiser hold, and which object will the caller look "
        "at?",
        tuple(
            edit("train_optim", ("    criterion =", f"    {other}\n    criterion ="))
            for other in (
                "model = ModelWithHiddenLayer(x.shape[1], 5, int(labels.max()) + 1)",
                "model = ModelWithHiddenLayer(x.shape[1], 5, 3)",
                "import copy; model = copy.deepcopy(model)",
                "model = ModelWithHiddenLayer(x.shape[1], 5, model(x).shape[1])",
                "model = ModelWithHiddenLayer(x.shape[1], 5, len(labels.unique()))",
                "model = ModelWithHiddenLayer(x.shape[1], 10, int(labels.max()) + 1)",
            )
        ),
    ),
    Misconception(
        "wrong-optimizer",
        "Another rule than plain gradient descent makes the steps",
        "The steps have a memory, as momentum and Adam do. Which rule does the text ask for, and "
        "which options of yours differ from it?",
        (
            _optimizer("optim.Adam(model.parameters(), lr=lr)"),
            _optimizer("optim.SGD(model.parameters(), lr=lr, momentum=0.9)"),
            _optimizer("optim.SGD(model.parameters(), lr=lr, momentum=0.9, nesterov=True)"),
            _optimizer("optim.AdamW(model.parameters(), lr=lr)"),
            _optimizer("optim.RMSprop(model.parameters(), lr=lr)"),
            _optimizer("optim.SGD(model.parameters(), lr=lr, momentum=0.5)"),
            _optimizer("optim.SGD(model.parameters(), lr=lr, momentum=0.8)"),
            _optimizer("optim.Adagrad(model.parameters(), lr=lr)"),
            _optimizer("optim.Adam(model.parameters())"),
            *(
                edit(
                    "train_manual",
                    (
                        "    losses = []\n",
                        "    losses = []\n"
                        "    speed = {k: torch.zeros_like(v) for k, v in parameters.items()}\n",
                    ),
                    (
                        _UPDATES,
                        "            for name, parameter in parameters.items():\n"
                        f"                speed[name] = {momentum} * speed[name] + {gradient}\n"
                        "                parameter -= lr * speed[name]\n",
                    ),
                )
                for momentum, gradient in (
                    ("0.9", "parameter.grad"),
                    ("0.9", "0.1 * parameter.grad"),
                )
            ),
        ),
        fact="The losses begin right and leave the path, though every gradient is right.",
    ),
    Misconception(
        "zeroed-before-step",
        "The gradients are gone before the step, or the step moves something else",
        "Nothing ever moves: no step uses the slopes that backward() found. In which order do "
        "zeroing, backward and step have to come, are all three there, and do they concern the "
        "same tensors?",
        (
            edit("train_manual", (_BACKWARD, _BACKWARD + _ZERO_MANUAL)),
            edit("train_optim", (_ZERO_OPTIM + _BACKWARD, _BACKWARD + _ZERO_OPTIM)),
        ),
    ),
    Misconception(
        "hidden-bias-not-updated",
        "A bias is left out of the update",
        "How many tensors does the network have, and how many does your update reach?",
        (
            *(
                edit("train_manual", (_UPDATES, f"{head}:\n{_UPDATE}"))
                for head in (
                    '            for parameter in map(parameters.get, ("W1", "Wout", "Bout"))',
                    '            for parameter in map(parameters.get, ("W1", "Wout"))',
                )
            ),
            _optimizer(
                "optim.SGD([p for n, p in model.named_parameters() "
                "if n not in ('linear1.bias', '0.bias')], lr=lr)"
            ),
            _optimizer("optim.SGD([p for p in model.parameters() if p.dim() > 1], lr=lr)"),
            _optimizer("optim.SGD([model.linear1.weight, *model.linear2.parameters()], lr=lr)"),
        ),
        fact="The bias of the hidden layer stays where it started.",
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The steps have the right size and the wrong sign. The gradient points uphill. In which "
        "direction does the loss fall?",
        (
            edit("train_manual", ("parameter -= lr", "parameter += lr")),
            edit("train_optim", ("error.backward()", "(-error).backward()")),
        ),
    ),
    Misconception(
        "leaf-replaced",
        "The update makes new tensors, which have no gradient",
        "After an update the name belongs to the result of a computation, and such a tensor gets "
        "no .grad. Which tensors did backward() fill, and which ones do you read?",
        (
            edit("train_manual", (_NO_GRAD_UPDATE, _NEW_PARAMETERS), (_ZERO_MANUAL, "")),
            edit("train_manual", (_NO_GRAD_UPDATE, _NEW_PARAMETERS)),
            edit(
                "train_manual",
                (_NO_GRAD_UPDATE, f"        with torch.no_grad():\n    {_NEW_PARAMETERS}"),
                (_ZERO_MANUAL, ""),
            ),
        ),
        raises=f"{NONE_AS_TENSOR}|{UNTRACKED}",
        evidence="replaced",
    ),
    Misconception(
        "requires-grad-forgotten",
        "A tensor does not ask for gradients",
        "A tensor is a plain constant until it is told to take part: backward() finds nothing to "
        "differentiate by, and leaves no .grad. Which argument or method of a tensor does that?",
        (
            edit("train_manual", (".requires_grad_()", "")),
            edit("init_parameters", (", requires_grad=True", "")),
        ),
        raises=UNTRACKED,
        evidence="untracked",
    ),
    Misconception(
        "graph-cut-off",
        "backward() starts from a value that has no graph",
        "The loss is computed while autograd does not watch, or is taken out of its graph at "
        "once, so backward() finds no way back. Which lines does autograd have to see?",
        (
            edit("train_manual", (_FORWARD, _FORWARD.replace("labels)", "labels).detach()"))),
            edit(
                "train_optim",
                (_FORWARD_OPTIM, _FORWARD_OPTIM.replace("labels)", "labels).detach()")),
            ),
        ),
        raises=rf"{UNTRACKED}|'(float|numpy\.\w+)' object has no attribute 'backward'",
        evidence="copy of the loss",
    ),
    Misconception(
        "requires-grad-on-some",
        "Not all of the parameters ask for gradients",
        "Some of the parameters were told to take part, another one was not: it is a plain "
        "constant to backward(), which leaves no .grad there. Which of the four were told?",
        (
            edit("train_manual", (_COPIES, _FOUR_COPIES)),
            *(
                rewrite("init_parameters", _FOUR_DRAWS, (draw, draw.replace(_ASKS, "")))
                for draw in _FOUR_DRAWS.splitlines(keepends=True)
                if _ASKS in draw
            ),
        ),
        raises=f"{NONE_AS_TENSOR}|One of the differentiated Tensors does not require grad",
        evidence="one untracked",
    ),
    Misconception(
        "gradient-read-too-early",
        "A gradient is used before the first backward()",
        "A new tensor has no gradient, not even one of zeros: .grad is None until backward() has "
        "filled it for the first time. In which order do the lines of your first epoch run?",
        (
            edit("train_manual", (_ZERO_MANUAL, ""), (_BACKWARD, _ZERO_MANUAL + _BACKWARD)),
            edit("train_manual", (_BACKWARD, ""), (_ZERO_MANUAL, _ZERO_MANUAL + _BACKWARD)),
        ),
        raises=NONE_AS_TENSOR,
        evidence="read too early",
    ),
    Misconception(
        "graph-used-again",
        "A graph is walked back twice",
        # Short, since torch's own message is long.
        "How often is the loss computed, and how often is backward() called?",
        (
            edit("train_manual", (_FORWARD, ""), (_LOOP, _BEFORE_LOOP + _LOOP)),
            edit("train_manual", (_BACKWARD, 2 * _BACKWARD)),
            edit("train_optim", (_FORWARD_OPTIM, ""), (_LOOP, _BEFORE_LOOP_OPTIM + _LOOP)),
            edit("train_optim", (_BACKWARD, 2 * _BACKWARD)),
        ),
        raises=GRAPH_USED,
    ),
    Misconception(
        "retain-graph",
        "The loss of the start is differentiated again and again",
        "retain_graph keeps an old graph, it does not compute a new one. Which lines have to run "
        "again after the parameters moved?",
        (
            edit("train_manual", (_FORWARD, ""), (_LOOP, _BEFORE_LOOP + _LOOP), _RETAINED),
            edit(
                "train_optim", (_FORWARD_OPTIM, ""), (_LOOP, _BEFORE_LOOP_OPTIM + _LOOP), _RETAINED
            ),
            edit(
                "train_manual",
                (_FORWARD, ""),
                (_LOOP, _BEFORE_LOOP + _LOOP),
                _RETAINED,
                ("parameter -= lr", "parameter.data -= lr"),
            ),
        ),
        raises=r"has been modified by an inplace operation",
        evidence="retained",
    ),
    Misconception(
        "backward-twice",
        "backward() is called once more before the loop",
        "A gradient from before the loop is still there. What does backward() do with what is in "
        ".grad already?",
        (
            edit("train_manual", (_LOOP, f"{_BEFORE_LOOP}    error.backward()\n{_LOOP}")),
            edit(
                "train_optim",
                (_LOOP, f"{_BEFORE_LOOP_OPTIM}    error.backward()\n{_LOOP}"),
                (_ZERO_OPTIM, ""),
                (_STEP_OPTIM, _STEP_OPTIM + _ZERO_OPTIM),
            ),
        ),
        evidence="two backwards",
        fact="The first step is twice as long as it should be, the others are right from where "
        "they start.",
    ),
    Misconception(
        "data-zeroed",
        "The parameters are set to zero instead of their gradients",
        "After the first update every parameter is zero. A tensor holds two things: its values, "
        "and the gradient beside them. Which of the two has to start each epoch from zero?",
        (
            edit("train_manual", ("parameter.grad.zero_", "parameter.data.zero_")),
            edit(
                "train_manual",
                (_ZERO_MANUAL, f"{_ZERO_MANUAL}            parameter.data.zero_()\n"),
            ),
        ),
    ),
    Misconception(
        "loss-as-step",
        "The loss is used as the step",
        "Every parameter is moved by the same amount, lr times the loss. The loss says how bad the "
        "parameters are; which quantity says in which direction each of them has to go?",
        (edit("train_manual", ("lr * parameter.grad", "lr * error")),),
    ),
    Misconception(
        "update-per-sample",
        "An update is made after each sample",
        "There are as many updates in an epoch as samples. The text's epoch is one update, from "
        "the mean over all samples (full batch). How often does your update run for epochs = 1?",
        (
            *(_by_sample(record) for record in _RECORDS),
            *(_by_sample_with_sgd(record) for record in _RECORDS),
        ),
    ),
    Misconception(
        "step-divided-by-count",
        "The step is divided by the number of samples once more",
        "The direction is right, the size is too small by the number of samples. The loss is a "
        "mean already. How often do you divide?",
        (
            edit("train_manual", ("parameter -= lr", "parameter -= lr / len(x)")),
            edit("backward", (" / len(labels)", " / len(labels) ** 2")),
            _optimizer("optim.SGD(model.parameters(), lr=lr / len(x))"),
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The parameters are changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate that "
        "change, too. How do you tell autograd that a line is not part of the model?",
        (
            edit(
                "train_manual",
                (
                    _NO_GRAD_UPDATE,
                    "        for parameter in parameters.values():\n"
                    "            parameter -= lr * parameter.grad\n",
                ),
            ),
        ),
        raises=r"a (view of a )?leaf Variable that requires grad is being used in an in-place",
    ),
    Misconception(
        "epochs-off-by-one",
        "One epoch too many or too few",
        "One update or one recorded loss is too many or too few. How often does your loop run for "
        "epochs = 1?",
        (
            *(
                edit(function, ("range(epochs)", f"range({count})"))
                for function in ("train_manual", "train_optim")
                for count in ("epochs + 1", "1, epochs")
            ),
            # The loss after the last update is recorded as well.
            *(
                edit(function, ("    return {", f"    losses.append({last}.item())\n    return {{"))
                for function, last in _LOSSES
            ),
        ),
        fact="What is there is right, but the run has another length.",
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The steps are too long or too short by a constant factor. Where in your update does the "
        "argument lr come in, and is anything else multiplied there?",
        (
            *(
                edit("train_manual", ("parameter -= lr", f"parameter -= {factor}"))
                for factor in _OTHER_RATES
            ),
            *(_optimizer(f"optim.SGD(model.parameters(), lr={factor})") for factor in _OTHER_RATES),
        ),
        fact="The first loss is right.",
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "They come back whatever the arguments are. What should the function do for data that "
        "nobody has printed?",
        (
            rewrite("train_manual", _documented("train_manual")),
            rewrite(
                "init_parameters",
                f"""
                def init_parameters(num_features, num_hidden, num_classes, generator):
                    start = {START!r}
                    return {{k: torch.tensor(v, requires_grad=True) for k, v in start.items()}}
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
        tuple(
            edit(function, ("range(epochs)", f"range({count})"))
            for count in (100, 10)
            for function in ("train_manual", "train_optim")
        ),
        # A run may have any length: the documented 1000 epochs take seconds in all of these checks.
        only_fails=tuple(
            f"{function}.{check}" for function, checks in _TRAINING.items() for check in checks
        ),
        evidence="unused: epochs",
    ),
    Misconception(
        "bias-after-relu",
        "The hidden bias is added after the ReLU",
        "ReLU cuts off what is negative of the whole sum, bias and all: added later, the bias can "
        "make a hidden value negative again. Where does the formula's inner bracket end?",
        (edit("forward", (_HIDDEN, 'F.relu(x @ parameters["W1"]) + parameters["B1"]')),),
    ),
    Misconception(
        "softmax-overflows",
        "Softmax and logarithm are taken one after the other",
        "For large logits exp is infinite, or a probability is rounded to 0, and its logarithm is "
        "of no use: only both steps together stay finite. Which function takes the logarithm of "
        "softmax in one go, or what may be subtracted from all logits of a sample before exp?",
        (
            *(
                edit("loss", ("F.log_softmax(logits, dim=1)", log_probabilities))
                for log_probabilities in (
                    "torch.log(F.softmax(logits, dim=1))",
                    "logits - logits.exp().sum(1, keepdim=True).log()",
                    "torch.log(torch.exp(logits) / torch.exp(logits).sum(1, keepdim=True))",
                    "torch.log(F.softmax(logits, dim=1) + 1e-8)",
                    "torch.log(F.softmax(logits, dim=1) + 1e-10)",
                    "torch.log(F.softmax(logits, dim=1) + 1e-12)",
                    "torch.log(F.softmax(logits, dim=1).clamp(1e-7, 1 - 1e-7))",
                    "torch.log(F.softmax(logits, dim=1).clamp(min=1e-12))",
                )
            ),
            rewrite(
                "loss",
                """
                def loss(logits, labels):
                    one_hot = F.one_hot(labels, logits.shape[1])
                    return -(one_hot * torch.log(F.softmax(logits, dim=1))).sum(dim=1).mean()
                """,
            ),
        ),
        only_fails=("loss.large_logits",),
        evidence="log of softmax",
    ),
    Misconception(
        "every-row-every-label",
        "Every row is read at the labels of all samples",
        "The index gives n numbers for each of the n rows, where one for each row is asked: a "
        "row's own label stands beside all others. Which pairs of row and column belong together?",
        (
            edit("loss", (_NLL, "-log_probabilities[:, labels].mean()")),
            edit("loss", (_NLL, "-log_probabilities[:, labels].sum() / len(labels)")),
            edit("loss", (_NLL, "-log_probabilities[:, labels].sum()")),
        ),
    ),
    Misconception(
        "accuracy-in-percent",
        "The accuracy is given in percent",
        "The value is right times 100. The text asks for a fraction. Between which two numbers "
        "must it lie?",
        (edit("accuracy", ("len(labels)", "len(labels) * 100")),),
    ),
    Misconception(
        "arguments-reordered",
        "Two arguments have changed places",
        "A value arrives in the place of another: the function takes its arguments in another "
        "order than the text. In which order does its first line name them?",
        (
            edit("forward", ("(x, parameters)", "(parameters, x)")),
            edit("loss", ("(logits, labels):", "(labels, logits):")),
            edit("backward", ("(x, labels, parameters):", "(x, parameters, labels):")),
            *(
                edit(function, (first, second))
                for function, first, second in (
                    ("train_manual", "parameters, lr, epochs)", "parameters, epochs, lr)"),
                    ("train_manual", "(x, labels, parameters", "(x, parameters, labels"),
                    ("train_optim", "labels, lr, epochs)", "labels, epochs, lr)"),
                    ("train_optim", "(model, x, labels", "(x, labels, model"),
                )
            ),
        ),
        raises=r".",
        evidence="order: model logits predicted x labels parameters lr epochs",
    ),
    Misconception(
        "criterion-called-like-a-function",
        "A loss class is called like a function",
        "torch.nn has classes: what stands in the first brackets are the options of a criterion, "
        "not its data. Where is the object made, and where is it called?",
        (
            _criterion("nn.CrossEntropyLoss(model(x), labels)"),
            edit("loss", (_NLL, "nn.CrossEntropyLoss(logits, labels)")),
        ),
        raises=r"Boolean value of Tensor with more than one value is ambiguous"
        r"|'\w+Loss' object has no attribute",
        evidence="criterion called",
    ),
    Misconception(
        "model-not-called",
        "The loss is computed from the inputs, not from the model's logits",
        "The criterion is given the samples themselves, so nothing that the model computes reaches "
        "the loss. Which value stands for the model's answer in your code, and where is it used?",
        (_criterion("criterion(x, labels)"),),
        raises=rf"Target \d+ is out of bounds|{UNTRACKED}",
        evidence="criterion on inputs",
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "The formula's parts are there, in another order of operations: powers come first, then "
        "products and quotients from left to right, then sums. Which part has to be finished "
        "before the next one begins?",
        (
            edit("forward", (_HIDDEN, 'F.relu(x @ (parameters["W1"] + parameters["B1"]))')),
            edit("forward", (_LOGITS, 'hidden @ (parameters["Wout"] + parameters["Bout"])')),
        ),
    ),
]
