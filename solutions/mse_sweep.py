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
# # MSE sweep: how the loss depends on one weight
#
# > **Goals.** When you are through, you can
# >
# > - write a model, its loss and the mean of the loss over any number of samples;
# > - say why the mean squared error of this model is a parabola in the weight;
# > - make a grid of numbers without losing its end, and find the best weight on it;
# > - read a slope off a curve, which is the idea behind the next assignment.
# >
# > **Before you begin** you need functions, lists and loops in Python, and arrays of NumPy.
# >
# > **Time:** about two hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# Training a model means looking for the weights with the smallest loss. Before you let an
# algorithm look for them, it helps to see the landscape that it walks on. With a single weight
# you can: the loss is then a curve over one axis, and a program can simply try every weight on a
# grid.
#
# That is what you do here, with the smallest model there is. You will find the best weight by
# looking, and you will also see why nobody trains that way: 41 tries are enough for one weight,
# but a grid over ten weights would need $41^{10}$ of them. The next assignment, `hand_gradients`,
# replaces the grid by a step downhill.
#
# ## The formula
#
# The model is a straight line through the origin, $\hat y = x\,w$. The loss of one sample is its
# squared error, and the loss of a weight is the mean of these over all $n$ samples, the *mean
# squared error*:
#
# $$\ell_i(w) = (x_i\,w - y_i)^2, \qquad \mathrm{MSE}(w) = \frac{1}{n} \sum_{i=1}^{n} \ell_i(w)$$
#
# Model, loss and data are those of the source tutorial on gradient descent in PyTorch. The data
# are three samples, and they lie exactly on a line:
#
# | sample | $x$ | $y$ |
# |---|---|---|
# | 1 | 1.0 | 2.0 |
# | 2 | 2.0 | 4.0 |
# | 3 | 3.0 | 6.0 |
#
# ![The mean squared error over the weights 0 to 4: a parabola](figures/loss_over_w.png)
#
# *The loss over the weight: it starts at 18.67, falls to zero at $w = 2$, where the minimum is
# marked, and rises to 18.67 again at $w = 4$.*
#
# ## The graph
#
# From the weight to the loss it takes four steps. Each sample goes through the first three of them,
# and the mean joins the samples:
#
#     x_i ---+
#            v    x_i w           error           its square
#     w --> (*) --------> ( - ) --------> ( ^2 ) ------------> ( mean ) ----> MSE(w)
#                           ^                                     ^
#     y_i ------------------+               the other samples ----+
#
# Only $w$ is free: features and targets are given. So the loss is a function of one number, and the
# grid looks at 41 of its values.
#
# ## What to do
#
# Write the functions in the order in which they stand in the file: `forward`, `loss` and
# `mean_squared_error` give you the loss of one weight; `weight_grid` and `sweep` give you the
# loss of many; `best_weight` and `plot_sweep` look at the result. Each one is a line or a few,
# and the later ones are easier when they call the earlier ones. You need NumPy and matplotlib,
# and no torch.
#
# The three samples above are an example, not part of the task: your functions get the data as
# arguments, and must work for any number of samples.

# %%
"""MSE sweep: try many weights for a model with one weight, and see how the loss depends on it.

The model is ``x * w``. For each weight of a fixed grid you compute the mean squared error over all
samples; then you pick the weight with the smallest one, and draw the curve. There is no training
yet, and no gradient: this is the picture that gradient descent will later walk on.

No function changes the lists and arrays that it is given, or settings that belong to its caller:
it sets no seed of random numbers, and leaves ``np.seterr`` alone.
"""

import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# Without computing all of it: at which of the two weights 1.0 and 3.5 is the mean squared error of
# the three samples larger, and about how many times as large as at the other one? Why?

# %% [markdown]
# ## 1. `forward(x, w)`
#
# The prediction of the model. It gets plain numbers or arrays, and if you write the formula as it
# stands above, the same line serves both.


# %%
def forward(x, w):
    """Return the model's prediction for ``x``.

    The model is a straight line through the origin: prediction = x * w.

    Args:
        x: the feature, a float or an array.
        w: the weight, a float or an array that broadcasts with ``x``.

    Returns:
        The prediction: a float for floats, else an array of the broadcast shape.

    Example:
        >>> forward(3.0, 0.5)
        1.5
    """
    ### BEGIN SOLUTION
    return x * w
    ### END SOLUTION


# %% [markdown]
# ## 2. `loss(x, y, w)`
#
# The squared error, one for each sample: arrays of shape `(n,)` go in and an array of shape
# `(n,)` comes out. The mean comes later. Call `forward` rather than writing the model down a
# second time; then there is one place to change it.


# %%
def loss(x, y, w):
    """Return the squared error of each sample.

    The loss of a sample is (prediction - y) squared. There is no mean here: a loss for each sample.

    Args:
        x: the feature, a float or an array of shape (n,).
        y: the target, of the shape of ``x``.
        w: the weight, a float.

    Returns:
        The squared error of each sample, of the shape of ``x``.

    Example:
        >>> loss(3.0, 6.0, 0.0)
        36.0
    """
    ### BEGIN SOLUTION
    error = forward(x, w) - y
    return error * error
    ### END SOLUTION


# %% [markdown]
# ## 3. `mean_squared_error(xs, ys, w)`
#
# One number for one weight. Two questions to ask your code: does it still work when there are
# five samples instead of three? And does calling it twice give the same answer twice?


# %%
def mean_squared_error(xs, ys, w):
    """Return the mean of the squared errors over all samples.

    Args:
        xs: the n features, a list, a tuple or an array of shape (n,); n is any number from 1 up.
        ys: the n targets, as ``xs``.
        w: the weight, a float.

    Returns:
        The mean squared error, a float.

    Example:
        >>> mean_squared_error([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 0.5)
        10.5
    """
    ### BEGIN SOLUTION
    # Lists become arrays, so that one call of loss does all samples.
    errors = loss(np.asarray(xs, dtype=float), np.asarray(ys, dtype=float), w)
    return float(np.mean(errors))
    ### END SOLUTION


# %% [markdown]
# ## 4. `weight_grid()`
#
# The 41 weights 0.0, 0.1, ... 4.0. Both ends belong to the grid. The functions that NumPy has for
# this differ in two ways: whether they want the step or the number of points, and whether they
# include the end. Look at the length, the first and the last weight of what you get.


# %%
def weight_grid():
    """Return the weights to try: 0.0, 0.1, 0.2, and so on up to 4.0, both ends included.

    Returns:
        An array of shape (41,), float64.

    Example:
        >>> len(weight_grid())
        41
    """
    ### BEGIN SOLUTION
    # arange leaves its end out, so the end lies one step behind the last weight.
    return np.arange(0.0, 4.1, 0.1)
    ### END SOLUTION


# %% [markdown]
# ## 5. `sweep(xs, ys, weights)`
#
# The mean squared error at each weight, in the order of the weights. The weights are an argument,
# so the function must work for any grid, not only for yours.


# %%
def sweep(xs, ys, weights):
    """Return the mean squared error at each weight.

    Args:
        xs: the n features, a list, a tuple or an array of shape (n,).
        ys: the n targets, as ``xs``.
        weights: the weights to try, a list, a tuple or an array of any length from 1 up.

    Returns:
        An array of shape (len(weights),), float64: one mean squared error per weight, in order.

    Example:
        >>> sweep([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, 2.0]).tolist()
        [10.5, 0.0]
    """
    ### BEGIN SOLUTION
    return np.array([mean_squared_error(xs, ys, w) for w in weights], dtype=float)
    ### END SOLUTION


# %% [markdown]
# ## 6. `best_weight(weights, losses)`
#
# The weight with the smallest loss. Three numbers are close by and easy to mix up: the weight
# (2.0 in the documented run), its position in the grid (20) and its loss (0.0). When two weights
# share the smallest loss, the first one counts.


# %%
def best_weight(weights, losses):
    """Return the weight with the smallest loss; on a tie, the first one.

    Args:
        weights: the weights that were tried, a list, a tuple or an array of shape (m,).
        losses: the loss at each weight, any numbers, as many as ``weights``.

    Returns:
        The weight itself, a float: neither its position nor its loss.

    Example:
        >>> best_weight([1.0, 2.0, 3.0], [4.0, 0.5, 4.0])
        2.0
    """
    ### BEGIN SOLUTION
    # argmin returns the first position when several losses are equally small.
    return float(weights[int(np.argmin(losses))])
    ### END SOLUTION


# %% [markdown]
# ## 7. `plot_sweep(weights, losses)`
#
# The picture above, without the mark: the losses over the weights, with the axis labels `w` and
# `Loss` spelled exactly so, on a figure that this call makes. Return the `Axes`, so that the caller
# can go on drawing in it, and leave showing the picture to the caller too.


# %%
def plot_sweep(weights, losses):
    """Draw the loss over the weight, on a new figure of its own.

    A figure that is there already, of the caller or of an earlier call, stays as it is.
    The x axis is labelled ``w`` and the y axis ``Loss``. Do not call ``plt.show()``: whoever calls
    the function decides whether the picture is shown, saved or looked at by a program.

    Args:
        weights: the weights that were tried, a list, a tuple or an array of shape (m,).
        losses: the loss at each weight, any numbers, as many as ``weights``.

    Returns:
        The matplotlib ``Axes`` that holds the curve.

    Example:
        >>> ax = plot_sweep([1.0, 2.0, 3.0], [4.0, 0.5, 4.0])
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('w', 'Loss')
    """
    ### BEGIN SOLUTION
    # A figure of its own: drawing with plt.plot would add to whatever was drawn before.
    _, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# Look at the curve that `plot_sweep` draws for the three samples. Why does it have the shape of a
# parabola, and why does it touch zero? Say also what would change, and what would stay, if the
# second target were 5.0 instead of 4.0. A few sentences are enough.

# %% [markdown] tags=["answer"]
# The squared error of a sample is a square of $x_i w - y_i$, which is linear in $w$. So each
# sample gives a parabola in $w$ that opens upwards, and a mean of such parabolas is one as well.
# Its curvature, $2 \cdot \frac{1}{n} \sum x_i^2 = 28/3$, depends on the features alone.
#
# It touches zero because the samples lie exactly on the line $y = 2x$: at $w = 2$ every error is
# zero at the same time. With a second target of 5.0 no weight makes all three errors zero. The
# curve is still a parabola, just as steep, but its lowest point lies above zero and moves to $w =
# \sum x_i y_i / \sum x_i^2 = 30/14$, about 2.14.

# %% [markdown]
# ## The documented run
#
# These are the first lines of the printed run of the source tutorial. Your `sweep` gives the
# numbers in the right-hand column.
#
# | weight | printed MSE | the same number in full |
# |---|---|---|
# | 0.0 | 18.6666666667 | 18.666666666666668 |
# | 0.1 | 16.8466666667 | 16.846666666666668 |
# | 0.2 | 15.12 | 15.120000000000003 |
# | 0.3 | 13.4866666667 | 13.486666666666665 |
# | 0.4 | 11.9466666667 | 11.946666666666667 |
# | 0.5 | 10.5 | 10.5 |
# | 0.6 | 9.14666666667 | 9.146666666666663 |
#
# Your last digit may be another one, depending on the order in which you add and multiply. The
# smallest loss is 0.0, at weight 2.0, and the curve is symmetric about it: at 1.9 and at 2.1 the
# loss is 0.0467, and at 4.0 it is 18.67, as at 0.0.
#
# ## How to check yourself
#
# Run
#
#     gradpath check mse_sweep.py
#
# in the folder with your file. It calls your functions, says how far you are, and shows the next
# thing to do; `--all` shows every check. When a sequence of numbers leaves the expected one, you
# see the first place where it does, with the number that was *got* and the one that was
# *expected*; when the numbers look like a well-known mistake, you get a hint. To see your numbers
# and the expected ones as a picture, run
#
#     gradpath check --plot picture.png
#
# Your final grade also comes from checks on data that you do not see: other samples, other
# numbers of them, other grids. Code that only knows the documented numbers does not pass those.
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
# - The run was printed by Python 2, which shows floating-point numbers with 12 significant
#   digits. The printed 15.12 stands for 15.120000000000003: the arithmetic has not changed, only
#   the printing has.
# - For the same reason the source shows a weight of 0.3 where its loop used 0.30000000000000004.
#   Counting in steps of 0.1 in binary floating point carries such rounding: 15 of the 41 weights
#   are a last digit off the decimal that you would write. Never ask whether a weight `== 0.3`.
# - The source lists only the first seven of its 41 lines. The other 34 are not missing from your
#   task.
# - The source divides by the number 3. That is right for its three samples, and for no other
#   data.
#
# ## Ways that are all right
#
# - a loop over the samples or the weights, or one array expression;
# - weights made by steps of 0.1, as 41 evenly spaced points, or by dividing whole numbers:
#   differences in the last digits do not count;
# - Python floats, NumPy numbers, lists, tuples or arrays as results;
# - float64 or float32;
# - any look of the curve: colour, markers, title, grid lines and size are yours.
#
# ## Exercise: slopes from the grid
#
# No points, and the bridge to the next assignment. The slope of the curve at an inner weight of the
# grid is nearly that of the line through its two neighbours, one step $h$ to each side:
#
# $$\frac{\mathrm{MSE}(w + h) - \mathrm{MSE}(w - h)}{2h}$$
#
# At $w = 0.5$ with $h = 0.1$ these are $(9.1467 - 11.9467) / 0.2 = -14.0$. Compute the slope at all
# 39 inner weights from your `sweep`. Where is it 0, and by how much does it grow from one weight to
# the next? Then derive the slope of $(x_i\,w - y_i)^2$ on paper, take the mean over the samples,
# and compare. For a parabola the two agree but for rounding, however large $h$ is.
#
# ## Experiments
#
# - Add a fourth sample $(4, 0)$, far from the line. How far does the best weight move? Repeat it
#   with the absolute error instead of the square.
# - Give the model a second parameter, $\hat y = x\,w + b$, and try 41 values of each. How many
#   losses are that, and how long does it take? With ten parameters?
# - Make the grid ten times as fine, and ten times as coarse. Which digits of the best weight
#   change?
#
# ## Further questions
#
# - The loss is the same at $w = 1.9$ and at $w = 2.1$. Is that so for any data?
# - The best weight of the grid need not be the best weight of all. How far apart can the two be?
# - Which part of the picture would you need to see in order to walk downhill in the dark?
#
# ## Sources
#
# - yuquanle, a tutorial in Chinese on a line through the origin, 2018: the numbers, the formula
#   and the printed run.
#
# The next assignment is [`hand_gradients`](../hand_gradients/README.md), where one step downhill
# takes the place of the grid.
