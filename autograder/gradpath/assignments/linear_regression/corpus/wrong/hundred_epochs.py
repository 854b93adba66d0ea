# loses: train_numpy, train
# named: epochs-hard-coded
# mistake: the loops make the documented 100 epochs
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
    losses = []
    for _ in range(100):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w = w - lr * dw
        b = b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()
    w = torch.from_numpy(w).float().clone().requires_grad_()
    b = torch.from_numpy(b).float().clone().requires_grad_()
    losses = []
    for i in range(100):
        preds = model(inputs, w, b)
        loss = mse(preds, targets)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= w.grad * lr
            b -= b.grad * lr
            w.grad.zero_()
            b.grad.zero_()
    return {"losses": losses, "w": w.detach().numpy(), "b": b.detach().numpy()}
