# loses: descend, descend_autograd
# mistake: the start that is given moves, where it is an array of floats
import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(start, step_size, tolerance, max_iterations):
    p = np.asarray(start, dtype=float)
    points, losses = [], []
    value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    while value > tolerance and len(losses) < max_iterations:
        offset = p[1] - p[0] ** 2
        p -= step_size * np.array([-2 * (1 - p[0]) - 400 * p[0] * offset, 200 * offset])
        value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        points.append(p.copy())
        losses.append(value)
    return {"points": points, "losses": losses, "iterations": len(losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.as_tensor(start, dtype=torch.float64).requires_grad_()
    points, losses = [], []
    value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    while value.item() > tolerance and len(losses) < max_iterations:
        value.backward()
        with torch.no_grad():
            p -= step_size * p.grad
        p.grad = None
        value = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
        points.append(p.tolist())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(losses)}
