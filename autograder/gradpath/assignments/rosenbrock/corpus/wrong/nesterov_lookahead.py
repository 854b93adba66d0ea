# loses: descend_autograd
# mistake: the gradient is taken at a point half a step ahead
import torch


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
    x, y = (torch.tensor(value, dtype=torch.float64) for value in start)
    last = (torch.zeros(()), torch.zeros(()))
    points, losses = [], []
    f = rosenbrock(x, y)
    while f.item() > tolerance and len(points) < max_iterations:
        ahead = [(value - 0.5 * step_size * g).requires_grad_() for value, g in zip((x, y), last)]
        last = torch.autograd.grad(rosenbrock(*ahead), ahead)
        x, y = x - step_size * last[0], y - step_size * last[1]
        f = rosenbrock(x, y)
        points.append((x.item(), y.item()))
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
