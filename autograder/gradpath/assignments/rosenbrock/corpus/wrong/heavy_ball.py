# loses: descend
# mistake: a velocity (momentum 0.5) inside the hand-written loop
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start, dtype=np.float64)
    velocity = np.zeros(2)
    points, losses = [], []
    while len(points) < max_iterations and rosenbrock(*point) > tolerance:
        velocity = 0.5 * velocity + np.array(gradient(*point))
        point = point - step_size * velocity
        points.append(point)
        losses.append(rosenbrock(*point))
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
