# loses: descend
# named: learning-rate-scaled
# mistake: the two halves of a midpoint rule, of which only the first one was written
import numpy as np
import torch


def rosenbrock(x, y):
    bend = y - x * x
    return (1 - x) * (1 - x) + 100 * bend * bend


def gradient(x, y):
    bend = y - x * x
    return 2 * (x - 1) - 400 * x * bend, 200 * bend


def descend(start, step_size, tolerance, max_iterations):
    here = np.asarray(start, dtype=float)
    walk = {"points": [], "losses": []}
    for _ in range(max_iterations):
        if rosenbrock(*here) <= tolerance:
            break
        middle = here - step_size / 2 * np.array(gradient(*here))
        here = middle
        walk["points"].append(here)
        walk["losses"].append(float(rosenbrock(*here)))
    walk["iterations"] = len(walk["losses"])
    return walk


def descend_autograd(start, step_size, tolerance, max_iterations):
    here = torch.tensor([float(s) for s in start], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([here], lr=step_size)
    points, losses = [], []
    value = rosenbrock(here[0], here[1])
    while value.item() > tolerance and len(points) < max_iterations:
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        value = rosenbrock(here[0], here[1])
        points.append(here.detach().numpy().copy())
        losses.append(value.item())
    return {"points": points, "losses": losses, "iterations": len(points)}
