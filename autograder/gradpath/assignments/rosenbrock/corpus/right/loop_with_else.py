# right: a for loop with break and else, floats all along, torch in one vector
import numpy as np
import torch


def rosenbrock(x, y):
    return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2


def gradient(x, y):
    dx = -2 * (1 - x) + 100 * 2 * (y - x * x) * (-2 * x)
    dy = 100 * 2 * (y - x * x)
    return np.array([dx, dy])


def descend(start, step_size, tolerance, max_iterations):
    pos = np.asarray(start, dtype=np.float64).copy()
    xs, ys, fs = [], [], []
    for i in range(max_iterations):
        if rosenbrock(*pos) <= tolerance:
            break
        pos = pos - step_size * gradient(*pos)
        xs.append(pos[0])
        ys.append(pos[1])
        fs.append(rosenbrock(*pos))
    else:
        i = max_iterations
    return {"points": np.column_stack([xs, ys]), "losses": np.array(fs), "iterations": len(fs)}


def descend_autograd(start, step_size, tolerance, max_iterations):
    p = torch.nn.Parameter(torch.tensor([*map(float, start)], dtype=torch.float64))
    points, losses = [], []
    while len(losses) < max_iterations and rosenbrock(p[0], p[1]).item() > tolerance:
        rosenbrock(p[0], p[1]).backward()
        p.data.add_(p.grad, alpha=-step_size)
        p.grad.data.zero_()
        points.append(p.detach().numpy().copy())
        losses.append(rosenbrock(p[0], p[1]).item())
    return {"points": points, "losses": losses, "iterations": len(losses)}
