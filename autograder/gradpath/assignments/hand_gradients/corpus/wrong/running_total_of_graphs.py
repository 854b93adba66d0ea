# loses: train_autograd
# named: graph-used-again
# mistake: adds the losses of an epoch up and goes back through the sum each time
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
        epoch_loss = 0
        for i in range(len(xs)):
            l = loss(float(xs[i]), float(ys[i]), w)
            epoch_loss += l
            epoch_loss.backward()
            grads.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            weights.append(w.item())
        losses.append(l.item())
    return {"gradients": grads, "weights": weights, "losses": losses}
