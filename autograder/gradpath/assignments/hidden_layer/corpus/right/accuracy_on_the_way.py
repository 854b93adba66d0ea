import torch
import torch.nn.functional as F
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    kwargs = {"generator": generator, "requires_grad": True}
    W1 = torch.randn(num_features, num_hidden, **kwargs)
    B1 = torch.randn(num_hidden, **kwargs)
    Wout = torch.randn(num_hidden, num_classes, **kwargs)
    Bout = torch.randn(num_classes, **kwargs)
    return {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}


def forward(x, parameters):
    hidden = F.relu(x @ parameters["W1"] + parameters["B1"])
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


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
    optim = {k: v.detach().clone().requires_grad_() for k, v in parameters.items()}
    losses = []
    for epoch in range(epochs):
        logits = forward(x, optim)
        cost = loss(logits, labels)
        losses.append(cost.item())
        if epoch % 100 == 0:
            print(epoch, losses[-1], accuracy(predict(logits), labels))
        cost.backward()
        with torch.no_grad():
            for value in optim.values():
                value -= lr * value.grad
                value.grad = None
    return {"losses": losses, "parameters": optim}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    sgd = optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    losses = []
    for _ in range(epochs):
        sgd.zero_grad()
        cost = criterion(model(x), labels)
        cost.backward()
        sgd.step()
        losses.append(cost.item())
    return {"losses": losses}


def predict(logits):
    return logits.argmax(dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
