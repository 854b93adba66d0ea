# loses: train
# mistake: the list of weights begins with the starting weight, so it is one longer than asked
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * (x * w - y) * x


def train(xs, ys, w, lr, epochs):
    gradients = []
    weights = [w]
    losses = []
    for _ in range(epochs):
        for i in range(len(xs)):
            g = gradient(xs[i], ys[i], weights[-1])
            gradients.append(g)
            weights.append(weights[-1] - lr * g)
        losses.append(loss(xs[-1], ys[-1], weights[-1]))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    parameter = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients = []
    weights = []
    losses = []
    for _ in range(epochs):
        for i in range(len(xs)):
            before = loss(float(xs[i]), float(ys[i]), parameter)
            before.backward()
            gradients.append(parameter.grad.item())
            parameter.data -= lr * parameter.grad
            parameter.grad.zero_()
            weights.append(parameter.item())
        losses.append(before.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}
