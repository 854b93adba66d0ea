# loses: ModelWithHiddenLayer
# mistake: each model sets torch's seed and so begins with the same weights
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
    hidden = torch.relu(x @ parameters["W1"] + parameters["B1"])
    return hidden @ parameters["Wout"] + parameters["Bout"]


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
    p = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    losses = []
    for _ in range(epochs):
        logits = torch.relu(x @ p["W1"] + p["B1"]) @ p["Wout"] + p["Bout"]
        cost = F.cross_entropy(logits, labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for value in p.values():
                value -= lr * value.grad
                value.grad = None
    return {"losses": losses, "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        torch.manual_seed(0)
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(torch.relu(self.linear1(x)))


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
    return logits.argmax(dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
