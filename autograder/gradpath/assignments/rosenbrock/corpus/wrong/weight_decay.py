# loses: descend_autograd
# mistake: the optimizer has weight decay
import torch
from torch import nn, optim


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    f = rosenbrock(x, y)
    while f > tolerance and len(points) < max_iterations:
        gx, gy = gradient(x, y)
        x, y = x - step_size * gx, y - step_size * gy
        f = rosenbrock(x, y)
        points.append((x, y))
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(points)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = nn.Parameter(torch.tensor(start, dtype=torch.float64))
    optimizer = optim.SGD([point], lr=step_size, weight_decay=0.1)
    points, losses = [], []
    value = rosenbrock(point[0], point[1])
    while value.item() > tolerance and len(points) < max_iterations:
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        value = rosenbrock(point[0], point[1])
        points.append(point.tolist())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
