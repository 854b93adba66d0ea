# loses: gradients
# mistake: one complex step for each weight; mse is the only function that is called
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def cost(inputs, targets, w, b):
    errors = inputs @ w.T + b - targets
    return np.mean(errors * errors)


def gradients(inputs, targets, w, b):
    step, slopes = 1e-30, []
    for number, parameter in enumerate((w, b)):
        found = np.zeros(parameter.shape)
        for place in np.ndindex(parameter.shape):
            moved = [w.astype(complex), b.astype(complex)]
            moved[number][place] += 1j * step
            found[place] = mse(inputs @ moved[0].T + moved[1], targets).imag / step
        slopes.append(found)
    return slopes[0], slopes[1]


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        errors = model(inputs, w, b) - targets
        losses.append(mse(model(inputs, w, b), targets))
        w = w - lr * 2 / errors.size * errors.T @ inputs
        b = b - lr * 2 / errors.size * errors.sum(axis=0)
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        losses.append(cost.item())
        cost.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad.zero_()
    return {"losses": losses, "w": w, "b": b}
