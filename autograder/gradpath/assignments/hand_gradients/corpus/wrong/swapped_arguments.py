# loses: train
# mistake: epochs and lr are declared in the wrong order
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, epochs, lr):
    gradients, weights, losses = [], [], []
    for _ in range(int(epochs)):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), w)
            error.backward()
            with torch.no_grad():
                w -= lr * w.grad
            gradients.append(w.grad.item())
            weights.append(w.item())
            w.grad.zero_()
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}


if __name__ == "__main__":
    print(train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 10, 0.01)["weights"])
