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

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("model is not written yet")


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
    raise NotImplementedError("mse is not written yet")


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
    raise NotImplementedError("gradients is not written yet")


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
    raise NotImplementedError("train_numpy is not written yet")


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
    raise NotImplementedError("train is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
