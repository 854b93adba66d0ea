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
# # Apples and oranges: linear regression by hand and with autograd
#
# > **Goals.** When you are through, you can
# >
# > - write a linear model with several outputs as one matrix product, and check it by its shapes;
# > - derive the gradient of a loss by a whole matrix, entry by entry, and put it together again;
# > - train with gradients of your own and with autograd, and see that both runs follow one path;
# > - explain how the size of the features decides about the steps of the weights and of the biases.
# >
# > **Before you begin** you need matrix products and transposes, sums with two indices, and a
# > training loop as in `hand_gradients`.
# >
# > **Time:** three to four hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# Five regions, three measurements each (temperature, rainfall, humidity), two harvests each
# (apples, oranges). You fit one linear model that predicts both harvests at once. This is the step
# from one weight to a matrix of weights: the idea of gradient descent stays the same, but now the
# *shapes* have to be right too, and NumPy will often compute something for a wrong shape without
# complaint.
#
# You do it twice: with NumPy and gradients of your own, and with PyTorch, where autograd finds
# them. If both runs follow the same path, your derivation was right. The same comparison helps
# whenever you write a gradient by hand.
#
# ## The formula
#
# The model for $n$ samples, $F$ features and $K$ outputs is
#
# $$\hat Y = X W^\top + b, \qquad X \in \mathbb{R}^{n \times F},\; W \in \mathbb{R}^{K \times F},\;
# b \in \mathbb{R}^{K},$$
#
# and its loss is the mean squared error over **all** $n \cdot K$ elements,
#
# $$L = \frac{1}{nK} \sum_{i=1}^{n} \sum_{k=1}^{K} (\hat Y_{ik} - Y_{ik})^2 .$$
#
# Both, and the data, are those of the source article, a write-up of a course exercise. Training
# repeats the update
#
# $$W \leftarrow W - \eta \, \frac{\partial L}{\partial W}, \qquad
# b \leftarrow b - \eta \, \frac{\partial L}{\partial b}$$
#
# with the learning rate $\eta$, using all samples for every update (*full batch*), so an epoch is
# one update.
#
# ## The graph
#
# Each value with its shape, for $n$ samples, $F$ features and $K$ outputs:
#
#     X (n, F) ---+                         Y (n, K) ---+
#                 v                                     v
#     W (K, F) -> ( X W^T ) --> ( + ) -- P (n, K) --> ( - ) -- E (n, K) --> ( mean of E^2 ) --> L
#                                 ^
#     b (K,) ---------------------+
#
# A gradient has the shape of the value that it belongs to. On the way back from $L$ you first get
# $G = \partial L / \partial P$, of shape $(n, K)$, and from it both others.
#
# ## A derivation to follow
#
# The way from $L$ to $P$ is yours: it is the derivative of a mean of squares, with the right number
# to divide by. The way from $P$ to $W$ and $b$ goes like this. Let $G_{ik}$ stand for the
# derivative of $L$ by the single prediction $P_{ik}$.
#
# 1. **Write one prediction out.** $P_{ik} = \sum_f X_{if}\,W_{kf} + b_k$.
# 2. **Ask where a single weight stands.** $W_{kf}$ stands in the predictions of output $k$ alone,
#    in those of every sample $i$, with the factor $X_{if}$.
# 3. **Chain rule: add up all the ways.** Every sample is a way from $W_{kf}$ to $L$, so
#    $\frac{\partial L}{\partial W_{kf}} = \sum_i G_{ik}\,X_{if}$.
# 4. **Find the matrix product.** The sum runs over the samples, and $k$ comes first in the result.
#    In a product the inner index is the one that is summed, so $G$ has to be transposed:
#    $\frac{\partial L}{\partial W} = G^\top X$. The shapes say the same: $(K, n)$ times $(n, F)$ is
#    $(K, F)$.
# 5. **The bias.** $b_k$ stands in the same predictions, with the factor 1:
#    $\frac{\partial L}{\partial b_k} = \sum_i G_{ik}$, the sum over the rows of $G$.
# 6. **Test it with numbers.** For one sample $(1, 2)$, one output and $G = 3$ this gives $(3, 6)$
#    for the weights and 3 for the bias: raising the second weight a little raises the prediction by
#    twice as much.
#
# ## What to do
#
# Work in the order of the functions: each one uses those before it. All of them must work for any
# number of samples, features and outputs, also for a single one, and none may change the arrays
# that it is given.

# %%
"""Linear regression: the yield of apples and oranges from temperature, rainfall and humidity.

You write the model, its mean squared error and the gradients of that error, then train the same
model twice: with NumPy and your own gradients, and with PyTorch's autograd. Shapes: inputs
(n, features), targets (n, outputs), w (outputs, features), b (outputs,); in the documented data
n = 5, features = 3 and outputs = 2, but everything must work for other sizes too.

No function changes the arrays and tensors that it is given, or settings that belong to its caller:
it sets no seed of random numbers, and leaves `np.seterr`, torch's default dtype and its grad mode
as they were.
"""

import numpy as np
import torch

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# After one epoch of the documented run, which has moved further from its start: the weight from
# temperature to apples, or the bias of the apples? By about which factor, and why? The features are
# numbers between 37 and 134.

# %% [markdown]
# ## 1. `model(x, w, b)`
#
# The formula above. `w` has one row per output, so it has to be transposed, which is not the same
# as bringing its six numbers into the shape (3, 2). The function serves both trainings: given NumPy
# arrays it returns an array, given tensors a tensor that autograd can follow.


# %%
def model(x, w, b):
    """Predict every output for every sample: x times w transposed, plus b.

    Args:
        x: inputs, shape (n, features).
        w: weights, one row per output, shape (outputs, features).
        b: biases, shape (outputs,).
        All three are NumPy arrays, or all three are torch tensors.

    Returns:
        The predictions, shape (n, outputs), of the same kind as the arguments. For tensors they
        stay connected to the autograd graph.

    Example:
        >>> x = np.array([[1.0, 2.0, 3.0]])
        >>> w = np.array([[1.0, 0.0, -1.0], [0.5, 0.5, 0.5]])
        >>> model(x, w, np.array([10.0, 20.0]))
        array([[ 8., 23.]])
    """
    ### BEGIN SOLUTION
    # `@`, `.T` and broadcasting mean the same in NumPy and torch, so one line serves both.
    return x @ w.T + b
    ### END SOLUTION


# %% [markdown]
# ## 2. `mse(predictions, targets)`
#
# One number for the whole batch. Count what you divide by: with five samples and two outputs there
# are ten squared errors. It too has to work for arrays and for tensors.


# %%
def mse(predictions, targets):
    """Return the mean squared error, the mean taken over all elements.

    Args:
        predictions: shape (n, outputs), NumPy array or torch tensor.
        targets: the same shape and kind.

    Returns:
        One number: the squared differences summed over samples and outputs, divided by
        n * outputs. For tensors it is a tensor of shape (), so that `backward()` works on it.

    Example:
        >>> predictions = np.array([[1.0, 2.0], [3.0, 4.0]])
        >>> targets = np.array([[1.0, 0.0], [0.0, 4.0]])
        >>> float(mse(predictions, targets))
        3.25
    """
    ### BEGIN SOLUTION
    return ((predictions - targets) ** 2).mean()
    ### END SOLUTION


# %% [markdown]
# ## 3. `gradients(inputs, targets, w, b)`
#
# Take paper first. Write $L$ with its double sum, pick a single weight $W_{kf}$, and ask which
# terms of the sum contain it; do the same for $b_k$. Then find the matrix expression that does this
# for all $k$ and $f$ at once. The shapes guide you: `dw` must come out with the shape of `w`, `db`
# with that of `b`. Autograd and finite differences are not the answer here, but finite differences
# are a good way to test yours: in float64, the central difference with a step of $10^{-5}$ agrees
# to about nine digits.


# %%
def gradients(inputs, targets, w, b):
    """Return the derivatives of the mean squared error with respect to w and b.

    Derive them on paper and write them with NumPy: no autograd, no finite differences.

    Args:
        inputs: shape (n, features), NumPy array.
        targets: shape (n, outputs), NumPy array.
        w: weights, shape (outputs, features), NumPy array.
        b: biases, shape (outputs,), NumPy array.

    Returns:
        The pair (dw, db): dw has the shape of w, db the shape of b.

    Example:
        >>> inputs = np.array([[1.0, 2.0], [3.0, 4.0]])
        >>> targets = np.array([[1.0], [2.0]])
        >>> dw, db = gradients(inputs, targets, np.array([[1.0, 1.0]]), np.array([0.0]))
        >>> dw
        array([[17., 24.]])
        >>> db
        array([7.])
    """
    ### BEGIN SOLUTION
    errors = model(inputs, w, b) - targets
    # The mean runs over all elements, so its 1 / count is 1 / (n * outputs), not 1 / n.
    scaled = 2.0 * errors / errors.size
    # Each product sums over the samples and leaves the shape of the parameter.
    return scaled.T @ inputs, scaled.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ## 4. `train_numpy(inputs, targets, w, b, lr, epochs)`
#
# Full-batch descent with your `gradients`, in float64. In each epoch record the loss *before* the
# update, then move `w` and `b`, both with gradients taken at the same point. Return a dict with
# `losses`, `w` and `b`.


# %%
def train_numpy(inputs, targets, w, b, lr, epochs):
    """Train with full-batch gradient descent in NumPy float64, using `gradients`.

    Every epoch uses all samples for one update: w <- w - lr * dw and b <- b - lr * db, both from
    gradients at the same point.

    Args:
        inputs: shape (n, features), NumPy array.
        targets: shape (n, outputs), NumPy array.
        w: starting weights, shape (outputs, features), NumPy array.
        b: starting biases, shape (outputs,), NumPy array.
        lr: learning rate.
        epochs: number of updates. All are made, also when nothing moves.
        None of the arrays is changed: a second call with the same ones gives the same record.

    Returns:
        A dict with
        "losses": shape (epochs,), the mean squared error of each epoch before its update,
        "w": the final weights, shape (outputs, features),
        "b": the final biases, shape (outputs,).

    Example:
        >>> inputs, targets = np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])
        >>> record = train_numpy(inputs, targets, np.array([[1.0]]), np.array([0.0]), 0.125, 2)
        >>> record["losses"]
        [2.5, 0.0703125]
        >>> record["w"], record["b"]
        (array([[1.71875]]), array([0.421875]))
    """
    ### BEGIN SOLUTION
    inputs = np.asarray(inputs, dtype=np.float64)
    targets = np.asarray(targets, dtype=np.float64)
    w = np.asarray(w, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    losses = []
    for _ in range(epochs):
        losses.append(float(mse(model(inputs, w, b), targets)))
        dw, db = gradients(inputs, targets, w, b)
        # `w = w - ...` makes a new array; `w -= ...` would write into the caller's.
        w = w - lr * dw
        b = b - lr * db
    return {"losses": losses, "w": w, "b": b}
    ### END SOLUTION


# %% [markdown]
# ## 5. `train(inputs, targets, w, b, lr, epochs)`
#
# The same run in torch, in float32: `backward()` gives the gradients, you write the update
# yourself. The arguments are NumPy arrays. Before you write the loop, answer three questions. Which
# tensors need `requires_grad`? Should autograd record the update? What does a second `backward()`
# do to a `.grad` that already holds numbers, and for which tensors does that matter?


# %%
def train(inputs, targets, w, b, lr, epochs):
    """Train the same way in torch float32, with gradients from autograd.

    The arguments are NumPy arrays, as for `train_numpy`; make float32 tensors of your own from
    them. Write the update yourself, or leave it to `torch.optim.SGD`.

    Args:
        inputs: shape (n, features), NumPy array.
        targets: shape (n, outputs), NumPy array.
        w: starting weights, shape (outputs, features), NumPy array.
        b: starting biases, shape (outputs,), NumPy array.
        lr: learning rate.
        epochs: number of updates. All are made, also when nothing moves.
        None of the arrays is changed: a second call with the same ones gives the same record.

    Returns:
        A dict with
        "losses": shape (epochs,), the mean squared error of each epoch before its update,
        "w": the final weights, shape (outputs, features),
        "b": the final biases, shape (outputs,).

    Example:
        >>> inputs, targets = np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])
        >>> record = train(inputs, targets, np.array([[1.0]]), np.array([0.0]), 0.125, 2)
        >>> record["losses"]
        [2.5, 0.0703125]
        >>> record["w"], record["b"]
        (tensor([[1.7188]]), tensor([0.4219]))
    """
    ### BEGIN SOLUTION
    # torch.tensor always copies, so the in-place updates below stay ours.
    inputs = torch.tensor(inputs, dtype=torch.float32)
    targets = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        error = mse(model(inputs, w, b), targets)
        losses.append(error.item())
        error.backward()
        # The update is no part of the model: autograd must not record it.
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        # backward() adds to .grad, so both start the next epoch from zero.
        w.grad.zero_()
        b.grad.zero_()
    return {"losses": losses, "w": w.detach(), "b": b.detach()}
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# The learning rate of the documented run is 0.00001, which is small, and the loss falls fast in
# the first epochs and then slowly. What have the features to do with both? What would you do with
# the features before training, and what would it change? A few sentences are enough.

# %% [markdown] tags=["answer"]
# The features are numbers between 37 and 134, far away from zero, and they enter the gradient as
# factors: $\partial\,\mathrm{MSE} / \partial w$ contains products of errors and features, and its
# own change with $w$ contains products of two features, thousands of them. The largest curvature
# of the loss is about 17,900, so that a learning rate above 0.00011 diverges.
#
# In that one direction, where all features grow together, the loss falls within a few epochs.
# Other directions, the differences between features and the biases above all, have curvatures
# that are smaller by factors from 28 to two million, and at the same small learning rate they
# hardly move. Standardised features, with their mean taken away and divided by their standard
# deviation, make the curvatures alike: then a learning rate near 0.1 works, and all directions
# are learnt about equally fast.

# %% [markdown]
# ## The documented run
#
# The data are the source's:
#
# | temperature | rainfall | humidity | apples | oranges |
# |---:|---:|---:|---:|---:|
# | 73 | 67 | 43 | 56 | 70 |
# | 91 | 88 | 64 | 81 | 101 |
# | 87 | 134 | 58 | 119 | 133 |
# | 102 | 43 | 37 | 22 | 37 |
# | 69 | 96 | 70 | 103 | 119 |
#
# So are the learning rate, $10^{-5}$, and the 100 epochs. The source does not fix the starting
# weights, so we do:
#
#     w = [[ 0.5, 0.0, -0.5],
#          [-0.5, 0.5,  1.0]]
#     b = [1.0, -1.0]
#
# The first gradients there are
#
#     dw = [[-4775.1, -6349.3, -3745.7],
#           [-3210.9, -3480.7, -2117.9]]
#     db = [-60.2, -38.0]
#
# and the recorded losses, each before the update of its epoch, are
#
# | epoch | `train_numpy` (float64) | `train` (float32) |
# |---:|---:|---:|
# | 1 | 3491.3000 | 3491.3000 |
# | 2 | 2543.2522 | 2543.2522 |
# | 3 | 1902.1331 | 1902.1332 |
# | 10 | 627.5700 | 627.5699 |
# | 50 | 342.7114 | 342.7115 |
# | 100 | 197.7697 | 197.7697 |
#
# After the hundredth update the loss is 195.69, and the parameters have become
#
#     w = [[ 0.3137, 0.7032, -0.1726],
#          [-0.3268, 0.7100,  1.1021]]
#     b = [1.0006, -0.9980]
#
# ![MSE per epoch, falling from 3491 to 198; NumPy and torch coincide](figures/losses.png)
#
# *The loss falls steeply in the first ten epochs and slowly after that; the two runs lie on each
# other.*
#
# ![Predicted against true yields, before and after training](figures/predictions.png)
#
# *After training the predicted oranges are close to the true ones (the largest error is 3.4), while
# two of the apple yields are still off by about 25 and 35.*
#
# Two things are worth a look. The biases hardly move, because their gradients are, at the start, 55
# to 105 times smaller than those of the weights. Not updating them would be a mistake that the
# final loss barely shows (195.6903 for 195.6899), so look at `b` itself. And 195.69 is far from the
# best that a linear model can do on these data, which is 0.48: the direction in which all features
# grow together is learned within ten epochs, the others take hundreds and thousands of epochs, the
# biases far more. A larger step helps only up to a point: at $10^{-4}$ the last recorded loss is
# 7.7, at $1.2 \cdot 10^{-4}$ the run diverges.

# %% [markdown]
# ## How to check yourself
#
#     gradpath check linear_regression.py
#
# says how far you are, and shows the next thing to do: the first step that leaves the expected path
# with the value you got and the one expected, and a hint if the mistake is a known one. With
# `--all` it shows every check. To see your run drawn next to the expected one:
#
#     gradpath check --plot picture.png
#
# Grading repeats the checks on other data, with other sizes and other starting weights.

# %% [markdown]
# ## Common mistakes
#
# `gradpath check` knows these mistakes and others by their numbers, and gives a hint when your run
# looks like one of them. Read the list after your first try: some lines tell a part of the work.
#
# <!-- mistakes -->

# %% [markdown]
# ## Where the sources slip
#
# - The source's starting weights come from `torch.randn` without a seed. Its losses are different
#   on every run, and it prints none. If you follow it, you have nothing to compare with; that is
#   why the starting weights are arguments here.
# - Before its loop of 100 epochs the source already does one update, to show how it works. Its
#   final loss is therefore the one after 101 updates. Here 100 epochs are 100 updates.
# - It also calls `backward()` twice before that first update. This does no harm, but only because
#   it sets both gradients to zero in between.

# %% [markdown]
# ## Ways that are all right
#
# - `train_numpy` in float64 is what is asked, `train` in float32; the other precision is accepted
#   as long as the numbers agree within the tolerance of the checks.
# - Loops over samples and outputs instead of matrix products.
# - Losses, `w` and `b` as lists, arrays or tensors, with or without `requires_grad`.
# - Setting gradients to zero before `backward()` or after the update, or asking
#   `torch.autograd.grad` for them, which needs no zeroing.
# - Extra keys in a record: they are ignored.
#
# ## Exercise: a gradient check
#
# No points. Write a function that changes one entry of `w` or `b` by $h$ in both directions, and
# compares $(L_+ - L_-) / (2h)$ with the entry of your gradient. Run it for all eight parameters of
# the documented start.
#
# - The first row of `dw` has $-6349.3$ in its second place. The difference gives it to twelve
#   digits with $h = 1$, and to six with $h = 10^{-10}$. Why is a large $h$ no disadvantage here?
# - Exchange two entries of `dw` in your code on purpose. Which ones does the check report?
# - Give it data with one sample, then with one output. Which mistakes are seen only there?
#
# ## Experiments
#
# - Standardise the features: subtract the mean of each and divide by its standard deviation. With
#   the learning rate 0.1 the loss after 100 epochs is 0.56, where the documented run has 198.
# - Raise the learning rate of the documented run step by step to $1.2 \cdot 10^{-4}$. The last loss
#   gets smaller and smaller, and then it explodes. Find the edge to two digits.
# - Let `np.linalg.lstsq` find the best weights in one call, and compare. Which of the two ways
#   would you take with a million features?
#
# ## Further questions
#
# - Five samples and four parameters for each output: how well should this model predict a sixth
#   region?
# - Why does the loss of the best linear model not reach 0 here?
# - One learning rate serves all parameters. Which rule would give each one its own?
#
# ## Sources
#
# - Exercise notes in Chinese of a Datawhale course about descent and regression, with and without
#   torch; they name neither author nor year, and give a notebook of aakashns on jvn.io as the
#   origin of data and code.
#
# The next assignment is [`hidden_layer`](../hidden_layer/README.md): a second layer, and a border
# that can bend.
