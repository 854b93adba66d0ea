import numpy as np

# Results are made first and filled row by row; everything is changed in place, on copies.


def prepare(w, gradients):
    gradients = np.array(gradients, dtype=np.float64, ndmin=2)
    return np.array(w, dtype=np.float64), gradients, np.empty_like(gradients)


def sgd(w, gradients, lr):
    w, gradients, out = prepare(w, gradients)
    for i in range(len(out)):
        w -= lr * gradients[i]
        out[i] = w
    return out


def momentum(w, gradients, lr, momentum):
    w, gradients, out = prepare(w, gradients)
    velocity = np.zeros(w.shape)
    for i in range(len(out)):
        velocity *= momentum
        velocity += gradients[i]
        w -= lr * velocity
        out[i] = w
    return out


def adagrad(w, gradients, lr, eps):
    w, gradients, out = prepare(w, gradients)
    cache = np.zeros(w.shape)
    for i in range(len(out)):
        cache += np.square(gradients[i])
        w -= np.divide(lr * gradients[i], np.sqrt(cache) + eps)
        out[i] = w
    return out


def rmsprop(w, gradients, lr, decay, eps):
    w, gradients, out = prepare(w, gradients)
    cache = np.zeros(w.shape)
    for i in range(len(out)):
        cache += (1 - decay) * (np.square(gradients[i]) - cache)
        w -= np.divide(lr * gradients[i], np.sqrt(cache) + eps)
        out[i] = w
    return out


def adam(w, gradients, lr, beta1, beta2, eps):
    w, gradients, out = prepare(w, gradients)
    m, v = np.zeros((2, *w.shape))
    power1 = power2 = 1.0
    for i in range(len(out)):
        m += (1 - beta1) * (gradients[i] - m)
        v += (1 - beta2) * (np.square(gradients[i]) - v)
        power1 *= beta1
        power2 *= beta2
        # The correction of m as a longer step: the same number.
        w -= lr / (1 - power1) * m / (np.sqrt(v / (1 - power2)) + eps)
        out[i] = w
    return out


def steps_to(losses, level):
    below = np.array(losses) <= level
    if not below.any():
        return -1
    return np.argmax(below)


def compare(w, lr, steps):
    record = dict.fromkeys(("sgd", "momentum", "adagrad", "rmsprop", "adam"))
    for name in record:
        met = np.zeros((steps, 2))
        point = np.array(w, dtype=np.float64)
        losses = np.zeros(steps)
        for i in range(steps):
            met[i] = point[0], 20 * point[1]
            if name == "sgd":
                points = sgd(w, met[: i + 1], lr)
            elif name == "momentum":
                points = momentum(w, met[: i + 1], lr, 0.9)
            elif name == "adagrad":
                points = adagrad(w, met[: i + 1], lr, 1e-8)
            elif name == "rmsprop":
                points = rmsprop(w, met[: i + 1], lr, 0.99, 1e-8)
            else:
                points = adam(w, met[: i + 1], lr, 0.9, 0.999, 1e-8)
            point = points[i]
            losses[i] = 0.5 * point[0] ** 2 + 10.0 * point[1] ** 2
        record[name] = losses
    return record
