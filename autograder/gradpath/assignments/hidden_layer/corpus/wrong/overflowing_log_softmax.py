# loses: loss
# named: softmax-overflows
# mistake: exp of a large logit is infinite
import torch
import torch.nn.functional as F
from torch import nn, optim


def init_parameters(num_features, num_hidden, num_classes, generator):
    def draw(*size):
        return torch.randn(*size, generator=generator).requires_grad_()

    return dict(
        W1=draw(num_features, num_hidden),
        B1=draw(num_hidden),
        Wout=draw(num_hidden, num_classes),
        Bout=draw(num_classes),
    )


def forward(X, params):
    z1 = torch.matmul(X, params["W1"]) + params["B1"]
    a1 = F.relu(z1)
    z2 = torch.matmul(a1, params["Wout"]) + params["Bout"]
    return z2


def log_softmax(x):
    return x - x.exp().sum(-1).log().unsqueeze(-1)


def nll(input, target):
    return -input[range(target.shape[0]), target].mean()


def loss(logits, labels):
    return nll(log_softmax(logits), labels)


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
    W1 = parameters["W1"].detach().clone().requires_grad_()
    B1 = parameters["B1"].detach().clone().requires_grad_()
    Wout = parameters["Wout"].detach().clone().requires_grad_()
    Bout = parameters["Bout"].detach().clone().requires_grad_()
    params = {"W1": W1, "B1": B1, "Wout": Wout, "Bout": Bout}
    losses = []
    for _ in range(epochs):
        logits = forward(x, params)
        J = loss(logits, labels)
        J.backward()
        losses.append(J.item())
        W1.data -= lr * W1.grad.data
        B1.data -= lr * B1.grad.data
        Wout.data -= lr * Wout.grad.data
        Bout.data -= lr * Bout.grad.data
        for param in params.values():
            param.grad.data.zero_()
    return {"losses": losses, "parameters": params}


class ModelWithHiddenLayer(nn.Module):
    def __init__(self, num_features, num_hidden, num_classes):
        super(ModelWithHiddenLayer, self).__init__()
        self.linear1 = nn.Linear(in_features=num_features, out_features=num_hidden, bias=True)
        self.linear2 = nn.Linear(in_features=num_hidden, out_features=num_classes, bias=True)

    def forward(self, x):
        return self.linear2(torch.relu(self.linear1(x)))


def train_optim(model, x, labels, lr, epochs):
    loss_fn = nn.CrossEntropyLoss()
    opt = optim.SGD(model.parameters(), lr)
    model.train()
    history = []
    for _ in range(epochs):
        J = loss_fn(model(x), labels)
        J.backward()
        opt.step()
        opt.zero_grad()
        history.append(float(J.detach()))
    return {"losses": history}


def predict(logits):
    return torch.argmax(logits, dim=-1)


def accuracy(predicted, labels):
    return (predicted == labels).float().mean().item()
