"""torch.func: the parameters are a pytree, every epoch makes a new one."""

import torch
from torch import nn
from torch.func import grad_and_value

NAMES = ("W1", "B1", "Wout", "Bout")


def init_parameters(num_features, num_hidden, num_classes, generator):
    sizes = ((num_features, num_hidden), (num_hidden,), (num_hidden, num_classes), (num_classes,))
    drawn = (torch.empty(size).normal_(generator=generator) for size in sizes)
    return {name: value.requires_grad_() for name, value in zip(NAMES, drawn, strict=True)}


def forward(x, parameters):
    w1, b1, w2, b2 = (parameters[name] for name in NAMES)
    return torch.addmm(b2, torch.addmm(b1, x, w1).relu(), w2)


def loss(logits, labels):
    own = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    return (torch.logsumexp(logits, dim=1) - own).mean()


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
    def cost(values):
        return loss(forward(x, values), labels)

    values = {name: parameters[name].detach() for name in NAMES}
    losses = []
    for _ in range(epochs):
        slopes, now = grad_and_value(cost)(values)
        losses.append(now)
        with torch.no_grad():
            values = {name: values[name] - lr * slopes[name] for name in NAMES}
    return {"losses": torch.tensor(losses), "parameters": values}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(self.linear1(x).relu())


def train_optim(model, x, labels, lr, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr)

    def closure():
        optimizer.zero_grad(set_to_none=False)
        cost = criterion(model(x), labels)
        cost.backward()
        return cost

    return {"losses": [optimizer.step(closure).detach() for _ in range(epochs)]}


def predict(logits):
    return logits.max(dim=1).indices


def accuracy(predicted, labels):
    return torch.eq(predicted, labels).double().mean().item()
