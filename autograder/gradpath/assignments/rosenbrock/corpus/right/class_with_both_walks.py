import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


class Valley:
    def slopes(self, x, y):
        grad = [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]
        return tuple(grad)

    def check(self, x, y):
        """Compare with autograd; not used by the functions below."""
        point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(rosenbrock(*point), point)[0]


def gradient(x, y):
    return Valley().slopes(x, y)


def descend(start, step_size, tolerance, max_iterations):
    x, y = map(float, start)
    points, losses = [], []
    value = rosenbrock(x, y)
    while value > tolerance and len(losses) < max_iterations:
        dx, dy = gradient(x, y)
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
