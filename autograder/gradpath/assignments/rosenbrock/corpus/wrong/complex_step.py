# loses: gradient
# mistake: the value at a complex point gives the slopes, and nothing is derived
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    step = 1e-30
    dx = np.imag(rosenbrock(x + 1j * step, y)) / step
    dy = np.imag(rosenbrock(x, y + 1j * step)) / step
    return dx, dy


def descend(start, step_size, tolerance, max_iterations):
    x, y = map(float, start)
    points, losses = [], []
    value = rosenbrock(x, y)
    while value > tolerance and len(losses) < max_iterations:
        dx, dy = 2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)
        x, y = x - step_size * dx, y - step_size * dy
        value = rosenbrock(x, y)
        points.append((x, y))
        losses.append(value)
    return {"points": np.array(points).reshape(-1, 2), "losses": losses, "iterations": len(losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    value = rosenbrock(point[0], point[1])
    while value.item() > tolerance and len(losses) < max_iterations:
        value.backward()
        with torch.no_grad():
            point -= step_size * point.grad
        point.grad = None
        value = rosenbrock(point[0], point[1])
        points.append(point.tolist())
        losses.append(value.item())
    return {"points": np.array(points).reshape(-1, 2), "losses": losses, "iterations": len(losses)}
