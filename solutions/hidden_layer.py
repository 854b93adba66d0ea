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
# # A hidden layer: a classifier by hand and with nn.Module
#
# > **Goals.** When you are through, you can
# >
# > - write a network with a hidden layer with bare tensors and as an `nn.Module`;
# > - walk a gradient back through a loss, two layers and a ReLU, without autograd;
# > - test such a gradient with differences, and say how far to trust them;
# > - name the parts of a training loop that `zero_grad`, `backward` and `step` stand for.
# >
# > **Before you begin** you need tensors and autograd of torch, and the matrix gradients of
# > `linear_regression`.
# >
# > **Time:** four to five hours.
# >
# > **Points:** <!-- points -->.
#
# ## What it is about
#
# A linear model can only separate classes by straight lines. Put a second linear layer behind the
# first, with a ReLU between them, and it can bend those lines. This is the smallest network that
# deserves the name, and everything that larger ones do in training is already there: logits,
# softmax, a likelihood, a backward pass through two layers, an update.
#
# You write it twice, and differentiate it once yourself. First with four bare tensors, where you do
# the update yourself and see what `zero_grad` and `step` stand for; then in the usual way, with
# `nn.Module`, `CrossEntropyLoss` and `optim.SGD`. Started from the same weights, both must produce
# the same losses. If they do not, one of them does something that you did not mean.
#
# ## The formula
#
# For a batch $X$ of $n$ samples the network computes the logits
#
# $$H = \max(0,\; X W_1 + B_1), \qquad Z = H W_{out} + B_{out},$$
#
# where the maximum is taken element by element. The loss is the mean negative log likelihood of the
# right classes $y_i$ under the softmax of the logits:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \log \frac{e^{Z_{i, y_i}}}{\sum_{c} e^{Z_{i c}}} .$$
#
# Network, loss and data are those of the source tutorial, which compares updating parameters by
# hand with updating them by an optimiser. Every epoch uses the whole batch for one update of each
# of the four parameters,
#
# $$p \leftarrow p - \eta \, \frac{\partial L}{\partial p}, \qquad p \in \{W_1, B_1, W_{out},
# B_{out}\},$$
#
# with the learning rate $\eta$. You derive the derivatives once by hand; the trainings may leave
# them to autograd.
#
# ## What to do
#
# Work in the order of the functions. Everything must work for any number of samples, features,
# hidden units and classes. The graph of the network, and the derivation along it, stand where you
# need them: in the section of `backward`.

# %%
"""Hidden layer: a classifier with one hidden layer, written twice.

First with four bare tensors and an update written by hand, then with `nn.Module`,
`CrossEntropyLoss` and `optim.SGD`. From the same starting weights both follow the same
trajectory. x is a float32 tensor (n, features), labels an int64 tensor (n,) of class indices.
The parameters of the first version are a dict of float32 leaf tensors with requires_grad=True:
W1 (features, hidden), B1 (hidden,), Wout (hidden, classes), Bout (classes,).

No function changes the tensors that it is given, but for the weights of a model that it trains, or
settings that belong to its caller: it sets no seed of random numbers, and leaves `np.seterr`,
torch's default dtype and its grad mode as they were.
"""

import torch
import torch.nn.functional as F
from torch import nn, optim

# %% [markdown] tags=["prediction"]
# ## A prediction first
#
# You train the same start for one epoch twice: once on the six points of the documented run, once
# on the same six points each three times over, 18 rows. Which run has the larger loss after this
# epoch, and why? Let `train_manual` decide in the end.

# %% [markdown]
# ## 1. `init_parameters(num_features, num_hidden, num_classes, generator)`
#
# Four float32 tensors with standard normal values, in a dict. Draw them from the generator you are
# given, in the order `W1`, `B1`, `Wout`, `Bout`: in another order the distribution is the same, but
# the numbers are not. All four must be leaves with `requires_grad=True`. Ask yourself why zeros
# would be a poor start for a network with a hidden layer.


# %%
def init_parameters(num_features, num_hidden, num_classes, generator):
    """Draw the starting parameters from the standard normal distribution.

    All values come from `generator`, in the order W1, B1, Wout, Bout, each tensor in one draw.
    Torch's global random state is neither used nor changed, and a second call with the same
    generator goes on from where it is.

    Args:
        num_features: numbers per sample.
        num_hidden: hidden units.
        num_classes: classes.
        generator: a `torch.Generator`.

    Returns:
        A dict of float32 leaf tensors with requires_grad=True:
        "W1" (num_features, num_hidden), "B1" (num_hidden,),
        "Wout" (num_hidden, num_classes), "Bout" (num_classes,).

    Example:
        >>> parameters = init_parameters(2, 5, 3, torch.Generator().manual_seed(0))
        >>> [round(value, 4) for value in parameters["Bout"].tolist()]
        [0.5186, -1.3125, 0.192]
        >>> parameters["W1"].shape, parameters["W1"].is_leaf
        (torch.Size([2, 5]), True)
    """
    ### BEGIN SOLUTION
    shapes = {
        "W1": (num_features, num_hidden),
        "B1": (num_hidden,),
        "Wout": (num_hidden, num_classes),
        "Bout": (num_classes,),
    }
    # A dict keeps its order, so the draws come in the order written above.
    return {
        name: torch.randn(shape, generator=generator, dtype=torch.float32, requires_grad=True)
        for name, shape in shapes.items()
    }
    ### END SOLUTION


# %% [markdown]
# ## 2. `forward(x, parameters)`
#
# The formula for $Z$ above. Logits may be any real numbers, also negative ones. Every parameter
# must stay connected to the result, or autograd cannot reach it.


# %%
def forward(x, parameters):
    """Compute the logits: a linear layer, ReLU, a second linear layer.

    Args:
        x: float32 tensor, shape (n, features).
        parameters: the dict with "W1", "B1", "Wout" and "Bout".

    Returns:
        The logits, shape (n, classes): any real numbers, no softmax applied. They stay connected
        to all four parameters in the autograd graph.

    Example:
        >>> parameters = {
        ...     "W1": torch.tensor([[1.0, -1.0]]),
        ...     "B1": torch.tensor([0.0, 0.5]),
        ...     "Wout": torch.tensor([[1.0, 2.0], [3.0, 4.0]]),
        ...     "Bout": torch.tensor([0.0, -10.0]),
        ... }
        >>> forward(torch.tensor([[2.0], [-1.0]]), parameters)
        tensor([[ 2.0000, -6.0000],
                [ 4.5000, -4.0000]])
    """
    ### BEGIN SOLUTION
    hidden = F.relu(x @ parameters["W1"] + parameters["B1"])
    # No ReLU here: logits must be able to be negative.
    return hidden @ parameters["Wout"] + parameters["Bout"]
    ### END SOLUTION


# %% [markdown]
# ## 3. `loss(logits, labels)`
#
# The formula for $L$. You may use what `torch.nn.functional` offers; read what each function
# expects (logits, probabilities or log probabilities) and over which dimension it works. A useful
# test: equal logits must give $\ln C$, which is 1.0986 for three classes, and very large logits
# must not give `inf` or `nan`.


# %%
def loss(logits, labels):
    """Return the mean negative log likelihood of the right classes.

    The likelihoods are the softmax of the logits over the classes, within each sample.

    Args:
        logits: float32 tensor, shape (n, classes).
        labels: int64 tensor of class indices, shape (n,).

    Returns:
        A tensor of shape (), so that `backward()` works on it.

    Example:
        >>> logits = torch.tensor([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
        >>> round(loss(logits, torch.tensor([1, 0])).item(), 4)
        0.6691
    """
    ### BEGIN SOLUTION
    # log_softmax in one go stays finite where log(softmax) would take the log of 0.
    log_probabilities = F.log_softmax(logits, dim=1)
    return F.nll_loss(log_probabilities, labels)
    ### END SOLUTION


# %% [markdown]
# ## 4. `backward(x, labels, parameters)`
#
# Backpropagation, once by hand: the derivatives of the loss by all four parameters, without
# autograd. The network is a graph, here with the shape of each value ($n$ samples, $d$ features,
# $h$ hidden units, $c$ classes):
#
#      X           S = X W1 + B1       H = max(0, S)       Z = H Wout + Bout       L
#     (n, d) -----> (n, h) -----------> (n, h) -----------> (n, c) --------------> ()
#                   ^     ^                                 ^     ^
#                  W1     B1                              Wout    Bout
#                (d, h)  (h,)                            (h, c)   (c,)
#
# Go through it from right to left. $G_A$ stands for $\partial L / \partial A$, which has the shape
# of $A$, and each arrow turns the $G$ at its head into the one at its tail.
#
# **$L$ to $Z$.** One sample adds $-Z_{i, y_i} + \log \sum_c e^{Z_{ic}}$ to the sum in the loss. By
# $Z_{ic}$ the first term gives $-1$ for the right class and 0 for others, the second one
# $e^{Z_{ic}} / \sum_k e^{Z_{ik}}$: the softmax. With one-hot rows $Y$ and the mean,
#
# $$G_Z = \frac{1}{n} \left(\mathrm{softmax}(Z) - Y\right) .$$
#
# Each of its rows sums to 0.
#
# **$Z$ to $B_{out}$.** The same bias is added to each row, so all rows come together: $G_{B_{out}}$
# is the sum of $G_Z$ over the samples. The mean is in $G_Z$ already.
#
# **$Z$ to $W_{out}$.** $Z_{ic} = \sum_k H_{ik} W_{out, kc} + \ldots$, so an entry gets
# $\sum_i H_{ik} G_{Z, ic}$: that is $G_{W_{out}} = H^\top G_Z$. The shapes leave no other way:
# $(h, n)$ times $(n, c)$ is $(h, c)$.
#
# **$Z$ to $H$.** From the same product, $G_H = G_Z W_{out}^\top$, $(n, c)$ times $(c, h)$.
#
# **$H$ to $S$.** ReLU hands on where it is on, and stops where it is off: $G_S = G_H$ where
# $S > 0$, and 0 where $S < 0$. At exactly 0 it has a kink and no derivative; torch takes 0, and
# both 0 and 1 are right here.
#
# **$S$ to $B_1$ and $W_1$.** As above, one layer earlier: $G_{B_1}$ is the sum of $G_S$ over the
# samples, and $G_{W_1} = X^\top G_S$.
#
# A tool to check yourself are finite differences: change one entry $p$ of one parameter by
# $\varepsilon$ in both directions, and compare
#
# $$\frac{L(p + \varepsilon) - L(p - \varepsilon)}{2 \varepsilon}$$
#
# with the entry of your gradient. It is a tool, and no solution. The two losses agree in most of
# their digits, and the difference has only the rest: in float64 the loss is right to about
# $10^{-16}$, so that $\varepsilon = 10^{-6}$ leaves an error of $10^{-10}$; in float32 it is right
# to $10^{-7}$, and the same $\varepsilon$ leaves no digit at all. A larger $\varepsilon$ measures
# the slope of a chord instead, which is off by about $\varepsilon^2$. And it takes two losses for
# each single entry, where backpropagation takes one walk for all.


# %%
def backward(x, labels, parameters):
    """Return the gradients of the loss by all four parameters, derived by hand.

    No autograd. `train_manual` may use this function, or autograd.

    Args:
        x: float tensor, shape (n, features).
        labels: int64 tensor of class indices, shape (n,).
        parameters: the dict with "W1", "B1", "Wout" and "Bout", with or without requires_grad,
            in the dtype of x. Neither they nor their `.grad` are changed.

    Returns:
        A dict with the keys "W1", "B1", "Wout" and "Bout": the gradient by each of them, in its
        shape, as tensors or NumPy arrays. Where the input of a ReLU is exactly 0, its derivative
        may be taken as 0 or as 1.

    Example:
        >>> parameters = {
        ...     "W1": torch.tensor([[1.0, -1.0]]),
        ...     "B1": torch.tensor([0.0, 0.5]),
        ...     "Wout": torch.tensor([[1.0, 2.0], [3.0, 4.0]]),
        ...     "Bout": torch.tensor([0.0, -1.0]),
        ... }
        >>> gradients = backward(torch.tensor([[2.0], [-1.0]]), torch.tensor([0, 1]), parameters)
        >>> gradients["W1"]
        tensor([[0.7311, 0.2500]])
        >>> gradients["Bout"]
        tensor([-0.1192,  0.1192])
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        sums = x @ parameters["W1"] + parameters["B1"]
        hidden = F.relu(sums)
        probabilities = F.softmax(forward(x, parameters), dim=1)
        one_hot = F.one_hot(labels, probabilities.shape[1])
        by_logits = (probabilities - one_hot) / len(labels)
        by_hidden = by_logits @ parameters["Wout"].T
        by_sums = by_hidden * (sums > 0)
        return {
            "W1": x.T @ by_sums,
            "B1": by_sums.sum(dim=0),
            "Wout": hidden.T @ by_logits,
            "Bout": by_logits.sum(dim=0),
        }
    ### END SOLUTION


# %% [markdown]
# ## 5. `train_manual(x, labels, parameters, lr, epochs)`
#
# The loop by hand: logits, loss, record it, backward pass, update, and nothing left over for the
# next epoch. The gradients may come from your `backward` or from autograd. No `torch.optim` here.
# Start from the values you are given, but leave the dict and its
# tensors as they were: calling the function twice must give the same record twice. Return `losses`,
# each before the update of its epoch, and the final `parameters`.


# %%
def train_manual(x, labels, parameters, lr, epochs):
    """Train with full-batch gradient descent; you write the update.

    The gradients may come from `backward` or from autograd.

    Every epoch uses all samples for one update p <- p - lr * dloss/dp of each of the four
    parameters. No `torch.optim`.

    Args:
        x: float32 tensor, shape (n, features).
        labels: int64 tensor of class indices, shape (n,).
        parameters: the dict with "W1", "B1", "Wout" and "Bout" to start from. Neither the dict
            nor its tensors are changed: a second call with the same ones gives the same record.
        lr: learning rate.
        epochs: number of updates. All are made, also when nothing moves.

    Returns:
        A dict with
        "losses": shape (epochs,), the loss of each epoch before its update,
        "parameters": a dict like the one given, with the final values.

    Example:
        >>> parameters = init_parameters(2, 5, 3, torch.Generator().manual_seed(0))
        >>> x, labels = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([2, 1])
        >>> record = train_manual(x, labels, parameters, lr=0.1, epochs=3)
        >>> [round(value, 4) for value in record["losses"]]
        [1.0037, 0.7955, 0.6389]
    """
    ### BEGIN SOLUTION
    # Fresh leaves: training must not move the tensors that we were given.
    parameters = {
        name: value.detach().clone().requires_grad_() for name, value in parameters.items()
    }
    losses = []
    for _ in range(epochs):
        error = loss(forward(x, parameters), labels)
        losses.append(error.item())
        error.backward()
        # The update is no part of the model: autograd must not record it.
        with torch.no_grad():
            for parameter in parameters.values():
                parameter -= lr * parameter.grad
        # backward() adds to .grad, so every epoch has to start from zero.
        for parameter in parameters.values():
            parameter.grad.zero_()
    return {"losses": losses, "parameters": parameters}
    ### END SOLUTION


# %% [markdown]
# ## 6. `class ModelWithHiddenLayer(nn.Module)`
#
# The same network with two `nn.Linear` layers called `linear1` and `linear2`. `forward` returns
# logits. Note that `nn.Linear` stores its weight as (out, in), so `linear1.weight` holds
# $W_1^\top$.


# %%
class ModelWithHiddenLayer(nn.Module):
    """The same network as a module: `linear1`, ReLU, `linear2`.

    Example:
        >>> model = ModelWithHiddenLayer(2, 5, 3)
        >>> model(torch.zeros(4, 2)).shape
        torch.Size([4, 3])
        >>> [name for name, _ in model.named_parameters()]
        ['linear1.weight', 'linear1.bias', 'linear2.weight', 'linear2.bias']
    """

    def __init__(self, num_features, num_hidden, num_classes):
        """Create the two layers, with the initial values that torch gives them.

        Args:
            num_features: numbers per sample.
            num_hidden: hidden units.
            num_classes: classes.

        `linear1` leads from the features to the hidden units, `linear2` from there to the
        classes; both are `nn.Linear`.
        """
        ### BEGIN SOLUTION
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)
        ### END SOLUTION

    def forward(self, x):
        """Compute the logits.

        Args:
            x: float32 tensor, shape (n, num_features).

        Returns:
            The logits, shape (n, num_classes), no softmax applied.
        """
        ### BEGIN SOLUTION
        return self.linear2(F.relu(self.linear1(x)))
        ### END SOLUTION


# %% [markdown]
# ## 7. `train_optim(model, x, labels, lr, epochs)`
#
# Train the model that you are given, with `nn.CrossEntropyLoss` and plain `optim.SGD`: no momentum,
# no Adam. Look up whether `CrossEntropyLoss` wants logits or probabilities. Return `losses`, again
# before the update of each epoch.


# %%
def train_optim(model, x, labels, lr, epochs):
    """Train a module with `nn.CrossEntropyLoss` and plain `optim.SGD`, full batch.

    Args:
        model: the module to train. It is this very object whose weights must move.
        x: float32 tensor, shape (n, features).
        labels: int64 tensor of class indices, shape (n,).
        lr: learning rate.
        epochs: number of updates. All are made, also when nothing moves.

    Returns:
        A dict with
        "losses": shape (epochs,), the loss of each epoch before its update.

    Example:
        >>> model = nn.Linear(2, 3)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> x, labels = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([2, 1])
        >>> [round(value, 4) for value in train_optim(model, x, labels, 0.1, 3)["losses"]]
        [1.0986, 1.0494, 1.0035]
    """
    ### BEGIN SOLUTION
    # Cross-entropy applies log_softmax itself, so it takes the logits as they are.
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        error = criterion(model(x), labels)
        losses.append(error.item())
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    return {"losses": losses}
    ### END SOLUTION


# %% [markdown]
# ## 8. `predict(logits)`
#
# The class with the largest logit, for each sample: `n` class indices for `n` rows of logits.


# %%
def predict(logits):
    """Return the most likely class of each sample.

    Args:
        logits: float32 tensor, shape (n, classes).

    Returns:
        int64 tensor of class indices, shape (n,).

    Example:
        >>> predict(torch.tensor([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]]))
        tensor([1, 0])
    """
    ### BEGIN SOLUTION
    # Softmax keeps the order of the logits, so there is no need to apply it first.
    return logits.argmax(dim=1)
    ### END SOLUTION


# %% [markdown]
# ## 9. `accuracy(predicted, labels)`
#
# The fraction of predictions that are right, as a float.


# %%
def accuracy(predicted, labels):
    """Return the fraction of samples whose predicted class is right.

    Args:
        predicted: int64 tensor of class indices, shape (n,).
        labels: int64 tensor of class indices, shape (n,).

    Returns:
        A float between 0.0 and 1.0.

    Example:
        >>> accuracy(torch.tensor([0, 1, 2, 2]), torch.tensor([0, 1, 1, 2]))
        0.75
    """
    ### BEGIN SOLUTION
    return (predicted == labels).sum().item() / len(labels)
    ### END SOLUTION


# %% [markdown] tags=["question"]
# ## Written question
#
# `init_parameters` draws the weights at random. What happens if all parameters start at zero
# instead: which of the four get a gradient that is not zero, and what can the network learn at
# all? And why do two runs that start from different random weights have different loss curves,
# while `train_manual` and `train_optim` have the same? A few sentences are enough.

# %% [markdown] tags=["answer"]
# With zeros everywhere the hidden values are $\mathrm{ReLU}(0) = 0$. The gradient of `Wout` is
# made of hidden values, so it is zero; the gradients of `W1` and `B1` come back through `Wout`,
# so they are zero as well. Only `Bout` gets one. The network stays as it is but for the biases of
# the classes: it learns how frequent each class is, and gives the same answer for every input.
# Random weights break this: each hidden unit starts with values of its own, and can learn
# something else than the others.
#
# The loss of a network with a hidden layer has many valleys, and where a run starts decides which
# one it goes down, and how fast. Between `train_manual` and `train_optim` nothing differs but who
# writes the update down: the same start, the same loss and the same step give the same
# trajectory.

# %% [markdown]
# ## The documented run
#
# Six points in the plane, two features and three classes; the point (0, 0) occurs three times.
#
# | x | (0, 0) | (1, 0) | (1, 1) | (0, 0) | (0, 0) | (0, 1) |
# |---|---:|---:|---:|---:|---:|---:|
# | label | 0 | 1 | 2 | 0 | 0 | 2 |
#
# Five hidden units, learning rate 0.01, 1000 epochs. Data and settings are the source's; the
# starting weights are not fixed there, so for this run we take
#
#     init_parameters(2, 5, 3, torch.Generator().manual_seed(0))
#
# The source reports every 200 epochs. With our start, `train_manual` and `train_optim` record the
# losses below. The accuracy belongs to the same weights as the loss.
#
# | epoch | loss before its update | accuracy | classes predicted |
# |---:|---:|---:|---|
# | 1 | 0.8916 | 0.500 | 0 0 0 0 0 0 |
# | 200 | 0.5448 | 0.833 | 0 0 2 0 0 2 |
# | 400 | 0.4417 | 0.833 | 0 0 2 0 0 2 |
# | 600 | 0.3750 | 0.833 | 0 0 2 0 0 2 |
# | 800 | 0.3237 | 1.000 | 0 1 2 0 0 2 |
# | 1000 | 0.2782 | 1.000 | 0 1 2 0 0 2 |
#
# Half of the points are right before any training, because class 0 makes up half of the data. The
# accuracy stands still for hundreds of epochs while the loss keeps falling: that is why the checks
# follow the losses and the weights, not the accuracy. A network whose first layer never learns can
# reach a good accuracy as well.
#
# ![Loss per epoch, falling from 0.89 to 0.28; both runs coincide](figures/losses.png)
#
# *The two curves lie on each other: the losses differ by about $10^{-7}$ at most, which is rounding
# in float32.*
#
# To repeat the comparison yourself, copy one set of starting values into both forms of
# the network, and mind how `nn.Linear` stores its weight.
#
# ![The plane coloured by predicted class, with the six points](figures/decision_regions.png)
#
# *After training, each of the six points lies in the region of its own class.*
#
# ## A second run: data that need the hidden layer
#
# A linear model separates the six points as well. It cannot separate the next four, where the class
# is the exclusive or (XOR) of the two features:
#
# | x | (0, 0) | (0, 1) | (1, 0) | (1, 1) |
# |---|---:|---:|---:|---:|
# | label | 0 | 1 | 1 | 0 |
#
# A linear model chooses class 1 where $f(x) = a x_1 + b x_2 + c$ is positive, the difference of its
# two logits. Right answers at the two middle points mean $b + c > 0$ and $a + c > 0$, together
# $a + b + 2c > 0$; at the outer ones $c < 0$ and $a + b + c < 0$, together $a + b + 2c < 0$. Both
# cannot hold, so no line gets all four right. Training a linear model ends where it gives both
# classes the probability 1/2 at all four points: at the loss $\ln 2 = 0.6931$, and not below.
#
# With five hidden units, learning rate 0.5 and the start
#
#     init_parameters(2, 5, 2, torch.Generator().manual_seed(69))
#
# `train_manual` gets all four right after about 40 epochs. The linear model is `nn.Linear(2, 2)` in
# `train_optim`, with the same learning rate; its weights, and then its biases, start at standard
# normal values from a generator with the same seed.
#
# | epoch | loss, hidden layer | accuracy | loss, linear | accuracy |
# |---:|---:|---:|---:|---:|
# | 1 | 0.9022 | 0.50 | 1.3188 | 0.50 |
# | 10 | 0.6338 | 0.75 | 0.8547 | 0.50 |
# | 20 | 0.4783 | 0.75 | 0.7529 | 0.50 |
# | 30 | 0.4324 | 0.75 | 0.7149 | 0.50 |
# | 40 | 0.3788 | 1.00 | 0.7013 | 0.50 |
# | 50 | 0.2798 | 1.00 | 0.6963 | 0.50 |
#
# ![Two planes: one line cannot separate the classes, a bent border can](figures/xor.png)
#
# *The borders after 50 epochs: a straight one leaves two points on the wrong side, a bent one
# none.*
#
# Not every start finds the bend within 50 epochs. A hidden unit that is off at all four points gets
# no gradient and stays off, and those that are left may be too few. Try other seeds, and fewer
# hidden units.

# %% [markdown]
# ## How to check yourself
#
#     gradpath check hidden_layer.py
#
# says how far you are, and shows the next thing to do: the first step that leaves the expected path
# with the value you got and the one expected, and a hint if the mistake is a known one. With
# `--all` it shows every check. To see your run drawn next to the expected one:
#
#     gradpath check --plot picture.png
#
# The checks of the trainings hand over starting weights as numbers, so they do not depend on your
# `init_parameters`. Grading repeats them on other data, with other sizes and other weights.

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
# - The source sets no seed, and its two versions do not even start from the same distribution: the
#   first draws standard normal values, the second takes what `nn.Linear` chooses. No losses can be
#   compared between them, nor with yours.
# - Each line of its report pairs the loss *before* an update with the accuracy *after* it. Here
#   both belong to the same weights.
# - Another article on loss functions and `torch.optim` walks back through the autograd graph of a
#   network from its loss and prints three nodes. The third is an `AccumulateGrad`, which its
#   comment calls relu. It is the bias of the last linear layer: a linear layer's node has several
#   inputs, the bias is the first of them, and an `AccumulateGrad` is where the gradient of a leaf
#   arrives. The relu hangs on the second input.

# %% [markdown]
# ## Ways that are all right
#
# - float32 is what is asked; float64 is accepted as long as the numbers agree within the tolerance
#   of the checks.
# - Gradients as tensors or arrays; losses as a list, an array or a tensor; parameters with or
#   without `requires_grad` in the record.
# - Setting gradients to zero before `backward()` or after the update; with `optimizer.zero_grad()`,
#   either value of `set_to_none`.
# - `log_softmax` before `CrossEntropyLoss`: it is not needed, but applying it twice changes
#   nothing.
# - Loops over samples instead of matrix products.
# - Extra keys in a record: they are ignored.
#
# ## Exercise: a gradient check
#
# No points. Check your `backward` with the differences of its section, for every entry of all four
# parameters, at the start of the documented run. Do it in float64 and in float32, with
# $\varepsilon = 0.1, 0.01, \dots, 10^{-8}$, and draw the largest error over $\varepsilon$. For the
# entry in row 0, column 1 of `W1`:
#
# | $\varepsilon$ | $10^{-1}$ | $10^{-2}$ | $10^{-3}$ | $10^{-4}$ | $10^{-6}$ |
# |---|---:|---:|---:|---:|---:|
# | error in float64 | 5.7e-05 | 5.7e-07 | 5.7e-09 | 5.7e-11 | 3.8e-12 |
# | error in float32 | 5.7e-05 | 1.1e-06 | 1.1e-06 | 3.6e-04 | 3.8e-02 |
#
# Which part of the error falls with $\varepsilon^2$, and which one grows when $\varepsilon$ gets
# smaller? Is the check of any use for an entry whose hidden unit changes between on and off within
# $\varepsilon$?
#
# ## Experiments
#
# - XOR with other starts: of the seeds 0 to 29, after 200 epochs all four points are right in 2
#   runs with two hidden units, in 16 with three, in 23 with five, and in all 30 with ten. Why do
#   more units help, when two would be enough?
# - Leave the ReLU out, and count how many of the 30 runs succeed then.
# - Replace ReLU by tanh, in `forward` and in `backward`.
#
# ## Further questions
#
# - Two hidden units exchange their places, with all their weights. Which numbers of the network
#   change? How many minima does a loss have at least, then?
# - Adding the same number to all logits of a sample changes nothing. Where do you see that in
#   $G_Z$?
# - How many multiplications does the backward pass need, compared with the forward pass?
#
# ## Sources
#
# - An article in Chinese for beginners, which names neither author nor year: network, data and
#   settings.
# - Notes in Chinese about one training step, without author and year, too: the walk through a
#   graph.
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating
#   errors", 1986.
#
# The next assignment is [`lenet`](../lenet/README.md): one training step of a convolutional
# network, taken apart.
