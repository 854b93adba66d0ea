"""MSE sweep: try many weights for a model with one weight, and see how the loss depends on it.

The model is ``x * w``. For each weight of a fixed grid you compute the mean squared error over all
samples; then you pick the weight with the smallest one, and draw the curve. There is no training
yet, and no gradient: this is the picture that gradient descent will later walk on.

No function changes the lists and arrays that it is given, or settings that belong to its caller:
it sets no seed of random numbers, and leaves ``np.seterr`` alone.
"""

import matplotlib.pyplot as plt
import numpy as np

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("forward is not written yet")


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
    raise NotImplementedError("loss is not written yet")


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
    raise NotImplementedError("mean_squared_error is not written yet")


def weight_grid():
    """Return the weights to try: 0.0, 0.1, 0.2, and so on up to 4.0, both ends included.

    Returns:
        An array of shape (41,), float64.

    Example:
        >>> len(weight_grid())
        41
    """
    raise NotImplementedError("weight_grid is not written yet")


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
    raise NotImplementedError("sweep is not written yet")


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
    raise NotImplementedError("best_weight is not written yet")


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
    raise NotImplementedError("plot_sweep is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
