# loses: descend_autograd
# named: retain-graph
# mistake: the same, with retain_graph=True after the error
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
    point = torch.tensor([float(c) for c in start], dtype=torch.float64, requires_grad=True)
    value = rosenbrock(point[0], point[1])
    points, losses = [], []
    total = 0
    while len(losses) < max_iterations and value.item() > tolerance:
        total += value
        total.backward(retain_graph=True)
        point.data -= step_size * point.grad
        point.grad.zero_()
        value = rosenbrock(point[0], point[1])
        points.append(point.tolist())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(losses)}
