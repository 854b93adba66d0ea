"""LeNet: one training step of a convolutional network taken apart.

The forward pass, the loss, the graph behind it, the gradients, and the two ways to update: by hand
and with torch.optim. Pictures are float32 tensors (n, 1, 32, 32) for LeNet itself; the functions
that take a network must work with any `nn.Module`, and pictures as that one takes them.

No function changes the tensors that it is given, nor settings that belong to its caller: it sets
no seed of random numbers, and leaves `np.seterr`, torch's default dtype and its grad mode as they
were. `sgd_step` and the trainings change the parameters of the network that they are given, and
`.grad` may look different after any call.
"""

import torch
import torch.nn.functional as F
from torch import nn, optim

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


def flat_features(side):
    """Return how many numbers reach the first linear layer.

    Pictures go through a 5 x 5 convolution without padding and a 2 x 2 max pool, then through
    both once more. 16 channels come out in the end.

    Args:
        side: rows and columns of a picture, a whole number from 16 up; it may be odd.

    Returns:
        channels x rows x columns behind the second pool, an int.

    Example:
        >>> flat_features(32), flat_features(28)
        (400, 256)
    """
    raise NotImplementedError("flat_features is not written yet")


class LeNet(nn.Module):
    """The network: two convolutions with ReLU and max pool, three linear layers.

    Example:
        >>> net = LeNet()
        >>> net(torch.zeros(3, 1, 32, 32)).shape
        torch.Size([3, 10])
        >>> net.conv2.weight.shape, net.fc1.weight.shape
        (torch.Size([16, 6, 5, 5]), torch.Size([120, 400]))
    """

    def __init__(self):
        """Create the five layers, with the initial values that torch gives them.

        `conv1` leads from 1 channel to 6, `conv2` from 6 to 16, both are 5 x 5 without padding;
        `fc1` leads from 400 numbers to 120, `fc2` to 84, `fc3` to 10.
        """
        raise NotImplementedError("__init__ is not written yet")

    def forward(self, x):
        """Compute the ten outputs of each picture.

        Args:
            x: float32 tensor, shape (n, 1, 32, 32).

        Returns:
            The outputs, shape (n, 10): any real numbers. They stay connected to all parameters in
            the autograd graph.
        """
        raise NotImplementedError("forward is not written yet")


def mse_loss(output, target):
    """Return the mean of the squared differences over all elements.

    If the shapes differ, a target of shape (k,) is taken as (1, k). Nothing else is reshaped, and
    nothing is broadcast.

    Args:
        output: float tensor, often (n, k).
        target: float tensor of the same shape; or (k,) for an output of shape (1, k).

    Returns:
        A tensor of shape (), so that `backward()` works on it.

    Raises:
        ValueError: the shapes differ, even so.

    Example:
        >>> output = torch.tensor([[1.0, 2.0, 3.0]])
        >>> mse_loss(output, torch.tensor([1.0, 0.0, 2.0])).item()
        1.6666666269302368
        >>> mse_loss(torch.zeros(2, 3), torch.zeros(3))
        Traceback (most recent call last):
        ...
        ValueError: shapes (2, 3) and (1, 3) differ
    """
    raise NotImplementedError("mse_loss is not written yet")


def graph_walk(loss, steps):
    """Return the names of the nodes on the way back from a loss, always to the first input.

    The first name is that of `loss.grad_fn`. The walk ends after `steps` nodes, or earlier: at the
    node of a leaf, which has no next ones, or where the next node is None.

    Args:
        loss: a tensor. Without a `grad_fn` there is nothing to walk along.
        steps: the largest number of names, 0 or more.

    Returns:
        The names, a list of str. Numbers at their ends are ignored in the comparison
        (`AddmmBackward0` is as right as `AddmmBackward`), and so is everything up to a `::`.

    Example:
        >>> linear = nn.Linear(3, 2)
        >>> loss = nn.MSELoss()(linear(torch.ones(1, 3)), torch.zeros(1, 2))
        >>> [name.rstrip("0") for name in graph_walk(loss, 2)]
        ['MseLossBackward', 'AddmmBackward']
    """
    raise NotImplementedError("graph_walk is not written yet")


def leaf_shapes(loss):
    """Return the shapes of all tensors whose gradients `backward()` will fill.

    Each tensor counts once, however often it is used; different tensors of one shape all count.

    Args:
        loss: a tensor with a `grad_fn`.

    Returns:
        The shapes as tuples, a sorted list.

    Example:
        >>> linear = nn.Linear(3, 2)
        >>> leaf_shapes((linear(torch.ones(1, 3)) * linear.bias).sum())
        [(2,), (2, 3)]
    """
    raise NotImplementedError("leaf_shapes is not written yet")


def bias_gradient(upstream):
    """Return the gradient of the loss by a convolution's bias, by hand, without autograd.

    Args:
        upstream: the gradient of the loss by the convolution's output, shape (n, channels, rows,
            columns); a tensor or a NumPy array.

    Returns:
        The gradient by the bias, shape (channels,).

    Example:
        >>> bias_gradient(torch.ones(2, 3, 4, 4))
        tensor([32., 32., 32.])
    """
    raise NotImplementedError("bias_gradient is not written yet")


def gradients(net, x, target):
    """Return the gradients of the loss by all parameters, from clean gradients.

    The parameters do not move, and a second call gives the same.

    Args:
        net: a network, any `nn.Module`. What lies in `.grad` of its parameters before the call
            does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.

    Returns:
        A dict from the name of each parameter, as in `net.named_parameters()`, to its gradient,
        shaped as the parameter. A later call does not change these numbers.

    Example:
        >>> net = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(net.weight), nn.init.zeros_(net.bias)
        >>> gradients(net, torch.tensor([[3.0, 1.0]]), torch.tensor([[2.0]]))
        {'weight': tensor([[12.,  4.]]), 'bias': tensor([4.])}
    """
    raise NotImplementedError("gradients is not written yet")


def sgd_step(net, lr):
    """Move every parameter that has a gradient by one step of gradient descent, in place.

    By hand: no `torch.optim`.

    Args:
        net: a network, any `nn.Module`, with gradients in `.grad`. Where that is None, the
            parameter stays.
        lr: learning rate.

    Returns:
        None. The parameters of the network have moved.

    Example:
        >>> net = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(net.weight), nn.init.zeros_(net.bias)
        >>> net.weight.grad = torch.tensor([[12.0, 4.0]])
        >>> sgd_step(net, 0.1)
        >>> net.weight.tolist()
        [[-0.20000004768371582, 0.6000000238418579]]
    """
    raise NotImplementedError("sgd_step is not written yet")


def train_manual(net, x, target, lr, steps):
    """Train a network on one batch, with the update by hand.

    In every step all parameters move once, by `sgd_step`. No `torch.optim`.

    Args:
        net: the network to train, an `nn.Module` with a layer `conv1`. It is this very object whose
            weights move. What lies in `.grad` before the call does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.
        lr: learning rate.
        steps: number of updates, 1 or more. All are made, also when nothing moves.

    Returns:
        A dict with
        "losses": shape (steps,), the loss of each step before its update,
        "biases": shape (steps, channels of conv1), the bias of conv1 after each update.

    Example:
        >>> net = LeNet()
        >>> record = train_manual(net, torch.zeros(1, 1, 32, 32), torch.ones(1, 10), 0.01, 5)
        >>> len(record["losses"]), len(record["biases"]), record["losses"][4] < record["losses"][0]
        (5, 5, True)
    """
    raise NotImplementedError("train_manual is not written yet")


def train_optim(net, x, target, lr, steps):
    """Train a network on one batch, with `nn.MSELoss` and plain `optim.SGD`.

    Args:
        net: the network to train, an `nn.Module` with a layer `conv1`. It is this very object whose
            weights move. What lies in `.grad` before the call does not count.
        x: a batch of pictures, as the network takes it.
        target: float tensor, shaped as the network's output; or (k,) for one picture.
        lr: learning rate.
        steps: number of updates, 1 or more. All are made, also when nothing moves.

    Returns:
        The same record as that of `train_manual`:
        "losses": shape (steps,), the loss of each step before its update,
        "biases": shape (steps, channels of conv1), the bias of conv1 after each update.

    Example:
        >>> net = LeNet()
        >>> record = train_optim(net, torch.zeros(1, 1, 32, 32), torch.ones(1, 10), 0.01, 5)
        >>> len(record["losses"]), len(record["biases"]), record["losses"][4] < record["losses"][0]
        (5, 5, True)
    """
    raise NotImplementedError("train_optim is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
