import torch
from torch import nn, optim


class Line(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.linear = nn.Linear(1, 1, bias=False)
        with torch.no_grad():
            self.linear.weight.fill_(w)

    def forward(self, x):
        return self.linear(x)


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * (x * w - y) * x


def train(xs, ys, w, lr, epochs):
    result = {"gradients": (), "weights": (), "losses": ()}
    for epoch in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w -= lr * g
            result["gradients"] += (g,)
            result["weights"] += (w,)
        result["losses"] += (loss(x, y, w),)
    return result


def train_autograd(xs, ys, w, lr, epochs):
    model = Line(w)
    criterion = nn.MSELoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    x_column = torch.tensor([[float(x)] for x in xs])
    y_column = torch.tensor([[float(y)] for y in ys])
    result = {"gradients": (), "weights": (), "losses": ()}
    for epoch in range(epochs):
        for x, y in zip(x_column, y_column):
            error = criterion(model(x), y)
            error.backward()
            optimizer.step()
            result["gradients"] += (model.linear.weight.grad.item(),)
            result["weights"] += (model.linear.weight.item(),)
            # after the step is as good as before the next backward
            optimizer.zero_grad(set_to_none=False)
        result["losses"] += (error.item(),)
    return result
