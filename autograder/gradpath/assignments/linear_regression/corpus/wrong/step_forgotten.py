# loses: train
# named: zeroed-before-step
# mistake: the optimizer has zero_grad but no step
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    gap = targets - predictions
    return (gap * gap).mean()


def gradients(inputs, targets, w, b):
    gap = model(inputs, w, b) - targets
    scale = 2 / (gap.shape[0] * gap.shape[1])
    return scale * gap.T @ inputs, scale * np.ones(len(gap)) @ gap


def train_numpy(inputs, targets, w, b, lr, epochs):
    inputs, targets = np.asarray(inputs, float), np.asarray(targets, float)
    weight, bias = np.asarray(w, float), np.asarray(b, float)
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = mse(model(inputs, weight, bias), targets)
        by_weight, by_bias = gradients(inputs, targets, weight, bias)
        weight, bias = weight - lr * by_weight, bias - lr * by_bias
    return dict(losses=history, w=weight, b=bias)


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = torch.tensor(inputs).float(), torch.tensor(targets).float()
    weight = torch.tensor(w).float().requires_grad_()
    bias = torch.tensor(b).float().requires_grad_()
    optimizer = torch.optim.SGD((weight, bias), lr=lr)
    history = []
    for _ in range(epochs):
        optimizer.zero_grad()
        error = mse(model(inputs, weight, bias), targets)
        error.backward()
        history.append(error.item())
    return dict(losses=history, w=weight, b=bias)
