# right: keeps the start in the history while it runs, and cuts it off at the end
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    ws, gs, ls = [w], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            gs.append(gradient(x, y, ws[-1]))
            ws.append(ws[-1] - lr * gs[-1])
        ls.append(loss(x, y, ws[-1]))
    return {"gradients": gs, "weights": ws[1:], "losses": ls}


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
