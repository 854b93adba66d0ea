# loses: train_manual
# mistake: the update is left to an optimiser whose module is asked for by a built name
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
    own = {k: v.detach().clone().requires_grad_() for k, v in parameters.items()}
    kit = getattr(torch, "op" + "tim")
    step = getattr(kit, "SGD")(own.values(), lr=lr)
    losses = []
    for _ in range(epochs):
        step.zero_grad()
        cost = loss(forward(x, own), labels)
        cost.backward()
        losses.append(cost.item())
        step.step()
    return {"losses": losses, "parameters": own}


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
