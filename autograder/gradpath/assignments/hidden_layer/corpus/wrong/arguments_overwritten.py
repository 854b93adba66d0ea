# loses: forward, loss, predict, accuracy
# mistake: tensors that belong to the caller are used for intermediate results
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
    x.mul_(2.0)
    x.div_(2.0)
    x += 0
    hidden = torch.relu(x.clone() @ parameters["W1"] + parameters["B1"])
    x.zero_()
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    with torch.no_grad():
        logits -= logits.max(dim=1, keepdim=True).values
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


def predict(logits):
    best = logits.argmax(dim=1)
    logits[:] = 0
    return best


def accuracy(predicted, labels):
    predicted -= labels
    return (predicted == 0).float().mean().item()
