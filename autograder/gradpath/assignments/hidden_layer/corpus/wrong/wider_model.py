# loses: train_optim
# mistake: trains a model of its own with 16 hidden units and ignores the one it is given
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
    own = {k: v.detach().clone().requires_grad_() for k, v in parameters.items()}
    losses = []
    for _ in range(epochs):
        cost = loss(forward(x, own), labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for value in own.values():
                value -= lr * value.grad
                value.grad.zero_()
    return {"losses": losses, "parameters": own}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    # More units learn faster.
    model = ModelWithHiddenLayer(x.shape[1], 16, int(labels.max()) + 1)
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
