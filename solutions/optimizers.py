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
# # Optimizers: five rules on the same gradients
#
# > **Goals.** When you are through, you can
# >
# > - write the five rules that most networks are trained with, and name the numbers that each of
# >   them remembers;
# > - explain why Adagrad gets slower and slower, and which error Adam's bias correction corrects;
# > - explain the purpose of an `eps` of $10^{-8}$, and where it has to stand;
# > - compare rules in a fair way, and distrust a comparison at a single learning rate.
# >
# > **Before you begin** you need loops, NumPy arrays, and gradient descent as in `hand_gradients`;
# > no torch.
# >
# > **Time:** two to three hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# `optimizer.step()` is one line, and which optimizer stands behind it decides where the weights go.
# `SGD` walks straight down the gradient. Momentum remembers the way that it came. Adagrad, RMSprop
# and Adam give each weight a step length of its own, measured by the gradients that this weight has
# seen. None of them is longer than a few lines, and you will write all five in NumPy.
#
# You will also see that the best known rule is not the fastest one everywhere.
#
# ## The formulas
#
# The gradient of step $t = 1, 2, \dots$ is $g_t$, a vector with one entry for each weight, and
# $\eta$ is the learning rate `lr`. Squares, roots and quotients of vectors are taken entry by
# entry. Everything that a rule remembers is 0 before the first step.
#
# - `sgd` remembers nothing:
#
#   $$w \leftarrow w - \eta\,g_t$$
#
# - `momentum` keeps a velocity:
#
#   $$u_t = \mu\,u_{t-1} + g_t, \qquad w \leftarrow w - \eta\,u_t$$
#
# - `adagrad` keeps the sum of all squares:
#
#   $$s_t = s_{t-1} + g_t^2, \qquad w \leftarrow w - \eta\,\frac{g_t}{\sqrt{s_t} + \varepsilon}$$
#
# - `rmsprop` keeps a running mean of the squares:
#
#   $$s_t = \rho\,s_{t-1} + (1 - \rho)\,g_t^2, \qquad
#   w \leftarrow w - \eta\,\frac{g_t}{\sqrt{s_t} + \varepsilon}$$
#
# - `adam` keeps two means, of the gradients and of their squares:
#
#   $$m_t = \beta_1 m_{t-1} + (1 - \beta_1)\,g_t, \qquad
#   v_t = \beta_2 v_{t-1} + (1 - \beta_2)\,g_t^2$$
#
#   $$w \leftarrow w - \eta\,\frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon}$$
#
# The hats of Adam are the *bias correction*. Both averages begin at 0 and are too small at first;
# dividing by the sum of their weights so far makes up for it:
#
# $$\hat m_t = \frac{m_t}{1 - \beta_1^t}, \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t}$$
#
# These are the rules of `torch.optim` with its default arguments. They go back to B. T. Polyak
# (momentum, 1964), Duchi, Hazan and Singer (Adagrad, 2011), Tieleman and Hinton (RMSprop, 2012)
# and Kingma and Ba (Adam, 2014). The source article, a chapter on backpropagation in PyTorch, names
# SGD, Adam, RMSprop and Adagrad and prints no run of them.
#
# ![Five paths from the same start over the contours of a bowl](figures/five_paths.png)
#
# *The first 40 steps of each rule from $(2, 0.5)$ with the learning rate 0.06, over the contours of
# $f(x, y) = x^2/2 + 10 y^2$. The star is the minimum.*
#
# ## The graph
#
# One step of a rule with a state, such as Adagrad, as a picture. The state is the only thing that
# goes from one step to the next beside the weights:
#
#     g_t ---+-------------------------------+
#            v                               v
#          ( square ) ---> ( + ) --- s_t --> ( step ) ---> ( - ) ---> w_t
#                            ^                               ^
#     s_(t-1) ---------------+              w_(t-1) ---------+
#
# ## A derivation to follow
#
# Where does Adam's correction come from? Write the running mean out, beginning with $m_0 = 0$.
#
# 1. **Two steps.** $m_1 = (1 - \beta)\,g_1$, and then $m_2 = \beta m_1 + (1 - \beta)\,g_2$, which
#    is $(1 - \beta)(\beta\,g_1 + g_2)$.
# 2. **All steps.** $m_t = (1 - \beta) \sum_{k=1}^{t} \beta^{t-k} g_k$: a weighted sum, in which the
#    latest gradient counts most.
# 3. **Add up the weights.** $(1 - \beta)(1 + \beta + \dots + \beta^{t-1})$ is a geometric sum, and
#    comes to $1 - \beta^t$. A mean needs weights that add up to 1. These do not.
# 4. **Divide by their sum.** $\hat m_t = m_t / (1 - \beta^t)$ is a mean, from the first step on.
# 5. **Test it.** If all gradients are equal to $g$, then $m_t = (1 - \beta^t)\,g$ and
#    $\hat m_t = g$, as a mean of equal numbers must be.
#
# ## What to do
#
# Write the functions in the order in which they stand in the file. The first five have the same
# form: they are handed a starting point `w` of shape `(d,)` and all gradients at once, an array of
# shape `(steps, d)` with a row for each step, and return the weights *after* each step, of the
# same shape. So the gradients do not depend on your weights, and one wrong step does not spoil the
# next one. Mind four things:
#
# - Each call starts from the beginning. Nothing is kept for the next one.
# - What you are given belongs to the caller: leave it as it is.
# - Numbers may come as lists, tuples or arrays, and may be whole; you compute in float64.
# - The history holds a row for each step. An array that changes in place and is appended again and
#   again is one and the same row.

# %%
"""Optimizers: the rules behind ``optimizer.step()``, written down in NumPy.

Each of the first five functions takes a starting point and the gradient of every step, and returns
the weights after every step. They compute in float64, whatever comes in: lists, tuples or arrays,
of whole numbers or floats, with one weight or many, with one step or many. ``compare`` runs all
five down the same bowl.

No function changes the lists and arrays that it is given, or settings that belong to its caller:
it sets no seed of random numbers, and leaves ``np.seterr`` alone. A call remembers nothing of the
calls before it.
"""

import numpy as np

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# Somebody multiplies a loss by 100, and with it all its gradients. The learning rate and the other
# settings stay. For which of the five rules do the steps get about 100 times as long, and for which
# do they hardly change? Why?

# %% [markdown]
# ## 1. `sgd(w, gradients, lr)`
#
# Plain gradient descent: the frame for all the others. If you find a use for it, a rule may call
# `sgd` or `momentum` with steps of its own in place of gradients. `adagrad`, `rmsprop` and `adam`
# do not call each other.


# %%
def sgd(w, gradients, lr):
    """Walk against the gradients with a fixed learning rate.

    Args:
        w: the starting point, a list, tuple or array of shape (d,); it is not changed.
        gradients: the gradient of each step, a list or array of shape (steps, d); there is at least
            one step.
        lr: the learning rate, a float.

    Returns:
        The weights after each step, an array of shape (steps, d). The start is not among them.

    Example:
        >>> sgd([1.0], [[2.0], [4.0]], 0.5).tolist()
        [[0.0], [-2.0]]
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)  # a copy in float64
    history = []
    for g in np.array(gradients, dtype=float):
        w = w - lr * g
        history.append(w)
    return np.array(history)
    ### END SOLUTION


# %% [markdown]
# ## 2. `momentum(w, gradients, lr, momentum)`
#
# The velocity $u$ is a sum of all gradients so far, in which older ones count less and less. The
# first velocity is the first gradient, and a step is made with the *new* velocity. A gradient of
# zero does not stop this rule: it rolls on.


# %%
def momentum(w, gradients, lr, momentum):
    """Walk with a velocity that keeps part of the last one.

    Args:
        w: the starting point, a list, tuple or array of shape (d,); it is not changed.
        gradients: the gradient of each step, a list or array of shape (steps, d).
        lr: the learning rate, a float.
        momentum: how much of the velocity is kept, from 0 to below 1.

    Returns:
        The weights after each step, an array of shape (steps, d).

    Example:
        >>> momentum([1.0], [[2.0], [4.0]], 0.5, 0.5).tolist()
        [[0.0], [-2.5]]
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)
    velocity = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=float):
        velocity = momentum * velocity + g
        w = w - lr * velocity
        history.append(w)
    return np.array(history)
    ### END SOLUTION


# %% [markdown]
# ## 3. `adagrad(w, gradients, lr, eps)`
#
# Each weight has a sum of its own squared gradients, the new one included, and its steps are
# divided by the root. `eps` keeps the quotient finite for a weight that has only seen gradients of
# zero. It is added to the root, not under it.


# %%
def adagrad(w, gradients, lr, eps):
    """Walk with steps that are divided by the root of the sum of all squared gradients.

    Args:
        w: the starting point, a list, tuple or array of shape (d,); it is not changed.
        gradients: the gradient of each step, a list or array of shape (steps, d).
        lr: the learning rate, a float.
        eps: the number above 0 that is added to the root.

    Returns:
        The weights after each step, an array of shape (steps, d).

    Example:
        >>> adagrad([1.0], [[3.0], [4.0]], 1.5, 1.0).tolist()
        [[-0.125], [-1.125]]
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)
    total = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=float):
        total = total + g * g
        w = w - lr * g / (np.sqrt(total) + eps)
        history.append(w)
    return np.array(history)
    ### END SOLUTION


# %% [markdown]
# ## 4. `rmsprop(w, gradients, lr, decay, eps)`
#
# The same with a running mean in place of the sum. It forgets: a large gradient of long ago makes
# no steps short any more. The mean starts at 0, and nothing corrects for that here, so the first
# steps are longer than the later ones.


# %%
def rmsprop(w, gradients, lr, decay, eps):
    """Walk with steps that are divided by the root of a running mean of squared gradients.

    Args:
        w: the starting point, a list, tuple or array of shape (d,); it is not changed.
        gradients: the gradient of each step, a list or array of shape (steps, d).
        lr: the learning rate, a float.
        decay: how much of the mean is kept, from 0 to below 1; `alpha` in torch.
        eps: the number above 0 that is added to the root.

    Returns:
        The weights after each step, an array of shape (steps, d).

    Example:
        >>> rmsprop([1.0], [[4.0]], 0.5, 0.75, 2.0).tolist()
        [[0.5]]
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)
    mean = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=float):
        mean = decay * mean + (1 - decay) * g * g
        w = w - lr * g / (np.sqrt(mean) + eps)
        history.append(w)
    return np.array(history)
    ### END SOLUTION


# %% [markdown]
# ## 5. `adam(w, gradients, lr, beta1, beta2, eps)`
#
# Two running means, one of the gradients and one of their squares, both corrected. The exponent $t$
# counts steps from 1. The corrections belong to the step alone: what is remembered stays
# uncorrected. `eps` is added last, to the root of the corrected mean.


# %%
def adam(w, gradients, lr, beta1, beta2, eps):
    """Walk with the corrected mean of the gradients, divided by the root of that of their squares.

    Args:
        w: the starting point, a list, tuple or array of shape (d,); it is not changed.
        gradients: the gradient of each step, a list or array of shape (steps, d).
        lr: the learning rate, a float.
        beta1: how much of the mean of the gradients is kept, from 0 to below 1.
        beta2: how much of the mean of their squares is kept, from 0 to below 1.
        eps: the number above 0 that is added to the root of the corrected mean.

    Returns:
        The weights after each step, an array of shape (steps, d).

    Example:
        >>> adam([1.0], [[4.0]], 0.5, 0.75, 0.75, 4.0).tolist()
        [[0.75]]
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)
    m, v = np.zeros_like(w), np.zeros_like(w)
    history = []
    for t, g in enumerate(np.array(gradients, dtype=float), 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        # Names of their own: m and v go on uncorrected.
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        history.append(w)
    return np.array(history)
    ### END SOLUTION


# %% [markdown]
# ## 6. `steps_to(losses, level)`
#
# How fast was a run? The index of its first loss that is `level` or below, counted from 0, and
# -1 if there is none. A loss may rise again afterwards; that does not matter.


# %%
def steps_to(losses, level):
    """Return the index of the first loss that is at or below a level.

    Args:
        losses: the losses of a run, a list, tuple or array of shape (steps,), not empty.
        level: the level, a float.

    Returns:
        The index, an int that counts from 0; -1 if no loss is that small.

    Example:
        >>> steps_to([3.0, 0.5, 2.0, 0.1], 0.5)
        1
        >>> steps_to([3.0, 0.5], 0.25)
        -1
    """
    ### BEGIN SOLUTION
    for step, loss in enumerate(losses):
        if loss <= level:
            return step
    return -1
    ### END SOLUTION


# %% [markdown]
# ## 7. `compare(w, lr, steps)`
#
# All five rules from the same start down the same bowl, each along a path of its own:
#
# $$f(x, y) = \frac{x^2}{2} + 10\,y^2$$
#
# Now the gradient of a step depends on the steps before it. Your rules want all gradients at
# once, and yet you can use them: keep a list of the gradients that this path has met so far, call
# the rule from the *start* with all of them, and its last row is the new point. Rules that keep
# state of their own in here are as right.
#
# All rules get the same learning rate. The other settings are:
#
# | setting | value |
# |---|---|
# | momentum | 0.9 |
# | decay of `rmsprop` | 0.99 |
# | `beta1`, `beta2` of `adam` | 0.9, 0.999 |
# | `eps` of `adagrad`, `rmsprop` and `adam` | 1e-8 |


# %%
def compare(w, lr, steps):
    """Run the five rules down the bowl f(x, y) = x^2 / 2 + 10 y^2.

    Args:
        w: the starting point (x, y), a list, tuple or array; it is not changed.
        lr: the learning rate of all five rules, a float below 0.1, so that none of them diverges.
        steps: the number of steps, 1 or more.

    Returns:
        A dict with the keys "sgd", "momentum", "adagrad", "rmsprop" and "adam". Each holds the
        losses f after each step of this rule, shape (steps,). The loss of the start is not there.

    Example:
        >>> record = compare([2.0, 0.5], 0.06, 20)
        >>> round(float(record["sgd"][0]), 4), round(float(record["adam"][0]), 4)
        (1.8672, 3.8178)
    """
    ### BEGIN SOLUTION
    rules = {
        "sgd": (sgd, ()),
        "momentum": (momentum, (0.9,)),
        "adagrad": (adagrad, (1e-8,)),
        "rmsprop": (rmsprop, (0.99, 1e-8)),
        "adam": (adam, (0.9, 0.999, 1e-8)),
    }
    record = {}
    for name, (rule, settings) in rules.items():
        x, y = float(w[0]), float(w[1])
        gradients, losses = [], []
        for _ in range(steps):
            gradients.append([x, 20 * y])
            # From the start each time: the rule comes to the state that it had.
            x, y = rule(w, gradients, lr, *settings)[-1]
            losses.append(0.5 * x**2 + 10 * y**2)
        record[name] = np.array(losses)
    return record
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# In the run below, the first steps of Adagrad and of Adam are both 0.06 long in $x$ and in $y$,
# although the gradients there are 2 and 10. Why? How long would Adam's first step be without the
# bias correction, with $\beta_1 = 0.9$ and $\beta_2 = 0.999$? And why does Adagrad fall behind
# afterwards, while RMSprop does not?

# %% [markdown] tags=["answer"]
# Adagrad's sum has one term at first, so the step is $\eta\,g / \sqrt{g^2}$: the learning rate,
# with the sign of the gradient, however large that is. Adam's corrected means are $g$ and $g^2$
# after one step, so it is the same. Without the correction they would be $0.1\,g$ and $0.001\,g^2$,
# and the step $0.1 / \sqrt{0.001} \approx 3.2$ times as long, 0.19.
#
# Adagrad's sum only grows, so its steps get shorter for ever, even where the gradients stay the
# same: like $1 / \sqrt{t}$ then. RMSprop's mean forgets old gradients and follows the present ones,
# so the step does not shrink for the mere number of steps.

# %% [markdown]
# ## A run to compare with
#
# From $(2, 0.5)$, where the loss is 4.5, with the learning rate 0.06. The losses after some steps:
#
# | step | `sgd` | `momentum` | `adagrad` | `rmsprop` | `adam` |
# |---|---|---|---|---|---|
# | 1 | 1.867 | 1.867 | 3.818 | 1.08 | 3.818 |
# | 2 | 1.565 | 4.08 | 3.405 | 0.5596 | 3.214 |
# | 3 | 1.38 | 1.677 | 3.103 | 0.3323 | 2.689 |
# | 5 | 1.077 | 2.137 | 2.671 | 0.1256 | 1.873 |
# | 10 | 0.5802 | 1.571 | 2.034 | 0.01182 | 1.003 |
# | 20 | 0.1683 | 0.2444 | 1.437 | 9.082e-05 | 0.5351 |
#
# `torch.optim` comes to the same numbers in float64, to twelve digits.
#
# ![The losses of the five rules over 40 steps, on a logarithmic axis](figures/losses.png)
#
# *The losses of 40 steps. Momentum swings across the steep direction and back; RMSprop begins with
# steps ten times as long as Adam's and is the first one down.*
#
# Do not conclude that RMSprop is the best one. With this learning rate it is the lucky one: its
# first steps are long because its mean starts at 0, and this bowl is small.
#
# ## How to check yourself
#
# Run
#
#     gradpath check optimizers.py
#
# in the folder with your file. It calls your functions, says how far you are, and shows the next
# thing to do; `--all` shows every check. When a history leaves the expected one, you see the first
# place where it does, with the number that was *got* and the one that was *expected*; when the
# numbers look like a well-known mistake, you get a hint. To see your paths over the contours, run
#
#     gradpath check --plot picture.png
#
# Your final grade also comes from checks on data that you do not see: other gradients, other
# settings, other starting points.
#
# A mistake counts once. If `adam` is wrong and `compare` does the right thing with it, `compare`
# keeps its points.
#
# ## Common mistakes
#
# `gradpath check` knows these mistakes and others by their numbers, and gives a hint when your run
# looks like one of them. Read the list after your first try: some lines tell a part of the work.
#
# <!-- mistakes -->
#
# ## Ways that are all right
#
# - loops over steps, loops over weights, or array expressions such as a cumulative sum;
# - lists, tuples or arrays as results;
# - momentum with the learning rate inside the velocity: for a constant one it is the same;
# - `sgd` or `momentum` called with the steps of another rule in place of gradients;
# - in `compare`, rules called with the history, or state kept from step to step;
# - more entries in the record than the five: they are ignored.
#
# ## Exercise: a gradient check
#
# No points. `compare` needs the gradient of the bowl $f(x, y) = x^2/2 + 10\,y^2$. Derive it, and
# check it with central differences at three points away from the axes. For a bowl of this kind the
# differences are right however large $h$ is; say why. Then make the bowl's slope by $y$ half as
# large on purpose: which of the five losses after 20 steps tell you so at once?
#
# ## Experiments
#
# - Run `compare` from $(2, 0.5)$ for 40 steps with the learning rates 0.006, 0.02, 0.06 and 0.095.
#   At 0.006 momentum ends lowest, at 0.06 RMSprop. Which rule would you call the best one?
# - Set `eps` to 1 in Adagrad, RMSprop and Adam. Which rules turn into scaled gradient descent?
# - Turn the bowl by 45 degrees. Which rules notice, and which walk the same way, turned?
#
# ## Further questions
#
# - A weight has had only zeros as gradients. How does each rule treat its first other gradient?
# - Adam divides by the root of a mean of squares. Is that the standard deviation of the gradients?
# - Which of the rules needs the most memory for each weight?
#
# ## Sources
#
# - An article in Chinese about the backward pass, by SW_孙维, 2024: the choice of the rules.
# - B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
# - J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic
#   optimization", 2011.
# - T. Tieleman, G. Hinton, "Lecture 6.5: RMSProp", course notes, 2012.
# - D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014.
