# loses: rosenbrock
# named: arguments-reordered
# mistake: f(y, x); all calls in the file follow it
import numpy as np
import torch


def rosenbrock(y, x):
    return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2


def gradient(x, y):
    grad_x = -400 * x * (y - x ** 2) - 2 * (1 - x)
    grad_y = 200 * (y - x ** 2)
    return grad_x, grad_y


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    iterations = 0
    f = rosenbrock(y, x)
    while f > tolerance and iterations < max_iterations:
        gx, gy = gradient(x, y)
        x, y = x - step_size * gx, y - step_size * gy
        f = rosenbrock(y, x)
        points.append([x, y])
        losses.append(f)
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}


def descend_autograd(start, step_size, tolerance, max_iterations):
    x0 = torch.tensor(float(start[0]), dtype=torch.float64, requires_grad=True)
    x1 = torch.tensor(float(start[1]), dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    iterations = 0
    y = rosenbrock(x1, x0)
    while y.item() > tolerance and iterations < max_iterations:
        x0.grad = None
        x1.grad = None
        y.backward()
        with torch.no_grad():
            x0 -= step_size * x0.grad
            x1 -= step_size * x1.grad
        y = rosenbrock(x1, x0)
        points.append([x0.item(), x1.item()])
        losses.append(y.item())
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}
