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

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("rosenbrock is not written yet")


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
    raise NotImplementedError("gradient is not written yet")


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
    raise NotImplementedError("descend is not written yet")


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
    raise NotImplementedError("descend_autograd is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
