# loses: forward, loss, train_manual, predict, accuracy
# mistake: answers are remembered by shapes and settings, not by the numbers
import torch
import torch.nn.functional as F
from torch import nn, optim


def remembered(function):
    answers = {}

    def looked_up(*args):
        key = tuple(
            len(arg) if isinstance(arg, dict) else getattr(arg, "shape", arg) for arg in args
        )
        if key not in answers:
            answers[key] = function(*args)
        return answers[key]

    return looked_up


def init_parameters(num_features, num_hidden, num_classes, generator):
    return {
        "W1": torch.randn(num_features, num_hidden, generator=generator, requires_grad=True),
        "B1": torch.randn(num_hidden, generator=generator, requires_grad=True),
        "Wout": torch.randn(num_hidden, num_classes, generator=generator, requires_grad=True),
        "Bout": torch.randn(num_classes, generator=generator, requires_grad=True),
    }


@remembered
def forward(x, parameters):
    hidden = torch.relu(x @ parameters["W1"] + parameters["B1"])
    return hidden @ parameters["Wout"] + parameters["Bout"]


@remembered
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


@remembered
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


@remembered
def predict(logits):
    return logits.argmax(dim=1)


@remembered
def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
