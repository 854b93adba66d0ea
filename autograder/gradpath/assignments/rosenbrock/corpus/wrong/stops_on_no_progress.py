# loses: descend_autograd
# named: other-stopping-rule
# mistake: ends when f hardly changes any more
import numpy as np
import torch


def rosenbrock(x, y):
    return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2


def gradient(x, y):
    grad_x = -400 * x * (y - x ** 2) - 2 * (1 - x)
    grad_y = 200 * (y - x ** 2)
    return grad_x, grad_y


def descend(start, step_size, tolerance, max_iterations):
    x, y = start
    points, losses = [], []
    iterations = 0
    f = rosenbrock(x, y)
    while f > tolerance and iterations < max_iterations:
        gx, gy = gradient(x, y)
        x, y = x - step_size * gx, y - step_size * gy
        f = rosenbrock(x, y)
        points.append([x, y])
        losses.append(f)
        iterations += 1
    return {"points": points, "losses": losses, "iterations": iterations}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.tensor([float(c) for c in start], dtype=torch.float64, requires_grad=True)
    history, values = [], []
    last = rosenbrock(*p).item()
    for _ in range(max_iterations):
        p.grad = None
        rosenbrock(*p).backward()
        p.data -= step_size * p.grad
        history.append(p.tolist())
        values.append(rosenbrock(*p).item())
        if abs(last - values[-1]) <= tolerance:
            break
        last = values[-1]
    return {"points": history, "losses": values, "iterations": len(values)}
