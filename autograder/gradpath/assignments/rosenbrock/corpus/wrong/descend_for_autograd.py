# loses: descend_autograd
# mistake: the walk with autograd is the walk by hand, called once more
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    inner = y - x**2
    return -2 * (1 - x) - 400 * x * inner, 200 * inner


def descend(start, step_size, tolerance, max_iterations):
    x, y = map(float, start)
    points, losses = [], []
    value = rosenbrock(x, y)
    while value > tolerance and len(losses) < max_iterations:
        dx, dy = gradient(x, y)
        x, y = x - step_size * dx, y - step_size * dy
        value = rosenbrock(x, y)
        points.append((x, y))
        losses.append(value)
    return {"points": np.array(points).reshape(-1, 2), "losses": losses, "iterations": len(losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    record = descend(start, step_size, tolerance, max_iterations)
    return {name: torch.as_tensor(value) for name, value in record.items()}
