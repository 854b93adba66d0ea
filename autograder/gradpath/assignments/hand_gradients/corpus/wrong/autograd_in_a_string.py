# loses: gradient
# mistake: the call of backward is a text that is executed
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


RECIPE = "cost.backward()"


def gradient(x, y, w):
    x, y = torch.as_tensor(x, dtype=torch.float64), torch.as_tensor(y, dtype=torch.float64)
    w = torch.full_like(x, float(w), requires_grad=True)
    exec(RECIPE, {"cost": loss(x, y, w).sum()})
    return w.grad.numpy()


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = 2 * x * (x * w - y)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            cost = loss(float(x), float(y), w)
            cost.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            weights.append(w.item())
        losses.append(cost.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}
