# loses: train_manual
# named: loss-as-step
# mistake: the loss is multiplied by lr where the gradient is meant
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
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    for epoch in range(epochs):
        l = loss(forward(x, p), labels)
        losses.append(l.item())
        l.backward()
        with torch.no_grad():
            for v in p.values():
                v -= lr * l
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
