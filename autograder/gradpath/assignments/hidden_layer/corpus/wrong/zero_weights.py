# loses: ModelWithHiddenLayer
# mistake: the initial weights of the module are zero
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
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

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
