# loses: gradient
# named: sign-flipped-residual
# mistake: residual turned round, and a step along it: the run is right
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * (y - x * w) * x


def train(xs, ys, w, lr, epochs):
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            grad = gradient(x_val, y_val, w)
            w = w + lr * grad
            l = loss(x_val, y_val, w)
            grads.append(grad)
            weights.append(w)
        losses.append(l)
    return {"gradients": grads, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor([w], requires_grad=True)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            l = loss(x_val, y_val, w)
            l.backward()
            grads.append(w.grad.item())
            w.data = w.data - lr * w.grad.data
            w.grad.data.zero_()
            weights.append(w.item())
        losses.append(l.item())
    return {"gradients": grads, "weights": weights, "losses": losses}
