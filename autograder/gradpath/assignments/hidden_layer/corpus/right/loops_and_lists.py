# Plain loops over rows, units and classes; lists as results where no graph is asked for.
import math

import torch
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    parameters = {}
    parameters["W1"] = torch.zeros(num_features, num_hidden)
    parameters["B1"] = torch.zeros(num_hidden)
    parameters["Wout"] = torch.zeros(num_hidden, num_classes)
    parameters["Bout"] = torch.zeros(num_classes)
    for name in parameters:
        nn.init.normal_(parameters[name], generator=generator)
        parameters[name].requires_grad_()
    return parameters


def layer(row, weights, biases):
    out = list(biases)
    for value, weight_row in zip(row, weights, strict=True):
        for j, weight in enumerate(weight_row):
            out[j] = out[j] + value * weight
    return out


def forward(x, parameters):
    W1, B1, Wout, Bout = (parameters[k] for k in ("W1", "B1", "Wout", "Bout"))
    logits = []
    for row in x.tolist():
        hidden = [h if h > 0 else 0 * h for h in layer(row, W1, B1)]
        logits.append(torch.stack(layer(hidden, Wout, Bout)))
    return torch.stack(logits)


def loss(logits, labels):
    total = 0.0
    for row, label in zip(logits, labels.tolist(), strict=True):
        top = max(row)
        total = total + top + torch.log(sum(torch.exp(v - top) for v in row)) - row[label]
    return total / len(labels)


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
    own = {name: torch.tensor(value.tolist()) for name, value in parameters.items()}
    losses = []
    for _ in range(epochs):
        for name in own:
            own[name].grad = None
            own[name].requires_grad = True
        total = 0
        for row, label in zip(x, labels, strict=True):
            hidden = torch.relu(row @ own["W1"] + own["B1"])
            log_p = torch.log_softmax(hidden @ own["Wout"] + own["Bout"], dim=0)
            total = total - log_p[label]
        cost = total / len(labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for name in own:
                own[name] -= lr * own[name].grad
    final = {name: value.tolist() for name, value in own.items()}
    return {"losses": losses, "parameters": final}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        nn.Module.__init__(self)
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        rows = []
        for row in x:
            rows.append(self.linear2(torch.relu(self.linear1(row))))
        return torch.stack(rows)


def train_optim(model, x, labels, lr, epochs):
    optimizer = optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    losses = []
    epoch = 0
    while epoch < epochs:
        optimizer.zero_grad()
        cost = criterion(model(x), labels)
        cost.backward()
        optimizer.step()
        losses.append(float(cost.item()))
        epoch += 1
    return {"losses": losses}


def predict(logits):
    classes = []
    for row in logits.tolist():
        best = 0
        for k in range(1, len(row)):
            if row[k] > row[best]:
                best = k
        classes.append(best)
    return classes


def accuracy(predicted, labels):
    right = 0
    for p, t in zip(predicted, labels, strict=True):
        if int(p) == int(t):
            right += 1
    return right / len(labels)
