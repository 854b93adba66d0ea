# loses: backward
# named: bias-gradient-averaged
# mistake: backward divides the gradients of the biases by the samples once more
import torch
from torch import nn


def init_parameters(num_features, num_hidden, num_classes, generator):
    W1 = torch.randn((num_features, num_hidden), generator=generator)
    B1 = torch.randn((num_hidden,), generator=generator)
    Wout = torch.randn((num_hidden, num_classes), generator=generator)
    Bout = torch.randn((num_classes,), generator=generator)
    parameters = {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}
    for value in parameters.values():
        value.requires_grad = True
    return parameters


def forward(x, parameters):
    before = x @ parameters["W1"] + parameters["B1"]
    # The boolean mask is 0 where ReLU is flat, 1 elsewhere.
    return (before * (before > 0)) @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean()


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
        "B1": d_before.mean(dim=0),
        "Wout": hidden.T @ d_logits,
        "Bout": d_logits.mean(dim=0),
    }


@torch.no_grad()
def train_manual(x, labels, parameters, lr, epochs):
    p = {name: value.clone() for name, value in parameters.items()}
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(x, p), labels).item())
        gradients = backward(x, labels, p)
        for name in p:
            p[name] -= lr * gradients[name]
    return {"losses": losses, "parameters": p}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.activation = nn.ReLU()
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(self.activation(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    optimizer = torch.optim.SGD(params=list(model.parameters()), lr=lr)
    criterion = nn.CrossEntropyLoss(reduction="mean")
    losses = torch.zeros(epochs)
    for epoch in range(epochs):
        cost = criterion(model(x), labels)
        losses[epoch] = cost.detach()
        model.zero_grad()
        cost.backward()
        optimizer.step()
    return {"losses": losses.numpy()}


def predict(logits):
    return logits.detach().numpy().argmax(axis=1)


def accuracy(predicted, labels):
    return sum(int(p) == int(t) for p, t in zip(predicted, labels, strict=True)) / len(labels)
