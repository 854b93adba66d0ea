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
# # Rosenbrock: descent in a curved valley
#
# > **Goals.** When you are through, you can
# >
# > - derive partial derivatives of a function in which a variable stands in two places;
# > - write a descent that stops by itself, and say which point each recorded number belongs to;
# > - explain why a valley that is steep across and flat along makes gradient descent slow;
# > - tell a right gradient from a wrong one that also reaches the minimum.
# >
# > **Before you begin** you need partial derivatives, NumPy arrays, and the training loops of
# > `hand_gradients`.
# >
# > **Time:** about three hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# With one weight and a parabola, gradient descent cannot go far wrong. Real loss functions are
# less kind: they are steep in some directions and nearly flat in others, and the flat one is
# where the minimum is. The Rosenbrock function is the classic small example. It has two
# variables, so that you can draw it, and a single minimum, which you can read off the formula.
# Gradient descent finds the valley within a few steps, and then needs thousands of them to follow
# its floor.
#
# You will derive the two partial derivatives, write the descent in NumPy, and write it again with
# autograd. On the way you will see that "the loss goes down" says little about whether a gradient
# is right: some wrong gradients reach the end of this valley *sooner* than the right one.
#
# ## The formula
#
# $$f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2$$
#
# Both terms are squares, so $f$ is never negative, and it is 0 only where both vanish: at
# $(1, 1)$. The second term is the valley. It is zero along the parabola $y = x^2$, and its factor
# of 100 makes the walls steep: at the minimum, $f$ curves about 2500 times more strongly across
# the valley than along it.
#
# Gradient descent moves the point against the gradient, by a step size $\eta$:
#
# $$(x, y) \leftarrow (x, y) - \eta\,g, \qquad
# g = \left( \frac{\partial f}{\partial x}, \frac{\partial f}{\partial y} \right)$$
#
# The two partial derivatives are for you to find. Function, start $(0, 0)$, step size $0.001$,
# and the rule to stop once $f \le 0.001$ are those of the source article, a set of exercise notes
# on gradient descent in NumPy and PyTorch that prints its run.
#
# ![Contours of the Rosenbrock valley with the path of the descent](figures/valley.png)
#
# *The contours of $f$ show a narrow valley, bent along the parabola $y = x^2$. The path starts at
# the origin, follows the floor of the valley to the right and upwards, and ends shortly before
# the minimum at $(1, 1)$.*
#
# ## The graph
#
# The variable $x$ has two ways to $f$, and the gradient collects what comes back on both of them:
#
#     x --+--> ( 1 - x ) ------------------> ( ^2 ) ------------------+
#         |                                                           v
#         +--> ( ^2 ) --+                                           ( + ) --> f
#                       v                                             ^
#     y ------------> ( - ) --> y - x^2 --> ( ^2 ) --> ( * 100 ) -----+
#
# ## A derivation to follow
#
# Another function of the same build, so that the two derivatives of $f$ are still yours:
#
# $$h(x, y) = (3 + x)^2 + 2\,(y - x^3)^2$$
#
# 1. **One term at a time.** A derivative of a sum is the sum of the derivatives.
# 2. **First term.** The outer square gives $2\,(3 + x)$, and the inner function $3 + x$ gives 1 by
#    $x$ and 0 by $y$.
# 3. **Second term by $x$.** The outer square gives $2 \cdot 2\,(y - x^3)$. The inner function
#    $y - x^3$ gives $-3x^2$ by $x$: with the minus, and with a power less. Together
#    $-12\,x^2\,(y - x^3)$.
# 4. **Second term by $y$.** The same outer derivative, and 1 from the inner function:
#    $4\,(y - x^3)$.
# 5. **Collect.** $\frac{\partial h}{\partial x} = 2\,(3 + x) - 12\,x^2\,(y - x^3)$ and
#    $\frac{\partial h}{\partial y} = 4\,(y - x^3)$.
# 6. **Test it away from zeros.** At $(1, 2)$ this is $(8 - 12,\ 4) = (-4, 4)$, and central
#    differences with a step of $0.001$ give $-4.0000$ and $4.0000$.
#
# ## What to do
#
# 1. Derive both partial derivatives on paper.
# 2. Write `rosenbrock` and `gradient`, and compare a few values with numbers that you worked out.
# 3. Write `descend`, and compare its last lines with the documented run below.
# 4. Write `descend_autograd`, and compare it with `descend` step by step.

# %%
"""Rosenbrock: gradient descent in a curved valley, with a gradient of your own and with autograd.

The Rosenbrock function f(x, y) = (1 - x)^2 + 100 (y - x^2)^2 has its minimum, 0, at (1, 1), at the
end of a long, bent and almost flat valley. ``descend`` walks down in NumPy with the partial
derivatives that you derive on paper, ``descend_autograd`` does the same walk with torch. Both
record the point and the loss after every update, until the loss is small enough or the updates are
used up.

No function changes the arrays and tensors that it is given, or settings that belong to its caller:
it sets no seed of random numbers, and leaves ``np.seterr``, torch's default dtype and its grad mode
as they were.
"""

import numpy as np
import torch

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# At the start $(0, 0)$ of the text $f$ is 1. At another start, $(1, 0)$, it is 100. With the same
# step size and tolerance, which of the two descents makes more updates, and why? The picture above
# may help; your `descend` will tell.

# %% [markdown]
# ## 1. `rosenbrock(x, y)`
#
# The formula above. Test it away from the minimum: at $(1, 1)$ many a misprint gives 0, too. At
# $(2, 3)$ the value is 101.


# %%
def rosenbrock(x, y):
    """Return f(x, y) = (1 - x)^2 + 100 (y - x^2)^2.

    Args:
        x: first coordinate, a float, or an array or tensor of any shape.
        y: second coordinate, of the shape of ``x``.

    Returns:
        The value of the function, of the shape of ``x``. For tensors that require a gradient it is
        a tensor on which ``backward()`` works.

    Example:
        >>> rosenbrock(0.0, 0.0)
        1.0
        >>> rosenbrock(1.0, 1.0)
        0.0
        >>> rosenbrock(2.0, 3.0)
        101.0
    """
    ### BEGIN SOLUTION
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2
    ### END SOLUTION


# %% [markdown]
# ## 2. `gradient(x, y)`
#
# The pair $(\partial f / \partial x,\ \partial f / \partial y)$, in this order, as a formula: no
# autograd and no finite differences. The variable $x$ stands in two places, and in one of them it
# is inside a square that is inside another square, so count your factors and your signs. Test
# away from the minimum again, where every component is zero: at $(2, 3)$ the answer is
# $(802, -200)$.


# %%
def gradient(x, y):
    """Return the two partial derivatives of ``rosenbrock`` at (x, y).

    Derive them on paper and write down the result: no autograd and no finite differences here.

    Args:
        x: first coordinate, a float, or an array of any shape.
        y: second coordinate, of the shape of ``x``.

    Returns:
        The pair (df/dx, df/dy), each of the shape of ``x``.

    Example:
        >>> gradient(0.0, 0.0)
        (-2.0, 0.0)
        >>> gradient(2.0, 3.0)
        (802.0, -200.0)
    """
    ### BEGIN SOLUTION
    # x enters twice: through (1 - x), and through x^2, whose inner derivative gives the factor -2x.
    df_dx = -2 * (1 - x) - 400 * x * (y - x**2)
    df_dy = 200 * (y - x**2)
    return df_dx, df_dy
    ### END SOLUTION


# %% [markdown]
# ## 3. `descend(start, step_size, tolerance, max_iterations)`
#
# The descent in NumPy. It returns a record, a `dict` with three entries:
#
# | key | shape | what |
# |---|---|---|
# | `points` | (iterations, 2) | the point **after** each update |
# | `losses` | (iterations,) | $f$ **after** each update |
# | `iterations` | a whole number | how many updates were made |
#
# Four things to look out for:
#
# - *One* gradient for both coordinates. When you update $y$, the gradient still belongs to the
#   old $x$.
# - The descent stops once $f$ is less than or equal to `tolerance`, and after `max_iterations`
#   updates at the latest. The update that gets there belongs to the record.
# - `start` may be a pair of whole numbers. Your point has to be able to move by 0.001 all the
#   same.
# - The history needs a copy of each point. An array that you change in place and append again and
#   again gives you the last point, thousands of times.


# %%
def descend(start, step_size, tolerance, max_iterations):
    """Walk downhill from ``start`` in NumPy with ``gradient``, and record the way.

    Each update is (x, y) <- (x, y) - step_size * g, with g the gradient at the old point: both
    coordinates move by the same gradient. The walk stops once the loss f is less than or equal to
    ``tolerance``, or after ``max_iterations`` updates, whichever comes first, and for no other
    reason; from a start that is already good enough it makes no update.

    Args:
        start: the first point, a pair of numbers (integers are allowed) as a tuple, list or array.
            Not changed.
        step_size: the factor in front of the gradient, a float.
        tolerance: the loss that is small enough, a float; below 0, no loss is.
        max_iterations: the largest number of updates, an int.

    Returns:
        A dict with

        - ``points``, shape (iterations, 2): the point after each update;
        - ``losses``, shape (iterations,): the loss after each update;
        - ``iterations``: the number of updates made, an int.

    Example:
        >>> record = descend((0.0, 0.0), 0.001, 0.001, 100000)
        >>> record["iterations"]
        5771
        >>> float(record["losses"][-1])
        0.0009999075991282626
    """
    ### BEGIN SOLUTION
    # The documented run stores the point and the gradient in float32, but was made with NumPy 1,
    # where a float32 scalar combined with a Python number gives float64: every expression was
    # evaluated in float64 and rounded only when stored. NumPy 2 keeps such expressions in float32,
    # so to get the same bits under either version the way to float64 is written out: float(...).
    point = np.array(start, dtype=np.float32)  # a copy, and floating point whatever start was
    value = rosenbrock(float(point[0]), float(point[1]))
    points, losses = [], []
    # "not <=" instead of ">": a walk that has run off to NaN is not there yet.
    while len(losses) < max_iterations and not value <= tolerance:
        # One gradient at the old point for both coordinates.
        slope = np.array(gradient(float(point[0]), float(point[1])), dtype=np.float32)
        x = float(point[0]) - step_size * float(slope[0])
        y = float(point[1]) - step_size * float(slope[1])
        # A new array each time, so that the history does not hold one array again and again.
        point = np.array([x, y], dtype=np.float32)
        value = rosenbrock(float(point[0]), float(point[1]))
        points.append(point)
        losses.append(value)
    return {
        "points": np.array(points, dtype=np.float32).reshape(-1, 2),  # (0, 2) without updates
        "losses": np.array(losses, dtype=np.float64),
        "iterations": len(losses),
    }
    ### END SOLUTION


# %% [markdown]
# ## 4. `descend_autograd(start, step_size, tolerance, max_iterations)`
#
# The same walk in torch float64: let the point be a tensor that requires a gradient, call
# `rosenbrock` on its two components, and let `backward()` find the gradient. The record is the
# same. Remember that `backward()` adds to the gradient that is there already, and that the update
# itself must stay out of the graph.
#
# If the two walks part at the first step, look at your `gradient`. If they part at the second,
# look at what was left over from the first.


# %%
def descend_autograd(start, step_size, tolerance, max_iterations):
    """Walk downhill as ``descend`` does, in torch float64, with the gradient from ``backward()``.

    Args:
        start: the first point, a pair of numbers (integers are allowed) as a tuple, list or array.
            Not changed.
        step_size: the factor in front of the gradient, a float.
        tolerance: the loss that is small enough, a float; below 0, no loss is.
        max_iterations: the largest number of updates, an int.

    Returns:
        A dict with the keys, shapes and meaning of ``descend``'s.

    Example:
        >>> record = descend_autograd((0.0, 0.0), 0.001, 0.001, 100000)
        >>> record["iterations"]
        5771
    """
    ### BEGIN SOLUTION
    # Plain numbers first: a tensor that comes in is copied, not walked in place.
    point = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    value = rosenbrock(point[0], point[1])
    points, losses = [], []
    while len(losses) < max_iterations and not value.item() <= tolerance:
        # backward() fills point.grad for both coordinates from the same, old point.
        value.backward()
        # The update is not part of the function: autograd must not record it.
        with torch.no_grad():
            point -= step_size * point.grad
        # backward() adds to point.grad, so each step has to start from zero.
        point.grad.zero_()
        # One forward pass does two jobs: the loss after this update, and the next graph.
        value = rosenbrock(point[0], point[1])
        # clone: point itself goes on moving in place.
        points.append(point.detach().clone().numpy())
        losses.append(value.item())
    return {
        "points": np.array(points, dtype=np.float64).reshape(-1, 2),  # (0, 2) without updates
        "losses": np.array(losses, dtype=np.float64),
        "iterations": len(losses),
    }
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# The documented run needs 5771 updates, and most of them hardly change the loss. Why does the
# loss fall fast at first and then so slowly? And why does a step size of 0.01 not make the run
# ten times as fast? A few sentences are enough; look at the formula, or at the path in the
# picture.

# %% [markdown] tags=["answer"]
# The function is a curved valley with steep walls and a nearly flat floor. The term $100\,(y -
# x^2)^2$ makes the gradient large across the valley, so the first steps go down the wall quickly.
# On the floor only $(1 - x)^2$ is left: the gradient along the valley is small, and so are the
# steps.
#
# How large a step may be is decided by the steep direction. At the minimum the curvatures, which
# are the eigenvalues of the matrix of second derivatives, are about 1002 across the valley and
# 0.4 along it. A step size above $2 / 1002$, about 0.002, overshoots the floor by more than it
# was away from it, and the run diverges or jumps between the walls. So 0.01 is no faster: it does
# not converge.

# %% [markdown]
# ## The documented run
#
# The start is $(0, 0)$, the step size 0.001, the tolerance 0.001, and 100000 updates would be
# allowed. The source prints only the end of its run, the last 12 losses and the final point. The
# rows marked with a star are in that output; the others are from a run that ends in the same 12
# numbers.
#
# | update | $x$ | $y$ | loss after it |
# |---|---|---|---|
# | 1 | 0.0020 | 0.0000 | 0.9960 |
# | 10 | 0.0198 | 0.0002 | 0.9608 |
# | 100 | 0.1751 | 0.0281 | 0.6811 |
# | 1000 | 0.6739 | 0.4526 | 0.1066 |
# | 3000 | 0.8926 | 0.7962 | 0.01156 |
# | 5000 | 0.9562 | 0.9141 | 0.001924 |
# | 5760 * | | | 0.0010091979556820377 |
# | 5761 * | | | 0.0010083502093514948 |
# | 5770 * | | | 0.0010007493696895125 |
# | 5771 * | 0.96840495 | 0.9376793 | 0.0009999075991282626 |
#
# The descent needs 5771 updates, and where it stops, the point is still 0.03 and 0.06 away from
# the minimum: on a floor this flat, a small loss does not mean a small distance.
#
# ![The loss after each of the 5771 updates, on a logarithmic axis](figures/losses.png)
#
# *The loss falls from 1 to 0.001 in 5771 updates; on the logarithmic axis the second half of the
# way is almost a straight line.*
#
# The documented run keeps its point and its gradient in float32, but evaluates every formula in
# float64, as NumPy did at the time when a float32 number met a Python number. Do not try to match
# every digit:
#
# | arithmetic | updates | last loss | final point |
# |---|---|---|---|
# | as documented | 5771 | 0.0009999076 | (0.96840495, 0.9376793) |
# | float32 throughout | 5771 | 0.0009999117 | (0.9684049, 0.9376792) |
# | float64 throughout | 5771 | 0.0009998579 | (0.96840573, 0.93768081) |
#
# All three are right.
#
# ## How to check yourself
#
# Run
#
#     gradpath check rosenbrock.py
#
# in the folder with your file. It calls your functions, says how far you are, and shows the next
# thing to do; `--all` shows every check. When a walk leaves the expected one, you see the first
# step where it does, with the number that was *got* and the one that was *expected*; when the
# numbers look like a well-known mistake, you get a hint. To see your walk and the expected one as
# a picture, run
#
#     gradpath check --plot picture.png
#
# Your final grade also comes from checks on data that you do not see: other starting points, step
# sizes and tolerances. Code that only knows the documented numbers does not pass those.
#
# A mistake counts once. If `gradient` is wrong but `descend` does the right thing with it,
# `descend` keeps its points.
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
# - One source prints the formula with $y - x_2$, a subscript, where $y - x^2$ is meant. Its
#   partial derivatives and its code have the square.
# - The source numbers its output from 0: the line with number 5770 is the 5771st update.
#   `iterations` counts updates, so it is 5771.
# - The same code, run today, prints slightly different losses from the sixth digit or so on,
#   because NumPy 2 no longer evaluates float32 numbers in float64. That is the second row of the
#   table above.
#
# ## Ways that are all right
#
# - float32 or float64, in either function;
# - two coordinates one by one, or the point as an array, as long as both use the same gradient;
# - lists, tuples, arrays or tensors in the record;
# - zeroing the gradient after the update or before the next `backward()`;
# - a `for` loop with a `break`, or a `while` loop with two conditions;
# - more entries in the record than the three: they are ignored.
#
# ## Exercise: a gradient check
#
# No points. Compare both components of your `gradient` with central differences,
#
# $$\frac{f(x + h, y) - f(x - h, y)}{2h} \quad \text{and} \quad
# \frac{f(x, y + h) - f(x, y - h)}{2h},$$
#
# at $(2, 3)$ for $h = 0.1, 0.01, \dots, 10^{-10}$, and draw both errors over $h$ on logarithmic
# axes. The quotient by $x$ comes closer to 802 with $h^2$ at first: $810$, $802.08$, $802.0008$.
# Why is the one by $y$ right from the beginning? And why do both errors grow below $10^{-6}$?
#
# ## Experiments
#
# - Try the step sizes 0.0005, 0.0015, 0.002 and 0.0025. Twice the step needs half of the updates,
#   until it suddenly does not end at all.
# - Leave the 2 of the inner derivative out on purpose. How many updates does the descent need, and
#   where does it walk? A loss that falls proves nothing about a gradient.
# - Replace the factor 100 by 10 and by 1000. How does the number of updates change?
#
# ## Further questions
#
# - Along the floor $y = x^2$, which part of the gradient is left?
# - Near the minimum the loss shrinks by the same factor in each update. Read the factor off the
#   last losses. Which property of $f$ decides it?
# - A method that knew the curvatures could take a longer step along the floor than across it. The
#   assignment `optimizers` has rules that try.
#
# ## Sources
#
# - Exercise notes in Chinese of a Datawhale course about descent and regression, with and without
#   torch; they name neither author nor year, and give an article of pengjian444 as the origin of
#   the run.
# - H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function",
#   1960: the function.
#
# The next assignment is [`linear_regression`](../linear_regression/README.md), with matrices in
# place of single numbers.
