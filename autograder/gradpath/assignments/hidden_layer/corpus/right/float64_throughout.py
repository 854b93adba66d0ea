"""The run by hand in double precision; what is drawn and what is trained by SGD stays float32."""

import numpy as np
import torch
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    # float32 here, whatever comes later: a draw in float64 would give other numbers.
    def draw(*size):
        value = torch.randn(*size, generator=generator, dtype=torch.float32)
        return nn.Parameter(value)

    return {
        "W1": draw(num_features, num_hidden),
        "B1": draw(num_hidden),
        "Wout": draw(num_hidden, num_classes),
        "Bout": draw(num_classes),
    }


def forward(x, parameters):
    p = {name: value.double() for name, value in parameters.items()}
    return torch.relu(x.double() @ p["W1"] + p["B1"]) @ p["Wout"] + p["Bout"]


def loss(logits, labels):
    return nn.functional.cross_entropy(logits.double(), labels)


def backward(x, labels, parameters):
    w1, b1, w2, b2 = (parameters[k].detach().numpy() for k in ("W1", "B1", "Wout", "Bout"))
    x, labels = x.numpy(), labels.numpy()
    s = x @ w1 + b1
    h = np.maximum(s, 0)
    z = h @ w2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    gz = (e / e.sum(axis=1, keepdims=True) - np.eye(len(b2))[labels]) / len(x)
    gs = np.where(s > 0, gz @ w2.T, 0)
    return {"W1": x.T @ gs, "B1": gs.sum(0), "Wout": h.T @ gz, "Bout": gz.sum(0)}


def train_manual(x, labels, parameters, lr, epochs):
    own = {name: value.detach().to(torch.float64) for name, value in parameters.items()}
    losses = torch.empty(epochs, dtype=torch.float64)
    for epoch in range(epochs):
        for value in own.values():
            value.requires_grad_()
        cost = loss(forward(x, own), labels)
        slopes = torch.autograd.grad(cost, list(own.values()))
        losses[epoch] = cost.detach()
        with torch.no_grad():
            own = {k: v - lr * s for (k, v), s in zip(own.items(), slopes, strict=True)}
    return {"losses": losses, "parameters": own}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        hidden = nn.functional.linear(x, self.linear1.weight, self.linear1.bias).relu()
        return nn.functional.linear(hidden, self.linear2.weight, self.linear2.bias)


def train_optim(model, x, labels, lr, epochs):
    sgd = optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        sgd.zero_grad()
        cost = criterion(model(x).double(), labels)
        cost.backward()
        sgd.step()
        losses.append(cost.item())
    return {"losses": losses}


def predict(logits):
    return torch.argsort(logits, dim=1, descending=True, stable=True)[:, 0]


def accuracy(predicted, labels):
    return torch.mean((predicted == labels).to(torch.float64))
