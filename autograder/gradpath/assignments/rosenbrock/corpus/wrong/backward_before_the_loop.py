# loses: descend_autograd
# named: backward-twice
# mistake: the first gradient counts twice
import numpy as np
import torch


def rosenbrock(x, y):
    return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2


def gradient(x, y):
    grad_x = -400 * x * (y - x ** 2) - 2 * (1 - x)
    grad_y = 200 * (y - x ** 2)
    return grad_x, grad_y


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
    p = torch.tensor([float(c) for c in start], dtype=torch.float64, requires_grad=True)
    f = rosenbrock(p[0], p[1])
    f.backward()
    out = {"points": [], "losses": [], "iterations": 0}
    while f.item() > tolerance and out["iterations"] < max_iterations:
        rosenbrock(p[0], p[1]).backward()
        with torch.no_grad():
            p.sub_(step_size * p.grad)
        p.grad.zero_()
        f = rosenbrock(p[0], p[1])
        out["points"].append(p.tolist())
        out["losses"].append(f.item())
        out["iterations"] += 1
    return out
