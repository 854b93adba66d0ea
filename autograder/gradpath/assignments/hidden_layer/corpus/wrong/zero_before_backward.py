# loses: train_manual
# named: gradient-read-too-early
# mistake: zeroes the gradients before there are any
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
    p = {name: value.detach() for name, value in parameters.items()}
    sums = torch.matmul(x, p["W1"]).add(p["B1"])
    active = (sums >= 0).to(sums.dtype)
    hidden = sums * active
    scores = torch.matmul(hidden, p["Wout"]).add(p["Bout"])
    target = torch.zeros_like(scores).scatter_(1, labels.view(-1, 1), 1.0)
    upper = torch.softmax(scores, 1).sub(target).div(x.shape[0])
    lower = torch.matmul(upper, p["Wout"].t()).mul(active)
    return dict(
        W1=torch.matmul(x.t(), lower), B1=lower.sum(0), Wout=torch.matmul(hidden.t(), upper), Bout=upper.sum(0)
    )


def train_manual(x, labels, parameters, lr, epochs):
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    for epoch in range(epochs):
        l = loss(forward(x, p), labels)
        losses.append(l.item())
        for v in p.values():
            v.grad.zero_()
        l.backward()
        with torch.no_grad():
            for v in p.values():
                v -= lr * v.grad
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
