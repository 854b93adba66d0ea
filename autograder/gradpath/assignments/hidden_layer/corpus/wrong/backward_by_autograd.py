# loses: backward
# named: nothing
# mistake: backward leaves the derivatives to autograd
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
    hidden = F.relu(x @ parameters["W1"] + parameters["B1"])
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


def backward(x, labels, parameters):
    leaves = {k: v.detach().clone().requires_grad_() for k, v in parameters.items()}
    found = torch.autograd.grad(loss(forward(x, leaves), labels), list(leaves.values()))
    return dict(zip(leaves, found))


def train_manual(x, labels, parameters, lr, epochs):
    # Own leaves: the caller's tensors and their .grad stay as they are.
    parameters = {
        name: value.detach().clone().requires_grad_() for name, value in parameters.items()
    }
    losses = []
    for _ in range(epochs):
        cost = loss(forward(x, parameters), labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for value in parameters.values():
                value -= lr * value.grad
                value.grad.zero_()
    return {"losses": losses, "parameters": parameters}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


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
    return torch.argmax(logits, dim=1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
