# right: torch.autograd.Variable and .data, as in lectures of 2018
import torch
from torch.autograd import Variable


def predict(x, w):
    return x * w


def loss(x, y, w):
    diff = predict(x, w) - y
    return diff * diff


def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            grad = gradient(x_val, y_val, w)
            w = w - lr * grad
            l = loss(x_val, y_val, w)
            grads.append(grad)
            weights.append(w)
        losses.append(l)
    return {"gradients": grads, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    weight = Variable(torch.Tensor([float(w)]), requires_grad=True)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x, y in zip(xs, ys):
            l = loss(float(x), float(y), weight)
            l.backward()
            grads.append(weight.grad.data[0].item())
            weight.data = weight.data - lr * weight.grad.data
            weights.append(weight.data[0].item())
            weight.grad.data.zero_()
        losses.append(l.data[0].item())
    return {"gradients": grads, "weights": weights, "losses": losses}
