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

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("predict is not written yet")


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
    raise NotImplementedError("loss is not written yet")


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
    raise NotImplementedError("gradient is not written yet")


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
    raise NotImplementedError("train is not written yet")


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
    raise NotImplementedError("train_autograd is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
