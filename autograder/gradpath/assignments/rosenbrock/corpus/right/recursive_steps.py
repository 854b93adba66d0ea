# right: a generator of points, and takewhile
import numpy as np
import torch


from itertools import islice


def rosenbrock(x, y):
    a, b = 1, 100
    return (a - x) ** 2 + b * (y - x * x) ** 2


def gradient(x, y):
    inner = y - x ** 2
    return (-2 + 2 * x) - 4 * 100 * x * inner, 2 * 100 * inner


def steps(x, y, step_size, tolerance):
    while not rosenbrock(x, y) <= tolerance:
        slope = gradient(x, y)
        x, y = (c - step_size * s for c, s in zip((x, y), slope))
        yield x, y


def descend(start, step_size, tolerance, max_iterations):
    walk = list(islice(steps(*start, step_size, tolerance), max_iterations))
    losses = [rosenbrock(*point) for point in walk]
    return {"points": walk, "losses": losses, "iterations": len(walk)}


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
