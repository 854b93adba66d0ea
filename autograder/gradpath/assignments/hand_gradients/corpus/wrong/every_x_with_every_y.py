# loses: train
# named: all-pairs
# mistake: two nested loops pair each x with all y
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    gs, ws, ls = [], [], []
    for _ in range(epochs):
        for x in xs:
            for y in ys:
                g = gradient(x, y, w)
                w = w - lr * g
                gs.append(g)
                ws.append(w)
        ls.append(loss(x, y, w))
    return dict(gradients=gs, weights=ws, losses=ls)


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
