# loses: train_manual, train_optim
# named: graph-used-again
# mistake: the loss is computed once and differentiated in every epoch
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


@torch.no_grad()
def backward(x, labels, parameters):
    W1, B1, Wout, Bout = (parameters[k] for k in ("W1", "B1", "Wout", "Bout"))
    before = x @ W1 + B1
    hidden = before.clamp_min(0)
    d_logits = (hidden @ Wout + Bout).softmax(dim=1)
    d_logits[torch.arange(len(labels)), labels] -= 1
    d_logits /= len(labels)
    d_before = (d_logits @ Wout.T) * (before > 0)
    return {
        "W1": x.T @ d_before,
        "B1": d_before.sum(dim=0),
        "Wout": hidden.T @ d_logits,
        "Bout": d_logits.sum(dim=0),
    }


def train_manual(x, labels, parameters, lr, epochs):
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    l = loss(forward(x, p), labels)
    for epoch in range(epochs):
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
    out = model(x)
    l = criterion(out, labels)
    for epoch in range(epochs):
        optimizer.zero_grad()
        losses.append(l.item())
        l.backward()
        optimizer.step()
    return {"losses": losses}


def predict(logits):
    _, predicted = torch.max(logits, 1)
    return predicted


def accuracy(predicted, labels):
    return (predicted == labels).sum().item() / len(labels)
