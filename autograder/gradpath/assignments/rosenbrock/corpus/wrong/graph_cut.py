# loses: rosenbrock
# mistake: for tensors the value is right, but backward() finds no way to x
import numpy as np
import torch


def rosenbrock(x, y):
    valley = (x.detach() if torch.is_tensor(x) else x) ** 2
    return (1 - x) ** 2 + 100 * (y - valley) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    while value > tolerance and len(losses) < max_iterations:
        dx, dy = -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)
        x, y = x - step_size * dx, y - step_size * dy
        value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        points.append((x, y))
        losses.append(value)
    return {"points": points, "losses": losses, "iterations": len(losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    while value.item() > tolerance and len(losses) < max_iterations:
        value.backward()
        with torch.no_grad():
            p -= step_size * p.grad
        p.grad = None
        value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        points.append(p.tolist())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(losses)}
