# loses: descend
# mistake: the walk by hand is the walk with autograd, called under another name
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    inner = y - x**2
    return -2 * (1 - x) - 400 * x * inner, 200 * inner


def descend(start, step_size, tolerance, max_iterations):
    return walk(start, step_size, tolerance, max_iterations)


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    value = rosenbrock(*point)
    while value > tolerance and len(losses) < max_iterations:
        (slope,) = torch.autograd.grad(value, point)
        point = (point - step_size * slope).detach().requires_grad_()
        value = rosenbrock(*point)
        points.append(point.tolist())
        losses.append(value.item())
    return {"points": np.array(points).reshape(-1, 2), "losses": losses, "iterations": len(losses)}


walk = descend_autograd
