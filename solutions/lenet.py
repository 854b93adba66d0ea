# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # LeNet: one training step taken apart
#
# > **Goals.** When you are through, you can
# >
# > - work out the sizes in a convolutional network on paper, and write it as an `nn.Module`;
# > - say why a loss needs an output and a target of one shape, and which mistake stays silent if
# >   they differ;
# > - read the graph that autograd keeps behind a loss, and find the tensors that it will fill;
# > - derive the gradient of a convolution's bias by hand;
# > - write the step of gradient descent yourself, and show that `optim.SGD` does the same.
# >
# > **Before you begin** you need Python, tensors of torch and the chain rule; `hidden_layer`, where
# > `nn.Module` comes from, is a good preparation.
# >
# > **Time:** four to five hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# Four lines of code train nearly every network: forward pass, loss, `backward()`, step. They are
# quickly typed and hide nearly everything. Here you take one such step apart, on a convolutional
# network in the manner of LeNet and on one single picture: which numbers flow forward, which graph
# they leave behind, how the gradient comes back through it, and how the weights move in the end.
#
# ## The network
#
# A picture is a tensor of shape (1, 32, 32): one channel, 32 rows, 32 columns. A batch of $n$
# pictures is (n, 1, 32, 32). The network has two convolutions and three linear layers:
#
# | step | shape behind it for one picture |
# |---|---|
# | input | 1 x 32 x 32 |
# | `conv1`, 5 x 5, 6 channels; ReLU | 6 x 28 x 28 |
# | max pool 2 x 2 | 6 x 14 x 14 |
# | `conv2`, 5 x 5, 16 channels; ReLU | 16 x 10 x 10 |
# | max pool 2 x 2 | 16 x 5 x 5 |
# | flatten | 400 |
# | `fc1`; ReLU | 120 |
# | `fc2`; ReLU | 84 |
# | `fc3` | 10 |
#
# ![One picture, and what each of the six channels of conv1 makes of it](figures/feature_maps.png)
#
# *The picture of the documented run, and the six channels behind `conv1`, ReLU and the pool, with
# the starting weights of that run.*
#
# The loss is the mean of the squared differences over **all** elements of output $o$ and target
# $t$; with $n$ pictures and $k$ outputs each
#
# $$L = \frac{1}{n\,k} \sum_{i=1}^{n} \sum_{j=1}^{k} (o_{ij} - t_{ij})^2 .$$
#
# Network, loss and target follow the source article, which explains loss functions, `backward()`
# and `torch.optim` on this example. The graph behind this loss is drawn in the section of
# `graph_walk`.
#
# ## A derivation to follow
#
# The last layer, as a pattern for the bias of `conv1` that you will do. For one batch of $n$
# pictures `fc3` computes $o_{ij} = \sum_m h_{im} W_{jm} + b_j$ from the 84 numbers $h_i$ of each
# picture.
#
# 1. **From the loss to the outputs.** $o_{ij}$ stands in one square of the sum alone, and the
#    derivative of a square is twice the inside: $G_{ij} = \frac{\partial L}{\partial o_{ij}} =
#    \frac{2}{n\,k} (o_{ij} - t_{ij})$.
# 2. **Where does $b_j$ stand?** In the output $j$ of every picture, each time with the factor 1.
# 3. **Add up all the ways.** $\frac{\partial L}{\partial b_j} = \sum_i G_{ij}$: the sum over the
#    pictures. It is a sum, although the loss is a mean: the mean is in $G$ already.
# 4. **Test it with numbers.** Two pictures, one output, $o = (1, 3)$ and $t = (0, 0)$: then
#    $G = (1, 3)$ and the derivative is 4. Raising the bias by 0.1 raises the loss from 5 to
#    $(1.1^2 + 3.1^2) / 2 = 5.41$, and lowering it by 0.1 gives 4.61; the difference over 0.2 is 4.
#
# ## What to do
#
# Work in the order of the functions: the later ones use the earlier.

# %%
"""LeNet: one training step of a convolutional network taken apart.

The forward pass, the loss, the graph behind it, the gradients, and the two ways to update: by hand
and with torch.optim. Pictures are float32 tensors (n, 1, 32, 32) for LeNet itself; the functions
that take a network must work with any `nn.Module`, and pictures as that one takes them.

No function changes the tensors that it is given, nor settings that belong to its caller: it sets
no seed of random numbers, and leaves `np.seterr`, torch's default dtype and its grad mode as they
were. `sgd_step` and the trainings change the parameters of the network that they are given, and
`.grad` may look different after any call.
"""

import torch
import torch.nn.functional as F
from torch import nn, optim

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# Two layers of this network, `conv2` and `fc1`. Which of them has more parameters, and by about
# which factor? Which of them makes more multiplications for one picture? Say why before you count.

# %% [markdown]
# ## 1. `flat_features(side)`
#
# How many numbers reach `fc1` when pictures are `side` x `side` instead of 32 x 32? A 5 x 5
# convolution without padding takes four rows and four columns away; a 2 x 2 pool halves both, and
# leaves a last odd row and column out. Do the 32 on paper first, line by line as in the table.


# %%
def flat_features(side):
    """Return how many numbers reach the first linear layer.

    Pictures go through a 5 x 5 convolution without padding and a 2 x 2 max pool, then through
    both once more. 16 channels come out in the end.

    Args:
        side: rows and columns of a picture, a whole number from 16 up; it may be odd.

    Returns:
        channels x rows x columns behind the second pool, an int.

    Example:
        >>> flat_features(32), flat_features(28)
        (400, 256)
    """
    ### BEGIN SOLUTION
    for _ in range(2):
        side = (side - 4) // 2
    return 16 * side * side
    ### END SOLUTION


# %% [markdown]
# ## 2. `class LeNet(nn.Module)`
#
# The network of the table. The layers must have the names of the table, because checks and grading
# fill in their weights by name. Whether ReLU comes before or after the pool makes no difference to
# any number; think about why.


# %%
class LeNet(nn.Module):
    """The network: two convolutions with ReLU and max pool, three linear layers.

    Example:
        >>> net = LeNet()
        >>> net(torch.zeros(3, 1, 32, 32)).shape
        torch.Size([3, 10])
        >>> net.conv2.weight.shape, net.fc1.weight.shape
        (torch.Size([16, 6, 5, 5]), torch.Size([120, 400]))
    """

    def __init__(self):
        """Create the five layers, with the initial values that torch gives them.

        `conv1` leads from 1 channel to 6, `conv2` from 6 to 16, both are 5 x 5 without padding;
        `fc1` leads from 400 numbers to 120, `fc2` to 84, `fc3` to 10.
        """
        ### BEGIN SOLUTION
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(flat_features(32), 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        ### END SOLUTION

    def forward(self, x):
        """Compute the ten outputs of each picture.

        Args:
            x: float32 tensor, shape (n, 1, 32, 32).

        Returns:
            The outputs, shape (n, 10): any real numbers. They stay connected to all parameters in
            the autograd graph.
        """
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        # From dimension 1 on: each picture keeps its own row.
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        # No ReLU here: outputs must be able to be negative.
        return self.fc3(x)
        ### END SOLUTION


# %% [markdown]
# ## 3. `mse_loss(output, target)`
#
# The formula for $L$. The article reshapes its target before it calls the criterion, and this is
# why: a difference of shapes (3, 10) and (10,) is no error to torch. It *broadcasts*: the ten
# numbers are taken three times over, and out comes a loss that nobody meant. Your function takes a
# target of shape (k,) as (1, k), if the shapes differ. If they still differ then, it raises a
# `ValueError`; it never broadcasts.


# %%
def mse_loss(output, target):
    """Return the mean of the squared differences over all elements.

    If the shapes differ, a target of shape (k,) is taken as (1, k). Nothing else is reshaped, and
    nothing is broadcast.

    Args:
        output: float tensor, often (n, k).
        target: float tensor of the same shape; or (k,) for an output of shape (1, k).

    Returns:
        A tensor of shape (), so that `backward()` works on it.

    Raises:
        ValueError: the shapes differ, even so.

    Example:
        >>> output = torch.tensor([[1.0, 2.0, 3.0]])
        >>> mse_loss(output, torch.tensor([1.0, 0.0, 2.0])).item()
        1.6666666269302368
        >>> mse_loss(torch.zeros(2, 3), torch.zeros(3))
        Traceback (most recent call last):
        ...
        ValueError: shapes (2, 3) and (1, 3) differ
    """
    ### BEGIN SOLUTION
    if output.shape != target.shape and target.dim() == 1:
        target = target.reshape(1, -1)
    if output.shape != target.shape:
        raise ValueError(f"shapes {tuple(output.shape)} and {tuple(target.shape)} differ")
    return ((output - target) ** 2).mean()
    ### END SOLUTION


# %% [markdown]
# ## 4. `graph_walk(loss, steps)`
#
# While the forward pass computes, autograd writes down how: each result has a node, `grad_fn`,
# which knows the nodes of the step's inputs, `next_functions`. This is a tuple of pairs; the first
# part of each pair is the node. A leaf, such as a weight, has an `AccumulateGrad` node, where its
# gradient will arrive. An input that needs no gradient has `None`.
#
# ![The graph from the loss back to the leaves; the walk is drawn bold](figures/graph.png)
#
# *The graph behind `nn.MSELoss` and LeNet, as far as `fc2`. Each linear layer is an `Addmm` node
# with three inputs: the bias, the numbers that come in, the weight. The walk along first inputs is
# drawn bold; it ends at a leaf after three nodes.*
#
# Walk back from the loss, always to the **first** input, and collect the names of the nodes. Each
# node has a method `name()`.


# %%
def graph_walk(loss, steps):
    """Return the names of the nodes on the way back from a loss, always to the first input.

    The first name is that of `loss.grad_fn`. The walk ends after `steps` nodes, or earlier: at the
    node of a leaf, which has no next ones, or where the next node is None.

    Args:
        loss: a tensor. Without a `grad_fn` there is nothing to walk along.
        steps: the largest number of names, 0 or more.

    Returns:
        The names, a list of str. Numbers at their ends are ignored in the comparison
        (`AddmmBackward0` is as right as `AddmmBackward`), and so is everything up to a `::`.

    Example:
        >>> linear = nn.Linear(3, 2)
        >>> loss = nn.MSELoss()(linear(torch.ones(1, 3)), torch.zeros(1, 2))
        >>> [name.rstrip("0") for name in graph_walk(loss, 2)]
        ['MseLossBackward', 'AddmmBackward']
    """
    ### BEGIN SOLUTION
    names = []
    node = loss.grad_fn
    while node is not None and len(names) < steps:
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names
    ### END SOLUTION


# %% [markdown]
# ## 5. `leaf_shapes(loss)`
#
# Now the whole graph: which tensors will `backward()` fill? An `AccumulateGrad` node knows its
# tensor as `node.variable`. Visit every node, along all of its inputs, and no node twice: a tensor
# that is used in two places has one node, with two ways to it. For LeNet there are ten: five
# weights and five biases.


# %%
def leaf_shapes(loss):
    """Return the shapes of all tensors whose gradients `backward()` will fill.

    Each tensor counts once, however often it is used; different tensors of one shape all count.

    Args:
        loss: a tensor with a `grad_fn`.

    Returns:
        The shapes as tuples, a sorted list.

    Example:
        >>> linear = nn.Linear(3, 2)
        >>> leaf_shapes((linear(torch.ones(1, 3)) * linear.bias).sum())
        [(2,), (2, 3)]
    """
    ### BEGIN SOLUTION
    shapes = []
    seen, unvisited = set(), [loss.grad_fn]
    while unvisited:
        node = unvisited.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            shapes.append(tuple(node.variable.shape))
        unvisited.extend(following for following, _ in node.next_functions)
    return sorted(shapes)
    ### END SOLUTION


# %% [markdown]
# ## 6. `bias_gradient(upstream)`
#
# A convolution adds its bias $b_c$ to every element of channel $c$, in every picture, row and
# column. Write $z$ for its output. Every $z_{ncij}$ has the derivative 1 by $b_c$, and 0 by the
# bias of any other channel. Given $\partial L / \partial z$, what does the chain rule say about
# $\partial L / \partial b_c$?


# %%
def bias_gradient(upstream):
    """Return the gradient of the loss by a convolution's bias, by hand, without autograd.

    Args:
        upstream: the gradient of the loss by the convolution's output, shape (n, channels, rows,
            columns); a tensor or a NumPy array.

    Returns:
        The gradient by the bias, shape (channels,).

    Example:
        >>> bias_gradient(torch.ones(2, 3, 4, 4))
        tensor([32., 32., 32.])
    """
    ### BEGIN SOLUTION
    return upstream.sum((0, 2, 3))
    ### END SOLUTION


# %% [markdown]
# ## 7. `gradients(net, x, target)`
#
# One forward pass, `mse_loss`, one backward pass. `backward()` *adds* to whatever lies in `.grad`,
# so this function has to begin with clean gradients: what somebody left there before the call must
# not show in the result. The result belongs to the caller: a later call must not change it.


# %%
def gradients(net, x, target):
    """Return the gradients of the loss by all parameters, from clean gradients.

    The parameters do not move, and a second call gives the same.

    Args:
        net: a network, any `nn.Module`. What lies in `.grad` of its parameters before the call
            does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.

    Returns:
        A dict from the name of each parameter, as in `net.named_parameters()`, to its gradient,
        shaped as the parameter. A later call does not change these numbers.

    Example:
        >>> net = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(net.weight), nn.init.zeros_(net.bias)
        >>> gradients(net, torch.tensor([[3.0, 1.0]]), torch.tensor([[2.0]]))
        {'weight': tensor([[12.,  4.]]), 'bias': tensor([4.])}
    """
    ### BEGIN SOLUTION
    net.zero_grad()
    mse_loss(net(x), target).backward()
    return {name: p.grad.detach().clone() for name, p in net.named_parameters()}
    ### END SOLUTION


# %% [markdown]
# ## 8. `sgd_step(net, lr)`
#
# The update, $p \leftarrow p - \eta\,\partial L / \partial p$ for every parameter $p$, with the
# learning rate $\eta$. It happens **in place**: the network holds the same tensors before and
# after, with other numbers. The gradients are in `.grad` already. Two traps: a line that makes a
# new tensor changes nothing in the network; and autograd must not record the update, since it is no
# part of the model. A parameter whose `.grad` is `None` stays as it is.


# %%
def sgd_step(net, lr):
    """Move every parameter that has a gradient by one step of gradient descent, in place.

    By hand: no `torch.optim`.

    Args:
        net: a network, any `nn.Module`, with gradients in `.grad`. Where that is None, the
            parameter stays.
        lr: learning rate.

    Returns:
        None. The parameters of the network have moved.

    Example:
        >>> net = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(net.weight), nn.init.zeros_(net.bias)
        >>> net.weight.grad = torch.tensor([[12.0, 4.0]])
        >>> sgd_step(net, 0.1)
        >>> net.weight.tolist()
        [[-0.20000004768371582, 0.6000000238418579]]
    """
    ### BEGIN SOLUTION
    # The update is no part of the model: autograd must not record it.
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.grad is not None:
                parameter -= lr * parameter.grad
    ### END SOLUTION


# %% [markdown]
# ## 9. `train_manual(net, x, target, lr, steps)`
#
# Put it together: in each step clean gradients, forward pass, `mse_loss`, backward pass, and
# `sgd_step`. Look at the bias of `conv1` on the way: the record has its values after every step.
# They have to be copies, or all rows will show the last one.


# %%
def train_manual(net, x, target, lr, steps):
    """Train a network on one batch, with the update by hand.

    In every step all parameters move once, by `sgd_step`. No `torch.optim`.

    Args:
        net: the network to train, an `nn.Module` with a layer `conv1`. It is this very object whose
            weights move. What lies in `.grad` before the call does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.
        lr: learning rate.
        steps: number of updates, 1 or more. All are made, also when nothing moves.

    Returns:
        A dict with
        "losses": shape (steps,), the loss of each step before its update,
        "biases": shape (steps, channels of conv1), the bias of conv1 after each update.

    Example:
        >>> net = LeNet()
        >>> record = train_manual(net, torch.zeros(1, 1, 32, 32), torch.ones(1, 10), 0.01, 5)
        >>> len(record["losses"]), len(record["biases"]), record["losses"][4] < record["losses"][0]
        (5, 5, True)
    """
    ### BEGIN SOLUTION
    losses, biases = [], []
    for _ in range(steps):
        net.zero_grad()
        loss = mse_loss(net(x), target)
        losses.append(loss.item())
        loss.backward()
        sgd_step(net, lr)
        biases.append(net.conv1.bias.detach().clone())
    return {"losses": losses, "biases": biases}
    ### END SOLUTION


# %% [markdown]
# ## 10. `train_optim(net, x, target, lr, steps)`
#
# The same in the usual way, with `nn.MSELoss` and plain `optim.SGD`: no momentum, no Adam. From the
# same weights the record must be the same. Mind the target of shape (k,): `nn.MSELoss` does not
# refuse it, it broadcasts and warns.


# %%
def train_optim(net, x, target, lr, steps):
    """Train a network on one batch, with `nn.MSELoss` and plain `optim.SGD`.

    Args:
        net: the network to train, an `nn.Module` with a layer `conv1`. It is this very object whose
            weights move. What lies in `.grad` before the call does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.
        lr: learning rate.
        steps: number of updates, 1 or more. All are made, also when nothing moves.

    Returns:
        The same record as that of `train_manual`:
        "losses": shape (steps,), the loss of each step before its update,
        "biases": shape (steps, channels of conv1), the bias of conv1 after each update.

    Example:
        >>> net = LeNet()
        >>> record = train_optim(net, torch.zeros(1, 1, 32, 32), torch.ones(1, 10), 0.01, 5)
        >>> len(record["losses"]), len(record["biases"]), record["losses"][4] < record["losses"][0]
        (5, 5, True)
    """
    ### BEGIN SOLUTION
    criterion = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=lr)
    losses, biases = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        output = net(x)
        loss = criterion(output, target.reshape(output.shape))
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        biases.append(net.conv1.bias.detach().clone())
    return {"losses": losses, "biases": biases}
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# The article prints the third node of its walk as an `AccumulateGrad` and calls it relu. Which
# tensor does this node belong to, and along which inputs would you have to walk from the second
# node to meet the ReLU? And why must the gradients be set to zero in every step, while the graph
# itself is never reused? A few sentences are enough.

# %% [markdown] tags=["answer"]
# The node of a linear layer, `AddmmBackward`, has three inputs: the bias, the numbers that come in,
# and the weight. The first one is the bias of `fc3`, a leaf, so its `AccumulateGrad` is where the
# gradient of that bias arrives, and the walk ends there. The ReLU that follows `fc2` is the node of
# the second input.
#
# `backward()` adds to `.grad`: the sum over several passes is wanted where one step is made from
# several batches, and for a tensor that is used in several places. So somebody has to say where a
# new sum begins. The graph is made anew by each forward pass, from the weights of that moment, and
# is freed by `backward()`; after an update it would describe a network that is gone.

# %% [markdown]
# ## The documented run
#
# The source prints the ten numbers of its target:
#
# | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
# |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
# | 0.1960 | 0.4792 | -0.2190 | 0.0378 | -2.2306 | 0.8693 | 0.3163 | -0.8885 | -0.4302 | -2.1175 |
#
# Its picture and its weights are drawn without a seed, so its loss and its gradients cannot be
# repeated. For this run the weights come from a seeded generator, parameter after parameter in the
# order `conv1.weight`, `conv1.bias`, `conv2.weight` and so on up to `fc3.bias`, and the picture
# from a formula:
#
#     net = LeNet()
#     generator = torch.Generator().manual_seed(0)
#     for parameter in net.parameters():
#         parameter.data.uniform_(-0.1, 0.1, generator=generator)
#     row, column = torch.arange(32.0).reshape(32, 1), torch.arange(32.0)
#     x = torch.sin(0.2 * row + 0.1 * column + 0.01 * row * column).reshape(1, 1, 32, 32)
#
# The loss is 1.2088, and the gradient by the bias of `conv1` is
#
# | channel | 0 | 1 | 2 | 3 | 4 | 5 |
# |---|---:|---:|---:|---:|---:|---:|
# | gradient | 0.0194 | 0.0306 | -0.0538 | 0.0336 | 0.0052 | -0.0012 |
#
# The walk has three names: `MseLossBackward`, `AddmmBackward`, `AccumulateGrad`. With a mean that
# is written by hand it begins with `MeanBackward`, and it is longer.
#
# The article's learning rate is 0.01. We take 0.18, so that one sees the weights move, and six
# steps. `train_manual` and `train_optim` record
#
# | step | loss before its update | bias of channel 1 after it | of channel 2 |
# |---:|---:|---:|---:|
# | 1 | 1.2088 | -0.0899 | -0.0106 |
# | 2 | 1.0681 | -0.0843 | -0.0002 |
# | 3 | 0.9336 | -0.0744 | 0.0107 |
# | 4 | 0.7715 | -0.0603 | 0.0300 |
# | 5 | 0.4981 | -0.0346 | 0.0624 |
# | 6 | 0.0387 | -0.0305 | 0.0693 |
#
# One picture with one target is no learning problem, only a machine that one can look into: sixty
# thousand weights move until ten numbers fit. The loss falls ever faster, because all layers change
# together: larger weights in the last layers also mean larger gradients in the layers before them.
#
# ![The loss of both trainings, which coincide](figures/losses.png)
#
# *The loss before each of the six updates, of `train_manual` and `train_optim`.*
#
# ![The bias of conv1 over the steps, one line for each of the six channels](figures/biases.png)
#
# *The bias of `conv1` after each update: the channels move at different speeds, and not all of them
# in the same direction.*

# %% [markdown]
# ## How to check yourself
#
#     gradpath check lenet.py
#
# says how far you are, and shows the next thing to do: the value you got and the one expected, and
# a hint if the mistake is a known one. With `--all` it shows every check. To see your run drawn
# next to the expected one:
#
#     gradpath check --plot picture.png
#
# Most checks do not send a network over: they make a small one with a layer `conv1`, or one of your
# own `LeNet`, fill in its weights from a seed, and look at what your function does with it. In the
# messages of `graph_walk` and `leaf_shapes`, `data(1, 3)` is a tensor of that shape without a
# gradient, `leaf(1, 3)` one that asks for it. Grading repeats all this with other networks,
# pictures, weights and graphs.

# %% [markdown]
# ## Common mistakes
#
# `gradpath check` knows these mistakes and others by their numbers, and gives a hint when your run
# looks like one of them. Read the list after your first try: some lines tell a part of the work.
#
# <!-- mistakes -->

# %% [markdown]
# ## Where the source slips
#
# - It comments the third node of its walk, an `AccumulateGrad`, as relu. It is the bias of the last
#   linear layer (see the written question).
# - It prints `None` for the gradient of `conv1.bias` before `backward()` and calls it zero. A new
#   parameter has no gradient at all: adding to it, or multiplying by it, is an error.
# - With one picture the target of shape (10,) gives the same number as (1, 10), because it is
#   broadcast. With two pictures it gives another one than meant, without an error.

# %% [markdown]
# ## Ways that are all right
#
# - ReLU before the pool or after it; `F.relu` or `nn.ReLU`; `view`, `reshape`, `flatten`.
# - `node.name()` or the name of the node's type; a loop or a recursion.
# - Gradients set to zero at the beginning of a step, or set to `None`; `torch.autograd.grad`.
# - `p.data = p.data - lr * p.grad`, `p.data.sub_(...)`, or an update under `no_grad`: all of them
#   move the parameter itself.
# - Losses and biases as lists, arrays or tensors; extra keys in a record are ignored.
# - float64 in your own sums, as long as the numbers agree within the tolerance of the checks.
#
# ## Exercise: a gradient check
#
# No points. Bring the network of the documented run to float64 with `net.double()`, move one bias
# of `conv1` by $h$ in both directions, and compare $(L_+ - L_-) / (2h)$ with your gradient. For
# channel 0, whose gradient is 0.01943, the difference is
#
# | $h$ | $10^{-2}$ | $10^{-3}$ | $10^{-4}$ | $10^{-6}$ |
# |---|---:|---:|---:|---:|
# | difference | 0.02120 | 0.02044 | 0.01943 | 0.01943 |
#
# For a smooth function the error at $h = 10^{-3}$ would be a hundredth of that at $10^{-2}$. Here
# it is not. Which two layers have kinks, and how many of them does a step of $10^{-2}$ cross?
#
# ## Experiments
#
# - The learning rates 0.1, 0.2 and 0.3, with twelve steps each. Which of the runs come to rest?
# - The same picture 16 times as a batch, with the same target. Which numbers stay as they are?
# - Walk the graph of a loss along *second* inputs, and name the layers that you pass.
#
# ## Further questions
#
# - A bias of `conv1` has 784 ways to the loss for each picture, a bias of `fc3` one. Why is the
#   gradient of the first one not 784 times as large?
# - Which part of the graph is freed by `backward()`, and which part stays?
# - Where would a momentum be kept, in the network or in the optimizer?
#
# ## Sources
#
# - Notes in Chinese about one training step, which name neither author nor year: network, loss,
#   target and the walk.
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
#   recognition", 1998: the first networks of this kind.
#
# The next assignment is [`training_tools`](../training_tools/README.md): the tools around the step.
