"""retain_graph is not needed, and does no harm: each epoch has a forward pass."""
import numpy as np
import torch


def model(x, w, b):
    pred = x @ w.transpose(1, 0) if torch.is_tensor(w) else np.dot(x, w.T)
    return pred + b


def mse(t1, t2):
    diff = t1 - t2
    n_elements = diff.shape[0] * diff.shape[1]
    return (diff * diff).sum() / n_elements


def gradients(inputs, targets, w, b):
    n, k = targets.shape
    diff = model(inputs, w, b) - targets
    dw = (2 / (n * k)) * np.dot(diff.T, inputs)
    db = (2 / (n * k)) * np.sum(diff, axis=0)
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = w.copy(), b.copy()
    history = np.zeros(epochs)
    for epoch in range(epochs):
        preds = model(inputs, w, b)
        history[epoch] = mse(preds, targets)
        grad_w, grad_b = gradients(inputs, targets, w, b)
        w -= grad_w * lr
        b -= grad_b * lr
    return {"losses": history, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()
    w = torch.from_numpy(w).float().clone().requires_grad_()
    b = torch.from_numpy(b).float().clone().requires_grad_()
    losses = []
    for i in range(epochs):
        preds = model(inputs, w, b)
        loss = mse(preds, targets)
        loss.backward(retain_graph=True)
        losses.append(loss.item())
        with torch.no_grad():
            w -= w.grad * lr
            b -= b.grad * lr
            w.grad.zero_()
            b.grad.zero_()
    return {"losses": losses, "w": w.detach().numpy(), "b": b.detach().numpy()}
