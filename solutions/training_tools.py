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
# # Training tools: what surrounds the step
#
# > **Goals.** When you are through, you can
# >
# > - derive a slope with the chain rule, and write an operation with a backward pass of its own;
# > - draw weights as Xavier and He do, and show in numbers the effect on a deep network;
# > - clip gradients in both usual ways, and say which one keeps the direction;
# > - train with accumulated gradients, so that small batches move the model just as one large batch
# >   would.
# >
# > **Before you begin** you need tensors and a training loop by hand, as in the earlier assignments
# > on autograd.
# >
# > **Time:** about three hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# A training step is short: forward, loss, backward, update. Real training code is longer, and most
# of what it has more stands around the step. It gives autograd an operation that torch does not
# have. It decides how large the first weights are. It cuts gradients that are too long. It saves
# memory by collecting the gradients of several small batches before it moves. Each of these tools
# is a few lines, each is easy to get nearly right, and a network with a tool that is nearly right
# still trains, only worse. So here you write each of them down, small enough to check.
#
# ## The graph
#
# `Cube` becomes a node of a graph like this one, where values flow to the right and gradients to
# the left. A node knows its own slope and nothing else; the chain rule is in the arrows:
#
#     values       x -----> ( 2 x ) -----> y ----> ( y^2 + 1 ) ----> z
#
#     gradients    dz/dx <---------------- dz/dy <------------------ dz/dz = 1
#
# ## A derivation to follow
#
# Two other operations, so that yours are still for you to do: $y = 3x - 1$ and $z = y^4$.
#
# 1. **Each slope by its own input.** $dy/dx = 3$, and $dz/dy = 4y^3$.
# 2. **Multiply along the way.** $\frac{dz}{dx} = 4y^3 \cdot 3 = 12y^3$.
# 3. **Write it in $x$ alone.** $\frac{dz}{dx} = 12\,(3x - 1)^3$. Forgetting this step is the common
#    slip: the slope by $y$ has to be taken at $y$, and not at $x$.
# 4. **Test it.** At $x = 1$ this is 96; with $h = 0.001$ the central difference of $(3x - 1)^4$ is
#    $96.0002$.
#
# As a node of a graph the second operation gets a gradient $\bar{z}$ from the right and hands
# $\bar{y} = \bar{z} \cdot 4y^3$ to the left. It must have kept $y$ for that.
#
# ## What to do
#
# None of the functions builds on another one: work in any order.

# %%
"""Training tools: an operation of your own, first weights, clipped and accumulated gradients.

No function changes the arrays, lists and tensors that it is given, but for the weights of a model
that it trains, or settings that belong to its caller: it sets no seed of random numbers, and leaves
`np.seterr`, torch's default dtype and its grad mode as they were.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# A model is trained for one epoch on the same five batches of equal size with the learning rate
# 0.01: once with `group` 1, five updates, and once with `group` 5, a single one. Which run ends
# further from its start, and by about which factor? Why?

# %% [markdown]
# ## 1. `chain_gradient(x)`
#
# Two operations, one after the other:
#
# $$y = 2x, \qquad z = y^2 + 1 .$$
#
# The chain rule goes back through them: $\frac{dz}{dx} = \frac{dz}{dy} \cdot \frac{dy}{dx}$. The
# source of this assignment lets autograd do it and gets 8 at $x = 1$. Write the derivative as a
# formula of $x$, with neither autograd nor finite differences.


# %%
def chain_gradient(x):
    """Return dz/dx of z = y * y + 1 with y = 2 x, derived by hand.

    Args:
        x: a float, or an array or tensor of any shape.

    Returns:
        The slope at each element, of the shape of `x`.

    Example:
        >>> chain_gradient(1.0)
        8.0
    """
    ### BEGIN SOLUTION
    # dz/dy = 2 y = 4 x, and dy/dx = 2.
    return 8 * x
    ### END SOLUTION


# %% [markdown]
# ## 2. `class Cube(torch.autograd.Function)`
#
# Autograd knows the backward pass of each operation that torch has. For one of your own you write
# both directions. `forward` computes the values and puts aside what the way back needs. `backward`
# is given the gradient $\bar{y}$ of some loss by the *values*, and returns the gradient by the
# *input*,
#
# $$\bar{x} = \bar{y} \cdot \frac{dy}{dx}, \qquad y = x^3,$$
#
# element by element: autograd does the chain rule around your operation, and this product is your
# link of the chain. `ctx` is an object that belongs to one call. What you need later goes there
# (`ctx.save_for_backward`), since `Cube` may be called many times before any backward pass begins.
# You call it as `Cube.apply(x)`.
#
# `torch.autograd.gradcheck(Cube.apply, (x,))` compares your `backward` with finite differences, for
# an `x` in float64 with `requires_grad=True`: a good test of your own. Instead of a `forward` with
# `ctx`, torch also takes a `forward` without it and a `setup_context`; both are right.


# %%
class Cube(torch.autograd.Function):
    """The third power of each element, with a backward pass written by hand.

    Example:
        >>> x = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
        >>> y = Cube.apply(x)
        >>> y.tolist()
        [1.0, -8.0]
        >>> y.sum().backward()
        >>> x.grad.tolist()
        [3.0, 12.0]
    """

    @staticmethod
    def forward(ctx, x):
        """Compute the cubes, and save what `backward` needs.

        Args:
            ctx: the context of this call, with `save_for_backward`.
            x: a tensor of any shape, float32 or float64.

        Returns:
            The third power of each element, of the shape and dtype of `x`.
        """
        ### BEGIN SOLUTION
        ctx.save_for_backward(x)
        return x**3
        ### END SOLUTION

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradient by the input of `forward`.

        Args:
            ctx: the context of the call, with `saved_tensors`.
            grad_output: the gradient by the result of `forward`, of its shape.

        Returns:
            The vector-Jacobian product, of the same shape.
        """
        ### BEGIN SOLUTION
        (x,) = ctx.saved_tensors
        return grad_output * 3 * x**2
        ### END SOLUTION


# %% [markdown]
# ## 3. `xavier_normal(fan_in, fan_out, generator)`
#
# The weights of a linear layer with `fan_in` inputs and `fan_out` outputs, of shape (`fan_out`,
# `fan_in`), as `nn.Linear` stores them. They are normal with mean 0 and the standard deviation
#
# $$\sigma = \sqrt{\frac{2}{n_{in} + n_{out}}},$$
#
# which is a compromise: $1 / n_{in}$ as variance would keep the values at one size on the way
# forward, $1 / n_{out}$ the gradients on the way back. (X. Glorot, Y. Bengio, "Understanding the
# difficulty of training deep feedforward neural networks", 2010.)
#
# So that numbers can be compared: one draw of standard normal float32 values in that very shape,
# with the generator that you are given, then scaled. Drawing (`fan_in`, `fan_out`) and transposing
# has the same distribution, and other numbers.


# %%
def xavier_normal(fan_in, fan_out, generator):
    """Draw the weights of a linear layer with Xavier's standard deviation.

    All values come from `generator`, in one draw. Torch's global random state is neither used nor
    changed, and a second call with the same generator goes on from where it is.

    Args:
        fan_in: number of inputs.
        fan_out: number of outputs.
        generator: a `torch.Generator`.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), without `requires_grad`: standard normal values
        times sqrt(2 / (fan_in + fan_out)).

    Example:
        >>> weights = xavier_normal(3, 2, torch.Generator().manual_seed(0))
        >>> [[round(value, 4) for value in row] for row in weights.tolist()]
        [[0.9746, -0.1856, -1.378], [0.3595, -0.6859, -0.8845]]
    """
    ### BEGIN SOLUTION
    normal = torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float32)
    return normal * (2 / (fan_in + fan_out)) ** 0.5
    ### END SOLUTION


# %% [markdown]
# ## 4. `he_normal(fan_in, fan_out, generator)`
#
# The same draw with $\sigma = \sqrt{2 / n_{in}}$. A ReLU sets half of its inputs to 0, and with
# them goes half of the mean square; the 2 makes up for it. (K. He and others, "Delving deep into
# rectifiers", 2015.)


# %%
def he_normal(fan_in, fan_out, generator):
    """Draw the weights of a linear layer before a ReLU with He's standard deviation.

    All values come from `generator`, in one draw, as in `xavier_normal`.

    Args:
        fan_in: number of inputs.
        fan_out: number of outputs.
        generator: a `torch.Generator`.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), without `requires_grad`: standard normal values
        times sqrt(2 / fan_in).

    Example:
        >>> weights = he_normal(3, 2, torch.Generator().manual_seed(0))
        >>> [[round(value, 4) for value in row] for row in weights.tolist()]
        [[1.2582, -0.2396, -1.779], [0.4641, -0.8855, -1.1419]]
    """
    ### BEGIN SOLUTION
    normal = torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float32)
    return normal * (2 / fan_in) ** 0.5
    ### END SOLUTION


# %% [markdown]
# ## 5. `activation_scales(x, weights)`
#
# The reason for both formulas can be seen in numbers. Send a batch $X$ of shape ($n$, $d$) through
# linear layers *without biases*, with a ReLU after each, also after the last:
#
# $$A_0 = X, \qquad A_k = \max(0,\; A_{k-1} W_k^\top),$$
#
# and return the standard deviation of each $A_k$, $k \ge 1$, over all its elements together. Either
# usual divisor is right, the number of elements or one less.
#
# ![Standard deviation by layer for four sizes of the weights](figures/activation_scales.png)
#
# *160 inputs in 64 dimensions, and six layers of 64 units. With He's deviation the activations stay
# as large as they are. With Xavier's they lose about 30 % in each layer, since half of the mean
# square goes at each ReLU. Half of Xavier's deviation makes them fall off, and twice of it blows
# them up: a gradient on its way back does the same.*


# %%
def activation_scales(x, weights):
    """Return the standard deviation of the activations after each layer of a deep network.

    The layers are linear, without biases, each followed by a ReLU, the last one included.

    Args:
        x: float32 tensor, shape (n, d).
        weights: a list of float32 tensors of shape (outputs, inputs), one for each layer; it has at
            least one. The first has d inputs, each other one as many as the one before has outputs.

    Returns:
        The standard deviations, one number for each layer, over all elements of the layer's
        activations; the divisor is their number or one less.

    Example:
        >>> x = torch.tensor([[1.0, -1.0], [3.0, 2.0]])
        >>> weights = [torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([[0.5, 0.5]])]
        >>> [round(float(value), 4) for value in activation_scales(x, weights)]
        [2.5166, 2.1213]
    """
    ### BEGIN SOLUTION
    scales = []
    for weight in weights:
        x = F.relu(x @ weight.T)
        scales.append(x.std().item())
    return scales
    ### END SOLUTION


# %% [markdown]
# ## 6. `clip_by_norm(gradients, max_norm)`
#
# One sample that is far off can give a gradient so long that a single step undoes many. Clipping
# by norm shortens such a step and keeps its direction. All gradients together, one array for each
# parameter, are taken as one long vector, with the Euclidean norm
#
# $$\|g\| = \sqrt{\sum_k \sum_i g_{k,i}^2}, \qquad
# g_k \leftarrow g_k \cdot \min\left(1,\; \frac{m}{\|g\| + 10^{-6}}\right),$$
#
# as `torch.nn.utils.clip_grad_norm_` has it; $m$ is `max_norm`. Since there is one factor for all,
# the step still points where it pointed. Return the list and the norm *before* clipping.


# %%
def clip_by_norm(gradients, max_norm):
    """Scale gradients down so that their common norm is at most `max_norm`.

    Args:
        gradients: a list of float64 arrays of any shapes. Neither the list nor the arrays are
            changed.
        max_norm: the largest norm, 0 or more.

    Returns:
        A pair `(clipped, norm)`: the list of arrays, in their order and shapes, all times
        max_norm / (norm + 1e-6) if that is below 1, and the norm over all arrays together before
        clipping. For an empty list it is `([], 0.0)`.

    Example:
        >>> clipped, norm = clip_by_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
        >>> float(norm), [np.round(array, 4).tolist() for array in clipped]
        (5.0, [[0.6], [[0.8]]])
    """
    ### BEGIN SOLUTION
    norm = sum(float(np.sum(gradient**2)) for gradient in gradients) ** 0.5
    factor = min(1.0, max_norm / (norm + 1e-6))
    return [gradient * factor for gradient in gradients], norm
    ### END SOLUTION


# %% [markdown]
# ## 7. `clip_by_value(gradients, limit)`
#
# The simpler tool looks at each element alone: those beyond the limit are set to it. What becomes
# of the direction?


# %%
def clip_by_value(gradients, limit):
    """Set every element into [-limit, limit].

    Args:
        gradients: a list of float64 arrays of any shapes. Neither the list nor the arrays are
            changed.
        limit: the largest magnitude, 0 or more.

    Returns:
        The list of arrays, in their order and shapes.

    Example:
        >>> clip_by_value([np.array([3.0, -0.5]), np.array([[-4.0]])], 1.0)[0].tolist()
        [1.0, -0.5]
    """
    ### BEGIN SOLUTION
    return [np.clip(gradient, -limit, limit) for gradient in gradients]
    ### END SOLUTION


# %% [markdown]
# ## 8. `train_accumulated(model, batches, lr, group)`
#
# A batch that does not fit into memory can be taken in parts. The gradient of a mean of losses is
# the mean of their gradients, and `backward()` *adds* to `.grad`. So `group` batches, one after the
# other, can make one update,
#
# $$p \leftarrow p - \eta\, \frac{\partial}{\partial p}
# \left( \frac{1}{k} \sum_{j=1}^{k} L_j \right),$$
#
# where $L_j$ is the mean squared error of a batch over all its elements, and $k$ is the number of
# batches in the group. If the batches are of equal size, the mean of their losses is the loss of
# all their samples in one batch: **groups of equal batches move the model exactly as one large
# batch for each group would**. That is your test, and a check of ours. Of batches that are not
# equal each still weighs the same.
#
# At the end there may be fewer than `group` batches left. They make a smaller group: with one
# update, and with the mean over as many as there are. A loop out of the tutorials, with
# `if (i + 1) % group == 0`, drops them, and one that divides by `group` takes too short a step.
#
# The update is yours to write; leave `torch.optim` out. Something may lie in `.grad` from before
# your function was called: it does not count.


# %%
def train_accumulated(model, batches, lr, group):
    """Train a model with one plain gradient step for each group of batches.

    Args:
        model: any `nn.Module`. It is this very object whose parameters move; what lies in their
            `.grad` beforehand does not count.
        batches: a list of pairs `(x, y)` of float32 tensors, one or more; y has the shape of
            model(x). They may have different numbers of samples.
        lr: learning rate.
        group: number of batches for one update. The last group has those that are left.

    Returns:
        A dict with
        "losses": shape (batches,), the mean squared error of each batch over all its elements,
        before the update of its group, and not divided by anything else,
        "updates": the number of updates, an int,
        "parameters": a dict from the names of `model.named_parameters()` to the final values.

    Example:
        >>> model = nn.Linear(1, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> batches = [(torch.tensor([[x]]), torch.tensor([[2 * x]])) for x in (1.0, 2.0, 3.0)]
        >>> record = train_accumulated(model, batches, 0.1, 2)
        >>> [round(float(loss), 4) for loss in record["losses"]], record["updates"]
        ([4.0, 16.0, 5.76], 2)
        >>> round(record["parameters"]["weight"].item(), 4)
        2.44
    """
    ### BEGIN SOLUTION
    criterion = nn.MSELoss()
    losses, updates = [], 0
    model.zero_grad()
    for start in range(0, len(batches), group):
        members = batches[start : start + group]
        for x, y in members:
            loss = criterion(model(x), y)
            losses.append(loss.item())
            # backward() adds up, so that shares of the losses give the gradient of their mean.
            (loss / len(members)).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
        model.zero_grad()
        updates += 1
    final = {name: value.detach().clone() for name, value in model.named_parameters()}
    return {"losses": losses, "updates": updates, "parameters": final}
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# Two gradients $(3, 0.1)$ and $(0, 4)$ are clipped by norm to 1 and by value to 1. Which of the
# two ways keeps the direction of the step, and what does the other one do to small elements beside
# large ones? And suppose that a training accumulates the gradients of eight batches and then clips
# by norm: why must it not clip after each `backward()` instead? A few sentences are enough.

# %% [markdown] tags=["answer"]
# Clipping by norm multiplies everything by one factor, about 1/5 here, so that the direction stays,
# and small elements become smaller still. Clipping by value leaves 0.1 as it is and sets 3 and 4 to
# 1: the small element gains weight beside the large ones, and the step points elsewhere.
#
# The norm that matters is that of the step, which is the mean over all eight batches. Gradients of
# single batches are noisy and partly cancel each other, so that each may be too long while their
# mean is not. And after each `backward()`, `.grad` holds the sum so far: clipping it again and
# again shrinks the early batches more often than the late ones.

# %% [markdown]
# ## Runs to compare with
#
# **Activation scales.** Inputs and weights of the picture come from `np.random.RandomState(0)`:
# first $X$ as `standard_normal((160, 64))`, then six times `standard_normal((64, 64))`, all as
# float32, the weights times the deviation.
#
# | layer | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---:|---:|---:|---:|---:|---:|
# | Xavier, $\sigma = 0.125$ | 0.582 | 0.414 | 0.320 | 0.248 | 0.181 | 0.120 |
# | He, $\sigma = 0.177$ | 0.823 | 0.829 | 0.907 | 0.993 | 1.025 | 0.960 |
#
# **Accumulated gradients.** Ten points of the parabola $y = x^2$, with $x$ from $-2$ to 2 at equal
# distances. The source makes them noisy, without a seed; ours are exact. Batch $j$ of five has the
# points $j$ and $j + 5$. The model is
# `nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))` with the starting weights
#
#     0.weight  0.8  -0.6   1.2  -1.4       0.bias  0.5   0.7  -0.9  -0.4
#     2.weight  0.9   0.7  -0.5   0.6       2.bias  0.3
#
# and the learning rate is 0.1. Five epochs are 25 batches; with `group` 4 they make six groups
# and a last one of a single batch, 7 updates in all:
#
# | batch | 1 | 2 | 3 | 4 | 5 | 9 | 25 |
# |---|---:|---:|---:|---:|---:|---:|---:|
# | loss | 4.0993 | 0.5180 | 0.4559 | 3.5377 | 9.1175 | 2.4961 | 4.4533 |
#
# At the end `2.bias` is 0.8737. The losses go up and down, since each batch has other points. With
# `group` 5 each epoch is one group, and its five equal batches do the work of one batch with all
# ten points:
#
# ![Losses of groups and of large batches: the curves coincide](figures/large_batch.png)
#
# *60 epochs. For a group the mean of its five losses is drawn. The losses differ by rounding
# alone.*

# %% [markdown]
# ## How to check yourself
#
#     gradpath check training_tools.py
#
# says how far you are, and shows the next thing to do: the first number that differs with the value
# you got and the one expected, and a hint if the mistake is a known one. With `--all` it shows
# every check. To see your runs drawn next to the expected ones:
#
#     gradpath check --plot picture.png
#
# Grading repeats the checks on other data: other shapes, networks, sizes and groups.

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
# - Its loop for accumulated gradients calls `optimizer.zero_grad()` at the top of *every* round,
#   so that what `backward()` has collected is gone before `step()` sees it: only the last batch of
#   each group counts. It also never divides by the number of batches.
# - It says that He's variance is twice that of the layer before, since a ReLU does not scale
#   positive values. The 2 makes up for the half of the mean square that the ReLU removes.

# %% [markdown]
# ## Ways that are all right
#
# - float32 is what is asked where tensors are drawn; elsewhere float64 is accepted as well, as long
#   as the numbers agree within the tolerance of the checks.
# - `torch.randn`, `torch.normal` or `nn.init` with the generator.
# - Lists, arrays or tensors as results, losses as numbers or tensors, parameters live or copied.
# - Arrays that nothing is clipped of may be the ones that were given.
# - The losses of a group added up before one `backward()`, gradients from `torch.autograd.grad`, or
#   the sum of gradients divided in the update.
# - Extra keys in a record: they are ignored.
#
# ## Exercise: a gradient check
#
# No points. `torch.autograd.gradcheck` does in one call what you did by hand in earlier
# assignments. Use it on `Cube.apply` at five random points in float64, then break the backward pass
# on purpose: forget the upstream gradient, lower the power once more, keep the result instead of
# the input. Does it notice each of them? Now give it points in float32. It warns, and it fails: why
# is a *right* backward pass refused there?
#
# ## Experiments
#
# - Replace ReLU by tanh in `activation_scales`. Which of the two rules suits it better?
# - Make the network 30 layers deep, with a deviation that is 5 % too large and one that is 5 % too
#   small. How far apart are the last layers?
# - Clip the gradients of `train_accumulated` by norm before each update, with limits from 0.1 to
#   10. When does the run stop to differ from the one without clipping?
#
# ## Further questions
#
# - Accumulating four batches needs as much memory as one of them. Which part of the memory does not
#   shrink?
# - With batches of unequal size, which weights would the losses need so that groups do the work of
#   one large batch again?
# - Which of these tools changes the minimum that the training looks for, and which only the way?
#
# ## Sources
#
# - An article in Chinese about the backward pass, by SW_孙维, 2024: the chain of two operations,
#   initialisation, accumulation.
# - X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
#   networks", 2010.
# - K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level
#   performance on ImageNet classification", 2015.
# - R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
#   2013: clipping by norm.
#
# The next assignment is [`optimizers`](../optimizers/README.md): the rules behind the step.
