# right: a helper gives the direction downhill, and the walk goes along it
import numpy as np
import torch


def valley(x, y):
    return y - x * x


def rosenbrock(x, y):
    return (x - 1) ** 2 + (10 * valley(x, y)) ** 2


def gradient(x, y):
    return 2 * (x - 1) - 400 * x * valley(x, y), 200 * valley(x, y)


def downhill(x, y):
    gx, gy = gradient(x, y)
    return -gx, -gy


def descend(start, step_size, tolerance, max_iterations):
    (x, y), record = start, {"points": [], "losses": [], "iterations": 0}
    while record["iterations"] < max_iterations:
        if rosenbrock(x, y) <= tolerance:
            break
        dx, dy = downhill(x, y)
        x += step_size * dx
        y += step_size * dy
        record["points"].append((x, y))
        record["losses"].append(rosenbrock(x, y))
        record["iterations"] += 1
    return record


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
        with torch.no_grad():
            x0 -= step_size * x0.grad
            x1 -= step_size * x1.grad
        y = rosenbrock(x0, x1)
        points.append([x0.item(), x1.item()])
        losses.append(y.item())
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}
