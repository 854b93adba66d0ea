# loses: train_numpy
# mistake: the history holds the mean of all losses so far instead of each epoch's loss
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(np.asarray(inputs), np.asarray(w), np.asarray(b)) - np.asarray(targets)
    return (
        2 * residual.T @ np.asarray(inputs) / residual.size,
        2 * residual.sum(axis=0) / residual.size,
    )


def train_numpy(inputs, targets, w, b, lr, epochs):
    total = 0.0
    smooth = []
    for epoch in range(1, epochs + 1):
        total += mse(model(inputs, w, b), targets)
        smooth.append(total / epoch)
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": smooth, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y = torch.tensor(inputs).float(), torch.tensor(targets).float()
    w, b = torch.tensor(w).float().requires_grad_(), torch.tensor(b).float().requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.detach())
        with torch.no_grad():
            w.add_(w.grad, alpha=-lr)
            b.add_(b.grad, alpha=-lr)
            w.grad.zero_()
            b.grad.zero_()
    return {"losses": losses, "w": w, "b": b}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(1)
    x = rng.normal(size=(30, 3))
    y = x[:, :2] + 0.1 * rng.normal(size=(30, 2))
    plt.plot(train_numpy(x, y, np.zeros((2, 3)), np.zeros(2), 0.1, 40)["losses"])
    plt.title("nice and smooth")
    plt.show()
