# loses: descend
# mistake: the gradient is scaled down to length one when it is longer
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start, dtype=float)
    points, losses = [], []
    f = rosenbrock(*point)
    while f > tolerance and len(points) < max_iterations:
        g = np.array(gradient(*point))
        g = g / max(1.0, np.linalg.norm(g))
        point = point - step_size * g
        f = rosenbrock(*point)
        points.append(point)
        losses.append(f)
    return {
        "points": np.array(points).reshape(-1, 2),
        "losses": losses,
        "iterations": len(points),
    }


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    while f.item() > tolerance and len(points) < max_iterations:
        p.grad = None
        f.backward()
        with torch.no_grad():
            p -= step_size * p.grad
        f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        points.append(p.tolist())
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
