# Everything in float32: function, gradient, point, loss.
import numpy as np
import torch

ONE, TWO, HUNDRED = np.float32(1), np.float32(2), np.float32(100)


def rosenbrock(x, y):
    if not torch.is_tensor(x):
        x = np.asarray(x, dtype=np.float32)
        y = np.asarray(y, dtype=np.float32)
    a = ONE - x
    b = y - x * x
    return a * a + HUNDRED * b * b


def gradient(x, y):
    x = np.asarray(x, dtype=np.float32)
    y = np.asarray(y, dtype=np.float32)
    a = ONE - x
    b = y - x * x
    return -TWO * a - TWO * TWO * HUNDRED * x * b, TWO * HUNDRED * b


def descend(start, step_size, tolerance, max_iterations):
    x, y = np.float32(start[0]), np.float32(start[1])
    step = np.float32(step_size)
    points, losses = [], []
    while len(losses) < max_iterations:
        if rosenbrock(x, y) <= tolerance:
            break
        gx, gy = gradient(x, y)
        x, y = x - step * gx, y - step * gy
        points.append((x, y))
        losses.append(rosenbrock(x, y))
    return {
        "points": np.array(points, dtype=np.float32).reshape(len(points), 2),
        "losses": np.array(losses, dtype=np.float32),
        "iterations": len(losses),
    }


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor(start, dtype=torch.float32, requires_grad=True)
    points, losses = [], []
    while len(losses) < max_iterations:
        f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        if f.item() <= tolerance:
            break
        f.backward()
        with torch.no_grad():
            p -= step_size * p.grad
            after = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        p.grad.zero_()
        points.append(p.detach().numpy().copy())
        losses.append(after.numpy())
    return {
        "points": np.array(points, dtype=np.float32).reshape(len(points), 2),
        "losses": np.array(losses, dtype=np.float32),
        "iterations": len(losses),
    }
