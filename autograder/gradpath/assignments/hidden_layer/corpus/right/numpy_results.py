"""NumPy arrays come back wherever no graph is asked for; float32 all the way."""

import numpy as np
import torch
from torch import nn


def init_parameters(num_features, num_hidden, num_classes, generator):
    shapes = dict(W1=(num_features, num_hidden), B1=num_hidden)
    shapes |= dict(Wout=(num_hidden, num_classes), Bout=num_classes)
    return {k: torch.randn(s, generator=generator).requires_grad_() for k, s in shapes.items()}


def array(values):
    return values.detach().numpy() if torch.is_tensor(values) else np.asarray(values)


def layers(x, p):
    hidden = np.maximum(x @ p["W1"] + p["B1"], 0)
    return hidden, hidden @ p["Wout"] + p["Bout"]


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def forward(x, parameters):
    hidden = torch.clamp(x @ parameters["W1"] + parameters["B1"], min=0)
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return -logits.log_softmax(dim=1)[torch.arange(len(labels)), labels].mean()


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
    x, labels = array(x), array(labels)
    p = {name: array(value).copy() for name, value in parameters.items()}
    rows, lr = np.arange(len(x)), np.float32(lr)
    losses = []
    for _ in range(epochs):
        hidden, logits = layers(x, p)
        losses.append(-log_softmax(logits)[rows, labels].mean())
        # Softmax minus one-hot: backpropagation without autograd.
        upper = np.exp(log_softmax(logits))
        upper[rows, labels] -= 1
        upper /= len(x)
        lower = np.where(hidden > 0, upper @ p["Wout"].T, 0)
        slopes = {"W1": x.T @ lower, "B1": lower.sum(0), "Wout": hidden.T @ upper}
        slopes["Bout"] = upper.sum(0)
        for name, slope in slopes.items():
            p[name] -= lr * slope
    return {"losses": np.array(losses), "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)
        self.stack = (self.linear1, nn.ReLU(), self.linear2)

    def forward(self, x):
        for step in self.stack:
            x = step(x)
        return x


def train_optim(model, x, labels, lr, epochs):
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()

    def epoch():
        cost = criterion(model(x), labels)
        cost.backward()
        sgd.step()
        sgd.zero_grad()
        return cost.item()

    # A gradient that is left over from before must not count in the first step.
    sgd.zero_grad()
    return {"losses": np.array([epoch() for _ in range(epochs)])}


def predict(logits):
    return np.argmax(array(logits), axis=1)


def accuracy(predicted, labels):
    return np.mean(array(predicted) == array(labels))
