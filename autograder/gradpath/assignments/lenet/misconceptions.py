"""Known mistakes in lenet, the common ones first.

Some ways of making a mistake cannot be told from each other by any input, because nothing moves in
any of them: an update that makes new tensors, one of copies, gradients that are wiped out before
the step. A pool before ReLU gives the same numbers as one after it, and is right.
"""

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

_ZERO = "        net.zero_grad()\n"
_ZERO_ONCE = "    net.zero_grad()\n"
_ZERO_OPTIM = "        optimizer.zero_grad()\n"
_BACKWARD = "        loss.backward()\n"
_LOOP = "    for _ in range(steps):\n"
_STEP = "        sgd_step(net, lr)\n"
_STEP_OPTIM = "        optimizer.step()\n"
_RECORD = "        losses.append(loss.item())\n"
_BIASES = "        biases.append(net.conv1.bias.detach().clone())\n"
_FORWARD = "        loss = mse_loss(net(x), target)\n"
_NEXT = "        losses.append(mse_loss(net(x), target).item())\n"
_FORWARD_OPTIM = (
    "        output = net(x)\n        loss = criterion(output, target.reshape(output.shape))\n"
)
_NEXT_OPTIM = (
    "        output = net(x)\n"
    "        losses.append(criterion(output, target.reshape(output.shape)).item())\n"
)
_TRAININGS = (("train_manual", _STEP, _NEXT), ("train_optim", _STEP_OPTIM, _NEXT_OPTIM))
_GUARD = "            if parameter.grad is not None:\n"
_MOVE = "                parameter -= lr * parameter.grad"
_MEAN = "((output - target) ** 2).mean()"
_RESHAPE = """\
    if output.shape != target.shape and target.dim() == 1:
        target = target.reshape(1, -1)
"""
_REFUSE = """\
    if output.shape != target.shape:
        raise ValueError(f"shapes {tuple(output.shape)} and {tuple(target.shape)} differ")
"""
_AXES = "upstream.sum((0, 2, 3))"
_WALK = """\
    while node is not None and len(names) < steps:
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
"""
_NEXT_NODE = "node.next_functions[0][0] if node.next_functions else None"
_FLATTEN = "torch.flatten(x, 1)"
_SEEN = " or node in seen"
_FOUND = "{name: p.grad.detach().clone() for name, p in net.named_parameters()}"
_TWIN = "    import copy; net = copy.deepcopy(net)\n"
_STARTS = "    losses, biases = [], []\n"
_NEXT_IF_ANY = " if node.next_functions else None"
_GO_BACK = "    mse_loss(net(x), target).backward()\n"


def _kernel(first: str, second: str, features: str) -> Variant:
    """Make other convolutions, and a first linear layer for what comes out of them."""
    return edit(
        "LeNet",
        ("nn.Conv2d(1, 6, 5)", f"nn.Conv2d(1, 6, {first})"),
        ("nn.Conv2d(6, 16, 5)", f"nn.Conv2d(6, 16, {second})"),
        ("flat_features(32)", features),
    )


def _flatten(code: str) -> Variant:
    return edit("LeNet", (_FLATTEN, code))


def _loss(code: str) -> Variant:
    return edit("mse_loss", (_MEAN, code))


def _axes(code: str) -> Variant:
    return edit("bias_gradient", (_AXES, code))


def _update(code: str) -> Variant:
    """Replace the two lines that move a parameter, and those around them."""
    return rewrite("sgd_step", f"def sgd_step(net, lr):\n{code}")


def _optimizer(code: str) -> Variant:
    return edit("train_optim", ("optim.SGD(net.parameters(), lr=lr)", code))


def _remembering(first: str, later: str) -> Variant:
    """An update with a memory, which lies beside the parameter."""
    return _update(
        "    with torch.no_grad():\n"
        "        for p in net.parameters():\n"
        "            if p.grad is not None:\n"
        f"                p.v = {later} if hasattr(p, 'v') else {first}\n"
        "                p -= lr * p.v\n"
    )


MISCONCEPTIONS = [
    Misconception(
        "gradients-not-zeroed",
        "The gradients are never set back to zero",
        "Gradients of earlier passes are in the sum. What does backward() do with what is in .grad "
        "already, and who has to clean it?",
        (
            edit("train_manual", (_ZERO, "")),
            edit("train_optim", (_ZERO_OPTIM, "")),
            edit("gradients", (_ZERO_ONCE, "")),
            edit("train_manual", (_ZERO, ""), (_LOOP, _ZERO_ONCE + _LOOP)),
        ),
    ),
    Misconception(
        "target-not-reshaped",
        "Shapes that differ are broadcast instead of refused",
        "torch repeats the numbers of the smaller tensor until the shapes fit, and no error tells "
        "you. With one picture that is the same number, with several it is another. Which shapes "
        "does the text let through?",
        (
            edit("mse_loss", (_RESHAPE, ""), (_REFUSE, "")),
            edit("mse_loss", (_REFUSE, "")),
        ),
        raises=r"must match the (existing )?size",
    ),
    Misconception(
        "target-forced",
        "A target is reshaped that the text does not reshape",
        "Only a target of shape (k,) is taken as (1, k), and only where the shapes differ. Which "
        "targets does your reshape reach, and which shapes would fit without it?",
        (
            edit("mse_loss", (_RESHAPE, "    target = target.reshape(1, -1)\n")),
            edit(
                "mse_loss", (_RESHAPE, ""), (_REFUSE, "    target = target.reshape(output.shape)\n")
            ),
            edit(
                "mse_loss",
                (_RESHAPE, "    if target.dim() == 1:\n        target = target.reshape(1, -1)\n"),
            ),
        ),
        raises=r"^ValueError|is invalid for input of size",
    ),
    Misconception(
        "shapes-refused",
        "A target of shape (k,) is refused",
        "For one picture a target of shape (k,) is welcome: it stands for the shape (1, k). Where "
        "does the text reshape, before the shapes are compared or after?",
        (edit("mse_loss", (_RESHAPE, "")),),
        raises=r"^(ValueError|AssertionError)",
    ),
    Misconception(
        "sum-instead-of-mean",
        "The sum over all elements instead of their mean",
        "The squares are right and their number is missing: with more elements the value grows. By "
        "what does the formula divide?",
        (
            _loss("((output - target) ** 2).sum()"),
            edit("gradients", (".backward()", ".mul(net(x).numel()).backward()")),
            edit("train_optim", ("nn.MSELoss()", "nn.MSELoss(reduction='sum')")),
        ),
    ),
    Misconception(
        "mean-over-samples-only",
        "The mean runs over the pictures only, not over all elements",
        "The value is right times the number of outputs of a picture. How many squares are added "
        "up, and by which number does the formula divide?",
        (
            _loss("((output - target) ** 2).sum() / len(output)"),
            _loss("((output - target) ** 2).sum(-1).mean()"),
        ),
    ),
    Misconception(
        "half-of-the-mean",
        "A half stands in front of the loss",
        "The value is half of what it should be. Some texts put a half there, so that the 2 of the "
        "derivative goes away. Is there one in this formula?",
        (_loss("0.5 * ((output - target) ** 2).mean()"),),
    ),
    Misconception(
        "square-missing",
        "The error is not squared",
        "This is the mean distance between output and target with its sign, so misses above and "
        "below cancel. Which part of the formula keeps them from doing that?",
        tuple(
            edit("mse_loss", ("((output - target) ** 2)", difference))
            for difference in ("(output - target)", "(target - output)")
        ),
    ),
    Misconception(
        "absolute-instead-of-square",
        "Absolute differences instead of squared ones",
        "These are distances, not their squares. Which power does the formula have?",
        (_loss("(output - target).abs().mean()"),),
    ),
    Misconception(
        "relu-missing",
        "A ReLU between two layers is missing",
        "Two layers with nothing between them are one linear step. Behind which of the layers of "
        "the table does a ReLU stand, and where is it in your code?",
        tuple(
            edit("LeNet", *((f"F.relu(self.{name}(x))", f"self.{name}(x)") for name in which))
            for which in (("fc1",), ("fc2",), ("fc1", "fc2"), ("conv1", "conv2"))
        ),
    ),
    Misconception(
        "relu-on-output",
        "ReLU is applied to the outputs",
        "Outputs may be any real numbers, and so may targets be. Behind which layers does the "
        "table have a ReLU, and is the last one among them?",
        (edit("LeNet", ("return self.fc3(x)", "return F.relu(self.fc3(x))")),),
        fact="Every negative output has become 0.",
    ),
    Misconception(
        "softmax-on-output",
        "Softmax is applied to the outputs",
        "The outputs have become probabilities, or their logarithms. What does the text ask for "
        "behind the last linear layer?",
        (edit("LeNet", ("return self.fc3(x)", "return F.log_softmax(self.fc3(x), dim=1)")),),
    ),
    Misconception(
        "kernel-of-three",
        "The convolutions are 3 x 3",
        "The sizes are those of smaller kernels: fewer rows and columns are lost. How large are "
        "the convolutions of the text?",
        (
            _kernel("3", "3", "16 * 6 * 6"),
            _kernel("3", "3", "400"),
        ),
        raises=r"shapes cannot be multiplied|is invalid for input of size",
    ),
    Misconception(
        "padded-convolution",
        "The convolutions are padded",
        "With a border of zeros a convolution keeps rows and columns that it would lose. Which of "
        "the sizes in the table does your network have behind conv1?",
        (
            _kernel("5, padding=2", "5", "16 * 6 * 6"),
            _kernel("5, padding=2", "5, padding=2", "16 * 8 * 8"),
            _kernel("5, padding=2", "5", "400"),
            edit("flat_features", ("(side - 4) // 2", "side // 2")),
        ),
        raises=r"shapes cannot be multiplied|is invalid for input of size",
    ),
    Misconception(
        "average-pool",
        "The pool takes averages, not maxima",
        "The sizes are right and the numbers are not: four neighbours have become their mean. "
        "Which of the four does the pool of the text keep?",
        (
            edit(
                "LeNet",
                (
                    "F.max_pool2d(F.relu(self.conv1(x)), 2)",
                    "F.avg_pool2d(F.relu(self.conv1(x)), 2)",
                ),
                (
                    "F.max_pool2d(F.relu(self.conv2(x)), 2)",
                    "F.avg_pool2d(F.relu(self.conv2(x)), 2)",
                ),
            ),
        ),
    ),
    Misconception(
        "samples-mixed",
        "Flattening mixes the pictures",
        "One picture alone is right, several are not: their numbers have changed rows. In which "
        "order do numbers lie in memory, and which dimension must stay the first one?",
        (
            _flatten("x.transpose(0, 1).reshape(x.shape[0], -1)"),
            _flatten("x.permute(1, 2, 3, 0).reshape(x.shape[0], -1)"),
        ),
    ),
    Misconception(
        "flatten-without-batch",
        "Flattening makes one row of the whole batch",
        "All pictures have become one long row, and for several of them it does not fit the next "
        "layer. Which dimension has to be kept?",
        (
            _flatten("torch.flatten(x)"),
            _flatten("x.reshape(1, -1)"),
        ),
        raises=r"shapes cannot be multiplied|is invalid for input of size|size mismatch",
    ),
    Misconception(
        "channels-last",
        "The channels are flattened as the last dimension",
        "The numbers that reach fc1 are the right ones in another order: row, column, channel. In "
        "which order do they lie behind the pool?",
        (_flatten("x.permute(0, 2, 3, 1).flatten(1)"),),
    ),
    Misconception(
        "graph-cut-off",
        "A value is taken out of the graph on its way",
        "The numbers are right, and autograd does not see where they come from. What do detach, "
        ".data, item() and no_grad do to a tensor in the middle of a computation?",
        (
            edit("LeNet", (_FLATTEN, "torch.flatten(x, 1).detach()")),
            edit("LeNet", ("return self.fc3(x)", "return self.fc3(x).detach()")),
            _loss("((output - target) ** 2).mean().detach()"),
            _loss("((output - target) ** 2).mean().item()"),
        ),
        raises=rf"{UNTRACKED}|'(float|numpy\.\w+)' object has no attribute 'backward'"
        r"|^TypeError: the result is a",
    ),
    Misconception(
        "pool-forgotten",
        "A pool is left out, or does not halve",
        "There are too many features. Go through the table line by line: which line halves rows "
        "and columns, and how often?",
        (
            edit("flat_features", ("(side - 4) // 2", "side - 4")),
            rewrite(
                "flat_features",
                """
                def flat_features(side):
                    side = (side - 4) // 2 - 4
                    return 16 * side * side
                """,
            ),
        ),
    ),
    Misconception(
        "border-miscounted",
        "A convolution is thought to take another number of rows away",
        "The features are those of another kernel. A 5 x 5 window has to lie inside the picture "
        "as a whole: in how many places does it fit into a row of 7?",
        tuple(edit("flat_features", ("side - 4", f"side - {border}")) for border in (2, 5)),
    ),
    Misconception(
        "rounded-up",
        "An odd row is rounded up instead of left out",
        "Even sizes are right. A 2 x 2 pool finds no partner for the last row and column of an odd "
        "size: does it keep them?",
        (edit("flat_features", ("(side - 4) // 2", "(side - 3) // 2")),),
    ),
    Misconception(
        "fractions-kept",
        "Halves of rows are carried along",
        "An odd size is halved into a fraction, which no picture has. How many whole rows does the "
        "pool leave, and when is that decided?",
        (
            edit("flat_features", ("(side - 4) // 2", "(side - 4) / 2")),
            edit(
                "flat_features",
                ("(side - 4) // 2", "(side - 4) / 2"),
                ("16 * side * side", "int(16 * side * side)"),
            ),
        ),
    ),
    Misconception(
        "channels-miscounted",
        "The number of channels is another one",
        "Rows and columns are right, the factor in front of them is not. How many channels come "
        "out of the second convolution?",
        (
            edit("flat_features", ("16 * side", "side")),
            edit("flat_features", ("16 * side", "6 * side")),
        ),
    ),
    Misconception(
        "second-input",
        "The walk follows another input than the first",
        "Where a node has several inputs, the walk turns another way than the text's. Each entry "
        "of next_functions is one input, in the order of the computation. Which is the first?",
        (
            edit(
                "graph_walk",
                (_NEXT_NODE, "node.next_functions[-1][0] if node.next_functions else None"),
            ),
            edit(
                "graph_walk",
                (
                    _NEXT_NODE,
                    "node.next_functions[min(1, len(node.next_functions) - 1)][0] "
                    "if node.next_functions else None",
                ),
            ),
        ),
        raises=r"tuple index out of range",
    ),
    Misconception(
        "walk-ends-early",
        "The walk stops one node too early",
        "The last name is missing. The node of a leaf is a node, too, and it has a name. When does "
        "your loop ask whether it goes on: before it notes the name or after it?",
        (
            edit(
                "graph_walk",
                (
                    _WALK,
                    "    while node is not None and node.next_functions and len(names) < steps:\n"
                    "        names.append(node.name())\n"
                    "        node = node.next_functions[0][0]\n",
                ),
            ),
            edit("graph_walk", ("len(names) < steps", "len(names) < steps - 1")),
        ),
    ),
    Misconception(
        "walk-without-loss",
        "The node of the loss itself is left out",
        "The names begin one node too late. loss.grad_fn is a node of the graph already. Which "
        "name does the text's list begin with?",
        (
            edit(
                "graph_walk",
                (
                    "    node = loss.grad_fn\n",
                    "    node = loss.grad_fn\n"
                    "    node = node.next_functions[0][0] if node is not None else None\n",
                ),
            ),
        ),
    ),
    Misconception(
        "walk-runs-off",
        "The walk goes on where there is no next node",
        "A leaf's node has no inputs, an input without a gradient has None for its node, and a "
        "tensor without a graph has no node at all. Which of these does your loop ask for?",
        (
            edit(
                "graph_walk",
                (
                    _WALK,
                    "    for _ in range(steps):\n        names.append(node.name())\n"
                    "        node = node.next_functions[0][0]\n",
                ),
            ),
            edit("graph_walk", (" if node.next_functions else None", "")),
        ),
        raises=r"tuple index out of range|'NoneType' object has no attribute '(name|next_f)",
    ),
    Misconception(
        "walk-ignores-steps",
        "The length of the walk is not that of `steps`",
        "The list is longer or shorter than was asked for. Which argument says how many names "
        "there may be, and where does your loop use it?",
        (
            edit("graph_walk", ("len(names) < steps", "len(names) < 3")),
            edit("graph_walk", (" and len(names) < steps", "")),
        ),
    ),
    Misconception(
        "nodes-for-names",
        "Nodes are returned instead of their names",
        "The list holds objects of torch. Which method of a node gives its name?",
        (edit("graph_walk", ("node.name()", "node")),),
    ),
    Misconception(
        "equal-shapes-once",
        "Tensors of equal shapes count as one",
        "Two different tensors may have one shape, and both get a gradient. What has to be "
        "remembered so that no tensor counts twice: its shape, or the tensor itself?",
        (edit("leaf_shapes", ("sorted(shapes)", "sorted(set(shapes))")),),
    ),
    Misconception(
        "shared-leaf-twice",
        "A tensor that is used twice counts twice",
        "Two ways lead to one node, and it was counted on each of them. How does your walk know "
        "that it has been at a node before?",
        (edit("leaf_shapes", (_SEEN, "")),),
    ),
    Misconception(
        "first-inputs-only",
        "Only one input of each node is followed",
        "Shapes are missing: those that are reached through other inputs. How many entries has the "
        "next_functions of a linear layer, and which of them does your walk visit?",
        (
            edit("leaf_shapes", ("node.next_functions)", "node.next_functions[:1])")),
            edit("leaf_shapes", ("node.next_functions)", "node.next_functions[-1:])")),
        ),
    ),
    Misconception(
        "shapes-unsorted",
        "The shapes are not sorted",
        "The shapes come in the order of the walk, which may be any. What does the text say about "
        "their order?",
        (
            edit("leaf_shapes", ("sorted(shapes)", "shapes")),
            edit(
                "leaf_shapes", ("sorted(shapes)", "shapes"), ("unvisited.pop()", "unvisited.pop(0)")
            ),
        ),
    ),
    Misconception(
        "bias-gradient-averaged",
        "The gradient by the bias is a mean",
        "The numbers are too small by a count of elements. Every element of a channel has the "
        "derivative 1 by that channel's bias. What does the chain rule do with all these paths?",
        (
            _axes("upstream.mean((0, 2, 3))"),
            _axes("upstream.sum((2, 3)).mean(0)"),
            _axes("upstream.mean((2, 3)).sum(0)"),
        ),
    ),
    Misconception(
        "first-sample-only",
        "Only the first picture counts",
        "One picture is right, several are not: the bias is added in every picture of the batch. "
        "Over which dimensions does it occur?",
        (_axes("upstream[0].sum((1, 2))"),),
    ),
    Misconception(
        "wrong-axes",
        "The sum runs over other dimensions",
        "One number for each channel is asked. The dimensions are picture, channel, row, column: "
        "which of them must be left when all others are summed up?",
        (
            _axes("upstream.sum((1, 2, 3))"),
            _axes("upstream.sum((0, 1, 2))"),
            _axes("upstream.sum((2, 3))"),
            _axes("upstream.sum(0)"),
            _axes("upstream.sum()"),
        ),
    ),
    Misconception(
        "gradient-read-too-early",
        "A gradient is read before backward()",
        "A parameter has no gradient, not even one of zeros, until backward() has filled it: .grad "
        "is None. In which order do the lines of your function run?",
        (
            rewrite(
                "gradients",
                """
                def gradients(net, x, target):
                    net.zero_grad()
                    loss = mse_loss(net(x), target)
                    found = {name: p.grad for name, p in net.named_parameters()}
                    loss.backward()
                    return found
                """,
            ),
            edit(
                "gradients",
                (_GO_BACK, ""),
                (f"    return {_FOUND}", f"    found = {_FOUND}\n{_GO_BACK}    return found"),
            ),
        ),
        raises=NONE_USED,
        evidence="read too early",
    ),
    Misconception(
        "backward-missing",
        "Nothing has filled the gradients",
        "The gradients are those of before the call, or there are none. Which method of the loss "
        "walks the graph and fills .grad?",
        (
            edit("gradients", (".backward()", "")),
            edit("gradients", (".backward()", ""), (".detach().clone()", "")),
        ),
    ),
    Misconception(
        "cleaned-too-late",
        "The gradients are cleaned after their use only",
        "A network may come with something in .grad, and it is in the first sum. When does the "
        "text clean them, and would your order notice that something was there before?",
        (
            edit(
                "gradients",
                (_ZERO_ONCE, ""),
                (
                    f"    return {_FOUND}",
                    f"    found = {_FOUND}\n    net.zero_grad()\n    return found",
                ),
            ),
            edit("train_manual", (_ZERO, ""), (_STEP, _STEP + _ZERO)),
            edit("train_optim", (_ZERO_OPTIM, ""), (_STEP_OPTIM, _STEP_OPTIM + _ZERO_OPTIM)),
        ),
    ),
    Misconception(
        "gradients-alive",
        "The gradients returned change with the next call",
        "The result shares its memory with .grad, and a later pass writes there. Which promise "
        "does the text make to the caller, and which of your tensors are copies?",
        (
            edit(
                "gradients",
                (_ZERO_ONCE, "    net.zero_grad(set_to_none=False)\n"),
                (".detach().clone()", ""),
            ),
        ),
    ),
    Misconception(
        "biases-left-out",
        "Not all parameters are in the result, or in the update",
        "A convolution and a linear layer have a weight and a bias each. Which parameters does the "
        "text ask for, and which of them does your code reach?",
        (
            edit(
                "gradients", ("net.named_parameters()}", "net.named_parameters() if p.dim() > 1}")
            ),
            edit("sgd_step", ("is not None", "is not None and parameter.dim() > 1")),
            edit("sgd_step", ("net.parameters()", "net.conv1.parameters()")),
            _optimizer("optim.SGD([p for p in net.parameters() if p.dim() > 1], lr=lr)"),
        ),
    ),
    Misconception(
        "network-moves",
        "The parameters move while their gradients are asked for",
        "After the call the network is another one. Which line changes a parameter, and does the "
        "text ask for a step here?",
        (
            edit(
                "gradients",
                (
                    f"    return {_FOUND}",
                    f"    found = {_FOUND}\n    sgd_step(net, 0.01)\n    return found",
                ),
            ),
        ),
    ),
    Misconception(
        "zeroed-before-step",
        "The gradients are set to zero between backward() and the step",
        "Nothing ever moves: no gradient is there when the step is made. In which order do "
        "zeroing, backward() and the step have to come, and are all three of them there?",
        (
            edit("train_manual", (_BACKWARD, _BACKWARD + _ZERO)),
            edit("train_optim", (_BACKWARD, _BACKWARD + _ZERO_OPTIM)),
        ),
    ),
    Misconception(
        "update-lost",
        "The update does not reach the parameters",
        "The tensors that the network had before the call have the same numbers after it. A name "
        "in a loop, or a copy, is not the parameter itself. Which object does the network hold, "
        "which one does your line change, and is the gradient still there?",
        (
            _update(
                "    for p in net.parameters():\n"
                "        if p.grad is not None:\n"
                "            p = p - lr * p.grad\n"
            ),
            _update(
                "    values = {n: p.detach().clone() for n, p in net.named_parameters()}\n"
                "    for name, p in net.named_parameters():\n"
                "        if p.grad is not None:\n"
                "            values[name] -= lr * p.grad\n"
            ),
        ),
    ),
    Misconception(
        "missing-gradient-used",
        "A parameter without a gradient is not passed over",
        "A parameter that took no part in the loss has None in .grad, and None is no number. What "
        "does the text want for such a parameter?",
        (edit("sgd_step", (_GUARD, "            if True:\n")),),
        raises=NONE_USED,
    ),
    Misconception(
        "in-place-on-leaf",
        "The parameters are changed in place while autograd watches",
        "torch refuses to change a leaf in place, because it would have to differentiate that "
        "change, too. How do you tell autograd that a line is not part of the model?",
        (edit("sgd_step", ("torch.no_grad()", "torch.enable_grad()")),),
        raises=LEAF_IN_PLACE,
    ),
    Misconception(
        "ascent-step",
        "The step goes along the gradient instead of against it",
        "The steps have the right size and the wrong sign. The gradient points uphill. In which "
        "direction does the loss fall?",
        (
            edit("sgd_step", ("parameter -= lr", "parameter += lr")),
            edit("train_optim", ("loss.backward()", "(-loss).backward()")),
        ),
    ),
    Misconception(
        "wrong-optimizer",
        "Another rule than plain gradient descent makes the steps",
        "The steps have a memory, or are scaled by more than lr, as with momentum and Adam. Which "
        "rule does the text ask for, and which options of yours differ from it?",
        (
            _remembering("p.grad.clone()", "0.9 * p.v + p.grad"),
            _remembering("0.1 * p.grad", "0.9 * p.v + 0.1 * p.grad"),
            _optimizer("optim.SGD(net.parameters(), lr=lr, momentum=0.9)"),
            _optimizer("optim.Adam(net.parameters(), lr=lr)"),
        ),
    ),
    Misconception(
        "learning-rate-scaled",
        "The step is not the learning rate that was given",
        "The steps are too long or too short by a constant factor. Where in your update does the "
        "argument lr come in, and is anything else multiplied there?",
        (
            *(edit("sgd_step", ("-= lr", f"-= {factor}")) for factor in ("0.01", "2 * lr")),
            *(_optimizer(f"optim.SGD(net.parameters(), lr={factor})") for factor in ("0.01",)),
            edit("train_manual", ("sgd_step(net, lr)", "sgd_step(net, 0.01)")),
        ),
    ),
    Misconception(
        "aliased-history",
        "The same tensor is in the history again and again",
        "All rows of the biases are the last one: one tensor was noted many times, and it changes "
        "in place. What does a list hold, a copy or the thing itself?",
        (
            edit("train_manual", (".detach().clone()", "")),
            edit("train_optim", (".detach().clone()", "")),
        ),
    ),
    Misconception(
        "biases-before-update",
        "The bias is noted before the update",
        "The losses are right, the biases are those of the step before. After which line does the "
        "text ask for them?",
        (
            edit("train_manual", (_BIASES, ""), (_STEP, _BIASES + _STEP)),
            edit("train_optim", (_BIASES, ""), (_STEP_OPTIM, _BIASES + _STEP_OPTIM)),
        ),
    ),
    Misconception(
        "loss-after-update",
        "The loss is recorded after the update",
        "Each loss was computed once more after the step. Which loss does the text ask for: that "
        "of the forward pass, or the next one?",
        tuple(
            edit(function, (_RECORD, ""), (step, step + following))
            for function, step, following in _TRAININGS
        ),
        fact="The biases are right; the losses are shifted by one.",
    ),
    Misconception(
        "new-model-trained",
        "Another network is trained than the one given",
        "The parameters of the network that was handed over have not moved: something else was "
        "trained. Which object does the caller look at?",
        (
            edit("train_manual", ("    losses, biases", f"{_TWIN}    losses, biases")),
            edit("train_optim", ("    criterion =", f"{_TWIN}    criterion =")),
        ),
    ),
    Misconception(
        "graph-used-again",
        "A graph is walked back twice",
        # Short, since torch's own message is long.
        "How often is the loss computed, and how often is backward() called?",
        (
            edit("train_manual", (_FORWARD, ""), (_LOOP, _FORWARD[4:] + _LOOP)),
            edit(
                "train_optim",
                (_FORWARD_OPTIM, ""),
                (_LOOP, _FORWARD_OPTIM.replace("        ", "    ") + _LOOP),
            ),
        ),
        raises=GRAPH_USED,
    ),
    Misconception(
        "epochs-off-by-one",
        "One step too many or too few",
        "One update or one entry is too many or too few. How often does your loop run for "
        "steps = 1?",
        tuple(
            edit(function, ("range(steps)", f"range({count})"))
            for function in ("train_manual", "train_optim")
            for count in ("steps + 1", "1, steps")
        ),
        fact="What is there is right, but the run has another length.",
    ),
    Misconception(
        "history-with-start",
        "The values at the start are in the history",
        "The history has one entry too many, from before the first update. How many entries are "
        "there for steps = 1?",
        (
            *(
                edit(
                    function,
                    (
                        "    losses, biases = [], []\n",
                        "    losses, biases = [], [net.conv1.bias.detach().clone()]\n",
                    ),
                )
                for function in ("train_manual", "train_optim")
            ),
            edit(
                "train_manual",
                (
                    "    losses, biases = [], []\n",
                    "    losses, biases = [mse_loss(net(x), target).item()], []\n",
                ),
            ),
        ),
    ),
    Misconception(
        "epochs-hard-coded",
        "The number of steps is a number in the code",
        "The loop has the same length whatever `steps` is. The documented settings are those of "
        "one run; which of the function's arguments does your code never use?",
        tuple(
            edit(function, ("range(steps)", f"range({count})"))
            for count in (6,)
            for function in ("train_manual", "train_optim")
        ),
    ),
    Misconception(
        "criterion-called-like-a-function",
        "A loss class is called like a function",
        "torch.nn has classes: what stands in the first brackets are the options of a criterion, "
        "not its data. Where is the object made, and where is it called?",
        (
            edit("train_optim", ("criterion(output,", "nn.MSELoss(output,")),
            _loss("nn.MSELoss(output, target)"),
        ),
        raises=r"Boolean value of Tensor with more than one value is ambiguous"
        r"|'\w+Loss' object has no attribute",
        evidence="criterion called",
    ),
]
