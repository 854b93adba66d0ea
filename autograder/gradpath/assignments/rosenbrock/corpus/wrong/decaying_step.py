# loses: descend, descend_autograd
# mistake: the step size shrinks with the number of iterations
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def decayed(step_size, iteration):
    return step_size / (1 + 0.001 * iteration)


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    f = rosenbrock(x, y)
    while f > tolerance and len(points) < max_iterations:
        step = decayed(step_size, len(points))
        gx, gy = gradient(x, y)
        x, y = x - step * gx, y - step * gy
        f = rosenbrock(x, y)
        points.append((x, y))
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(points)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    f = rosenbrock(p[0], p[1])
    while f.item() > tolerance and len(points) < max_iterations:
        (g,) = torch.autograd.grad(f, p)
        with torch.no_grad():
            p -= decayed(step_size, len(points)) * g
        f = rosenbrock(p[0], p[1])
        points.append(p.tolist())
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
