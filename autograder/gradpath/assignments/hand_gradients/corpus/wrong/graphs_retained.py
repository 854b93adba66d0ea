# loses: train_autograd
# named: retain-graph
# mistake: as torch asks, retain_graph=True, so all losses so far count
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            grad = gradient(x_val, y_val, w)
            w = w - lr * grad
            l = loss(x_val, y_val, w)
            grads.append(grad)
            weights.append(w)
        losses.append(l)
    return {"gradients": grads, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        total = torch.zeros(())
        for x, y in zip(xs, ys):
            l = loss(float(x), float(y), w)
            total = total + l
            total.backward(retain_graph=True)
            grads.append(float(w.grad))
            w.data.sub_(lr * w.grad)
            w.grad.zero_()
            weights.append(float(w))
        losses.append(float(l))
    return {"gradients": grads, "weights": weights, "losses": losses}
