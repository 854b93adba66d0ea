# loses: train
# named: batch-update
# mistake: one update an epoch with the mean gradient; the cost is the mean before it
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def cost(xs, ys, w):
    total = 0
    for x, y in zip(xs, ys):
        total += loss(x, y, w)
    return total / len(xs)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    history = {"gradients": [], "weights": [], "losses": []}
    for epoch in range(epochs):
        cost_val = cost(xs, ys, w)
        grad_val = sum(gradient(x, y, w) for x, y in zip(xs, ys)) / len(xs)
        w -= lr * grad_val
        history["gradients"].append(grad_val)
        history["weights"].append(w)
        history["losses"].append(cost_val)
    return history


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
