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
# # Hand gradients: the same run by hand and with autograd
#
# > **Goals.** When you are through, you can
# >
# > - derive the gradient of a loss with the chain rule, and test it before you use it;
# > - write the loop of stochastic gradient descent, and say at which weight each number was taken;
# > - let autograd do the same, with the gradient set back and the update outside of the graph;
# > - lay two runs side by side and find the step at which they part.
# >
# > **Before you begin** you need loops in Python, the derivatives of powers and the chain rule;
# > `mse_sweep` shows the loss that you walk on.
# >
# > **Time:** about three hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# Every deep-learning library trains by the same three moves: compute the loss, find its gradient,
# take a small step against it. The library does the second move for you, and this is why it is
# easy to use for years without knowing what it does. In this assignment you do it yourself, for a
# model with one weight, where the whole derivation fits on half a page.
#
# Then you do the run again with PyTorch's autograd, and lay the two side by side. If your
# derivative is right, 30 gradients agree one by one. If it is not, you will see at which step the
# two part, and that is how gradients are checked in practice, too.
#
# ## The formula
#
# The model is a straight line through the origin, $\hat y = x\,w$, and the loss of one sample is
# its squared error:
#
# $$\ell(w) = (x\,w - y)^2$$
#
# Stochastic gradient descent takes the samples one after another. For each it computes the
# gradient $g$ of that sample's loss at the *current* weight, and updates the weight with the
# learning rate $\eta$ (`lr` in the code):
#
# $$g = \frac{d\ell}{dw}, \qquad w \leftarrow w - \eta\,g$$
#
# What $g$ is as a formula in $x$, $y$ and $w$ is for you to find. Model, loss, update and data
# are those of the source tutorial on gradient descent in PyTorch: $x = 1, 2, 3$ and
# $y = 2, 4, 6$, starting from $w = 1$ with $\eta = 0.01$, for 10 epochs. An *epoch* is one pass
# over all samples, so that 10 epochs of 3 samples make 30 updates.
#
# ![The weight after each update, and the loss of each epoch](figures/descent_on_the_parabolas.png)
#
# *The weight after each of the 30 updates climbs from 1 towards 2, down the parabolas that the
# losses of the samples are. The loss per epoch falls in two curves: recorded after the update it
# lies below the one recorded before it, although the weights are the same.*
#
# ## The graph
#
# The loss of one sample is made in three steps, and the gradient comes back through the same steps
# in the other order:
#
#     x ---+
#          v        p = x w          e = p - y          l = e^2
#     w -> (*) -----------> ( - ) -----------> ( ^2 ) -----------> loss
#                             ^
#     y ----------------------+
#
# Write beside each arrow how much its head changes when its tail changes a little. The gradient by
# $w$ is the product of these slopes on the way from `loss` back to `w`. This is all that
# `backward()` does, too.
#
# ## A derivation to follow
#
# Here it is done for another loss, so that yours is still for you to do. Take the fourth power of
# the error, which punishes large errors even more:
#
# $$m(w) = (x\,w - y)^4$$
#
# 1. **Name the parts.** With the error $e = x\,w - y$ the loss is $m = e^4$.
# 2. **Differentiate each part by its own variable.** $dm/de = 4\,e^3$, and $de/dw = x$, since $y$
#    is a constant.
# 3. **Multiply.** $\frac{dm}{dw} = \frac{dm}{de} \cdot \frac{de}{dw} = 4\,e^3 \cdot x$.
# 4. **Put the parts back.** $\frac{dm}{dw} = 4\,x\,(x\,w - y)^3$.
# 5. **Test it with numbers.** At $x = 2$, $y = 4$, $w = 0.5$ the error is $-3$, and the formula
#    gives $4 \cdot 2 \cdot (-27) = -216$. With $h = 0.001$, the quotient
#    $(m(w + h) - m(w - h)) / (2h)$ is $-216.0001$. The sign is right as well: a larger weight
#    brings the prediction nearer to 4, so the loss falls.
#
# ## What to do
#
# 1. Derive the gradient on paper.
# 2. Write `predict`, `loss` and `gradient`, and compare a few gradients with numbers that you
#    worked out.
# 3. Write `train`, and compare its record with the documented run below.
# 4. Write `train_autograd`, and compare it with `train`.
#
# Let `train` call your `gradient` and your `loss` instead of repeating their formulas: there is
# then one place for each mistake.

# %%
"""Hand gradients: train a model with one weight, first with a derivative of your own, then with
autograd.

The model is ``x * w``, the loss of a sample is its squared error, and the training is stochastic
gradient descent: one update per sample, in the order of the data. ``train`` does it in plain Python
with the gradient that you derive on paper; ``train_autograd`` repeats the run in torch, where
``backward()`` finds the gradient. Both record every gradient, every weight and one loss per epoch,
so that the two runs can be laid side by side, step by step.

No function changes the lists, arrays and tensors that it is given, or settings that belong to its
caller: it sets no seed of random numbers, and leaves ``np.seterr``, torch's default dtype and its
grad mode as they were.
"""

import torch

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# The run of the text takes the samples in the order $x = 1, 2, 3$. Suppose that it took them in the
# order $3, 2, 1$. Would the weight after one epoch be larger, smaller or the same, and why? When
# your `train` works, let it decide.

# %% [markdown]
# ## 1. `predict(x, w)`
#
# The prediction of the model: one line. It is called with plain numbers, with arrays, and in
# `train_autograd` with a weight that is a tensor; the same line serves all three.


# %%
def predict(x, w):
    """Return the model's prediction for ``x``.

    The model is a straight line through the origin: prediction = x * w.

    Args:
        x: the feature, a float, or an array or tensor of any shape.
        w: the weight, a float (or a tensor, when autograd is to follow it).

    Returns:
        The prediction, of the shape of ``x``. For a tensor ``w`` that requires a gradient it is a
        tensor on which ``backward()`` works.

    Example:
        >>> predict(4.0, 1.0)
        4.0
    """
    ### BEGIN SOLUTION
    return x * w
    ### END SOLUTION


# %% [markdown]
# ## 2. `loss(x, y, w)`
#
# The squared error of the formula above. There is no $\frac{1}{2}$ in front of it, although many
# textbooks put one there to make the derivative look tidier. With another loss, you get another
# gradient.


# %%
def loss(x, y, w):
    """Return the squared error of a sample.

    The loss is (prediction - y) squared: no factor in front, no mean, no root.

    Args:
        x: the feature, a float, or an array or tensor of any shape.
        y: the target, of the shape of ``x``.
        w: the weight, a float (or a tensor, when autograd is to follow it).

    Returns:
        The squared error, of the shape of ``x``. For a tensor ``w`` that requires a gradient it
        is a tensor on which ``backward()`` works.

    Example:
        >>> loss(3.0, 6.0, 1.0)
        9.0
    """
    ### BEGIN SOLUTION
    # Calling predict keeps the model in one place; both training loops see the same loss.
    error = predict(x, w) - y
    return error * error
    ### END SOLUTION


# %% [markdown]
# ## 3. `gradient(x, y, w)`
#
# Your derivative, written down as a formula. Please use neither autograd nor finite differences
# $(\ell(w + h) - \ell(w)) / h$ here: the second are a fine way to *test* a derivative, but they
# lose digits when the numbers get large.
#
# Derive it with the chain rule: what is the outer function, what is the inner one, and what does
# the inner one change by when $w$ changes a little? Then test it where mistakes show. At $x = 1$
# or at $w = 1$ some wrong formulas give the right number; at $x = 2$, $y = 4$, $w = 0.5$, where
# the answer is $-12$, they do not.


# %%
def gradient(x, y, w):
    """Return the derivative of ``loss(x, y, w)`` with respect to ``w``.

    Derive it on paper and write down the result: no autograd and no finite differences here.

    Args:
        x: the feature, a float, or an array or tensor of any shape.
        y: the target, of the shape of ``x``.
        w: the weight, a float.

    Returns:
        The slope of the loss at ``w``, of the shape of ``x``.

    Example:
        >>> gradient(1.0, 2.0, 1.0)
        -2.0
        >>> gradient(2.0, 4.0, 0.5)
        -12.0
    """
    ### BEGIN SOLUTION
    # Chain rule: the square gives 2 * (prediction - y), the prediction inside it gives x.
    return 2 * x * (predict(x, w) - y)
    ### END SOLUTION


# %% [markdown]
# ## 4. `train(xs, ys, w, lr, epochs)`
#
# The training loop in plain Python. It returns a record, a `dict` with three entries:
#
# | key | length | what |
# |---|---|---|
# | `gradients` | epochs * n | the gradient of each update |
# | `weights` | epochs * n | the weight **after** each update |
# | `losses` | epochs | the loss of the epoch's last sample **after** its update |
#
# Two things decide whether the numbers come out. The weight moves after *every* sample, and the
# next sample's gradient is taken at the new weight. And the loss of an epoch is not a mean over
# the epoch: it is one number, from the last sample, with the weight that this sample has just
# moved.


# %%
def train(xs, ys, w, lr, epochs):
    """Train the weight in plain Python with ``gradient``: one update per sample, in order.

    Each update is w <- w - lr * g, with g the gradient of this one sample at the current weight.

    Args:
        xs: the n features, a list, tuple or array of floats. Not changed.
        ys: the n targets, a list, tuple or array of floats. Not changed.
        w: the starting weight, a float.
        lr: the learning rate, a float.
        epochs: the number of passes over the data, an int. All are made, also when nothing moves.

    Returns:
        A dict with three lists of floats:

        - ``gradients``, length epochs * n: the gradient of each update;
        - ``weights``, length epochs * n: the weight after each update;
        - ``losses``, length epochs: the loss of the epoch's last sample **after** its update.

    Example:
        >>> record = train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.01, 10)
        >>> record["losses"][0]
        4.919240100095999
        >>> len(record["gradients"]), len(record["weights"]), len(record["losses"])
        (30, 30, 10)
    """
    ### BEGIN SOLUTION
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys, strict=True):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        # x and y still hold the last sample, and w already has its update.
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}
    ### END SOLUTION


# %% [markdown]
# ## 5. `train_autograd(xs, ys, w, lr, epochs)`
#
# The same run in torch, in float32. Make the weight a tensor that requires a gradient, compute
# the loss of a sample from it, and call `backward()` on that loss: the gradient is then in the
# weight's `grad`. The record has the same keys, with one difference that the documented run
# makes: `losses` holds the loss of the epoch's last sample **before** its update, which is the
# one that you called `backward()` on.
#
# Three facts about torch to have in mind. `backward()` *adds* to what is in `grad` already.
# Autograd records what is done with a tensor that requires a gradient, and an update is not part
# of the model. And a tensor that you put into a list is not a copy: if the weight changes in
# place, so does what you see in the list.


# %%
def train_autograd(xs, ys, w, lr, epochs):
    """Repeat the run of ``train`` in torch float32, with ``backward()`` in place of ``gradient``.

    Args:
        xs: the n features, a list, tuple or array of floats. Not changed.
        ys: the n targets, a list, tuple or array of floats. Not changed.
        w: the starting weight, a float.
        lr: the learning rate, a float.
        epochs: the number of passes over the data, an int. All are made, also when nothing moves.

    Returns:
        A dict with the keys and lengths of ``train``'s. ``gradients`` and ``weights`` mean the
        same; ``losses`` holds the loss of the epoch's last sample **before** its update.

    Example:
        >>> record = train_autograd([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.01, 10)
        >>> record["gradients"][1]
        -7.840000152587891
        >>> record["losses"][0]
        7.315943717956543
    """
    ### BEGIN SOLUTION
    # float() first: a weight that comes in as a tensor is copied, not trained in place.
    w = torch.tensor(float(w), dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys, strict=True):
            sample_loss = loss(float(x), float(y), w)
            sample_loss.backward()
            gradients.append(w.grad.item())
            # The update is not part of the model: autograd must not record it.
            with torch.no_grad():
                w -= lr * w.grad
            # backward() adds to w.grad, so each sample has to start from zero.
            w.grad.zero_()
            weights.append(w.item())
        # The forward pass of the last sample came before its update, and so did this loss.
        losses.append(sample_loss.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# The losses of the documented run fall by nearly the same factor from epoch to epoch. Why? And
# what happens to the weight within the first epoch, and over several, when the learning rate is
# 0.3 instead of 0.01? A few sentences are enough; you may compute a few numbers to support them.

# %% [markdown] tags=["answer"]
# An update with sample $x$ changes the error of the weight, $w - 2$, to $(1 - 2\,lr\,x^2)(w -
# 2)$, because the samples lie on the line $y = 2x$. With $lr = 0.01$ the three factors are 0.98,
# 0.92 and 0.82. An epoch multiplies the error by their product, 0.739, and the loss, which is
# quadratic in it, by the square of that, 0.547, each time anew.
#
# With $lr = 0.3$ the factors are 0.4, -1.4 and -4.4. The first sample still brings the weight
# nearer; the second and the third throw it to the other side of 2 and further away than it was.
# The product is 2.46, so the error grows by that factor in each epoch and the run diverges.

# %% [markdown]
# ## The documented run
#
# This is the printed run of the source tutorial, for $x = 1, 2, 3$, $y = 2, 4, 6$, $w = 1$,
# $\eta = 0.01$. The first two epochs, update by update, with the weights that go with them:
#
# | update | $x$ | $y$ | gradient by hand | weight after it | gradient by autograd (float32) |
# |---|---|---|---|---|---|
# | 1 | 1 | 2 | -2.0 | 1.02 | -2.0 |
# | 2 | 2 | 4 | -7.84 | 1.0984 | -7.840000152587891 |
# | 3 | 3 | 6 | -16.2288 | 1.260688 | -16.228801727294922 |
# | 4 | 1 | 2 | -1.478624 | 1.27547424 | -1.478623867034912 |
# | 5 | 2 | 4 | -5.796206079999999 | 1.3334363008 | -5.796205520629883 |
# | 6 | 3 | 6 | -11.998146585599997 | 1.453417766656 | -11.998146057128906 |
#
# The second gradient is $-7.84$ and not $-8$, because the first update has already moved the
# weight to 1.02. And the losses, with the same weights but recorded on different sides of the
# update:
#
# | epoch | `train`: after the update | `train_autograd`: before the update |
# |---|---|---|
# | 0 | 4.919240100095999 | 7.315943717956543 |
# | 1 | 2.688769240265834 | 3.9987640380859375 |
# | 2 | 1.4696334962911515 | 2.1856532096862793 |
# | 9 | 0.021418922423117836 | 0.03185431286692619 |
#
# After 10 epochs the weight is 1.9512, and the prediction for $x = 4$ has gone from 4.0 to
# 7.8049. The data would want 8: the run has not ended, it was stopped.
#
# ## How to check yourself
#
# Run
#
#     gradpath check hand_gradients.py
#
# in the folder with your file. It calls your functions, says how far you are, and shows the next
# thing to do; `--all` shows every check. When a run leaves the expected one, you see the first step
# where it does, with the number that was *got* and the one that was *expected*; when the numbers
# look like a well-known mistake, you get a hint. To see your run and the expected one as a
# picture, run
#
#     gradpath check --plot picture.png
#
# Your final grade also comes from checks on data that you do not see: other samples, other
# numbers of them, other starting weights and learning rates. Code that only knows the documented
# numbers does not pass those.
#
# A mistake counts once. If `gradient` is wrong but `train` does the right thing with it, `train`
# keeps its points.
#
# ## Common mistakes
#
# `gradpath check` knows these mistakes and others by their numbers, and gives a hint when your run
# looks like one of them. Read the list after your first try: some lines tell a part of the work.
#
# <!-- mistakes -->
#
# ## Where the sources slip
#
# - The source's hand-written loop says 20 epochs, but the output printed under it has 10. The
#   printed prediction of 7.8049 belongs to 10 epochs as well; after 20, the weight would be
#   1.9976.
# - Its run by hand prints the loss of the last sample *after* the update, its run with autograd
#   *before* it: 4.919 and 7.316 after the first epoch. This looks like two different trainings,
#   but the weights are the same. Here both are asked for as they were printed, so read the tables
#   above closely.
# - The gradients of the two runs differ, by 2 parts in a million at most. Nothing is wrong there:
#   one run is in float64, the other in float32.
# - The source wraps its weight in `Variable` and updates it through `.data`. Both come from early
#   versions of PyTorch; today a tensor with `requires_grad=True` and `torch.no_grad()` do the
#   same work.
#
# ## Ways that are all right
#
# - float32 or float64 in either run: the differences are far smaller than what a mistake makes;
# - Python floats, NumPy numbers or tensors in the record, in lists, tuples, arrays or tensors;
# - zeroing the gradient after the update or before the next `backward()`;
# - your own update of the weight, or one of `torch.optim`, as long as it is plain gradient
#   descent;
# - more entries in the record than the three: they are ignored.
#
# ## Exercise: a gradient check
#
# No points, and a habit for life. The central difference
#
# $$\frac{\ell(w + h) - \ell(w - h)}{2h}$$
#
# measures the slope without any derivation. Write a function that compares it with your `gradient`
# at ten random points, relative to the size of the two. Then vary $h$ from 1 down to $10^{-11}$ at
# one point:
#
# - For the squared error the difference is right at *every* large $h$. Why is that so, and why not
#   for the fourth power above, where it is off by $96\,h^2$ at the tested point?
# - At $h = 10^{-9}$ it gets worse. Which digits of the two losses are left in their difference?
# - The one-sided difference $(\ell(w + h) - \ell(w)) / h$ is off by $4h$ at this point. Where does
#   the 4 come from?
#
# ## Experiments
#
# - Train with the learning rates 0.1, 0.15, 0.2 and 0.25. At 0.1 single steps overshoot and the run
#   is fast all the same; at 0.25 it diverges. Look at the weights within one epoch.
# - Start at $w = 3$ instead of 1, and compare the gradients with those of the documented run.
# - Move one target, so that no weight fits all samples. Where does the run end up, and does it come
#   to rest?
#
# ## Further questions
#
# - The weight after each update is a number on the way from 1 to 2. Can it pass 2 with the learning
#   rate of the text?
# - Every update uses one sample. Which single step with all three samples would do about the same?
# - `backward()` adds to `grad`. Find a training in which that is useful.
#
# ## Sources
#
# - yuquanle, a tutorial in Chinese on a line through the origin, 2018: the numbers, the formula
#   and both printed runs.
# - H. Robbins, S. Monro, "A stochastic approximation method", 1951: steps from single samples.
#
# The next assignment is [`rosenbrock`](../rosenbrock/README.md), with two variables and a valley
# that is hard to walk.
