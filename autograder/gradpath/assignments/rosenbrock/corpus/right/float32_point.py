"""Point and gradient are stored in float32, expressions are evaluated in float64."""

import numpy as np
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    inner = y - x**2
    return (2 * (x - 1) - 400 * x * inner, 200 * inner)


def descend(start, step_size, tolerance, max_iterations):
    point = np.array(start, dtype=np.float32)
    slope = np.zeros(2, dtype=np.float32)
    points, losses = [], []
    loss = rosenbrock(*point.astype(float).tolist())
    for _ in range(max_iterations):
        if loss <= tolerance:
            break
        slope[:] = gradient(*point.tolist())
        point -= step_size * slope
        loss = rosenbrock(*point.tolist())
        points.append(point.copy())
        losses.append(loss)
    return dict(points=points, losses=losses, iterations=len(points), final=point)


def descend_autograd(start, step_size, tolerance, max_iterations):
    point = torch.tensor(start, dtype=torch.float64).requires_grad_()
    points, losses = [], []
    for _ in range(max_iterations):
        if rosenbrock(point[0], point[1]) <= tolerance:
            break
        (slope,) = torch.autograd.grad(rosenbrock(point[0], point[1]), point)
        point = (point.detach() - step_size * slope).requires_grad_()
        points.append(point)
        losses.append(rosenbrock(point[0], point[1]))
    empty = torch.zeros(0, dtype=torch.float64)
    return dict(
        points=torch.stack(points) if points else empty.reshape(0, 2),
        losses=torch.stack(losses) if losses else empty,
        iterations=len(points),
    )
