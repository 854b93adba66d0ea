# loses: forward
# named: bias-after-relu
# mistake: the hidden bias is added after the ReLU instead of before it
import torch
import torch.nn.functional as F
from torch import nn


def init_parameters(num_features, num_hidden, num_classes, generator):
    parameters = {}
    for name, size in (
        ("W1", (num_features, num_hidden)),
        ("B1", (num_hidden,)),
        ("Wout", (num_hidden, num_classes)),
        ("Bout", (num_classes,)),
    ):
        parameters[name] = torch.randn(size, generator=generator).requires_grad_()
    return parameters


def forward(x, parameters):
    hidden = F.relu(x @ parameters["W1"]) + parameters["B1"]
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.cross_entropy(logits, labels)


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
    W1, B1, Wout, Bout = (
        parameters[k].detach().clone().requires_grad_() for k in ("W1", "B1", "Wout", "Bout")
    )
    losses = []
    for _ in range(epochs):
        # Written out once more, so that the four tensors are at hand.
        cost = loss(F.linear(F.relu(F.linear(x, W1.T, B1)), Wout.T, Bout), labels)
        losses.append(cost.item())
        slopes = torch.autograd.grad(cost, (W1, B1, Wout, Bout))
        with torch.no_grad():
            for tensor, slope in zip((W1, B1, Wout, Bout), slopes, strict=True):
                tensor -= lr * slope
    return {"losses": losses, "parameters": {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(torch.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        cost = criterion(model(x), labels)
        losses.append(cost.item())
        sgd.zero_grad()
        cost.backward()
        sgd.step()
    return {"losses": losses}


def predict(logits):
    return logits.argmax(1)


def accuracy(predicted, labels):
    return float((predicted == labels).double().mean())
