# loses: gradient
# mistake: both components are returned without their signs (descend has its own, right formula)
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    gx = -2 * (1 - x) - 400 * x * (y - x**2)
    gy = 200 * (y - x**2)
    return np.abs(gx), np.abs(gy)


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    f = rosenbrock(x, y)
    while f > tolerance and len(points) < max_iterations:
        bend = y - x * x
        x, y = x + step_size * (2 * (1 - x) + 400 * x * bend), y - step_size * 200 * bend
        f = rosenbrock(x, y)
        points.append((x, y))
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(points)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    while f.item() > tolerance and len(points) < max_iterations:
        p.grad = None
        f.backward()
        with torch.no_grad():
            p -= step_size * p.grad
        f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        points.append(p.tolist())
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
