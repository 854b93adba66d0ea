from itertools import islice, takewhile

import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]


def walk(x, y, step, slope):
    """Endless path (x, y, loss before the step); the first entry is the start itself."""
    while True:
        yield x, y, rosenbrock(x, y)
        dx, dy = slope(x, y)
        x, y = x - step * dx, y - step * dy


def follow(start, step, slope, tolerance, max_iterations):
    x, y = (float(value) for value in start)
    steps = walk(x, y, step, slope)
    before = next(steps)[2]
    visited = []
    for x, y, after in islice(steps, max_iterations):
        # a step is only valid when the point it left was not good enough
        if before <= tolerance:
            break
        visited.append((x, y, after))
        before = after
        if before <= tolerance:
            break
    return {
        "points": tuple((x, y) for x, y, _ in visited),
        "losses": tuple(loss for _, _, loss in visited),
        "iterations": sum(1 for _ in takewhile(bool, visited)),
    }


def descend(start, step_size, tolerance, max_iterations):
    return follow(start, step_size, gradient, tolerance, max_iterations)


def torch_slope(x, y):
    leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y)]
    return [g.item() for g in torch.autograd.grad(rosenbrock(*leaves), leaves)]


def descend_autograd(start, step_size, tolerance, max_iterations):
    return follow(start, step_size, torch_slope, tolerance, max_iterations)
