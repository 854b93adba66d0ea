# loses: ModelWithHiddenLayer
# mistake: the module's activation is a leaky ReLU with slope 0.1 for negative values
import torch
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    def draw(*size):
        return torch.empty(*size).normal_(generator=generator).requires_grad_()

    W1, B1 = draw(num_features, num_hidden), draw(num_hidden)
    Wout, Bout = draw(num_hidden, num_classes), draw(num_classes)
    return {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}


def forward(x, parameters):
    hidden = (x @ parameters["W1"] + parameters["B1"]).clamp(min=0)
    return hidden @ parameters["Wout"] + parameters["Bout"]


def loss(logits, labels):
    return -logits.log_softmax(1)[range(len(labels)), labels].mean()


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
    own = {k: v.detach().clone() for k, v in parameters.items()}
    losses = []
    for _ in range(epochs):
        for v in own.values():
            v.requires_grad_()
        cost = loss(forward(x, own), labels)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            own = {k: v - lr * v.grad for k, v in own.items()}
    return {"losses": losses, "parameters": own}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super().__init__()
        self.linear1 = nn.Linear(num_features, num_hidden)
        self.activation = nn.LeakyReLU(0.1)
        self.linear2 = nn.Linear(num_hidden, num_classes)

    def forward(self, x):
        return self.linear2(self.activation(self.linear1(x)))


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
    return logits.max(dim=1)[1]


def accuracy(predicted, labels):
    return (predicted == labels).sum().item() / len(labels)
