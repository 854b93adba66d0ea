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

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("sgd is not written yet")


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
    raise NotImplementedError("momentum is not written yet")


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
    raise NotImplementedError("adagrad is not written yet")


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
    raise NotImplementedError("rmsprop is not written yet")


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
    raise NotImplementedError("adam is not written yet")


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
    raise NotImplementedError("steps_to is not written yet")


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
    raise NotImplementedError("compare is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
