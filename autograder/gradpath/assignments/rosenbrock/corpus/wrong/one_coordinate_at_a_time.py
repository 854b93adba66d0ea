# loses: descend
# mistake: x moves in even iterations only and y in odd ones
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
        axis = len(points) % 2
        point[axis] -= step_size * gradient(*point)[axis]
        f = rosenbrock(*point)
        points.append(point.copy())
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(points)}


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
