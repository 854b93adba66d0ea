# loses: train_optim
# mistake: the module is trained by the function by hand, and its weights are copied back
import torch
import torch.nn.functional as F
from torch import nn


def init_parameters(num_features, num_hidden, num_classes, generator):
    return {
        "W1": torch.randn(num_features, num_hidden, generator=generator, requires_grad=True),
        "B1": torch.randn(num_hidden, generator=generator, requires_grad=True),
        "Wout": torch.randn(num_hidden, num_classes, generator=generator, requires_grad=True),
        "Bout": torch.randn(num_classes, generator=generator, requires_grad=True),
    }


def forward(x, parameters):
    hidden = F.relu(x @ parameters["W1"] + parameters["B1"])
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


def backward(x, labels, parameters):
    with torch.no_grad():
        # A column of ones makes the bias one more row of the weight.
        ones = torch.ones(len(x), 1, dtype=x.dtype)
        sums = x @ parameters["W1"] + parameters["B1"]
        hidden = torch.relu(sums)
        slope = torch.softmax(forward(x, parameters), dim=1)
        slope = (slope - torch.nn.functional.one_hot(labels, slope.shape[1])) / len(x)
        outer = torch.cat([hidden, ones], dim=1).T @ slope
        inner = slope @ parameters["Wout"].T
        inner[sums < 0] = 0
        inner = torch.cat([x, ones], dim=1).T @ inner
        return {"W1": inner[:-1], "B1": inner[-1], "Wout": outer[:-1], "Bout": outer[-1]}


def train_manual(x, labels, parameters, lr, epochs):
    # Own leaves: the caller's tensors and their .grad stay as they are.
    parameters = {
        name: value.detach().clone().requires_grad_() for name, value in parameters.items()
    }
    losses = []
    for _ in range(epochs):
        cost = loss(forward(x, parameters), labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for value in parameters.values():
                value -= lr * value.grad
                value.grad.zero_()
    return {"losses": losses, "parameters": parameters}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    if isinstance(model, ModelWithHiddenLayer):
        first, second = model.linear1, model.linear2
        given = {"W1": first.weight.T, "B1": first.bias, "Wout": second.weight.T, "Bout": second.bias}
        record = train_manual(x, labels, given, lr, epochs)
        with torch.no_grad():
            for name, value in given.items():
                value.copy_(record["parameters"][name])
        return {"losses": record["losses"]}
    losses = []
    for _ in range(epochs):
        cost = nn.functional.cross_entropy(model(x), labels)
        losses.append(cost.item())
        slopes = torch.autograd.grad(cost, list(model.parameters()))
        with torch.no_grad():
            for value, slope in zip(model.parameters(), slopes):
                value -= lr * slope
    return {"losses": losses}


def predict(logits):
    return torch.argmax(logits, dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
