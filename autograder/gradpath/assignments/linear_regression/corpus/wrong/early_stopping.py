# loses: train_numpy, train
# mistake: the loop by hand ends as soon as an epoch improves the loss by less than 5 %; in
# `train`, torch.Tensor shares the memory of float32 arrays, so the caller's w and b are changed
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.mean(axis=0) / residual.shape[1]


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = np.copy(w), np.copy(b)
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        if len(losses) > 1 and losses[-2] - losses[-1] < 0.05 * losses[-2]:
            print("converged after", len(losses), "epochs")
            break
        dw, db = gradients(inputs, targets, w, b)
        w -= lr * dw
        b -= lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = torch.Tensor(inputs), torch.Tensor(targets)
    w, b = torch.Tensor(w).requires_grad_(), torch.Tensor(b).requires_grad_()
    losses = []
    for _ in range(epochs):
        error = mse(model(inputs, w, b), targets)
        losses.append(error.item())
        error.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
    return {"losses": losses, "w": w, "b": b}
