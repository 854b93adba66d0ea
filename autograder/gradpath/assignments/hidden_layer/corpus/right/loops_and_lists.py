# Plain loops over rows, units and classes; lists as results where no graph is asked for.
import torch
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    parameters = {}
    parameters["W1"] = torch.zeros(num_features, num_hidden)
    parameters["B1"] = torch.zeros(num_hidden)
    parameters["Wout"] = torch.zeros(num_hidden, num_classes)
    parameters["Bout"] = torch.zeros(num_classes)
    for name in parameters:
        nn.init.normal_(parameters[name], generator=generator)
        parameters[name].requires_grad_()
    return parameters


def layer(row, weights, biases):
    out = list(biases)
    for value, weight_row in zip(row, weights, strict=True):
        for j, weight in enumerate(weight_row):
            out[j] = out[j] + value * weight
    return out


def forward(x, parameters):
    W1, B1, Wout, Bout = (parameters[k] for k in ("W1", "B1", "Wout", "Bout"))
    logits = []
    for row in x.tolist():
        hidden = [h if h > 0 else 0 * h for h in layer(row, W1, B1)]
        logits.append(torch.stack(layer(hidden, Wout, Bout)))
    return torch.stack(logits)


def loss(logits, labels):
    total = 0.0
    for row, label in zip(logits, labels.tolist(), strict=True):
        top = max(row)
        total = total + top + torch.log(sum(torch.exp(v - top) for v in row)) - row[label]
    return total / len(labels)


def train_manual(x, labels, parameters, lr, epochs):
    own = {name: torch.tensor(value.tolist()) for name, value in parameters.items()}
    losses = []
    for _ in range(epochs):
        for name in own:
            own[name].grad = None
            own[name].requires_grad = True
        total = 0
        for row, label in zip(x, labels, strict=True):
            hidden = torch.relu(row @ own["W1"] + own["B1"])
            log_p = torch.log_softmax(hidden @ own["Wout"] + own["Bout"], dim=0)
            total = total - log_p[label]
        cost = total / len(labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for name in own:
                own[name] -= lr * own[name].grad
    final = {name: value.tolist() for name, value in own.items()}
    return {"losses": losses, "parameters": final}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        nn.Module.__init__(self)
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        rows = []
        for row in x:
            rows.append(self.linear2(torch.relu(self.linear1(row))))
        return torch.stack(rows)


def train_optim(model, x, labels, lr, epochs):
    optimizer = optim.SGD(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    losses = []
    epoch = 0
    while epoch < epochs:
        optimizer.zero_grad()
        cost = criterion(model(x), labels)
        cost.backward()
        optimizer.step()
        losses.append(float(cost.item()))
        epoch += 1
    return {"losses": losses}


def predict(logits):
    classes = []
    for row in logits.tolist():
        best = 0
        for k in range(1, len(row)):
            if row[k] > row[best]:
                best = k
        classes.append(best)
    return classes


def accuracy(predicted, labels):
    right = 0
    for p, t in zip(predicted, labels, strict=True):
        if int(p) == int(t):
            right += 1
    return right / len(labels)
