"""Known mistakes in training_tools, the common ones first.

A loop variable that is rebound (`p = p - lr * p.grad`) cannot be told from `zeroed-before-step` by
any numbers, because nothing moves in either.
"""

from __future__ import annotations

import textwrap

from gradpath.course.declare import (
    LEAF_IN_PLACE,
    NONE_AS_TENSOR,
    UNTRACKED,
    Misconception,
    Variant,
    edit,
    rewrite,
)

_DRAW = "torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float32)"
_FACTORS = {
    "xavier_normal": "(2 / (fan_in + fan_out)) ** 0.5",
    "he_normal": "(2 / fan_in) ** 0.5",
}
_SLOPE = "grad_output * 3 * x**2"
_NORM = "sum(float(np.sum(gradient**2)) for gradient in gradients) ** 0.5"
_FACTOR = "min(1.0, max_norm / (norm + 1e-6))"
_CLIP = "np.clip(gradient, -limit, limit)"
_LAYER = "x = F.relu(x @ weight.T)"
_SCALE = "scales.append(x.std().item())"
_SHARE = "(loss / len(members)).backward()"
_SHARE_LINE = f"            {_SHARE}\n"
_RECORD = "            losses.append(loss.item())\n"
_STARTS = "range(0, len(batches), group)"
_FINAL = "    final = {name: value.detach().clone() for name, value in model.named_parameters()}\n"
_ZERO = "        model.zero_grad()\n        updates += 1\n"
_UPDATE = """\
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
"""
_ONE_EACH = """
def train_accumulated(model, batches, lr, group):
    criterion = nn.MSELoss()
    losses, updates = [], 0
    for start in range(0, len(batches), group):
        members = batches[start : start + group]
        for x, y in members:
            model.zero_grad()
            loss = criterion(model(x), y)
            losses.append(loss.item())
            SHARE.backward()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter -= lr * parameter.grad
            updates += 1
    return {
        "losses": losses, "updates": updates, "parameters": dict(model.named_parameters())
    }
"""


def _draws(*edits: tuple[str, str]) -> tuple[Variant, ...]:
    """Return the same variant of both functions that draw."""
    return tuple(edit(function, *edits) for function in _FACTORS)


def _scaled(function: str, factor: str) -> Variant:
    return edit(function, (_FACTORS[function], factor))


def _train(*edits: tuple[str, str]) -> Variant:
    return edit("train_accumulated", *edits)


MISCONCEPTIONS = [
    Misconception(
        "not-divided-by-group",
        "The losses of a group are added, not averaged",
        "A step is as many times too long as there are batches in its group. The formula has the "
        "mean of the losses, and backward() only adds. Where does the number of batches come in?",
        (_train((_SHARE, "loss.backward()")),),
        fact="The first losses are right.",
    ),
    Misconception(
        "gradients-not-zeroed",
        "The gradients are never set back to zero",
        "Each later step has the gradients of all earlier groups in it. What does backward() do "
        "with what is in .grad already, and who takes it away after an update?",
        (_train((_ZERO, "        updates += 1\n")),),
        fact="The first step is right.",
    ),
    Misconception(
        "zeroed-every-batch",
        "The gradients are set back after every batch",
        "Of each group only its last batch has an effect on the step: what the others left in "
        ".grad is wiped out before. When is a group's gradient complete, and when may it go?",
        (
            _train(
                (
                    "            loss = crit",
                    "            model.zero_grad()\n            loss = crit",
                )
            ),
            _train(
                (
                    "            loss = crit",
                    "            model.zero_grad()\n            loss = crit",
                ),
                (_SHARE, "loss.backward()"),
            ),
        ),
    ),
    Misconception(
        "divided-by-full-group",
        "The last, smaller group is divided by the full group's number",
        "The step of the group at the end is too short: it has fewer losses, and they are divided "
        "as if all were there. How many batches are in that group?",
        (_train((_SHARE, "(loss / group).backward()")),),
        fact="All is right up to the last group.",
    ),
    Misconception(
        "last-group-dropped",
        "The batches left at the end make no update",
        "If the number of batches is no multiple of `group`, some are left at the end, and no "
        "update follows them. What does the text ask for them, and when does your loop update?",
        (
            _train((_UPDATE, "        if len(members) < group:\n            break\n" + _UPDATE)),
            _train((_STARTS, "range(0, len(batches) - group + 1, group)")),
        ),
    ),
    Misconception(
        "update-every-batch",
        "The parameters move after every batch",
        "There are as many updates as batches, and each batch meets parameters that the one before "
        "has moved. How many updates does one group make?",
        tuple(
            rewrite("train_accumulated", _ONE_EACH.replace("SHARE", share))
            for share in ("loss", "(loss / len(members))", "(loss / group)")
        ),
    ),
    Misconception(
        "group-begins-early",
        "The groups are shifted by one batch",
        "The first update follows the first batch: counting from 0, the first number is a multiple "
        "of every group. After which numbers is a group complete?",
        (
            rewrite(
                "train_accumulated",
                """
                def train_accumulated(model, batches, lr, group):
                    losses, updates = [], 0
                    model.zero_grad()
                    for i, (x, y) in enumerate(batches):
                        loss = nn.MSELoss()(model(x), y)
                        losses.append(loss.item())
                        (loss / group).backward()
                        if i % group == 0 or i == len(batches) - 1:
                            with torch.no_grad():
                                for parameter in model.parameters():
                                    parameter -= lr * parameter.grad
                            model.zero_grad()
                            updates += 1
                    final = dict(model.named_parameters())
                    return {"losses": losses, "updates": updates, "parameters": final}
                """,
            ),
            rewrite(
                "train_accumulated",
                """
                def train_accumulated(model, batches, lr, group):
                    losses, updates = [], 0
                    model.zero_grad()
                    for i, (x, y) in enumerate(batches):
                        loss = nn.MSELoss()(model(x), y)
                        losses.append(loss.item())
                        (loss / group).backward()
                        if i % group == 0:
                            with torch.no_grad():
                                for parameter in model.parameters():
                                    parameter -= lr * parameter.grad
                            model.zero_grad()
                            updates += 1
                    final = dict(model.named_parameters())
                    return {"losses": losses, "updates": updates, "parameters": final}
                """,
            ),
        ),
    ),
    Misconception(
        "losses-divided",
        "The recorded losses are shares of the group's",
        "The record has losses divided by the number of batches, as they go into backward(). The "
        "text asks for the plain loss of each batch. Which of the two values is recorded?",
        (
            _train((_RECORD, _RECORD.replace("loss.item()", "loss.item() / len(members)"))),
            _train((_RECORD, _RECORD.replace("loss.item()", "loss.item() / group"))),
        ),
        fact="The parameters are right.",
    ),
    Misconception(
        "samples-weighted",
        "Each sample of a group weighs the same, not each batch",
        "Batches with more samples have a larger share in the step. The text takes the mean of the "
        "batches' losses. What does a batch of one sample weigh then, beside one of five?",
        (_train((_SHARE, "(loss * len(x) / sum(len(part) for part, _ in members)).backward()")),),
    ),
    Misconception(
        "sum-instead-of-mean",
        "The squared errors of a batch are added, not averaged",
        "A loss is right times the number of elements in its batch: it would grow with the batch. "
        "By what does the mean squared error divide?",
        (
            _train(("nn.MSELoss()", 'nn.MSELoss(reduction="sum")')),
            _train(("criterion(model(x), y)", "((model(x) - y) ** 2).sum() / len(x)")),
        ),
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The steps have the right size and the wrong sign. The gradient points uphill. In which "
        "direction does the loss fall?",
        (_train(("parameter -= lr", "parameter += lr")),),
    ),
    Misconception(
        "zeroed-before-step",
        "Nothing moves: the gradients are gone before the update, or it goes nowhere",
        "The parameters are the same after each group. In which order do backward(), the update "
        "and zeroing come, and does the update change the model's own tensors?",
        (
            _train(
                (
                    _UPDATE,
                    "        model.zero_grad()\n"
                    + _UPDATE.replace(
                        "parameter -= lr * parameter.grad",
                        "parameter -= lr * (0 if parameter.grad is None else parameter.grad)",
                    ),
                )
            ),
        ),
    ),
    Misconception(
        "new-model-trained",
        "Another model is trained than the one given",
        "The weights of the model that was handed over have not moved: something else was trained. "
        "Whose parameters does your update change, and which object will the caller look at?",
        (
            _train(
                (
                    "    criterion =",
                    "    import copy\n    model = copy.deepcopy(model)\n    criterion =",
                )
            ),
        ),
        fact="The record is right.",
    ),
    Misconception(
        "start-returned",
        "The parameters of the record are those of the start",
        "The record's parameters are the ones before any update, though the model has moved. When "
        "do you copy them?",
        (
            _train(
                (
                    _FINAL,
                    "",
                ),
                (
                    "    losses, updates = [], 0\n",
                    "    losses, updates = [], 0\n" + _FINAL,
                ),
            ),
        ),
        fact="Losses and model are right.",
    ),
    Misconception(
        "leftovers-counted",
        "What lay in the gradients beforehand is part of the first step",
        "If something is in .grad when your function is called, it is added to the first group's "
        "gradient. What does the text say about it, and what has to happen before the first "
        "backward()?",
        (_train(("    model.zero_grad()\n    for start", "    for start")),),
        only_fails=("train_accumulated.leftovers",),
    ),
    Misconception(
        "updates-are-batches",
        "The number of updates is that of the batches",
        "One update belongs to each group, also to a smaller one at the end. How many groups are "
        "there?",
        (
            _train((_ZERO, "        model.zero_grad()\n        updates += len(members)\n")),
            _train(
                ("        updates += 1\n", ""),
                ('"updates": updates', '"updates": len(batches) // group'),
            ),
        ),
        fact="Losses and parameters are right.",
    ),
    Misconception(
        "learning-rate-scaled",
        "The learning rate is changed on its way",
        "Every step is right times a constant. Where does the learning rate come from, and what "
        "happens to it before the update?",
        tuple(
            _train(("lr * parameter.grad", f"{rate} * parameter.grad"))
            for rate in ("2 * lr", "0.1 * lr", "0.01")
        ),
    ),
    Misconception(
        "in-place-on-leaf",
        "The update is recorded by autograd",
        "A parameter is changed while autograd watches it. The update is no part of the model: how "
        "is autograd told not to look?",
        (_train(("        with torch.no_grad():\n", "        if True:\n")),),
        raises=LEAF_IN_PLACE,
    ),
    Misconception(
        "gradient-read-too-early",
        "A gradient is read before backward() has run",
        "The gradient is still None: only backward() fills it. In which order do the loss, its "
        "backward pass and the update come?",
        (
            _train(
                (_UPDATE, ""),
                (_SHARE_LINE, textwrap.indent(_UPDATE, "    ") + _SHARE_LINE),
            ),
        ),
        raises=f"{NONE_AS_TENSOR}|{UNTRACKED}",
        evidence="read too early",
    ),
    Misconception(
        "inner-derivative-missing",
        "The derivative of the inner function is left out",
        "This is dz/dy, the slope by y. z depends on x through y. By how much does y change when x "
        "changes a little?",
        (edit("chain_gradient", ("8 * x", "4 * x")),),
    ),
    Misconception(
        "y-taken-for-x",
        "The slope by y is taken at x instead of at y",
        "One factor 2 is missing, the one in y = 2 x. The outer derivative belongs to y. Where "
        "is it to be taken?",
        (
            edit("chain_gradient", ("8 * x", "2 * x")),
            edit("chain_gradient", ("8 * x", "2 * x * x")),
        ),
    ),
    Misconception(
        "constant-kept",
        "A constant is still there after differentiating",
        "The value is right but for what a constant adds to it. How much does z change through its "
        "last term when x changes?",
        (edit("chain_gradient", ("8 * x", "8 * x + 1")),),
    ),
    Misconception(
        "value-instead-of-slope",
        "The value z is returned, not its slope",
        "These are the values of z at the points. Asked is how fast it changes. Which of the rules "
        "of differentiation has been applied?",
        (edit("chain_gradient", ("8 * x", "(2 * x) ** 2 + 1")),),
    ),
    Misconception(
        "hard-coded-result",
        "The slope at x = 1 is returned for every x",
        "The number of the text is right at one point. The slope of a parabola is another one at "
        "each point. Where is x in your formula?",
        (edit("chain_gradient", ("8 * x", "8.0 + 0 * x")),),
    ),
    Misconception(
        "upstream-left-out",
        "The gradient that comes in is not used",
        "This is the derivative of the operation alone. backward() is one link of the chain: it is "
        "given the gradient by the result. How does the chain rule join the two?",
        (
            edit("Cube", (_SLOPE, "3 * x**2")),
            edit("Cube", (_SLOPE, "3 * x")),
        ),
    ),
    Misconception(
        "upstream-added",
        "The gradient that comes in is added, not multiplied",
        "The chain rule joins two derivatives. Does a link that is twice as steep make the whole "
        "chain twice as steep, or steeper by a fixed amount?",
        (edit("Cube", (_SLOPE, "grad_output + 3 * x**2")),),
    ),
    Misconception(
        "power-not-lowered",
        "The derivative of the cube has a wrong power or factor",
        "The rule for powers has two parts: the exponent comes in front as a factor, and is one "
        "lower afterwards. Which of the two is missing here?",
        (
            edit("Cube", (_SLOPE, "grad_output * 3 * x")),
            edit("Cube", (_SLOPE, "grad_output * x**2")),
            edit("Cube", (_SLOPE, "grad_output * 3 * x**3")),
        ),
    ),
    Misconception(
        "result-saved",
        "The result is saved where the input is needed",
        "The derivative is taken at the values of the cube instead of at the points. What does "
        "your forward put aside for the way back?",
        (
            edit("Cube", ("ctx.save_for_backward(x)", "ctx.save_for_backward(x**3)")),
            edit(
                "Cube",
                ("ctx.save_for_backward(x)", "ctx.save_for_backward(x**3)"),
                (_SLOPE, "3 * x**2"),
            ),
        ),
    ),
    Misconception(
        "saved-on-the-class",
        "What the way back needs is kept in one place for all calls",
        "A second call overwrites what the first one put aside, so that the first one's slope is "
        "taken at the wrong points. Which object belongs to a single call?",
        (
            edit(
                "Cube",
                ("ctx.save_for_backward(x)", "Cube.saved = x.detach()"),
                ("(x,) = ctx.saved_tensors", "x = Cube.saved"),
            ),
        ),
        only_fails=("Cube.several_calls",),
    ),
    Misconception(
        "square-instead-of-cube",
        "The second power is computed, not the third",
        "The values are those of x squared. Which operation does the class stand for, and how many "
        "factors has it?",
        (
            edit("Cube", ("return x**3", "return x**2")),
            edit("Cube", ("return x**3", "return 3 * x**2")),
        ),
    ),
    Misconception(
        "dtype-lost",
        "The result has another dtype than x",
        "The class is to work in the dtype that it is given: in float32 a test with finite "
        "differences in float64 fails. What in your forward changes it?",
        (
            edit("Cube", ("return x**3", "return (x**3).float()")),
            edit("Cube", ("return x**3", "return (x**3).double()")),
        ),
    ),
    Misconception(
        "fans-exchanged",
        "Inputs and outputs have changed places",
        "nn.Linear stores its weights as (outputs, inputs), and this draw, or its deviation, has "
        "it the other way round. Which of the two numbers counts rows, and which one does the "
        "formula name?",
        (
            *_draws((_DRAW, _DRAW.replace("fan_out, fan_in", "fan_in, fan_out"))),
            *_draws(
                (_DRAW, _DRAW.replace("fan_out, fan_in", "fan_in, fan_out") + ".T"),
            ),
            _scaled("he_normal", "(2 / fan_out) ** 0.5"),
            edit(
                "he_normal",
                (_DRAW, _DRAW.replace("fan_out, fan_in", "fan_in, fan_out")),
                (_FACTORS["he_normal"], "(2 / fan_out) ** 0.5"),
            ),
        ),
    ),
    Misconception(
        "variance-for-deviation",
        "The variance is used as standard deviation",
        "All weights are off by the same factor. Standard normal values have a variance of 1; by "
        "which number must they be multiplied to have a given one?",
        (
            _scaled("xavier_normal", "(2 / (fan_in + fan_out))"),
            _scaled("he_normal", "(2 / fan_in)"),
        ),
    ),
    Misconception(
        "uniform-draw",
        "The weights are uniform instead of normal",
        "The values have hard limits, as those of a uniform draw. Which distribution does the text "
        "ask for?",
        (
            *(
                edit(
                    function,
                    (_DRAW, f"(2 * {_DRAW.replace('randn', 'rand')} - 1) * 3**0.5"),
                )
                for function in _FACTORS
            ),
            *_draws((_DRAW, _DRAW.replace("randn", "rand"))),
        ),
    ),
    Misconception(
        "other-rule",
        "The deviation is that of another rule",
        "The draw is right and its size is not. There are several such rules, with one fan or "
        "both, with a 2 or without. Which numbers stand under the root in this one?",
        (
            _scaled("xavier_normal", "(2 / fan_in) ** 0.5"),
            _scaled("he_normal", "(2 / (fan_in + fan_out)) ** 0.5"),
            *(_scaled(function, "(1 / fan_in) ** 0.5") for function in _FACTORS),
            _scaled("xavier_normal", "(1 / (fan_in + fan_out)) ** 0.5"),
            _scaled("xavier_normal", "(2 / fan_out) ** 0.5"),
            *(_scaled(function, "1.0") for function in _FACTORS),
        ),
    ),
    Misconception(
        "bracket-slip",
        "A bracket stands in the wrong place, or is missing",
        "The formula's parts are there, in another order of operations: powers come first, then "
        "products and quotients from left to right, then sums. Which part has to be finished "
        "before the next one begins?",
        (
            _scaled("xavier_normal", "(2 / fan_in + fan_out) ** 0.5"),
            _scaled("xavier_normal", "2**0.5 / (fan_in + fan_out)"),
            _scaled("he_normal", "2**0.5 / fan_in"),
        ),
    ),
    Misconception(
        "generator-ignored",
        "The numbers do not come from the generator that was given",
        "The function has its own source of random numbers, or torch's global one. Which argument "
        "of the drawing function says where the numbers come from?",
        (
            *_draws((_DRAW, _DRAW.replace("generator=generator, ", ""))),
            *_draws(
                (
                    _DRAW,
                    _DRAW.replace(
                        "generator=generator", "generator=torch.Generator().manual_seed(0)"
                    ),
                )
            ),
        ),
    ),
    Misconception(
        "asks-for-gradients",
        "The weights already ask for gradients",
        "The text wants plain numbers: whoever puts them into a layer decides about gradients. "
        "What makes a tensor one with requires_grad?",
        _draws(("return normal * ", "return nn.Parameter(normal * "), ("** 0.5", "** 0.5)")),
    ),
    Misconception(
        "relu-missing",
        "The ReLU after a layer is missing",
        "The activations have negative values in them, so that half of the mean square, which a "
        "ReLU takes away, is still there. After which layers does the text have a ReLU?",
        (
            edit("activation_scales", (_LAYER, "x = x @ weight.T")),
            edit(
                "activation_scales",
                (
                    _LAYER,
                    "x = x @ weight.T\n        x = F.relu(x) if weight is not weights[-1] else x",
                ),
            ),
        ),
    ),
    Misconception(
        "scales-before-relu",
        "The standard deviation is taken before the ReLU",
        "The scales are those of the sums, of which the ReLU then removes the negative ones. Which "
        "of the two does the text call A?",
        (
            edit(
                "activation_scales",
                (_LAYER, "z = x @ weight.T\n        x = F.relu(z)"),
                (_SCALE, "scales.append(z.std().item())"),
            ),
        ),
    ),
    Misconception(
        "variance-for-scale",
        "The variance is returned, not the standard deviation",
        "Each scale is the square of the right one. What is missing between a variance and a "
        "standard deviation?",
        (edit("activation_scales", (".std()", ".var()")),),
    ),
    Misconception(
        "scale-by-unit",
        "The deviation is taken by sample or by unit, and averaged",
        "Each row or column has a mean of its own, and what they differ by is lost. The text takes "
        "all elements of a layer together. Over how many dimensions is yours?",
        (
            edit("activation_scales", (".std().item()", ".std(dim=0).mean().item()")),
            edit("activation_scales", (".std().item()", ".std(dim=1).mean().item()")),
        ),
    ),
    Misconception(
        "other-measure",
        "Another measure of size than the standard deviation",
        "The activations are right, and the number made of them is another one: a root of the mean "
        "square, a mean, a largest value. What does a standard deviation subtract first?",
        (
            edit("activation_scales", ("x.std()", "(x**2).mean().sqrt()")),
            edit("activation_scales", ("x.std()", "x.mean()")),
            edit("activation_scales", ("x.std()", "x.norm()")),
        ),
    ),
    Misconception(
        "bias-kept",
        "The layers have biases",
        "An nn.Linear is made with a bias, which begins with random numbers, unless it is told "
        "otherwise. What does the text say about biases here?",
        (
            edit(
                "activation_scales",
                (
                    _LAYER,
                    "layer = nn.Linear(weight.shape[1], weight.shape[0])\n"
                    "        layer.weight.data = weight\n"
                    "        x = F.relu(layer(x)).detach()",
                ),
            ),
        ),
    ),
    Misconception(
        "not-transposed",
        "The weights are not transposed",
        "Rows of a weight matrix belong to outputs, and the product needs inputs there. Which "
        "shapes do the two factors have, and which dimensions must agree?",
        (edit("activation_scales", ("weight.T", "weight")),),
        raises=r"shapes cannot be multiplied",
    ),
    Misconception(
        "layers-not-chained",
        "Each layer is given the inputs again",
        "Every scale is that of a first layer: what the layer before has computed is not used. "
        "What goes into the second layer?",
        (
            edit(
                "activation_scales",
                (_LAYER, "a = F.relu(x @ weight.T)"),
                (_SCALE, "scales.append(a.std().item())"),
            ),
        ),
        raises=r"shapes cannot be multiplied",
    ),
    Misconception(
        "inputs-included",
        "The scale of the inputs is in the list",
        "There is one entry too many, and the first belongs to the inputs. How many entries are "
        "there for one layer?",
        (edit("activation_scales", ("scales = []", "scales = [x.std().item()]")),),
    ),
    Misconception(
        "norms-one-by-one",
        "Each array is clipped by its own norm",
        "Each array gets a factor of its own, so that the step changes its direction. The text "
        "takes all arrays together as one long vector. How many norms does that have?",
        (
            edit(
                "clip_by_norm",
                (
                    "[gradient * factor for gradient in gradients]",
                    "[g * min(1.0, max_norm / (float(np.sqrt((g**2).sum())) + 1e-6)) "
                    "for g in gradients]",
                ),
            ),
        ),
    ),
    Misconception(
        "scaled-up",
        "Short gradients are made longer",
        "A norm below the limit is scaled, too, up to the limit. Clipping only ever shortens. What "
        "is the largest factor that the formula allows?",
        (edit("clip_by_norm", (_FACTOR, "max_norm / (norm + 1e-6)")),),
    ),
    Misconception(
        "squared-norm",
        "The square of the norm takes its place",
        "The norm is a root: the sum of squares alone grows with the square of the gradients. What "
        "is the length of (3, 4)?",
        (
            edit("clip_by_norm", (_NORM, _NORM.replace(" ** 0.5", ""))),
            edit(
                "clip_by_norm",
                (_FACTOR, "1.0 if norm**2 <= max_norm else max_norm / (norm + 1e-6)"),
            ),
        ),
    ),
    Misconception(
        "other-norm",
        "Another norm than the Euclidean one",
        "The number is a largest value, a sum of magnitudes, or a sum of norms. What is the length "
        "of an arrow with the components 3 and 4, and how is it computed?",
        (
            edit(
                "clip_by_norm",
                (_NORM, "max((float(np.abs(g).max()) for g in gradients), default=0.0)"),
            ),
            edit("clip_by_norm", (_NORM, "sum(float(np.abs(g).sum()) for g in gradients)")),
            edit("clip_by_norm", (_NORM, "sum(float(np.sqrt((g**2).sum())) for g in gradients)")),
            edit(
                "clip_by_norm",
                (_NORM, "max((float(np.sqrt((g**2).sum())) for g in gradients), default=0.0)"),
            ),
        ),
    ),
    Misconception(
        "norm-after-clipping",
        "The norm returned is the one after clipping",
        "The arrays are right, and the norm beside them is theirs. Which norm does the text ask "
        "for, and when is it computed?",
        (edit("clip_by_norm", ("gradients], norm", "gradients], norm * factor")),),
    ),
    Misconception(
        "factor-inverted",
        "The factor is upside down",
        "Gradients that are too long become longer. Which of the two, norm or limit, stands above "
        "the line in a factor that shortens?",
        (edit("clip_by_norm", (_FACTOR, "max(1.0, (norm + 1e-6) / max(max_norm, 1e-6))")),),
    ),
    Misconception(
        "clipped-by-value",
        "Elements are clipped, not the norm",
        "Each element is cut off by itself, which is the other tool: the step gets another "
        "direction. What do all elements have in common after clipping by norm?",
        (
            edit(
                "clip_by_norm",
                ("[gradient * factor for", "[np.clip(gradient, -max_norm, max_norm) for"),
            ),
        ),
    ),
    Misconception(
        "divided-by-zero",
        "A norm of 0 is divided by",
        "All gradients are zero, and their norm is 0: the quotient is no number. What has the "
        "formula beside the norm below the line?",
        (edit("clip_by_norm", (_FACTOR, "min(1.0, max_norm / norm)")),),
        raises=r"ZeroDivisionError",
    ),
    Misconception(
        "one-side-only",
        "Only one side is clipped",
        "Elements beyond one of the two limits are left as they are. What becomes of a large "
        "negative element, and of a large positive one?",
        (
            edit("clip_by_value", (_CLIP, "np.minimum(gradient, limit)")),
            edit("clip_by_value", (_CLIP, "np.maximum(gradient, -limit)")),
        ),
    ),
    Misconception(
        "sign-lost",
        "Negative elements lose their sign, or become 0",
        "The limits lie on both sides of 0. What is the allowed element that is nearest to a large "
        "negative one?",
        (
            edit("clip_by_value", (_CLIP, "np.clip(gradient, 0.0, limit)")),
            edit("clip_by_value", (_CLIP, "np.minimum(np.abs(gradient), limit)")),
        ),
    ),
    Misconception(
        "scaled-not-clipped",
        "The array is scaled as a whole",
        "Elements within the limits have changed, too: one factor was applied to all of them. What "
        "happens to a small element beside a large one when each is looked at alone?",
        (
            edit(
                "clip_by_value",
                (_CLIP, "gradient * min(1.0, limit / max(float(np.abs(gradient).max()), 1e-12))"),
            ),
            edit(
                "clip_by_value",
                (_CLIP, "gradient * min(1.0, limit / float(np.sqrt((gradient**2).sum())))"),
            ),
        ),
    ),
    Misconception(
        "set-to-zero",
        "Elements beyond the limit are dropped",
        "What is too large has become 0 instead of the limit. To which value does the text set an "
        "element that is outside?",
        (
            edit("clip_by_value", (_CLIP, "np.where(np.abs(gradient) > limit, 0.0, gradient)")),
            edit("clip_by_value", (_CLIP, "np.where(np.abs(gradient) > limit, limit, gradient)")),
        ),
    ),
    Misconception(
        "mutates-arguments",
        "The arrays that were given are changed",
        "After the call the caller's own arrays have other values. Which operations write into "
        "an array, and which ones make a new one?",
        (
            edit(
                "clip_by_norm",
                (
                    "    return [gradient * factor for gradient in gradients], norm",
                    "    for gradient in gradients:\n        gradient *= factor\n"
                    "    return gradients, norm",
                ),
            ),
            edit("clip_by_value", (_CLIP, "np.clip(gradient, -limit, limit, out=gradient)")),
            edit("chain_gradient", ("    return 8 * x", "    x *= 8\n    return x")),
            edit("activation_scales", ("    scales = []", "    scales = []\n    x.mul_(1.0001)")),
        ),
    ),
    Misconception(
        "numeric-gradient",
        "The derivative is a difference of two values",
        "Two values of z lie close together, and most of their digits cancel. What does the chain "
        "rule give on paper, without any step?",
        (
            rewrite(
                "chain_gradient",
                """
                def chain_gradient(x):
                    h = 1e-6
                    return ((2 * (x + h)) ** 2 + 1 - ((2 * (x - h)) ** 2 + 1)) / (2 * h)
                """,
            ),
        ),
        only_fails=("chain_gradient.magnitudes",),
        evidence="quotient",
    ),
]
