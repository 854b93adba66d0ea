# loses: descend_autograd
# named: leaf-replaced
# mistake: new tensors without a gradient in each round
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
    x0 = torch.tensor(float(start[0]), dtype=torch.float64, requires_grad=True)
    x1 = torch.tensor(float(start[1]), dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    iterations = 0
    y = rosenbrock(x0, x1)
    while y.item() > tolerance and iterations < max_iterations:
        x0.grad = None
        x1.grad = None
        y.backward()
        x0 = x0 - step_size * x0.grad
        x1 = x1 - step_size * x1.grad
        y = rosenbrock(x0, x1)
        points.append([x0.item(), x1.item()])
        losses.append(y.item())
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}
