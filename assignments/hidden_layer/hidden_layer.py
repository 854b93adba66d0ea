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

# A prediction first: the text asks for one before the first function. Write it here as a comment,
# in a sentence or two, with the reason. Nobody grades it; read it again when your code runs.
#
# My prediction:


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
    raise NotImplementedError("init_parameters is not written yet")


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
    raise NotImplementedError("forward is not written yet")


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
    raise NotImplementedError("loss is not written yet")


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
    raise NotImplementedError("backward is not written yet")


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
    raise NotImplementedError("train_manual is not written yet")


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
        raise NotImplementedError("__init__ is not written yet")

    def forward(self, x):
        """Compute the logits.

        Args:
            x: float32 tensor, shape (n, num_features).

        Returns:
            The logits, shape (n, num_classes), no softmax applied.
        """
        raise NotImplementedError("forward is not written yet")


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
    raise NotImplementedError("train_optim is not written yet")


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
    raise NotImplementedError("predict is not written yet")


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
    raise NotImplementedError("accuracy is not written yet")


# The written question stands in the text, after the last function. Where your course collects the
# answer with this file, write it here as a comment.
#
# My answer:
