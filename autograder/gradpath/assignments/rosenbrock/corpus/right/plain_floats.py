import torch


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    dx = -2 * (1 - x) - 400 * x * (y - x**2)
    dy = 200 * (y - x**2)
    return dx, dy


def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points = []
    losses = []
    f = rosenbrock(x, y)
    while f > tolerance and len(losses) < max_iterations:
        dx, dy = gradient(x, y)
        x = x - step_size * dx
        y = y - step_size * dy
        f = rosenbrock(x, y)
        points.append([x, y])
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(losses)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    x = torch.tensor(float(start[0]), dtype=torch.float64, requires_grad=True)
    y = torch.tensor(float(start[1]), dtype=torch.float64, requires_grad=True)
    points = []
    losses = []
    f = rosenbrock(x, y)
    while f.item() > tolerance and len(losses) < max_iterations:
        f.backward()
        with torch.no_grad():
            x -= step_size * x.grad
            y -= step_size * y.grad
        x.grad.zero_()
        y.grad.zero_()
        f = rosenbrock(x, y)
        points.append([x.item(), y.item()])
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(losses)}
