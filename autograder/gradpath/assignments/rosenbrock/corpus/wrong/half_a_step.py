# loses: descend
# named: learning-rate-scaled
# mistake: each step has half its length
import numpy as np
import torch

def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2

def gradient(x, y):
    return -2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)

def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    f = rosenbrock(x, y)
    while f > tolerance and len(points) < max_iterations:
        dx, dy = gradient(x, y)
        x, y = x - step_size / 2 * dx, y - step_size / 2 * dy
        f = rosenbrock(x, y)
        points.append((x, y))
        losses.append(f)
    return {"points": points, "losses": losses, "iterations": len(points)}

def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    points, losses = [], []
    f = rosenbrock(p[0], p[1])
    while f.item() > tolerance and len(points) < max_iterations:
        f.backward()
        with torch.no_grad():
            p -= step_size * p.grad
            p.grad.zero_()
        f = rosenbrock(p[0], p[1])
        points.append(p.detach().clone().numpy())
        losses.append(f.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
