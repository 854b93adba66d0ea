"""Training tools: an operation of your own, first weights, clipped and accumulated gradients.

No function changes the arrays, lists and tensors that it is given, but for the weights of a model
that it trains, or settings that belong to its caller: it sets no seed of random numbers, and leaves
`np.seterr`, torch's default dtype and its grad mode as they were.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


def chain_gradient(x):
    """Return dz/dx of z = y * y + 1 with y = 2 x, derived by hand.

    Args:
        x: a float, or an array or tensor of any shape.

    Returns:
        The slope at each element, of the shape of `x`.

    Example:
        >>> chain_gradient(1.0)
        8.0
    """
    raise NotImplementedError("chain_gradient is not written yet")


class Cube(torch.autograd.Function):
    """The third power of each element, with a backward pass written by hand.

    Example:
        >>> x = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
        >>> y = Cube.apply(x)
        >>> y.tolist()
        [1.0, -8.0]
        >>> y.sum().backward()
        >>> x.grad.tolist()
        [3.0, 12.0]
    """

    @staticmethod
    def forward(ctx, x):
        """Compute the cubes, and save what `backward` needs.

        Args:
            ctx: the context of this call, with `save_for_backward`.
            x: a tensor of any shape, float32 or float64.

        Returns:
            The third power of each element, of the shape and dtype of `x`.
        """
        raise NotImplementedError("forward is not written yet")

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradient by the input of `forward`.

        Args:
            ctx: the context of the call, with `saved_tensors`.
            grad_output: the gradient by the result of `forward`, of its shape.

        Returns:
            The vector-Jacobian product, of the same shape.
        """
        raise NotImplementedError("backward is not written yet")


def xavier_normal(fan_in, fan_out, generator):
    """Draw the weights of a linear layer with Xavier's standard deviation.

    All values come from `generator`, in one draw. Torch's global random state is neither used nor
    changed, and a second call with the same generator goes on from where it is.

    Args:
        fan_in: number of inputs.
        fan_out: number of outputs.
        generator: a `torch.Generator`.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), without `requires_grad`: standard normal values
        times sqrt(2 / (fan_in + fan_out)).

    Example:
        >>> weights = xavier_normal(3, 2, torch.Generator().manual_seed(0))
        >>> [[round(value, 4) for value in row] for row in weights.tolist()]
        [[0.9746, -0.1856, -1.378], [0.3595, -0.6859, -0.8845]]
    """
    raise NotImplementedError("xavier_normal is not written yet")


def he_normal(fan_in, fan_out, generator):
    """Draw the weights of a linear layer before a ReLU with He's standard deviation.

    All values come from `generator`, in one draw, as in `xavier_normal`.

    Args:
        fan_in: number of inputs.
        fan_out: number of outputs.
        generator: a `torch.Generator`.

    Returns:
        A float32 tensor of shape (fan_out, fan_in), without `requires_grad`: standard normal values
        times sqrt(2 / fan_in).

    Example:
        >>> weights = he_normal(3, 2, torch.Generator().manual_seed(0))
        >>> [[round(value, 4) for value in row] for row in weights.tolist()]
        [[1.2582, -0.2396, -1.779], [0.4641, -0.8855, -1.1419]]
    """
    raise NotImplementedError("he_normal is not written yet")


def activation_scales(x, weights):
    """Return the standard deviation of the activations after each layer of a deep network.

    The layers are linear, without biases, each followed by a ReLU, the last one included.

    Args:
        x: float32 tensor, shape (n, d).
        weights: a list of float32 tensors of shape (outputs, inputs), one for each layer; it has at
            least one. The first has d inputs, each other one as many as the one before has outputs.

    Returns:
        The standard deviations, one number for each layer, over all elements of the layer's
        activations; the divisor is their number or one less.

    Example:
        >>> x = torch.tensor([[1.0, -1.0], [3.0, 2.0]])
        >>> weights = [torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([[0.5, 0.5]])]
        >>> [round(float(value), 4) for value in activation_scales(x, weights)]
        [2.5166, 2.1213]
    """
    raise NotImplementedError("activation_scales is not written yet")


def clip_by_norm(gradients, max_norm):
    """Scale gradients down so that their common norm is at most `max_norm`.

    Args:
        gradients: a list of float64 arrays of any shapes. Neither the list nor the arrays are
            changed.
        max_norm: the largest norm, 0 or more.

    Returns:
        A pair `(clipped, norm)`: the list of arrays, in their order and shapes, all times
        max_norm / (norm + 1e-6) if that is below 1, and the norm over all arrays together before
        clipping. For an empty list it is `([], 0.0)`.

    Example:
        >>> clipped, norm = clip_by_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
        >>> float(norm), [np.round(array, 4).tolist() for array in clipped]
        (5.0, [[0.6], [[0.8]]])
    """
    raise NotImplementedError("clip_by_norm is not written yet")


def clip_by_value(gradients, limit):
    """Set every element into [-limit, limit].

    Args:
        gradients: a list of float64 arrays of any shapes. Neither the list nor the arrays are
            changed.
        limit: the largest magnitude, 0 or more.

    Returns:
        The list of arrays, in their order and shapes.

    Example:
        >>> clip_by_value([np.array([3.0, -0.5]), np.array([[-4.0]])], 1.0)[0].tolist()
        [1.0, -0.5]
    """
    raise NotImplementedError("clip_by_value is not written yet")


def train_accumulated(model, batches, lr, group):
    """Train a model with one plain gradient step for each group of batches.

    Args:
        model: any `nn.Module`. It is this very object whose parameters move; what lies in their
            `.grad` beforehand does not count.
        batches: a list of pairs `(x, y)` of float32 tensors, one or more; y has the shape of
            model(x). They may have different numbers of samples.
        lr: learning rate.
        group: number of batches for one update. The last group has those that are left.

    Returns:
        A dict with
        "losses": shape (batches,), the mean squared error of each batch over all its elements,
        before the update of its group, and not divided by anything else,
        "updates": the number of updates, an int,
        "parameters": a dict from the names of `model.named_parameters()` to the final values.

    Example:
        >>> model = nn.Linear(1, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> batches = [(torch.tensor([[x]]), torch.tensor([[2 * x]])) for x in (1.0, 2.0, 3.0)]
        >>> record = train_accumulated(model, batches, 0.1, 2)
        >>> [round(float(loss), 4) for loss in record["losses"]], record["updates"]
        ([4.0, 16.0, 5.76], 2)
        >>> round(record["parameters"]["weight"].item(), 4)
        2.44
    """
    raise NotImplementedError("train_accumulated is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
