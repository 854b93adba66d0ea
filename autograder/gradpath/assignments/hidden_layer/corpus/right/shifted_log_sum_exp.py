"""A log-softmax of one's own that takes the largest logit off first."""
import math

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
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_sum = shifted.exp().sum(dim=1).log()
    return (log_sum - shifted.gather(1, labels.view(-1, 1)).squeeze(1)).mean()


def backward(x, labels, parameters):
    W1, B1 = parameters["W1"].tolist(), parameters["B1"].tolist()
    Wout, Bout = parameters["Wout"].tolist(), parameters["Bout"].tolist()
    n, d, h, c = len(x), len(W1), len(B1), len(Bout)
    dW1, dB1 = [[0.0] * h for _ in range(d)], [0.0] * h
    dWout, dBout = [[0.0] * c for _ in range(h)], [0.0] * c
    for row, label in zip(x.tolist(), labels.tolist()):
        s = [sum(row[i] * W1[i][j] for i in range(d)) + B1[j] for j in range(h)]
        z = [sum(max(s[j], 0.0) * Wout[j][k] for j in range(h)) + Bout[k] for k in range(c)]
        e = [math.exp(v - max(z)) for v in z]
        g = [(e[k] / sum(e) - (k == label)) / n for k in range(c)]
        for k in range(c):
            dBout[k] += g[k]
        for j in range(h):
            if s[j] > 0:
                back = sum(g[k] * Wout[j][k] for k in range(c))
                dB1[j] += back
                for k in range(c):
                    dWout[j][k] += s[j] * g[k]
                for i in range(d):
                    dW1[i][j] += row[i] * back
    return {"W1": dW1, "B1": dB1, "Wout": dWout, "Bout": dBout}


def train_manual(x, labels, parameters, lr, epochs):
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    for epoch in range(epochs):
        l = loss(forward(x, p), labels)
        losses.append(l.item())
        l.backward()
        with torch.no_grad():
            for v in p.values():
                v -= lr * v.grad
                v.grad.zero_()
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
