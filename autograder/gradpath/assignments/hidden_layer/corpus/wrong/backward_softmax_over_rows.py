# loses: backward
# named: softmax-over-samples
# mistake: backward normalizes over the samples
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim


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
    w1, b1, w2, b2 = (parameters[k].detach().numpy() for k in ("W1", "B1", "Wout", "Bout"))
    x, labels = np.asarray(x), np.asarray(labels)
    s = x @ w1 + b1
    h = np.maximum(s, 0)
    z = h @ w2 + b2
    e = np.exp(z)
    g = e / e.sum(axis=0, keepdims=True)
    g[np.arange(len(x)), labels] -= 1
    g = g / len(x)
    back = g @ w2.T
    back[s <= 0] = 0
    return {"W1": x.T @ back, "B1": back.sum(0), "Wout": h.T @ g, "Bout": g.sum(0)}


def train_manual(x, labels, parameters, lr, epochs):
    p = {k: v.detach().numpy().copy() for k, v in parameters.items()}
    losses = []
    for _ in range(epochs):
        now = {k: torch.from_numpy(v) for k, v in p.items()}
        losses.append(loss(forward(x, now), labels).item())
        for name, slope in backward(x, labels, now).items():
            p[name] = p[name] - np.float32(lr) * slope.astype(np.float32)
    return {"losses": np.array(losses), "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        cost = criterion(model(x), labels)
        cost.backward()
        optimizer.step()
        losses.append(cost.item())
    return {"losses": losses}


def predict(logits):
    return torch.argmax(logits, dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
