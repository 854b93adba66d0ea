# loses: rosenbrock, gradient, descend, descend_autograd
# mistake: answers are remembered by the start, or by the number of points
import numpy as np
import torch

_answers = {}


def remembered(function):
    def looked_up(x, y):
        if np.ndim(x) == 0:
            return function(x, y)
        return _answers.setdefault((function.__name__, np.shape(x)), function(x, y))

    return looked_up


def by_start(function):
    def looked_up(start, step_size, tolerance, max_iterations):
        key = (function.__name__, float(start[0]), tolerance, max_iterations)
        if key not in _answers:
            _answers[key] = function(start, step_size, tolerance, max_iterations)
        return _answers[key]

    return looked_up


@remembered
def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


@remembered
def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


@by_start
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


@by_start
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
