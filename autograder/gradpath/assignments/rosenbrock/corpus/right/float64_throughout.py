"""NumPy and torch in double precision, the point as one vector."""

import numpy as np
import torch


def rosenbrock(x, y):
    square = torch.square if torch.is_tensor(x) else np.square
    return square(1.0 - x) + 100.0 * square(y - square(x))


def gradient(x, y):
    valley = np.asarray(y - np.square(x), dtype=np.float64)
    return np.stack([-2.0 * (1.0 - x) - 400.0 * x * valley, 200.0 * valley])


def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start, dtype=np.float64)
    points = []
    losses = []
    loss = rosenbrock(*point)
    while loss > tolerance and len(losses) < max_iterations:
        point = point - step_size * gradient(*point)
        loss = rosenbrock(*point)
        points.append(point)
        losses.append(loss)
    return {
        "points": np.array(points).reshape(-1, 2),
        "losses": np.array(losses),
        "iterations": len(losses),
    }


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)

    def evaluate():
        return (1 - point[0]).square() + 100 * (point[1] - point[0].square()).square()

    points = []
    losses = []
    loss = evaluate()
    while loss > tolerance and len(losses) < max_iterations:
        point.grad = None
        loss.backward()
        with torch.no_grad():
            point -= step_size * point.grad
        loss = evaluate()
        points.append(point.detach().numpy().copy())
        losses.append(loss.item())
    return {
        "points": np.array(points).reshape(-1, 2),
        "losses": np.array(losses),
        "iterations": len(losses),
    }
