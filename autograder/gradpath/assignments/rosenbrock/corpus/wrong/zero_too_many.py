# loses: gradient
# mistake: a zero too many (4000 for 400), so that the walk runs off; descend follows it faithfully
import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    return -2 * (1 - x) - 4000 * x * (y - x**2), 200 * (y - x**2)


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
