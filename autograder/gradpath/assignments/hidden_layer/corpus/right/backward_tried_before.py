"""A backward pass before the loop leaves nothing behind: each epoch begins with zero_grad."""
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
    w1, b1, w2, b2 = [parameters[name].data for name in ("W1", "B1", "Wout", "Bout")]
    total = {name: torch.zeros_like(value.data) for name, value in parameters.items()}
    for row, label in zip(x, labels):
        s = row @ w1 + b1
        h = torch.where(s > 0, s, torch.zeros_like(s))
        error = torch.softmax(h @ w2 + b2, dim=0)
        error[label] -= 1.0
        back = (w2 @ error) * (s > 0)
        total["W1"] += torch.outer(row, back)
        total["B1"] += back
        total["Wout"] += torch.outer(h, error)
        total["Bout"] += error
    return {name: value / len(x) for name, value in total.items()}


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
    criterion(model(x), labels).backward()
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        out = model(x)
        l = criterion(out, labels)
        losses.append(l.item())
        l.backward(retain_graph=True)
        optimizer.step()
    return {"losses": losses}


def predict(logits):
    _, predicted = torch.max(logits, 1)
    return predicted


def accuracy(predicted, labels):
    return (predicted == labels).sum().item() / len(labels)
