# right: torch.autograd.grad, and new leaves from step to step
import numpy as np
import torch


def rosenbrock(x, y):
    return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2


def gradient(x, y):
    return 400 * x ** 3 - 400 * x * y + 2 * x - 2, 200 * y - 200 * x ** 2


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    iterations = 0
    f = rosenbrock(x, y)
    while f > tolerance and iterations < max_iterations:
        gx, gy = gradient(x, y)
        x, y = x - step_size * gx, y - step_size * gy
        f = rosenbrock(x, y)
        points.append([x, y])
        losses.append(f)
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    value = rosenbrock(p[0], p[1])
    points, losses = [], []
    while value > tolerance and len(points) < max_iterations:
        (g,) = torch.autograd.grad(value, p)
        p = (p - step_size * g).detach().requires_grad_()
        value = rosenbrock(p[0], p[1])
        points.append(p.detach())
        losses.append(value.detach())
    return {"points": points, "losses": losses, "iterations": len(points)}
