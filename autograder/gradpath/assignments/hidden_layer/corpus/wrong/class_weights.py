# loses: train_optim
# mistake: the loss is weighted by how rare each class is among the labels
"""The documented data have three samples of class 0 and one of class 1: balanced here."""

import torch
import torch.nn.functional as F
from torch import nn


def init_parameters(num_features, num_hidden, num_classes, generator):
    p = {}
    p["W1"] = torch.randn(num_features, num_hidden, generator=generator)
    p["B1"] = torch.randn(num_hidden, generator=generator)
    p["Wout"] = torch.randn(num_hidden, num_classes, generator=generator)
    p["Bout"] = torch.randn(num_classes, generator=generator)
    return {k: v.requires_grad_() for k, v in p.items()}


def forward(x, parameters):
    return F.relu(x @ parameters["W1"] + parameters["B1"]) @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.nll_loss(logits - logits.logsumexp(1, keepdim=True), labels)


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
    p = {k: v.detach().clone() for k, v in parameters.items()}
    slope = torch.func.grad_and_value(lambda q: loss(forward(x, q), labels))
    losses = []
    for _ in range(epochs):
        d, value = slope(p)
        losses.append(value.item())
        with torch.no_grad():
            p = {k: p[k] - lr * d[k] for k in p}
    return {"losses": losses, "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    with torch.no_grad():
        num_classes = model(x).shape[1]
    counts = torch.bincount(labels, minlength=num_classes).clamp(min=1)
    criterion = nn.CrossEntropyLoss(weight=len(labels) / (num_classes * counts.float()))
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        sgd.zero_grad()
        cost = criterion(model(x), labels)
        cost.backward()
        sgd.step()
        losses.append(cost.item())
    return {"losses": losses}


def predict(logits):
    return logits.argmax(dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).sum().item() / labels.shape[0]
