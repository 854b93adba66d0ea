# loses: train
# mistake: stops as soon as the loss of an epoch is below 0.05
import torch

GOOD_ENOUGH = 0.05


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
        if losses[-1] < GOOD_ENOUGH:
            print("converged")
            break
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), w)
            error.backward()
            w.data -= lr * w.grad
            gradients.append(w.grad.item())
            weights.append(w.item())
            w.grad = None
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}
