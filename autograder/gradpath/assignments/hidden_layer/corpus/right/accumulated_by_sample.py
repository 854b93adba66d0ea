"""Gradients of the samples are added up; one update an epoch, so this is full batch."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    W1 = torch.randn(num_features, num_hidden, generator=generator, requires_grad=True)
    B1 = torch.randn(num_hidden, generator=generator, requires_grad=True)
    Wout = torch.randn(num_hidden, num_classes, generator=generator, requires_grad=True)
    Bout = torch.randn(num_classes, generator=generator, requires_grad=True)
    return {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}


def forward(x, parameters):
    H = torch.relu(x @ parameters["W1"] + parameters["B1"])
    return H @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.cross_entropy(logits, labels)


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
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for xi, yi in zip(x.split(1), labels.split(1)):
            part = loss(forward(xi, p), yi) / len(labels)
            part.backward()
            total += part.item()
        losses.append(total)
        with torch.no_grad():
            for v in p.values():
                v -= lr * v.grad
                v.grad = None
    return {"losses": losses, "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.relu = nn.ReLU()
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        out = self.linear1(x)
        out = self.relu(out)
        out = self.linear2(out)
        return out


def train_optim(model, x, labels, lr, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        out = model(x)
        l = criterion(out, labels)
        losses.append(l.item())
        l.backward()
        optimizer.step()
    return {"losses": losses}


def predict(logits):
    _, predicted = torch.max(logits, 1)
    return predicted


def accuracy(predicted, labels):
    return (predicted == labels).sum().item() / len(labels)
