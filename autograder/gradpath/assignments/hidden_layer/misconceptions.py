"""Known mistakes in hidden_layer, the common ones first.

Of the mistakes that can be made in any assignment some have no place here: those of a squared
error; the loss before the update, which is the one asked for; zeroing once an epoch, since there
is one update an epoch; a history that is aliased, since the record holds only single losses; and
finite differences, since the gradients are autograd's. Two ways of making a mistake cannot be told
from `zeroed-before-step` by any input, because nothing moves in either: a loop variable rebound to
the updated tensor, and an optimiser that was given the parameters of a second model.
"""

from __future__ import annotations

from gradpath.assignments.hidden_layer.public import START
from gradpath.course.declare import Misconception, Variant, edit, rewrite

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
_RECORD = "        losses.append(error.item())\n"
_BACKWARD = "        error.backward()\n"
_NEXT_LOSS = "loss(forward(x, parameters), labels)"
_NEXT_LOSS_OPTIM = "criterion(model(x), labels)"
_ZERO_OPTIM = "        optimizer.zero_grad()\n"
_STEP_OPTIM = "        optimizer.step()\n"
_NEW_PARAMETERS = "        parameters = {k: p - lr * p.grad for k, p in parameters.items()}\n"
_OTHER_RATES = ("0.01", "10 * lr", "0.1 * lr", "0.1", "0.001", "2 * lr", "0.5 * lr")
_UPDATES = "            for parameter in parameters.values():\n" + _UPDATE
# It belongs to `train_manual`, where it does harm; the numbers of `forward` itself stay right.
_CUT_OFF = ("forward(x, parameters)", f"{_HIDDEN}.detach() @ " + _LOGITS.partition(" @ ")[2])
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
            return _train(x, torch.tensor([0, 1, 2, 0, 0, 2]), start, 0.01, 200)
        """


MISCONCEPTIONS = [
    Misconception(
        "gradients-not-zeroed",
        "The gradients are never set back to zero",
        "The first step is right, each later one has all earlier gradients added to it. What does "
        "backward() do with what is in .grad already?",
        (edit("train_manual", (_ZERO_MANUAL, "")), edit("train_optim", (_ZERO_OPTIM, ""))),
    ),
    Misconception(
        "double-softmax",
        "Softmax is applied twice",
        "Probabilities go where logits belong, and softmax is taken of them once more: the "
        "gradients shrink and the loss cannot fall far. Which function that you use applies "
        "softmax already?",
        (
            edit("forward", (_LOGITS, f"F.softmax({_LOGITS}, dim=1)")),
            edit("loss", ("F.log_softmax(logits", "F.log_softmax(F.softmax(logits, dim=1)")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, f"F.softmax({_MODEL_LOGITS}, dim=1)")),
            _criterion("criterion(F.softmax(model(x), dim=1), labels)"),
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
        "Every negative logit has become 0. A logit is a score for a class, and scores may be "
        "negative. After which of the two layers does the formula have a maximum?",
        (
            edit("forward", (_LOGITS, f"F.relu({_LOGITS})")),
            edit("forward", (_HIDDEN, _LINEAR_HIDDEN), (_LOGITS, f"F.relu({_LOGITS})")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, f"F.relu({_MODEL_LOGITS})")),
            edit("ModelWithHiddenLayer", (_MODEL_LOGITS, "F.relu(self.linear2(self.linear1(x)))")),
        ),
    ),
    Misconception(
        "softmax-over-samples",
        "Softmax runs over the samples instead of the classes",
        "The probabilities of one class sum to 1 over the batch; those of one sample do not. Rows "
        "are samples and columns are classes: along which dimension must a distribution over "
        "classes lie?",
        (
            edit("loss", ("dim=1", "dim=0")),
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
        "The loss can be negative, which no negative log likelihood of a class is: nll_loss only "
        "picks one number per sample and turns its sign. What must logits go through to become "
        "log probabilities?",
        (
            edit("loss", ("F.nll_loss(log_probabilities", "F.nll_loss(logits")),
            _criterion("F.nll_loss(model(x), labels)"),
        ),
    ),
    Misconception(
        "nll-on-probabilities",
        "The negative log likelihood is taken of probabilities, without a logarithm",
        "The loss lies between -1 and 0: nll_loss takes log probabilities and does not take the "
        "logarithm itself. Which step between softmax and likelihood is left out?",
        (
            edit("loss", ("F.log_softmax", "F.softmax")),
            _criterion("F.nll_loss(F.softmax(model(x), dim=1), labels)"),
        ),
    ),
    Misconception(
        "sum-instead-of-mean",
        "The sum over the samples instead of their mean",
        "The value is right times the number of samples, and a bigger batch would mean bigger "
        "steps. By what does the text divide, and does your code divide by it?",
        (
            edit(
                "loss", ("log_probabilities, labels", "log_probabilities, labels, reduction='sum'")
            ),
            edit("train_manual", ("error.backward()", "(error * len(labels)).backward()")),
            edit("train_optim", ("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(reduction='sum')")),
            edit("train_optim", ("error.backward()", "(error * len(labels)).backward()")),
            edit("accuracy", (" / len(labels)", "")),
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
        "The first layer stays where it started: no gradient reaches it, or the update leaves it "
        "out. What do detach, .data, NumPy and no_grad do to a tensor in the middle of a network?",
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
        raises=r"appears to not have been used in the graph",
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "The weights are right; the losses are shifted by one, because each was computed once more "
        "after the step. Which loss does the text ask for: that of the forward pass, or the next "
        "one?",
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
        "Weights and biases alike were to be drawn, and here one value stands everywhere. If all "
        "hidden units begin alike, each gets the same gradient. What could ever make them "
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
        "The losses begin right and leave the path, though every gradient is right: the steps have "
        "a memory, as momentum and Adam do. Which rule does the text ask for, and which options of "
        "yours differ from it?",
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
    ),
    Misconception(
        "zeroed-before-step",
        "The gradients are set to zero between backward() and the step",
        "Nothing ever moves: what backward() found is wiped out or lost before it is used. In "
        "which order do zeroing, backward and step have to come, and do they all concern the same "
        "tensors?",
        (
            edit("train_manual", (_BACKWARD, _BACKWARD + _ZERO_MANUAL)),
            edit("train_optim", (_ZERO_OPTIM + _BACKWARD, _BACKWARD + _ZERO_OPTIM)),
        ),
    ),
    Misconception(
        "hidden-bias-not-updated",
        "A bias is left out of the update",
        "The weights move, but the bias of the hidden layer stays where it started. How many "
        "tensors does the network have, and how many does your update reach?",
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
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The first loss is right, then it grows. The gradient points uphill. In which direction "
        "does the loss fall?",
        (
            edit("train_manual", ("parameter -= lr", "parameter += lr")),
            edit("train_optim", ("error.backward()", "(-error).backward()")),
        ),
    ),
    Misconception(
        "leaf-replaced",
        "The update makes new tensors, which have no gradient",
        "After the first step the dict holds results of a computation, and such tensors get no "
        ".grad. Which tensors did backward() fill, and which ones do you read?",
        (
            edit("train_manual", (_NO_GRAD_UPDATE, _NEW_PARAMETERS), (_ZERO_MANUAL, "")),
            edit("train_manual", (_NO_GRAD_UPDATE, _NEW_PARAMETERS)),
            edit(
                "train_manual",
                (_NO_GRAD_UPDATE, f"        with torch.no_grad():\n    {_NEW_PARAMETERS}"),
                (_ZERO_MANUAL, ""),
            ),
        ),
        raises=r"'NoneType' object has no attribute '(zero_|item|data|detach|clone)'"
        r"|for (\*|-=|-): '(float|Tensor)' and 'NoneType'"
        r"|for \*: 'NoneType' and 'float'"
        r"|element 0 of tensors does not require grad",
    ),
    Misconception(
        "in-place-on-leaf",
        "The parameters are changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate the "
        "update too. How do you tell autograd that a line is not part of the model?",
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
        "What is there is right, but the run has another length. How often does your loop run for "
        "epochs = 1?",
        tuple(
            edit(function, ("range(epochs)", f"range({count})"))
            for function in ("train_manual", "train_optim")
            for count in ("epochs + 1", "1, epochs")
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The first loss is right, the steps are too long or too short by a constant factor. Where "
        "in your update does the argument lr come in, and is anything else multiplied there?",
        (
            *(
                edit("train_manual", ("parameter -= lr", f"parameter -= {factor}"))
                for factor in _OTHER_RATES
            ),
            *(_optimizer(f"optim.SGD(model.parameters(), lr={factor})") for factor in _OTHER_RATES),
            edit("train_manual", ("parameter -= lr", "parameter -= lr / len(x)")),
            _optimizer("optim.SGD(model.parameters(), lr=lr / len(x))"),
        ),
    ),
    Misconception(
        "hard-coded-result",
        "The documented numbers are returned",
        "The same numbers come back whatever the arguments are: those of the documented run. What "
        "should the function do for data that nobody has printed?",
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
    ),
]
